package csta

import (
	"context"
	"errors"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// Call control: each ability of cti as one service of ECMA-269.

// do asks for a service that only acknowledges.
func (s *session) do(ctx context.Context, op cti.Operation, device cti.DeviceID, r message.Request) error {
	_, err := s.askAnd(ctx, op, device, &r, request{late: func(a reply) { s.tellLate(op, device, a) }})
	return err
}

// tellLate reports that something was done for somebody who has left.
func (s *session) tellLate(op cti.Operation, device cti.DeviceID, a reply) {
	if a.err != nil {
		return
	}
	s.tell(cti.Event{Kind: cti.LateAnswer, Device: device, Call: s.ids.call(a.connection.Call),
		Text: op.String() + " " + string(device) + " was done after it had been given up"})
}

// makes asks for a service that makes or changes a call, and returns device's
// connection in it. What a late answer tells of is undone or reported.
func (s *session) makes(ctx context.Context, op cti.Operation, device cti.DeviceID, r message.Request) (cti.ConnectionID, error) {
	a, err := s.askAnd(ctx, op, device, &r, request{late: func(a reply) { s.lateCall(op, device, a) }})
	if err != nil {
		return cti.ConnectionID{}, err
	}
	return s.own(device, a.connection), nil
}

// lateCall deals with a call that was made for somebody who has left.
func (s *session) lateCall(op cti.Operation, device cti.DeviceID, a reply) {
	if a.err == nil && s.cfg.ClearLateCalls && (op == cti.OpMakeCall || op == cti.OpConsultationCall) {
		s.counters.undone.Add(1)
		s.post(message.Request{Op: message.ClearConnection, Connection: a.connection})
		return
	}
	s.tellLate(op, device, a)
}

func (s *session) MakeCall(ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
	return s.makes(ctx, cti.OpMakeCall, device, message.Request{Op: message.MakeCall, Device: s.device(device), To: message.Number(number)})
}

func (s *session) AnswerCall(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpAnswerCall, c.Device, message.Request{Op: message.AnswerCall, Connection: s.connection(c)})
}

func (s *session) ClearConnection(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpClearConnection, c.Device, message.Request{Op: message.ClearConnection, Connection: s.connection(c)})
}

func (s *session) ClearCall(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpClearCall, c.Device, message.Request{Op: message.ClearCall, Connection: s.connection(c)})
}

func (s *session) HoldCall(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpHoldCall, c.Device, message.Request{Op: message.HoldCall, Connection: s.connection(c)})
}

func (s *session) RetrieveCall(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpRetrieveCall, c.Device, message.Request{Op: message.RetrieveCall, Connection: s.connection(c)})
}

// two is a request about a held and an active connection.
func (s *session) two(op message.Operation, held, active cti.ConnectionID) message.Request {
	return message.Request{Op: op, Connection: s.connection(active), Held: s.connection(held)}
}

func (s *session) AlternateCall(ctx context.Context, held, active cti.ConnectionID) error {
	return s.do(ctx, cti.OpAlternateCall, active.Device, s.two(message.AlternateCall, held, active))
}

func (s *session) ReconnectCall(ctx context.Context, held, active cti.ConnectionID) error {
	return s.do(ctx, cti.OpReconnectCall, active.Device, s.two(message.ReconnectCall, held, active))
}

func (s *session) ConsultationCall(ctx context.Context, active cti.ConnectionID, number string) (cti.ConnectionID, error) {
	return s.makes(ctx, cti.OpConsultationCall, active.Device,
		message.Request{Op: message.ConsultationCall, Connection: s.connection(active), To: message.Number(number)})
}

func (s *session) TransferCall(ctx context.Context, held, active cti.ConnectionID) (cti.ConnectionID, error) {
	return s.joined(ctx, cti.OpTransferCall, active.Device, s.two(message.TransferCall, held, active))
}

func (s *session) ConferenceCall(ctx context.Context, held, active cti.ConnectionID) (cti.ConnectionID, error) {
	return s.makes(ctx, cti.OpConferenceCall, active.Device, s.two(message.ConferenceCall, held, active))
}

// joined is makes for services whose result names the party that stays.
func (s *session) joined(ctx context.Context, op cti.Operation, device cti.DeviceID, r message.Request) (cti.ConnectionID, error) {
	a, err := s.askAnd(ctx, op, device, &r, request{late: func(a reply) { s.tellLate(op, device, a) }})
	if err != nil {
		return cti.ConnectionID{}, err
	}
	stays := cti.DeviceID("")
	if number, ok := a.connection.Device.Static(); ok {
		stays = cti.DeviceID(number)
	}
	return s.own(stays, a.connection), nil
}

func (s *session) SingleStepTransfer(ctx context.Context, c cti.ConnectionID, number string) (cti.ConnectionID, error) {
	return s.joined(ctx, cti.OpSingleStepTransfer, c.Device,
		message.Request{Op: message.SingleStepTransfer, Connection: s.connection(c), To: message.Number(number)})
}

func (s *session) SingleStepConference(ctx context.Context, c cti.ConnectionID, device cti.DeviceID) (cti.ConnectionID, error) {
	return s.makes(ctx, cti.OpSingleStepConference, device,
		message.Request{Op: message.SingleStepConference, Connection: s.connection(c), To: s.device(device)})
}

func (s *session) DeflectCall(ctx context.Context, c cti.ConnectionID, number string) error {
	return s.do(ctx, cti.OpDeflectCall, c.Device, message.Request{Op: message.DeflectCall, Connection: s.connection(c), To: message.Number(number)})
}

func (s *session) DirectedPickup(ctx context.Context, device cti.DeviceID, alerting cti.ConnectionID) error {
	return s.do(ctx, cti.OpDirectedPickup, device,
		message.Request{Op: message.DirectedPickupCall, Connection: s.connection(alerting), Device: s.device(device)})
}

func (s *session) GroupPickup(ctx context.Context, device cti.DeviceID) error {
	return s.do(ctx, cti.OpGroupPickup, device, message.Request{Op: message.GroupPickupCall, Device: s.device(device)})
}

func (s *session) ParkCall(ctx context.Context, c cti.ConnectionID, at cti.DeviceID) error {
	return s.do(ctx, cti.OpParkCall, c.Device, message.Request{Op: message.ParkCall, Connection: s.connection(c), To: s.device(at)})
}

func (s *session) JoinCall(ctx context.Context, device cti.DeviceID, c cti.ConnectionID) (cti.ConnectionID, error) {
	return s.makes(ctx, cti.OpJoinCall, device,
		message.Request{Op: message.JoinCall, Connection: s.connection(c), Device: s.device(device)})
}

// IntrudeCall names device's own connection to the busy one (ECMA-269 17.1.13):
// a call must have failed there before.
func (s *session) IntrudeCall(ctx context.Context, device cti.DeviceID, c cti.ConnectionID) (cti.ConnectionID, error) {
	if c.Device != device {
		return cti.ConnectionID{}, &cti.Error{Op: cti.OpIntrudeCall, Device: device, NotSent: true, Err: cti.ErrInvalidState,
			Detail: "CSTA intrudes from the device's own call that failed at the busy one; JoinCall enters a call of others"}
	}
	a, err := s.askAnd(ctx, cti.OpIntrudeCall, device, &message.Request{Op: message.IntrudeCall, Connection: s.connection(c)},
		request{late: func(a reply) { s.lateCall(cti.OpIntrudeCall, device, a) }})
	if err != nil || !a.connection.IsSet() {
		return c, err // the PBX may leave the call out: then it is the same
	}
	return s.own(device, a.connection), nil
}

func (s *session) CampOnCall(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpCampOnCall, c.Device, message.Request{Op: message.CampOnCall, Connection: s.connection(c)})
}

func (s *session) CallBack(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpCallBack, c.Device, message.Request{Op: message.CallBack, Connection: s.connection(c)})
}

func (s *session) DialDigits(ctx context.Context, c cti.ConnectionID, digits string) error {
	return s.do(ctx, cti.OpDialDigits, c.Device, message.Request{Op: message.DialDigits, Connection: s.connection(c), To: message.Number(digits)})
}

func (s *session) GenerateDigits(ctx context.Context, c cti.ConnectionID, digits string) error {
	return s.do(ctx, cti.OpGenerateDigits, c.Device,
		message.Request{Op: message.GenerateDigits, Connection: s.connection(c), Digits: message.Text(digits), Mode: message.Some(int8(1))})
}

func isNoCall(err error) bool { return errors.Is(err, cti.ErrInvalidCall) }
