package vtixml

import (
	"github.com/ctikit/ctikit/cti"
)

// isReportable tells which kinds the dialect carries: those of calls, those of
// features but forwards, which go over CSTA, and the end of a supervision.
func isReportable(k cti.Kind) bool {
	class := k.Class()
	return class == cti.CallClass || class == cti.FeatureClass && k != cti.Forwarding || k == cti.MonitorStopped
}

// readEvent reads a report. One of a kind that the dialect does not have is no
// message of ours.
func (r *reader) readEvent() {
	ev := &r.m.Event
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(localName(a)) {
		case "monitor":
			r.m.Monitor = r.readNumber(a)
		case "kind":
			ev.Kind = readName(r, a, kindOf)
		case "device":
			ev.Device = cti.DeviceID(r.readText(a))
		case "call":
			ev.Call = cti.CallID(r.readText(a))
		case "state":
			ev.State = r.readState(a)
		case "cause":
			ev.Cause = readName(r, a, causeOf)
		case "oldCall":
			ev.OldCall = cti.CallID(r.readText(a))
		case "otherCall":
			ev.OtherCall = cti.CallID(r.readText(a))
		case "global":
			ev.Global = r.readText(a)
		case "on":
			ev.On = r.readFlag(a)
		case "level":
			ev.Level = int(r.readNumber(a))
		case "agent":
			ev.Agent = r.readText(a)
		case "text":
			ev.Text = r.readText(a)
		case "userData":
			ev.UserData = string(r.readBase64(a))
		case "correlator":
			ev.Correlator = string(r.readBase64(a))
		default:
			r.countSkipped()
		}
	}
	if !isReportable(ev.Kind) {
		r.m.Type = UnknownMessage
		return
	}
	r.eachChild(func(name []byte) {
		p, state := r.readParty()
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
			r.countSkipped()
		}
	})
}
