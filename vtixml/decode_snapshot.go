package vtixml

import (
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/xmlscan"
)

func (r *reader) readSnapshot() *cti.Snapshot {
	s := new(cti.Snapshot)
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(localName(a)) {
		case "device":
			s.Device = cti.DeviceID(r.readText(a))
		case "doNotDisturb":
			on := r.readFlag(a)
			s.Features.DoNotDisturb = &on
		case "messageWaiting":
			on := r.readFlag(a)
			s.Features.MessageWaiting = &on
		case "agent":
			s.Features.Agent = readName(r, a, agentOf)
		default:
			r.countSkipped()
		}
	}
	r.eachChild(func(name []byte) {
		if string(name) == "call" {
			s.Calls = append(s.Calls, r.readCall())
		} else {
			r.countSkipped()
		}
	})
	return s
}

func (r *reader) readCall() (c cti.Call) {
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(localName(a)) {
		case "id":
			c.ID = cti.CallID(r.readText(a))
		case "global":
			c.Global = r.readText(a)
		case "state":
			c.State = r.readState(a)
		default:
			r.countSkipped()
		}
	}
	r.eachChild(func(name []byte) {
		p, state := r.readParty()
		switch string(name) {
		case "calling":
			c.Calling = p
		case "called":
			c.Called = p
		case "redirection":
			c.Redirection = p
		case "party":
			c.Parties = append(c.Parties, cti.CallParty{Device: p, State: state})
		default:
			r.countSkipped()
		}
	})
	return c
}

// readParty reads the attributes of a party; without a number and a status it is
// not specified.
func (r *reader) readParty() (p cti.Party, state cti.LocalState) {
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(localName(a)) {
		case "number":
			p.Number, p.Status = cti.DeviceID(r.readText(a)), cti.Known
		case "name":
			p.Name = r.readText(a)
		case "status":
			switch string(a.Value) {
			case "unknown":
				p.Status = cti.NotKnown
			case "restricted":
				p.Status = cti.Restricted
			default:
				r.countSkipped()
			}
		case "state":
			state = r.readState(a)
		default:
			r.countSkipped()
		}
	}
	return p, state
}

func (r *reader) readState(a *xmlscan.Attr) cti.LocalState {
	if string(a.Value) == "unknown" {
		return cti.StateUnknown
	}
	return readName(r, a, stateOf)
}
