package vtixml

import (
	"context"

	"github.com/ctikit/ctikit/cti"
)

// on is the request about one connection.
func on(c cti.ConnectionID) *Request { return &Request{Device: c.Device, Call: c.Call} }

// connect asks for an operation that makes or joins calls.
func (s *session) connect(ctx context.Context, op cti.Operation, r *Request) (cti.ConnectionID, error) {
	var undo func(reply)
	if s.cfg.ClearLateCalls && (op == cti.OpMakeCall || op == cti.OpConsultationCall) {
		undo = func(r reply) { s.spawn(func() { _ = s.ClearConnection(context.Background(), r.Connection) }) }
	}
	a, err := s.ask(ctx, op, r, undo)
	if err == nil && a.Connection.Call == "" {
		err = s.incomplete(op, r.Device)
	}
	return a.Connection, err
}

// pair is the request about the held and the active call of one device.
func pair(op cti.Operation, held, active cti.ConnectionID) (*Request, error) {
	if held.Device != active.Device {
		return nil, &cti.Error{Op: op, Device: active.Device, NotSent: true, Err: cti.ErrInvalidCall,
			Detail: "the held and the active connection are of two devices"}
	}
	return &Request{Device: active.Device, Call: active.Call, Held: held.Call}, nil
}

func (s *session) doPair(ctx context.Context, op cti.Operation, held, active cti.ConnectionID) error {
	r, err := pair(op, held, active)
	if err != nil {
		return err
	}
	return s.do(ctx, op, r)
}

func (s *session) connectPair(ctx context.Context, op cti.Operation, held, active cti.ConnectionID) (cti.ConnectionID, error) {
	r, err := pair(op, held, active)
	if err != nil {
		return cti.ConnectionID{}, err
	}
	return s.connect(ctx, op, r)
}

func (s *session) MakeCall(ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
	return s.connect(ctx, cti.OpMakeCall, &Request{Device: device, Number: number})
}

func (s *session) AnswerCall(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpAnswerCall, on(c))
}

func (s *session) ClearConnection(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpClearConnection, on(c))
}

func (s *session) ClearCall(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpClearCall, on(c))
}

func (s *session) HoldCall(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpHoldCall, on(c))
}

func (s *session) RetrieveCall(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpRetrieveCall, on(c))
}

func (s *session) AlternateCall(ctx context.Context, held, active cti.ConnectionID) error {
	return s.doPair(ctx, cti.OpAlternateCall, held, active)
}

func (s *session) ConsultationCall(ctx context.Context, active cti.ConnectionID, number string) (cti.ConnectionID, error) {
	r := on(active)
	r.Number = number
	return s.connect(ctx, cti.OpConsultationCall, r)
}

func (s *session) ReconnectCall(ctx context.Context, held, active cti.ConnectionID) error {
	return s.doPair(ctx, cti.OpReconnectCall, held, active)
}

func (s *session) TransferCall(ctx context.Context, held, active cti.ConnectionID) (cti.ConnectionID, error) {
	return s.connectPair(ctx, cti.OpTransferCall, held, active)
}

func (s *session) ConferenceCall(ctx context.Context, held, active cti.ConnectionID) (cti.ConnectionID, error) {
	return s.connectPair(ctx, cti.OpConferenceCall, held, active)
}

func (s *session) SingleStepTransfer(ctx context.Context, c cti.ConnectionID, number string) (cti.ConnectionID, error) {
	r := on(c)
	r.Number = number
	return s.connect(ctx, cti.OpSingleStepTransfer, r)
}

func (s *session) SingleStepConference(ctx context.Context, c cti.ConnectionID, device cti.DeviceID) (cti.ConnectionID, error) {
	r := on(c)
	r.Target = device
	return s.connect(ctx, cti.OpSingleStepConference, r)
}

func (s *session) DeflectCall(ctx context.Context, c cti.ConnectionID, number string) error {
	r := on(c)
	r.Number = number
	return s.do(ctx, cti.OpDeflectCall, r)
}

func (s *session) DirectedPickup(ctx context.Context, device cti.DeviceID, alerting cti.ConnectionID) error {
	return s.do(ctx, cti.OpDirectedPickup, &Request{Device: device, Call: alerting.Call, Target: alerting.Device})
}

func (s *session) GroupPickup(ctx context.Context, device cti.DeviceID) error {
	return s.do(ctx, cti.OpGroupPickup, &Request{Device: device})
}

func (s *session) ParkCall(ctx context.Context, c cti.ConnectionID, at cti.DeviceID) error {
	r := on(c)
	r.Target = at
	return s.do(ctx, cti.OpParkCall, r)
}

func (s *session) JoinCall(ctx context.Context, device cti.DeviceID, c cti.ConnectionID) (cti.ConnectionID, error) {
	return s.connect(ctx, cti.OpJoinCall, &Request{Device: device, Call: c.Call, Target: c.Device})
}

func (s *session) IntrudeCall(ctx context.Context, device cti.DeviceID, c cti.ConnectionID) (cti.ConnectionID, error) {
	return s.connect(ctx, cti.OpIntrudeCall, &Request{Device: device, Call: c.Call, Target: c.Device})
}

func (s *session) CampOnCall(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpCampOnCall, on(c))
}

func (s *session) CallBack(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpCallBack, on(c))
}

func (s *session) DialDigits(ctx context.Context, c cti.ConnectionID, digits string) error {
	r := on(c)
	r.Number = digits
	return s.do(ctx, cti.OpDialDigits, r)
}

func (s *session) GenerateDigits(ctx context.Context, c cti.ConnectionID, digits string) error {
	r := on(c)
	r.Number = digits
	return s.do(ctx, cti.OpGenerateDigits, r)
}

func (s *session) SnapshotCall(ctx context.Context, c cti.ConnectionID) (cti.Call, error) {
	a, err := s.ask(ctx, cti.OpSnapshotCall, on(c), nil)
	if err != nil {
		return cti.Call{}, err
	}
	if a.Call == nil {
		return cti.Call{}, s.incomplete(cti.OpSnapshotCall, c.Device)
	}
	return *a.Call, nil
}
