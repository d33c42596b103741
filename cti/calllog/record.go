package calllog

import (
	"fmt"
	"time"

	"github.com/ctikit/ctikit/cti"
)

func entryID(device cti.DeviceID, call cti.CallID, begin time.Time) string {
	return fmt.Sprintf("%s/%s/%d", device, call, begin.UnixNano())
}

// openRecord opens the record of a call.
func (l *line) openRecord(c *cti.Call, ev *cti.Event) *record {
	l.opened++
	begin := c.Since
	if begin.IsZero() {
		begin = ev.Time
	}
	r := &record{call: c.ID, order: l.opened, Entry: Entry{
		ID: entryID(l.device, c.ID, begin), Kind: Incoming, User: l.currentUser(), Device: l.device, Begin: begin,
	}}
	if c.State == cti.Initiated || ev.Kind == cti.Originated && ev.Subject.Number == l.device {
		r.Kind = Outgoing
	}
	l.open[c.ID] = r
	return r
}

// applyCall updates the record from the current state of the call. The other party
// is the one that the call began with: one that a transfer added is Transfer.
func (r *record) applyCall(c *cti.Call, ev *cti.Event) {
	if c.Outgoing(r.Device) && !r.Transferred {
		r.Kind = Outgoing
	}
	if r.Answer.IsZero() {
		r.Answer = c.AnsweredAt
	}
	if ev.Kind == cti.CallFailed && ev.Call == c.ID {
		r.failed, r.Cause = true, ev.Cause
	}
	if c.Redirection.Status == cti.Known && c.Redirection.Number != r.Device {
		r.Redirection = string(c.Redirection.Number)
	}
	if r.Transferred || r.Conference {
		return
	}
	if other := c.Other(r.Device); other.Status != cti.NotSpecified {
		r.setParty(other, ev)
	}
}

// setParty sets the other party as the PBX reports it, with the forms that the number
// plan and the namer found if the event has them.
func (e *Entry) setParty(p cti.Party, ev *cti.Event) {
	e.Withheld = p.Status == cti.Restricted
	if string(p.Number) != e.Number || e.Number == "" { // else keep the resolved forms
		e.Number, e.Lookup, e.Name = string(p.Number), string(p.Number), p.Name
		e.E164, e.Internal = "", false
	}
	if ev.Other.Number == "" || ev.Other.Number != p.Number {
		return
	}
	e.Lookup, e.E164, e.Internal = ev.Other.Lookup, ev.Other.E164, ev.Other.Internal
	if ev.Other.Name != "" {
		e.Name = ev.Other.Name
	}
}

// closeRecord closes a record with the event that ended it. unseen: the end was not
// observed.
func (l *line) closeRecord(id cti.CallID, ev *cti.Event, unseen bool) Entry {
	r := l.open[id]
	delete(l.open, id)
	r.End = ev.Time
	if r.End.Before(r.Begin) {
		r.End = r.Begin
	}
	r.Incomplete = r.Incomplete || unseen
	if r.Cause == cti.CauseNone {
		r.Cause = ev.Cause
	}
	if !r.Answer.IsZero() {
		r.Duration = max(0, r.End.Sub(r.Answer).Milliseconds())
	}
	r.Outcome = r.outcome(ev)
	if r.Outcome == Diverted && ev.Target.Status == cti.Known {
		r.Transfer = string(ev.Target.Number)
	}
	return r.Entry
}

func (r *record) outcome(ev *cti.Event) Outcome {
	switch {
	case !r.Answer.IsZero():
		return Answered
	case r.Kind == Outgoing && r.failed && r.Cause == cti.CauseBusy:
		return Busy
	case r.Kind == Outgoing && r.failed:
		return Rejected
	case r.Kind == Outgoing:
		return Unanswered
	case ev.Cause == cti.CauseCallPickup || ev.Kind == cti.Established:
		return PickedUp
	case ev.Kind == cti.Diverted:
		return Diverted
	}
	return Missed
}

// divertedEntry is the entry of a call that was forwarded before it rang here.
func (l *line) divertedEntry(ev *cti.Event) Entry {
	e := Entry{ID: entryID(l.device, ev.Call, ev.Time), Kind: Incoming, User: l.currentUser(), Device: l.device,
		Outcome: Diverted, Cause: ev.Cause, Begin: ev.Time, End: ev.Time}
	if ev.Target.Status == cti.Known {
		e.Transfer = string(ev.Target.Number)
	}
	e.setParty(ev.Calling, ev)
	return e
}

// isWorthKeeping is false if the set only went off hook and on again.
func isWorthKeeping(e *Entry) bool {
	return e.Kind != Outgoing || e.Number != "" || !e.Answer.IsZero() || e.Transferred || e.Conference
}
