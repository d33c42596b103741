package csta

import (
	"context"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// The system services of ECMA-269: each side reports its state to the other. This
// side's own report is the heartbeat, see [askHeartbeat].

// Bits of the request types of systemRegister (ECMA-285 RequestTypes).
const (
	registerStatus         = 0
	registerRequestStatus  = 1
	registerCapsChanged    = 2
	registerDevicesChanged = 3
)

func registrationRequest() message.Request {
	return message.Request{Op: message.SystemRegister,
		Types: message.BitsOf(4, registerStatus, registerRequestStatus, registerCapsChanged, registerDevicesChanged)}
}

// registerStatus asks for the system's state, where the profile wants it. A PBX that
// refuses goes on without.
func (s *session) registerStatus(ctx context.Context) error {
	if !s.profile.Register {
		return nil
	}
	r := registrationRequest()
	a, err := s.askService(ctx, cti.OpOpen, "", &r)
	if err == nil {
		s.registered.Store(&a.register)
		return nil
	}
	if s.Exchange.Err() != nil || ctx.Err() != nil {
		return err
	}
	return nil
}

// renewRegistration: the PBX cancelled the registration.
func (s *session) renewRegistration(r *message.Request) {
	was := s.registered.Swap(nil)
	if was == nil || *was != string(r.Register) {
		return
	}
	s.postNoted(registrationRequest(), request{onLate: func(a reply) {
		if a.err == nil {
			s.registered.Store(&a.register)
		}
	}})
}

// cancelRegistration takes the registration back.
func (s *session) cancelRegistration() {
	if id := s.registered.Swap(nil); id != nil {
		s.postNoted(message.Request{Op: message.SystemRegisterCancel, Register: message.Octets(*id)}, request{})
	}
}

// handleSystemStatus takes the state that the PBX reports. Where events were lost or
// monitors have ended, each monitor ends here too, so that it is started again
// and the device's state is read again (ECMA-269: messagesLost, disabled).
func (s *session) handleSystemStatus(m *message.Message) error {
	err := s.sendAcknowledgement(m.InvokeID, message.SystemStatus)
	switch m.Request.Status {
	case message.MessagesLost, message.Disabled:
		for _, mon := range s.monitors.listMonitors() {
			if m.Request.Status == message.MessagesLost {
				s.stopMonitor(mon)
			} else {
				s.monitors.removeMonitor(mon)
			}
			s.reportEvent(cti.Event{Kind: cti.MonitorStopped, Device: mon.device})
		}
	}
	return err
}
