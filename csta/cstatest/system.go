package cstatest

import (
	"slices"
	"strconv"
	"time"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// SystemState is the state that a PBX reports of itself (ECMA-269 systemStatus).
type SystemState uint8

// The states that make an application start its monitors again.
const (
	MessagesLost = SystemState(message.MessagesLost)
	Disabled     = SystemState(message.Disabled)
)

// String returns the name of the state in ECMA-285: "messagesLost".
func (s SystemState) String() string { return message.SystemState(s).String() }

// MarshalText encodes the state by name.
func (s SystemState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Report reports the state of the PBX to every application or, if the profile has
// registrations, to those that registered for it.
func (s *Server) Report(state SystemState) {
	s.eachConn(func(c *conn) { c.sendStatus(message.SystemState(state)) })
}

// Escape passes private data through to every application.
func (s *Server) Escape(data []byte) {
	s.eachConn(func(c *conn) {
		c.sendRequest(message.Request{Op: message.Escape, Escape: c.encoding.Private(data)})
	})
}

// AbortRegistrations cancels the registrations for the system's state.
func (s *Server) AbortRegistrations() {
	s.eachConn(func(c *conn) {
		if id := c.registration.Swap(nil); id != nil {
			c.sendRequest(message.Request{Op: message.SystemRegisterAbort, Register: message.Octets(*id)})
		}
	})
}

// EndSessions ends every application session, for a reason that ECMA-354 or the
// PBX has a name for.
func (s *Server) EndSessions(reason string) {
	s.eachConn(func(c *conn) {
		if c.profile.Session {
			c.sendRequest(message.Request{Op: message.ApplicationSessionTerminated,
				Session: &message.Session{ID: sessionID, Reason: reason}})
		}
	})
}

// eachConn does something with the open connections.
func (s *Server) eachConn(do func(*conn)) {
	s.mu.Lock()
	conns := make([]*conn, 0, len(s.conns))
	for c := range s.conns {
		conns = append(conns, c)
	}
	s.mu.Unlock()
	for _, c := range conns {
		do(c)
	}
}

// sendStatus sends the state, and reports whether the application gets it.
func (c *conn) sendStatus(state message.SystemState) bool {
	r := message.Request{Op: message.SystemStatus, Status: state}
	id := c.registration.Load()
	switch {
	case id != nil:
		r.Register = message.Octets(*id)
	case c.profile.Register:
		return false
	}
	c.sendRequest(r)
	return true
}

// sendRequest sends a request of the PBX's own.
func (c *conn) sendRequest(r message.Request) {
	id := c.nextInvokeID()
	_ = c.writeMessage(func(dst []byte) ([]byte, error) { return c.codec.AppendRequest(dst, id, &r) })
}

// sendHeartbeats reports the PBX's state every so often, and ends the connection of an
// application that left two reports unanswered (as the OmniPCX Office does).
func (c *conn) sendHeartbeats(every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-c.a.Done():
			return
		}
		if c.unanswered.Load() >= 2 {
			c.Close()
			return
		}
		if c.sendStatus(message.Normal) {
			c.unanswered.Add(1)
		}
	}
}

// registerApplication lets an application register for the PBX's state.
func registerApplication(c *conn, _ *ctitest.Switch, _ *message.Request) (any, error) {
	id := strconv.FormatInt(c.lastService.Add(1), 10)
	c.registration.Store(&id)
	return registration(id), nil
}

// registration is the identifier of one.
type registration string

func deregisterApplication(c *conn, _ *ctitest.Switch, r *message.Request) (any, error) {
	if known := c.registration.Load(); known == nil || *known != string(r.Register) {
		return nil, &cti.Error{Err: cti.ErrInvalidState, Detail: "no such registration"}
	}
	c.registration.Store(nil)
	return nil, nil
}

// listServices returns what the PBX can do: of the services of this server
// those whose operations the port has, and every event.
func listServices(c *conn, sw *ctitest.Switch, _ *message.Request) (any, error) {
	can := sw.Capabilities()
	out := message.Capabilities{
		Name: message.Text("ctitest"), Manufacturer: message.Text("ctikit"),
		Profiles: message.BitsOf(1, 0), DeviceFormat: message.BitsOf(1, 0), Features: message.BitsOf(1),
		Addressability: message.BitsOf(1), Appearances: message.BitsOf(1), Linkage: message.BitsOf(1),
	}
	if can.GlobalCallIDs {
		out.Linkage = message.BitsOf(1, 0)
	}
	for op, s := range services {
		if can.Operations.Has(s.op) {
			out.Services = append(out.Services, op)
		}
	}
	for _, op := range []message.Operation{message.SnapshotCallData, message.SnapshotDeviceData,
		message.SwitchingFunctionDevices} {
		if c.canEncode(op) {
			out.Services = append(out.Services, op) // those go the other way
		}
	}
	slices.Sort(out.Services)
	for k := cti.Bridged; k <= cti.Private; k++ {
		out.Events = append(out.Events, k)
	}
	return &out, nil
}

// announceCapabilities reports a change of capabilities to an application that
// registered for it.
func (c *conn) announceCapabilities() {
	if id := c.registration.Load(); id != nil {
		c.sendRequest(message.Request{Op: message.SwitchingFunctionCapsChanged, Register: message.Octets(*id)})
	}
}
