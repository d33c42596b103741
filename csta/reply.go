package csta

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// reply is an answer as the waiting request needs it. It is made on the reader,
// because a message aliases the frame that it was read from.
type reply struct {
	err        error
	connection message.Connection
	crossRef   string
	existing   message.Opt[bool]
	calls      []cti.Call
	own        []message.Connection // of calls, the device's own
	parties    []cti.CallParty
	calling    cti.Party
	called     cti.Party
	service    string // the pieces of the answer come under this reference
	devices    []cti.DeviceID
	on         bool
	forwards   []cti.Forward
	agent      cti.AgentState
	register   string
	private    []byte
	session    *message.Session
	// capabilities are those that the PBX lists.
	capabilities *message.Capabilities
}

// translateResult translates a result.
func (s *session) translateResult(r *message.Result) reply {
	a := reply{
		crossRef: r.CrossRef, existing: r.ExistingCalls, on: r.On, register: string(r.Register),
		connection: r.Connection, calling: translateParty(&r.Calling), called: translateParty(&r.Called),
		service: string(r.Service), session: r.Session,
		capabilities: copyCapabilities(r.Capabilities),
	}
	s.appendCalls(&a, r.Calls)
	s.appendParties(&a, r.Parties)
	for _, f := range r.Forwards {
		t := message.ForwardImmediate
		if f.Type.Set {
			t = f.Type.Value
		}
		if f.On {
			a.forwards = append(a.forwards, t.Forward(true, f.To.Number))
		}
	}
	if len(r.Agents) > 0 {
		a.agent = translateAgentState(&r.Agents[0])
	}
	a.private = s.readPrivateData(r)
	return a
}

func (s *session) appendCalls(a *reply, list []message.DeviceCall) {
	for i := range list {
		a.calls = append(a.calls, s.translateDeviceCall(&list[i]))
		a.own = append(a.own, list[i].Connection)
	}
}

func (s *session) appendParties(a *reply, list []message.CallParty) {
	for i := range list {
		p := &list[i]
		who := translateParty(&p.Device)
		if who.Status == cti.NotSpecified {
			who = staticParty(&p.Connection.Device)
		}
		a.parties = append(a.parties, cti.CallParty{Device: who, State: p.State})
		s.known.rememberConnection(cti.ConnectionID{Call: s.ids.translateCallID(p.Connection.Call), Device: who.Number},
			&p.Connection)
	}
}

func translateAgentState(a *message.Agent) cti.AgentState {
	if len(a.States) > 0 {
		return a.States[0].State
	}
	if !a.LoggedOn {
		return cti.AgentNull
	}
	return cti.AgentUnknown
}

// translateDeviceCall translates one call of a device's snapshot. Who takes part in it
// and what the parties' numbers are, only a snapshot of the call contains.
func (s *session) translateDeviceCall(c *message.DeviceCall) cti.Call {
	call := cti.Call{ID: s.ids.translateCallID(c.Connection.Call)}
	switch {
	case len(c.States) > 0:
		call.State = c.States[0]
	case c.Simple.Set:
		call.State = cti.LocalState(c.Simple.Value&0x0f) + cti.Null // low nibble: the device's own end
	}
	if l := c.Linkage; l != nil && l.Call.Set {
		call.Global = string(formatCallID(string(l.Call.ID)))
	}
	return call
}

// rememberOwn turns a connection that an answer gave to device into our form.
func (s *session) rememberOwn(device cti.DeviceID, c message.Connection) cti.ConnectionID {
	id := cti.ConnectionID{Call: formatCallID(c.Call), Device: device}
	s.known.rememberConnection(id, &c)
	return id
}
