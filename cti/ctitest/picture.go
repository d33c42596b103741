package ctitest

import "github.com/ctikit/ctikit/cti"

// deviceView is a set as it is now.
func (d *device) deviceView() cti.Snapshot {
	dnd, waiting := d.dnd, d.waiting
	s := cti.Snapshot{Device: d.number, Features: cti.Features{
		Forwards: d.activeForwards(), DoNotDisturb: &dnd, MessageWaiting: &waiting, Agent: d.agent}}
	for _, k := range d.conns {
		s.Calls = append(s.Calls, k.callView())
	}
	return s
}

// callView is a call as one of its devices sees it.
func (k *connection) callView() cti.Call {
	c := k.call
	out := cti.Call{ID: c.id, Global: c.global, State: k.state,
		Calling: c.calling, Called: c.called, Redirection: c.redirection}
	for _, o := range c.conns {
		if o != k {
			out.Parties = append(out.Parties, cti.CallParty{Device: o.asParty(), State: o.state})
		}
	}
	return out
}
