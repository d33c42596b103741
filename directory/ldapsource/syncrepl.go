package ldapsource

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/ctikit/ctikit/directory"
)

// RFC 4533, refreshOnly. The server answers in one of two ways. In a delete
// phase it names what is gone. In a present phase it names what is still there,
// by entry or by UUID, and everything else is gone: that is a full reading, and
// only its successful end makes it one.
//
// When a container is renamed or moved, nothing changes in the entries below it
// but their names, and no server tells of that. So the containers' names are part
// of the bookmark: when they are others, everything is read.

// readSyncrepl reads what changed since the cookie, everything without one.
func (r *reading) readSyncrepl() error {
	var err error
	if r.containers, err = r.containerNames(); err != nil {
		return err
	}
	if r.from.Containers != r.containers {
		r.from = bookmark{}
	}
	err = r.refreshSync()
	if hasResultCode(err, codeSyncRefreshRequired) && r.from.Cookie != nil && r.count == 0 {
		r.from = bookmark{}
		err = r.refreshSync()
	}
	return err
}

func (r *reading) refreshSync() error {
	value := appendInteger(nil, tagEnumerated, 1) // refreshOnly
	if r.from.Cookie != nil {
		value = appendElement(value, tagOctet, r.from.Cookie)
	}
	s := search{base: r.Base, scope: scopeSub, filter: r.Filter, attributes: r.requestedAttributes(),
		controls: []control{{controlSync, true, appendElement(nil, tagSequence, value)}}}
	p := &syncRefresh{reading: r, entries: r.newDecoder(), cookie: r.from.Cookie}
	controls, err := r.conn.runSearch(r.ctx, &s, p.handleMessage)
	if err != nil {
		return err
	}
	done, err := controlValue(controls, controlSyncDone)
	if err != nil {
		return err
	}
	if done == nil {
		return r.incomplete("the server ended the refresh without a Sync Done control; set Method to full")
	}
	deletes, err := p.decodeSyncDone(done)
	if err != nil {
		return err
	}
	full := r.from.Cookie == nil || !deletes || p.present
	next := bookmark{Method: Syncrepl, Cookie: bytes.Clone(p.cookie), Scope: r.bookmarkScope(),
		Count: r.from.Count, Containers: r.containers}
	if full {
		next.Count = r.count
	}
	if p.cookie == nil || !full && r.from.Count > 0 && r.count > 100 && r.count > r.from.Count/2 {
		// Some servers answer a cookie that they do not know with everything, as if
		// it were only what changed: what was deleted meanwhile is not in it. The
		// next run starts from the beginning.
		return r.yieldEnd(nil, directory.End{Full: full})
	}
	return r.yieldEnd(nil, directory.End{Full: full, Bookmark: next.encodeBookmark()})
}

// containerNames is a digest of the names of all containers below the base.
func (r *reading) containerNames() (string, error) {
	var names []string
	s := search{base: r.Base, scope: scopeSub, attributes: []string{noAttributes},
		filter: "(|(objectClass=organizationalUnit)(objectClass=organization)(objectClass=locality)" +
			"(objectClass=country)(objectClass=domain)(objectClass=container))"}
	err := r.conn.searchPaged(r.ctx, s, r.PageSize, new(entryDecoder).visitor(func(e *directory.Entry) error {
		names = append(names, e.Path)
		return nil
	}))
	slices.Sort(names)
	sum := sha256.Sum256([]byte(strings.Join(names, "\n")))
	return hex.EncodeToString(sum[:16]), err
}

// syncRefresh decodes the messages of one refresh.
type syncRefresh struct {
	*reading
	entries *entryDecoder
	cookie  []byte
	present bool // a present phase has ended
}

// States of a Sync State control (RFC 4533 2.2).
const (
	statePresent = 0
	stateDelete  = 3
)

func (p *syncRefresh) handleMessage(m message) error {
	switch m.op {
	case opSearchReference:
		return p.checkReferral(m)
	case opIntermediate:
		return p.handleSyncInfo(m.body)
	}
	value, err := controlValue(m.controls, controlSyncState)
	if err != nil {
		return err
	}
	body, _, err := expectElement(value, tagSequence)
	if err != nil {
		return fmt.Errorf("sync state of an entry: %w", err)
	}
	raw, body, err := expectElement(body, tagEnumerated)
	if err != nil {
		return err
	}
	state, err := decodeInteger(raw)
	if err != nil {
		return err
	}
	id, rest, err := expectElement(body, tagOctet)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		if err := p.keepCookie(rest); err != nil {
			return err
		}
	}
	switch state {
	case statePresent:
		return p.yield(directory.Item{Still: formatUUID(id)})
	case stateDelete:
		return p.yield(directory.Item{Gone: formatUUID(id)})
	}
	e, err := p.entries.decodeEntry(m.body)
	if err != nil {
		return err
	}
	e.Key = formatUUID(id)
	return p.yieldEntry(e)
}

// keepCookie remembers a cookie.
func (p *syncRefresh) keepCookie(b []byte) error {
	cookie, _, err := expectElement(b, tagOctet)
	if err == nil {
		p.cookie = bytes.Clone(cookie)
	}
	return err
}

// Choices of syncInfoValue (RFC 4533 2.5).
const (
	infoNewCookie      = 0x80
	infoRefreshDelete  = 0xa1
	infoRefreshPresent = 0xa2
	infoIDSet          = 0xa3
)

// handleSyncInfo decodes a Sync Info message (RFC 4533 2.5).
func (p *syncRefresh) handleSyncInfo(b []byte) error {
	var name, value []byte
	for len(b) > 0 {
		tag, body, rest, err := splitElement(b)
		if err != nil {
			return err
		}
		switch tag {
		case 0x80:
			name = body
		case 0x81:
			value = body
		}
		b = rest
	}
	if string(name) != intermediateSyncInfo {
		return nil
	}
	tag, body, _, err := splitElement(value)
	if err != nil {
		return err
	}
	switch tag {
	case infoNewCookie:
		p.cookie = bytes.Clone(body)
	case infoRefreshDelete, infoRefreshPresent:
		p.present = p.present || tag == infoRefreshPresent
		if len(body) > 0 && body[0] == tagOctet {
			return p.keepCookie(body)
		}
	case infoIDSet:
		return p.yieldIDSet(body)
	}
	return nil
}

// yieldIDSet yields the UUIDs of a set: gone, or still there.
func (p *syncRefresh) yieldIDSet(b []byte) error {
	deletes := false
	for len(b) > 0 {
		tag, body, rest, err := splitElement(b)
		if err != nil {
			return err
		}
		switch tag {
		case tagOctet:
			p.cookie = bytes.Clone(body)
		case tagBoolean:
			deletes = len(body) == 1 && body[0] != 0
		case tagSet:
			for len(body) > 0 {
				id, next, err := expectElement(body, tagOctet)
				if err != nil {
					return err
				}
				item := directory.Item{Still: formatUUID(id)}
				if deletes {
					item = directory.Item{Gone: formatUUID(id)}
				}
				if err := p.yield(item); err != nil {
					return err
				}
				body = next
			}
		}
		b = rest
	}
	return nil
}

// decodeSyncDone decodes a Sync Done control: whether deletions were named.
func (p *syncRefresh) decodeSyncDone(value []byte) (deletes bool, err error) {
	body, _, err := expectElement(value, tagSequence)
	for err == nil && len(body) > 0 {
		var tag byte
		var v []byte
		if tag, v, body, err = splitElement(body); err != nil {
			return false, err
		}
		switch tag {
		case tagOctet:
			p.cookie = bytes.Clone(v)
		case tagBoolean:
			deletes = len(v) == 1 && v[0] != 0
		}
	}
	return deletes, err
}
