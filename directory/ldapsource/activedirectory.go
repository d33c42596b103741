package ldapsource

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ctikit/ctikit/directory"
)

// Active Directory tells changes in two ways, DirSync ([MS-ADTS] 3.1.1.3.4.1.3)
// and uSNChanged. Both tell more and less than is needed: DirSync sends only the
// attributes that changed, of the whole domain; neither says that an object has
// left the base or the filter. So only the objectGUIDs are taken from them, and
// those objects are read again, whole, with the import's own base and filter:
// what does not come back is gone. An incremental reading is then the same as a
// full one by construction.
//
// When a container is renamed or moved nothing changes in the objects below it
// but their names, and neither way tells of that: such a reading is a full one.
//
// Deleted objects are tombstones ([MS-ADTS] 3.1.1.5.5), which DirSync tells of and
// uSNChanged finds with a control. An ordinary account hears of no deletions: it
// may see the container of tombstones and none of them. For it all objectGUIDs are
// listed and nothing else of the objects, which makes the reading a full one.

// readDirSync reads what changed since the cookie, everything without one.
func (r *reading) readDirSync() error {
	next := bookmark{Method: DirSync, Scope: r.bookmarkScope(), Weak: r.from.Weak, Made: time.Now().Unix()}
	if r.from.Cookie == nil || r.from.isExpired() {
		// The cookie comes before the reading: what changes in between is told twice.
		cookie, _, err := r.dirSyncGUIDs(nil, false)
		if hasResultCode(err, codeInsufficientAccess) {
			next.Weak = true
			cookie, _, err = r.dirSyncGUIDs(nil, true)
		}
		if isServerError(err) && r.Method == Auto {
			return r.readUSN()
		}
		if err != nil {
			return err
		}
		next.Cookie = cookie
		return r.yieldEnd(r.readAll(), directory.End{Full: true, Bookmark: next.encodeBookmark()})
	}
	cookie, changed, err := r.dirSyncGUIDs(r.from.Cookie, r.from.Weak)
	if isServerError(err) { // a cookie that it does not take, code 12 among others
		r.from = bookmark{}
		return r.readDirSync()
	}
	if err != nil {
		return err
	}
	next.Cookie = cookie
	return r.yieldChanges(changed, !r.from.Weak, next)
}

// tombstonesLast is shorter than any domain keeps its tombstones (180 days, and 60
// in the oldest): what was deleted before an older bookmark may be forgotten.
const tombstonesLast = 30 * 24 * time.Hour

func (b *bookmark) isExpired() bool { return time.Since(time.Unix(b.Made, 0)) > tombstonesLast }

// yieldChanges yields what changed, and where deletions are not told, who is there.
func (r *reading) yieldChanges(changed []string, deletionsTold bool, next bookmark) error {
	containers, err := r.includesContainer(changed)
	if err == nil && containers {
		return r.yieldEnd(r.readAll(), directory.End{Full: true, Bookmark: next.encodeBookmark()})
	}
	if err == nil {
		err = r.rereadObjects(changed)
	}
	if err == nil && !deletionsTold {
		err = r.yieldUnchanged(changed)
	}
	return r.yieldEnd(err, directory.End{Full: !deletionsTold, Bookmark: next.encodeBookmark()})
}

// yieldUnchanged yields the keys of everybody who has not changed.
func (r *reading) yieldUnchanged(changed []string) error {
	told := make(map[string]bool, len(changed))
	for _, raw := range changed {
		told[formatGUID([]byte(raw))] = true
	}
	s := search{base: r.Base, scope: scopeSub, filter: r.Filter, attributes: []string{r.Key}, controls: domainScope}
	return r.conn.searchPaged(r.ctx, s, r.PageSize, r.newDecoder().visitor(func(e *directory.Entry) error {
		if told[e.Key] {
			return nil
		}
		return r.yield(directory.Item{Still: e.Key})
	}))
}

// dirSyncGUIDs returns the objectGUIDs of what changed since the cookie.
func (r *reading) dirSyncGUIDs(cookie []byte, weak bool) (next []byte, changed []string, err error) {
	for {
		flags := 0
		if weak {
			flags = 1 // LDAP_DIRSYNC_OBJECT_SECURITY: an ordinary account will do
		}
		value := appendInteger(nil, tagInteger, flags)
		value = appendInteger(value, tagInteger, 1<<20)
		value = appendElement(nil, tagSequence, appendElement(value, tagOctet, cookie))
		s := search{base: r.root.context, scope: scopeSub,
			filter:     "(|(objectClass=person)" + aContainer + "(isDeleted=TRUE))",
			attributes: append([]string{"objectGUID", "name", "parentGUID", "isDeleted"}, r.Attributes...),
			controls:   []control{{controlDirSync, true, value}}}
		found, controls, err := r.searchGUIDs(&s, cookie != nil)
		if err != nil {
			return nil, nil, err
		}
		changed = append(changed, found...)
		body, err := controlValue(controls, controlDirSync)
		if err == nil {
			body, _, err = expectElement(body, tagSequence)
		}
		var flag []byte
		if err == nil {
			flag, body, err = expectElement(body, tagInteger)
		}
		if err == nil {
			_, body, err = expectElement(body, tagInteger)
		}
		if err == nil {
			next, _, err = expectElement(body, tagOctet)
		}
		more := 0
		if err == nil {
			more, err = decodeInteger(flag)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("DirSync answer: %w", err)
		}
		next = bytes.Clone(next)
		if more == 0 {
			return next, changed, nil
		}
		if bytes.Equal(next, cookie) {
			return nil, nil, fmt.Errorf("DirSync: the server announces more changes but repeats its cookie")
		}
		cookie = next
	}
}

// readUSN reads what has a higher uSNChanged than was seen last. The numbers are
// those of one domain controller: another one means reading everything.
func (r *reading) readUSN() error {
	next := bookmark{Method: r.chooseMethod(), USN: r.root.usn, Server: r.root.server,
		Scope: r.bookmarkScope(), Made: time.Now().Unix()}
	if r.root.usn == 0 || r.root.server == "" {
		return r.yieldEnd(r.readAll(), directory.End{Full: true})
	}
	if r.from.Server != r.root.server || r.from.USN == 0 || r.from.USN > r.root.usn || r.from.isExpired() {
		return r.yieldEnd(r.readAll(), directory.End{Full: true, Bookmark: next.encodeBookmark()})
	}
	s := search{base: r.root.context, scope: scopeSub, attributes: []string{"objectGUID"},
		filter:   fmt.Sprintf("(&(uSNChanged>=%d)(|(objectClass=person)%s))", r.from.USN+1, aContainer),
		controls: domainScope}
	changed, _, err := r.searchGUIDs(&s, true)
	if err != nil {
		return err
	}
	deleted, told, err := r.deletedGUIDs(r.from.USN + 1)
	if err != nil {
		return err
	}
	return r.yieldChanges(append(changed, deleted...), told, next)
}

// aContainer finds what objects can be below of, but for policies, which change
// often and hold no people.
const aContainer = "(&(|(objectClass=organizationalUnit)(objectClass=container))(!(objectClass=groupPolicyContainer)))"

// includesContainer reports whether one of these objects is a container.
func (r *reading) includesContainer(changed []string) (found bool, err error) {
	for chunk := range slices.Chunk(changed, 100) {
		s := search{base: r.root.context, scope: scopeSub, attributes: []string{noAttributes},
			filter: "(&" + aContainer + guidsFilter(chunk) + ")", controls: domainScope}
		if found, err = r.findsEntry(&s); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// deletedGUIDs returns the objectGUIDs of what was deleted since the uSNChanged, and
// whether this account can see deletions at all. That it sees one tombstone, of
// whenever, is the proof: a domain without any has had no deletion.
func (r *reading) deletedGUIDs(since uint64) (deleted []string, told bool, err error) {
	s := search{base: "CN=Deleted Objects," + r.root.context, scope: scopeOne, filter: "(isDeleted=TRUE)",
		attributes: []string{noAttributes}, limit: 1, controls: []control{{controlShowDeleted, true, nil}}}
	told, err = r.findsEntry(&s)
	if isServerError(err) { // by the limit, or because the account may not
		err = nil
	}
	if err != nil || !told {
		return nil, false, err
	}
	s.filter, s.attributes, s.limit = fmt.Sprintf("(&(isDeleted=TRUE)(uSNChanged>=%d))", since), []string{"objectGUID"}, 0
	deleted, _, err = r.searchGUIDs(&s, true)
	return deleted, true, err
}

// searchGUIDs returns the raw objectGUIDs that a search finds.
func (r *reading) searchGUIDs(s *search, keep bool) (out []string, controls []byte, err error) {
	visit := func(message) error { return nil }
	if keep {
		visit = r.newDecoder().visitor(func(e *directory.Entry) error {
			for _, v := range e.Values("objectGUID") {
				out = append(out, string(v))
			}
			return nil
		})
	}
	if s.controls[0].oid == controlDirSync { // has pages of its own
		controls, err = r.conn.runSearch(r.ctx, s, visit)
		return out, controls, err
	}
	return out, nil, r.conn.searchPaged(r.ctx, *s, r.PageSize, visit)
}

// rereadObjects reads objects by objectGUID; what the import's base and filter do not
// find is gone.
func (r *reading) rereadObjects(changed []string) error {
	slices.Sort(changed)
	decoder := r.newDecoder()
	for chunk := range slices.Chunk(slices.Compact(changed), 100) {
		missing := map[string]bool{}
		for _, raw := range chunk {
			missing[formatGUID([]byte(raw))] = true
		}
		s := search{base: r.Base, scope: scopeSub, attributes: r.requestedAttributes(),
			filter: "(&" + r.Filter + guidsFilter(chunk) + ")", controls: domainScope}
		_, err := r.conn.runSearch(r.ctx, &s, decoder.visitor(func(e *directory.Entry) error {
			delete(missing, e.Key)
			return r.yieldEntry(e)
		}))
		if err != nil {
			return err
		}
		for key := range missing {
			if err := r.yield(directory.Item{Gone: key}); err != nil {
				return err
			}
		}
	}
	return nil
}

// isServerError reports whether an error is a result of the server, not a broken
// connection.
func isServerError(err error) bool {
	_, ok := errors.AsType[*ServerError](err)
	return ok
}

// guidsFilter is a filter for any of these objectGUIDs.
func guidsFilter(raw []string) string {
	var b strings.Builder
	b.WriteString("(|")
	for _, id := range raw {
		b.WriteString(guidFilter(id))
	}
	b.WriteByte(')')
	return b.String()
}
