package vtixml

import (
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/xmlscan"
)

func (r *reader) snapshot() *cti.Snapshot {
	s := new(cti.Snapshot)
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(own(a)) {
		case "device":
			s.Device = cti.DeviceID(r.text(a))
		case "doNotDisturb":
			on := r.flag(a)
			s.Features.DoNotDisturb = &on
		case "messageWaiting":
			on := r.flag(a)
			s.Features.MessageWaiting = &on
		case "agent":
			s.Features.Agent = named(r, a, agentOf)
		default:
			r.skipped()
		}
	}
	r.children(func(name []byte) {
		if string(name) == "call" {
			s.Calls = append(s.Calls, r.call())
		} else {
			r.skipped()
		}
	})
	return s
}

func (r *reader) call() (c cti.Call) {
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(own(a)) {
		case "id":
			c.ID = cti.CallID(r.text(a))
		case "global":
			c.Global = r.text(a)
		case "state":
			c.State = r.state(a)
		default:
			r.skipped()
		}
	}
	r.children(func(name []byte) {
		p, state := r.party()
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
			r.skipped()
		}
	})
	return c
}

// party reads the attributes of a party; without a number and a status it is
// not specified.
func (r *reader) party() (p cti.Party, state cti.LocalState) {
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(own(a)) {
		case "number":
			p.Number, p.Status = cti.DeviceID(r.text(a)), cti.Known
		case "name":
			p.Name = r.text(a)
		case "status":
			switch string(a.Value) {
			case "unknown":
				p.Status = cti.NotKnown
			case "restricted":
				p.Status = cti.Restricted
			default:
				r.skipped()
			}
		case "state":
			state = r.state(a)
		default:
			r.skipped()
		}
	}
	return p, state
}

func (r *reader) state(a *xmlscan.Attr) cti.LocalState {
	if string(a.Value) == "unknown" {
		return cti.StateUnknown
	}
	return named(r, a, stateOf)
}
