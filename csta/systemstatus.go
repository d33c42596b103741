package csta

import (
	"context"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// The system services of ECMA-269: each side tells the other how it is. This
// side's own report is the heartbeat, see [session.Ping].

// Bits of the request types of systemRegister (ECMA-285 RequestTypes).
const (
	registerStatus         = 0
	registerRequestStatus  = 1
	registerCapsChanged    = 2
	registerDevicesChanged = 3
)

func registration() message.Request {
	return message.Request{Op: message.SystemRegister,
		Types: message.BitsOf(4, registerStatus, registerRequestStatus, registerCapsChanged, registerDevicesChanged)}
}

// register asks for the system's state, where the profile wants it. A PBX that
// refuses goes on without.
func (s *session) register(ctx context.Context) error {
	if !s.profile.Register {
		return nil
	}
	r := registration()
	a, err := s.askAnd(ctx, cti.OpOpen, "", &r, request{})
	if err == nil {
		s.registered.Store(&a.register)
		return nil
	}
	if s.Exchange.Err() != nil || ctx.Err() != nil {
		return err
	}
	return nil
}

// registerAgain: the PBX gave our registration up.
func (s *session) registerAgain(r *message.Request) {
	was := s.registered.Swap(nil)
	if was == nil || *was != string(r.Register) {
		return
	}
	s.postAnd(registration(), func(a reply) {
		if a.err == nil {
			s.registered.Store(&a.register)
		}
	})
}

// deregister takes the registration back.
func (s *session) deregister() {
	if id := s.registered.Swap(nil); id != nil {
		s.post(message.Request{Op: message.SystemRegisterCancel, Register: message.Octets(*id)})
	}
}

// systemStatus takes the state that the PBX reports. Where events were lost or
// monitors have ended, each monitor ends here too, so that it is started again
// and the device's picture is read anew (ECMA-269: messagesLost, disabled).
func (s *session) systemStatus(m *message.Message) error {
	err := s.acknowledge(m.InvokeID, message.SystemStatus)
	switch m.Request.Status {
	case message.MessagesLost, message.Disabled:
		for _, mon := range s.monitors.all() {
			if m.Request.Status == message.MessagesLost {
				s.stop(mon)
			} else {
				s.monitors.remove(mon)
			}
			s.tell(cti.Event{Kind: cti.MonitorStopped, Device: mon.device})
		}
	}
	return err
}
