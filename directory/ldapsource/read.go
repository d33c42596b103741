package ldapsource

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit/directory"
)

// bookmark is what [directory.Bookmark] holds for this source.
type bookmark struct {
	Method     Method `json:"m"`
	Cookie     []byte `json:"c,omitempty"` // of syncrepl and DirSync
	USN        uint64 `json:"u,omitempty"` // highest one seen
	Server     string `json:"s,omitempty"` // whose USN it is: every domain controller counts for itself
	Scope      string `json:"b"`           // base, filter and attributes that it was made for
	Count      int    `json:"n,omitempty"` // entries of the last full reading
	Containers string `json:"o,omitempty"` // of syncrepl: a digest of their names
	Made       int64  `json:"t,omitempty"` // of Active Directory: when, in Unix seconds
	Weak       bool   `json:"w,omitempty"` // DirSync as an ordinary account: deletions are not reported
}

func (b bookmark) encodeBookmark() directory.Bookmark {
	text, _ := json.Marshal(b) // no value of it can fail
	return directory.Bookmark(text)
}

// errStopped says that the loop over the items was left.
var errStopped = errors.New("loop was left")

// reading is one call of Read.
type reading struct {
	*settings
	ctx   context.Context
	conn  *conn
	root  rootDSE
	from  bookmark
	yield func(directory.Item) error
	count int
	gone  bool

	containers string // of syncrepl
}

// Read yields the entries and changes; see [directory.Source]. The error wraps
// [ctikit.ErrInvalid] if the fields are invalid, [*directory.Incomplete] if a part
// could not be read, and [*ServerError] if the server refused.
func (s *Source) Read(ctx context.Context, from directory.Bookmark) iter.Seq2[directory.Item, error] {
	return func(yield func(directory.Item, error) bool) {
		r := &reading{ctx: ctx}
		r.yield = func(item directory.Item) error {
			if !yield(item, nil) {
				r.gone = true
				return errStopped
			}
			return nil
		}
		if err := r.runReading(s, from); err != nil && !r.gone {
			yield(directory.Item{}, fmt.Errorf("read %s: %w", strings.Join(s.Servers, ", "), r.explainResult(err)))
		}
	}
}

func (r *reading) runReading(s *Source, from directory.Bookmark) error {
	var err error
	if r.settings, err = s.newSettings(); err != nil {
		return err
	}
	if r.conn, err = r.connectServer(r.ctx); err != nil {
		return err
	}
	defer r.conn.closeConn()
	if r.root, err = r.readRoot(); err != nil {
		return err
	}
	if err := r.checkBase(); err != nil {
		return err
	}
	method := r.chooseMethod()
	json.Unmarshal([]byte(from), &r.from) // one that cannot be read is none
	if r.from.Method != method || r.from.Scope != r.bookmarkScope() {
		r.from = bookmark{}
	}
	switch method {
	case Syncrepl:
		return r.readSyncrepl()
	case DirSync:
		return r.readDirSync()
	case USN:
		return r.readUSN()
	}
	return r.yieldEnd(r.readAll(), directory.End{Full: true})
}

// yieldEnd yields the end of a reading that went well.
func (r *reading) yieldEnd(err error, end directory.End) error {
	if err == nil {
		err = r.yield(directory.Item{End: &end})
	}
	return err
}

// bookmarkScope says what a bookmark is good for.
func (r *reading) bookmarkScope() string {
	return strings.Join(append([]string{r.Base, r.Filter, r.Key}, r.Attributes...), "\n")
}

func (r *reading) chooseMethod() Method {
	switch {
	case r.Method != Auto:
		return r.Method
	case strings.EqualFold(r.Key, "entryUUID") && r.root.supportsControl(controlSync):
		return Syncrepl
	case strings.EqualFold(r.Key, "objectGUID") && r.root.supportsControl(controlDirSync):
		return DirSync
	}
	return Full
}

// explainResult turns a limit of the server into [directory.Incomplete].
func (r *reading) explainResult(err error) error {
	for code, reason := range map[int]string{
		codeSizeLimitExceeded:  "the server's size limit cut the answer; raise it for this account, or set PageSize below it",
		codeTimeLimitExceeded:  "the server's time limit cut the answer; raise it for this account",
		codeAdminLimitExceeded: "an administrative limit cut the answer; set PageSize below it",
		codeReferral:           "the server refers to another one; name that one in Servers",
		codeNoSuchObject:       "the base does not exist, or this account may not see it",
	} {
		if hasResultCode(err, code) {
			return &directory.Incomplete{Source: r.Base, Reason: reason, Err: err}
		}
	}
	return err
}

// readAll yields all entries below the base.
func (r *reading) readAll() error {
	d := r.newDecoder()
	s := search{base: r.Base, scope: scopeSub, filter: r.Filter, attributes: r.requestedAttributes()}
	if r.Kind == ActiveDirectory {
		s.controls = domainScope
	}
	visit := func(m message) error {
		switch m.op {
		case opSearchReference:
			return r.checkReferral(m)
		case opSearchEntry:
			e, err := d.decodeEntry(m.body)
			if err != nil {
				return err
			}
			return r.yieldEntry(e)
		}
		return nil
	}
	if r.PageSize < 0 {
		_, err := r.conn.runSearch(r.ctx, &s, visit)
		return err
	}
	return r.conn.searchPaged(r.ctx, s, r.PageSize, visit)
}

func (r *reading) yieldEntry(e *directory.Entry) error {
	if e.Key == "" {
		return r.incomplete("entry %.200q has no %s that this account may read, so it cannot be identified", e.Path, r.Key)
	}
	r.count++
	return r.yield(directory.Item{Entry: e})
}

func (r *reading) newDecoder() *entryDecoder {
	key := strings.ToLower(r.Key)
	return &entryDecoder{key: key, binary: key == "objectguid"}
}

func (r *reading) requestedAttributes() []string {
	return append(append([]string(nil), r.Attributes...), r.Key)
}

// checkReferral meets a part of the tree that another server holds (RFC 4511 4.5.3).
func (r *reading) checkReferral(m message) error {
	if r.IgnoreReferrals {
		return nil
	}
	to, _, _ := expectElement(m.body, tagOctet)
	return r.incomplete("a part of the tree is at %.200q; referrals are not followed; "+
		"read it with a separate source or set IgnoreReferrals", to)
}

// checkBase fails where the base object cannot be seen: a search below it
// may then succeed without entries.
func (r *reading) checkBase() error {
	s := search{base: r.Base, scope: scopeBase, filter: "(objectClass=*)", attributes: []string{noAttributes}}
	found, err := r.findsEntry(&s)
	if err == nil && !found && r.Base != "" {
		err = r.incomplete("the base object is not visible to this account, so an empty answer proves nothing")
	}
	return err
}

// findsEntry reports whether a search finds an entry.
func (r *reading) findsEntry(s *search) (found bool, err error) {
	_, err = r.conn.runSearch(r.ctx, s, func(m message) error { found = found || m.op == opSearchEntry; return nil })
	return found, err
}

func (r *reading) incomplete(format string, args ...any) error {
	return &directory.Incomplete{Source: r.Base, Reason: fmt.Sprintf(format, args...)}
}

// rootDSE is what a server reports about itself (RFC 4512 5.1).
type rootDSE struct {
	controls []string
	context  string // defaultNamingContext of Active Directory
	usn      uint64 // highestCommittedUSN
	server   string // dsServiceName
}

func (d *rootDSE) supportsControl(control string) bool { return slices.Contains(d.controls, control) }

// readRoot reads the root DSE; a server without one just has no abilities.
func (r *reading) readRoot() (out rootDSE, err error) {
	s := search{filter: "(objectClass=*)",
		attributes: []string{"supportedControl", "defaultNamingContext", "highestCommittedUSN", "dsServiceName"}}
	_, err = r.conn.runSearch(r.ctx, &s, new(entryDecoder).visitor(func(e *directory.Entry) error {
		for _, v := range e.Values("supportedControl") {
			out.controls = append(out.controls, string(v))
		}
		out.context, out.server = e.Value("defaultNamingContext"), e.Value("dsServiceName")
		out.usn, _ = strconv.ParseUint(e.Value("highestCommittedUSN"), 10, 64)
		return nil
	}))
	if isServerError(err) {
		err = nil
	}
	return out, err
}
