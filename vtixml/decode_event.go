package vtixml

import (
	"github.com/ctikit/ctikit/cti"
)

// reported tells which kinds the dialect carries: those of calls, those of
// features but forwards, which go over CSTA, and the end of a supervision.
func reported(k cti.Kind) bool {
	class := k.Class()
	return class == cti.CallClass || class == cti.FeatureClass && k != cti.Forwarding || k == cti.MonitorStopped
}

// event reads a report. One of a kind that the dialect does not have is no
// message of ours.
func (r *reader) event() {
	ev := &r.m.Event
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(own(a)) {
		case "monitor":
			r.m.Monitor = r.number(a)
		case "kind":
			ev.Kind = named(r, a, kindOf)
		case "device":
			ev.Device = cti.DeviceID(r.text(a))
		case "call":
			ev.Call = cti.CallID(r.text(a))
		case "state":
			ev.State = r.state(a)
		case "cause":
			ev.Cause = named(r, a, causeOf)
		case "oldCall":
			ev.OldCall = cti.CallID(r.text(a))
		case "otherCall":
			ev.OtherCall = cti.CallID(r.text(a))
		case "global":
			ev.Global = r.text(a)
		case "on":
			ev.On = r.flag(a)
		case "level":
			ev.Level = int(r.number(a))
		case "agent":
			ev.Agent = r.text(a)
		case "text":
			ev.Text = r.text(a)
		case "userData":
			ev.UserData = string(r.bytes(a))
		case "correlator":
			ev.Correlator = string(r.bytes(a))
		default:
			r.skipped()
		}
	}
	if !reported(ev.Kind) {
		r.m.Type = UnknownMessage
		return
	}
	r.children(func(name []byte) {
		p, state := r.party()
		switch string(name) {
		case "subject":
			ev.Subject = p
		case "calling":
			ev.Calling = p
		case "called":
			ev.Called = p
		case "redirection":
			ev.Redirection = p
		case "target":
			ev.Target = p
		case "party":
			ev.Parties = append(ev.Parties, cti.CallParty{Device: p, State: state})
		default:
			r.skipped()
		}
	})
}
