package cti

import (
	"slices"
	"time"
)

// CallModel is the state of one device: its calls, each with the state of the
// device's connection and of the other parties' connections (ECMA-269 6.1). It is
// a state machine without I/O: apply the events of one subscription for one
// device, in order. The gateway keeps a model of each supervised device;
// applications may keep their own. The zero value is a device without calls. A
// CallModel is not safe for concurrent use.
type CallModel struct {
	Device   DeviceID
	calls    []Call // in order of first sight
	features Features
}

// Calls returns the calls of the device, oldest first. The slice and the
// Parties in it are copies.
func (m *CallModel) Calls() []Call {
	if len(m.calls) == 0 {
		return nil
	}
	out := slices.Clone(m.calls)
	for i := range out {
		out[i].Parties = slices.Clone(out[i].Parties)
	}
	return out
}

// Features returns the known state of the device's features.
func (m *CallModel) Features() Features { return m.features }

// SetFeatures replaces the known state of the device's features.
func (m *CallModel) SetFeatures(f Features) { m.features = f }

// Len returns the number of calls.
func (m *CallModel) Len() int { return len(m.calls) }

// Idle reports whether the device has no call.
func (m *CallModel) Idle() bool { return len(m.calls) == 0 }

// Snapshot returns the state of the device as a snapshot taken at t.
func (m *CallModel) Snapshot(t time.Time) Snapshot {
	return Snapshot{Device: m.Device, Time: t, Calls: m.Calls(), Features: m.features}
}

// Apply updates the model with one event, which it does not change. Events of
// other devices, links and sessions are ignored. After a gap the model is empty
// until the next snapshot, except after [GapOverflow].
func (m *CallModel) Apply(ev *Event) {
	if ev.Device != m.Device {
		return
	}
	switch ev.Kind.Class() {
	case SnapshotClass:
		m.Replace(*ev.Snapshot)
	case GapClass:
		if ev.Gap.Reason != GapOverflow {
			m.calls, m.features = nil, Features{}
		}
	case CallClass:
		if ev.Kind == ServiceInitiated || ev.Kind == Transferred { // the kind implies who calls whom
			whole := *ev
			m.Complete(&whole)
			ev = &whole
		}
		m.applyCall(ev)
	case FeatureClass:
		m.ApplyFeature(ev)
	}
}

// Replace replaces the state with a snapshot. Known calls keep their times.
func (m *CallModel) Replace(s Snapshot) {
	old := m.calls
	m.calls = slices.Clone(s.Calls)
	for i := range m.calls {
		c := &m.calls[i]
		c.Parties = slices.Clone(c.Parties)
		if j := indexOf(old, c.ID); j >= 0 {
			c.Since, c.AnsweredAt = old[j].Since, old[j].AnsweredAt
		}
		if c.Since.IsZero() {
			c.Since = s.Time
		}
		if c.AnsweredAt.IsZero() && c.isAnswered() {
			c.AnsweredAt = s.Time
		}
	}
	m.features = s.Features
}

// isAnswered reports whether the device and another party are connected, or were
// before a hold.
func (c *Call) isAnswered() bool {
	if c.State != Connected && c.State != Hold {
		return false
	}
	return slices.ContainsFunc(c.Parties, func(p CallParty) bool { return p.State == Connected || p.State == Hold })
}

// Outgoing reports whether device made the call.
func (c *Call) Outgoing(device DeviceID) bool {
	return c.Calling.Status == Known && c.Calling.Number == device
}

// Other returns the other side of the call as device sees it: the called party
// of an outgoing call, else the calling one. If that party is not reported, it is
// the only other party in the call.
func (c *Call) Other(device DeviceID) Party {
	other := c.Calling
	if c.Outgoing(device) {
		other = c.Called
	}
	if other.Status == NotSpecified {
		return c.onlyParty()
	}
	return other
}

func (m *CallModel) applyCall(ev *Event) {
	switch ev.Kind {
	case CallCleared:
		m.removeCall(ev.Call)
		return
	case Transferred, Conferenced:
		m.mergeCalls(ev)
		return
	case CallInformation, Charging, DigitsGenerated, TelephonyTonesGenerated, ServiceCompletionFailure, MediaAttached,
		MediaDetached, NetworkCapabilitiesChanged:
		if c := m.findCall(ev.Call); c != nil {
			c.learnParties(ev)
		}
		return
	}
	ended := ev.State == Null ||
		(ev.Kind == ConnectionCleared || ev.Kind == Diverted) && ev.Subject.Number == m.Device &&
			(ev.State == StateUnknown || ev.State == Null)
	if ended {
		m.removeCall(ev.Call)
		return
	}
	c, fresh := m.findCall(ev.Call), false
	if c == nil {
		if ev.Kind == ConnectionCleared || ev.Kind == Diverted {
			return // not a call of the device, or no longer: never revive it
		}
		c, fresh = m.addCall(ev), true
	}
	if ev.State != StateUnknown {
		c.State = ev.State
	}
	c.learnParties(ev)
	c.noteParties(ev, fresh)
}

// learnParties copies the parties that an event names.
func (c *Call) learnParties(ev *Event) {
	for _, p := range []struct{ to, from *Party }{{&c.Calling, &ev.Calling}, {&c.Called, &ev.Called},
		{&c.Redirection, &ev.Redirection}} {
		if p.from.Status != NotSpecified {
			*p.to = *p.from
		}
	}
	if ev.Global != "" {
		c.Global = ev.Global
	}
	if ev.Kind == Established && c.AnsweredAt.IsZero() {
		c.AnsweredAt = ev.Time
	}
}

// noteParties updates the list of other parties from an event. fresh reports
// whether the event is the first of the call.
func (c *Call) noteParties(ev *Event, fresh bool) {
	// A failed connection with the device's own number, while the device's own
	// is not, is the far end of a call to itself.
	toItself := ev.Kind == CallFailed && ev.State != Failed
	if ev.Subject.Status != NotSpecified && (ev.Subject.Number != ev.Device || toItself) {
		c.noteSubject(ev)
	}
	// When a device begins to ring or talk, the caller is connected to the call.
	// Later the caller may have left the call but is still its calling party.
	rings := fresh && (ev.Kind == Delivered || ev.Kind == Established)
	if rings && ev.Calling.Status != NotSpecified && ev.Calling.Number != ev.Device && !c.hasParty(ev.Calling) {
		c.setParty(ev.Calling, Connected)
	}
}

// noteSubject updates the state of the event's subject, which is another device.
func (c *Call) noteSubject(ev *Event) {
	switch ev.Kind {
	case ConnectionCleared, Diverted:
		c.dropParty(ev.Subject)
	case Delivered, Offered:
		c.setParty(ev.Subject, Alerting)
	case Established, Retrieved, Originated, NetworkReached, Bridged:
		c.setParty(ev.Subject, Connected)
	case Held:
		c.setParty(ev.Subject, Hold)
	case CallQueued:
		c.setParty(ev.Subject, Queued)
	case CallFailed:
		c.setParty(ev.Subject, Failed)
	}
}

func (c *Call) hasParty(p Party) bool { return c.partyIndex(p) >= 0 }

func (c *Call) partyIndex(p Party) int {
	return slices.IndexFunc(c.Parties, func(q CallParty) bool {
		return q.Device.Number == p.Number && q.Device.Status == p.Status
	})
}

func (c *Call) setParty(p Party, s LocalState) {
	if i := c.partyIndex(p); i >= 0 {
		c.Parties[i].State = s
		return
	}
	c.Parties = append(c.Parties, CallParty{p, s})
}

func (c *Call) dropParty(p Party) {
	if i := c.partyIndex(p); i >= 0 {
		c.Parties = slices.Delete(c.Parties, i, i+1)
	}
}

// mergeCalls makes one call of the old ones (ECMA-269 17.2.3, 17.2.18).
func (m *CallModel) mergeCalls(ev *Event) {
	ids := [...]CallID{ev.Call, ev.OldCall, ev.OtherCall}
	var merged *Call
	for _, id := range ids {
		c := m.findCall(id)
		if id == "" || c == nil {
			continue
		}
		if merged == nil {
			copied := *c
			merged = &copied
			merged.Parties = slices.Clone(c.Parties)
		} else {
			for _, p := range c.Parties {
				merged.setParty(p.Device, p.State)
			}
			if merged.AnsweredAt.IsZero() {
				merged.AnsweredAt = c.AnsweredAt
			}
		}
		m.removeCall(id)
	}
	if ev.takesOut(m.Device) {
		return // the transferring device
	}
	if merged == nil {
		merged = &Call{Since: ev.Time}
	}
	merged.ID = ev.Call
	if ev.State != StateUnknown {
		merged.State = ev.State
	}
	if ev.Kind == Transferred {
		merged.Calling, merged.Called, merged.Redirection = Party{}, Party{}, Party{} // those of an old call
	}
	merged.learnParties(ev)
	if ev.Kind == Transferred {
		merged.dropParty(ev.Subject)
	} else if ev.Subject.Status != NotSpecified && ev.Subject.Number != m.Device {
		merged.setParty(ev.Subject, Connected)
	}
	if ev.Target.Status != NotSpecified && ev.Target.Number != m.Device && !merged.hasParty(ev.Target) {
		merged.setParty(ev.Target, Connected)
	}
	if ev.Parties != nil {
		merged.Parties = merged.listedParties(ev)
	}
	m.calls = append(m.calls, *merged)
}

// listedParties returns the list of parties in an event. A state that the event
// does not report is taken from the call.
func (c *Call) listedParties(ev *Event) []CallParty {
	list := make([]CallParty, 0, len(ev.Parties))
	for _, p := range ev.Parties {
		if p.State == StateUnknown {
			p.State = Connected
			if i := c.partyIndex(p.Device); i >= 0 {
				p.State = c.Parties[i].State
			}
		}
		list = append(list, p)
	}
	return list
}

// ApplyFeature applies a feature event of any device, for a model that holds
// features alone. [CallModel.Apply] ignores events of another device.
func (m *CallModel) ApplyFeature(ev *Event) {
	on := ev.On
	switch ev.Kind {
	case DoNotDisturb:
		m.features.DoNotDisturb = &on
	case MessageWaiting:
		m.features.MessageWaiting = &on
	case Forwarding:
		m.features.Forwards = withForward(m.features.Forwards, ev.Forward)
	case AgentLoggedOff:
		m.features.Agent = AgentNull
	case AgentLoggedOn, AgentNotReadyEvent:
		m.features.Agent = AgentNotReady
	case AgentReadyEvent:
		m.features.Agent = AgentReady
	case AgentBusyEvent:
		m.features.Agent = AgentBusy
	case AgentWorkingAfterCallEvent:
		m.features.Agent = AgentWorkingAfterCall
	}
}

// withForward returns the active forwards after one was set or cancelled. It does
// not change list, which snapshots share.
func withForward(list []Forward, f Forward) []Forward {
	out := make([]Forward, 0, len(list)+1)
	for _, g := range list {
		if g.Type != f.Type || g.Origin != f.Origin {
			out = append(out, g)
		}
	}
	if f.Active {
		out = append(out, f)
	}
	return out
}

// HasStale reports whether the device has a stale call, see [Call].
func (m *CallModel) HasStale() bool {
	return slices.ContainsFunc(m.calls, func(c Call) bool { return c.Stale })
}

// RefreshStale updates the stale calls from the calls that were read again and
// removes those that have ended. The other calls are unchanged: they report
// events, which are newer than any answer. RefreshStale reports whether anything
// changed.
func (m *CallModel) RefreshStale(read []Call) (changed bool) {
	m.calls = slices.DeleteFunc(m.calls, func(c Call) bool {
		ended := c.Stale && indexOf(read, c.ID) < 0
		changed = changed || ended
		return ended
	})
	for i := range m.calls {
		c := &m.calls[i]
		if !c.Stale {
			continue
		}
		if now := read[indexOf(read, c.ID)]; now.State != c.State || !slices.Equal(now.Parties, c.Parties) {
			c.State, c.Parties = now.State, now.Parties
			changed = true
		}
	}
	return changed
}

func (m *CallModel) findCall(id CallID) *Call {
	if i := indexOf(m.calls, id); i >= 0 {
		return &m.calls[i]
	}
	return nil
}

func (m *CallModel) addCall(ev *Event) *Call {
	m.calls = append(m.calls, Call{ID: ev.Call, Since: ev.Time})
	return &m.calls[len(m.calls)-1]
}

func (m *CallModel) removeCall(id CallID) {
	if i := indexOf(m.calls, id); i >= 0 {
		m.calls = slices.Delete(m.calls, i, i+1)
	}
}

func indexOf(calls []Call, id CallID) int {
	return slices.IndexFunc(calls, func(c Call) bool { return c.ID == id })
}
