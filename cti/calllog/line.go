package calllog

import (
	"cmp"
	"slices"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// line is the state of one extension.
type line struct {
	device     cti.DeviceID
	user       string // the last known user
	userNow    func(cti.DeviceID) (user string, known bool)
	model      cti.CallModel
	open       map[cti.CallID]*record
	watched    bool      // a snapshot was seen and nothing is missing since
	blindSince time.Time // since when observation is interrupted; zero if it is not
	last       time.Time // of the last event
	removed    bool      // it is no longer an extension
	opened     int       // records so far
}

// record is a call that has not ended.
type record struct {
	Entry
	call   cti.CallID
	order  int  // of opening, for entries that end together
	failed bool // the call could not be completed
}

// foldEvent applies an event and returns the entries that it completes. lossy: the
// event is a snapshot that replaces lost events.
func (l *line) foldEvent(ev *cti.Event, lossy bool) (done []Entry) {
	defer func() { l.last = ev.Time }()
	switch ev.Kind.Class() {
	case cti.SnapshotClass:
		return l.replaceBySnapshot(ev, lossy)
	case cti.GapClass:
		return l.handleGap(ev)
	case cti.CallClass:
		if !l.watched {
			return nil // nothing is known before a snapshot
		}
		l.model.Apply(ev)
		return l.updateRecords(ev)
	}
	return nil
}

// handleGap marks the line as unobserved from now on.
func (l *line) handleGap(ev *cti.Event) (done []Entry) {
	l.model.Apply(ev)
	if l.watched || l.blindSince.IsZero() {
		l.watched, l.blindSince = false, ev.Time // the snapshot that follows marks the open records
	}
	switch ev.Reason {
	case cti.ReasonRemoved, cti.ReasonClosing, cti.ReasonDisabled, cti.ReasonNoProtocol:
		done = l.closeAllRecords(l.blindSince)
		l.removed = ev.Reason == cti.ReasonRemoved
		l.blindSince = time.Time{} // it is not meant to be observed
	}
	return done
}

// replaceBySnapshot replaces the state by a snapshot.
func (l *line) replaceBySnapshot(ev *cti.Event, lossy bool) (done []Entry) {
	blind := l.blindSince
	if l.watched && lossy {
		blind = l.last
	}
	if !blind.IsZero() {
		done = append(done, l.unobservedEntry(blind, ev.Time))
	}
	unsure := !l.watched || lossy
	l.watched, l.blindSince = true, time.Time{}
	l.model.Apply(ev)
	calls := l.model.Calls()
	for _, r := range l.sortedRecords() {
		if !hasCall(calls, r.call) {
			end := ev.Time
			if !blind.IsZero() {
				end = blind
			}
			done = append(done, l.closeRecord(r.call, &cti.Event{Time: end}, true))
		}
	}
	for i := range calls {
		r, known := l.open[calls[i].ID]
		if !known {
			r = l.openRecord(&calls[i], ev)
			r.Incomplete = true // its begin was not observed
		}
		r.Incomplete = r.Incomplete || unsure
		r.applyCall(&calls[i], ev)
	}
	return done
}

// updateRecords brings the records in line with the calls after an event.
func (l *line) updateRecords(ev *cti.Event) (done []Entry) {
	if ev.Kind == cti.Diverted && ev.Subject.Number == l.device && l.open[ev.Call] == nil {
		return []Entry{l.divertedEntry(ev)}
	}
	calls := l.model.Calls()
	if ev.Kind == cti.Transferred || ev.Kind == cti.Conferenced {
		done = l.mergeRecords(ev, calls)
	}
	for _, r := range l.sortedRecords() {
		if !hasCall(calls, r.call) {
			if e := l.closeRecord(r.call, ev, false); isWorthKeeping(&e) {
				done = append(done, e)
			}
		}
	}
	for i := range calls {
		r := l.open[calls[i].ID]
		if r == nil {
			r = l.openRecord(&calls[i], ev)
		}
		r.applyCall(&calls[i], ev)
	}
	return done
}

// mergeRecords gives the call into which two were merged to the older record; the
// other record ends.
func (l *line) mergeRecords(ev *cti.Event, calls []cti.Call) (done []Entry) {
	var merged []*record
	for _, id := range [...]cti.CallID{ev.OldCall, ev.OtherCall, ev.Call} {
		if r := l.open[id]; r != nil && !slices.Contains(merged, r) {
			merged = append(merged, r)
		}
	}
	if len(merged) == 0 {
		return nil
	}
	slices.SortFunc(merged, func(a, b *record) int { return cmp.Compare(a.order, b.order) })
	i := slices.IndexFunc(calls, func(c cti.Call) bool { return c.ID == ev.Call })
	for _, r := range merged {
		r.Transferred = r.Transferred || ev.Kind == cti.Transferred
		r.Conference = r.Conference || ev.Kind == cti.Conferenced
		if ev.Kind == cti.Transferred {
			r.Transfer = l.transferredParty(ev, calls, i)
		}
	}
	if i < 0 {
		return nil // this side has left: updateRecords ends them
	}
	first := merged[0]
	for _, r := range merged[1:] {
		done = append(done, l.closeRecord(r.call, ev, false))
	}
	delete(l.open, first.call)
	first.call = ev.Call
	l.open[ev.Call] = first
	return done
}

// transferredParty is the party that a transfer connected this side to.
func (l *line) transferredParty(ev *cti.Event, calls []cti.Call, i int) string {
	if ev.Target.Status == cti.Known && ev.Target.Number != l.device {
		return string(ev.Target.Number)
	}
	candidates := []cti.Party{ev.Calling, ev.Called}
	if i >= 0 {
		for _, p := range calls[i].Parties {
			candidates = append(candidates, p.Device)
		}
	}
	for _, p := range candidates {
		if p.Status == cti.Known && p.Number != l.device && p.Number != ev.Subject.Number {
			return string(p.Number)
		}
	}
	return ""
}

// unobservedEntry is the entry of a period without observation.
func (l *line) unobservedEntry(from, to time.Time) Entry {
	return Entry{
		ID: entryID(l.device, "", from), Kind: Unobserved, User: l.currentUser(), Device: l.device,
		Begin: from, End: to, Incomplete: true,
	}
}

// closeAllRecords ends every record without having seen its end.
func (l *line) closeAllRecords(end time.Time) (done []Entry) {
	for _, r := range l.sortedRecords() {
		done = append(done, l.closeRecord(r.call, &cti.Event{Time: end}, true))
	}
	return done
}

// completeOpen completes the open records when the line is no longer followed.
func (l *line) completeOpen(now time.Time) []Entry {
	end := now
	if !l.blindSince.IsZero() {
		end = l.blindSince
	}
	done := l.closeAllRecords(end)
	if !l.blindSince.IsZero() {
		done = append(done, l.unobservedEntry(l.blindSince, now))
	}
	return done
}

// currentUser is the user of the extension, or the last one once it is removed.
func (l *line) currentUser() string {
	if user, known := l.userNow(l.device); known {
		l.user = user
	}
	return l.user
}

func (l *line) sortedRecords() []*record {
	out := make([]*record, 0, len(l.open))
	for _, r := range l.open {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *record) int { return cmp.Compare(a.order, b.order) })
	return out
}

func hasCall(calls []cti.Call, id cti.CallID) bool {
	return slices.ContainsFunc(calls, func(c cti.Call) bool { return c.ID == id })
}
