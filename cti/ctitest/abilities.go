package ctitest

import (
	"context"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// do asks for an operation that returns nothing.
func (s *session) do(ctx context.Context, op cti.Operation, device cti.DeviceID, work func(*Switch) error) error {
	_, err := ask(ctx, s, &pending{op: op, device: device}, func(sw *Switch) (struct{}, error) {
		return struct{}{}, work(sw)
	})
	return err
}

// connect asks for an operation that returns a connection. One that began a call
// can be undone where the options say so.
func (s *session) connect(ctx context.Context, op cti.Operation, device cti.DeviceID, work func(*Switch) (cti.ConnectionID, error)) (cti.ConnectionID, error) {
	p := &pending{op: op, device: device}
	if s.options.ClearLateCalls && (op == cti.OpMakeCall || op == cti.OpConsultationCall) {
		p.undo = func(c any) { s.clearLate(c.(cti.ConnectionID)) }
	}
	return ask(ctx, s, p, work)
}

func (s *session) clearLate(c cti.ConnectionID) {
	// An error means that the session has ended: nothing more can be undone.
	_ = s.submit(context.Background(), &pending{op: cti.OpClearConnection, device: c.Device,
		work: func(sw *Switch) (any, error) { return nil, sw.ClearConnection(c) }})
}

// read asks for an operation that returns a value.
func read[T any](ctx context.Context, s *session, op cti.Operation, device cti.DeviceID, work func(*Switch) (T, error)) (T, error) {
	return ask(ctx, s, &pending{op: op, device: device}, work)
}

func (s *session) MakeCall(ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
	return s.connect(ctx, cti.OpMakeCall, device, func(sw *Switch) (cti.ConnectionID, error) { return sw.MakeCall(device, number) })
}

func (s *session) ConsultationCall(ctx context.Context, active cti.ConnectionID, number string) (cti.ConnectionID, error) {
	return s.connect(ctx, cti.OpConsultationCall, active.Device, func(sw *Switch) (cti.ConnectionID, error) { return sw.ConsultationCall(active, number) })
}

func (s *session) TransferCall(ctx context.Context, held, active cti.ConnectionID) (cti.ConnectionID, error) {
	return s.connect(ctx, cti.OpTransferCall, active.Device, func(sw *Switch) (cti.ConnectionID, error) { return sw.TransferCall(held, active) })
}

func (s *session) SingleStepTransfer(ctx context.Context, c cti.ConnectionID, number string) (cti.ConnectionID, error) {
	return s.connect(ctx, cti.OpSingleStepTransfer, c.Device, func(sw *Switch) (cti.ConnectionID, error) { return sw.SingleStepTransfer(c, number) })
}

func (s *session) ConferenceCall(ctx context.Context, held, active cti.ConnectionID) (cti.ConnectionID, error) {
	return s.connect(ctx, cti.OpConferenceCall, active.Device, func(sw *Switch) (cti.ConnectionID, error) { return sw.ConferenceCall(held, active) })
}

func (s *session) SingleStepConference(ctx context.Context, c cti.ConnectionID, device cti.DeviceID) (cti.ConnectionID, error) {
	return s.connect(ctx, cti.OpSingleStepConference, c.Device, func(sw *Switch) (cti.ConnectionID, error) { return sw.SingleStepConference(c, device) })
}

func (s *session) JoinCall(ctx context.Context, device cti.DeviceID, c cti.ConnectionID) (cti.ConnectionID, error) {
	return s.connect(ctx, cti.OpJoinCall, device, func(sw *Switch) (cti.ConnectionID, error) { return sw.JoinCall(device, c) })
}

func (s *session) IntrudeCall(ctx context.Context, device cti.DeviceID, c cti.ConnectionID) (cti.ConnectionID, error) {
	return s.connect(ctx, cti.OpIntrudeCall, device, func(sw *Switch) (cti.ConnectionID, error) { return sw.IntrudeCall(device, c) })
}

func (s *session) AnswerCall(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpAnswerCall, c.Device, func(sw *Switch) error { return sw.AnswerCall(c) })
}

func (s *session) ClearConnection(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpClearConnection, c.Device, func(sw *Switch) error { return sw.ClearConnection(c) })
}

func (s *session) ClearCall(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpClearCall, c.Device, func(sw *Switch) error { return sw.ClearCall(c) })
}

func (s *session) HoldCall(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpHoldCall, c.Device, func(sw *Switch) error { return sw.HoldCall(c) })
}

func (s *session) RetrieveCall(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpRetrieveCall, c.Device, func(sw *Switch) error { return sw.RetrieveCall(c) })
}

func (s *session) AlternateCall(ctx context.Context, held, active cti.ConnectionID) error {
	return s.do(ctx, cti.OpAlternateCall, active.Device, func(sw *Switch) error { return sw.AlternateCall(held, active) })
}

func (s *session) ReconnectCall(ctx context.Context, held, active cti.ConnectionID) error {
	return s.do(ctx, cti.OpReconnectCall, active.Device, func(sw *Switch) error { return sw.ReconnectCall(held, active) })
}

func (s *session) DeflectCall(ctx context.Context, c cti.ConnectionID, number string) error {
	return s.do(ctx, cti.OpDeflectCall, c.Device, func(sw *Switch) error { return sw.DeflectCall(c, number) })
}

func (s *session) DirectedPickup(ctx context.Context, device cti.DeviceID, alerting cti.ConnectionID) error {
	return s.do(ctx, cti.OpDirectedPickup, device, func(sw *Switch) error { return sw.DirectedPickup(device, alerting) })
}

func (s *session) GroupPickup(ctx context.Context, device cti.DeviceID) error {
	return s.do(ctx, cti.OpGroupPickup, device, func(sw *Switch) error { return sw.GroupPickup(device) })
}

func (s *session) ParkCall(ctx context.Context, c cti.ConnectionID, at cti.DeviceID) error {
	return s.do(ctx, cti.OpParkCall, c.Device, func(sw *Switch) error { return sw.ParkCall(c, at) })
}

func (s *session) CampOnCall(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpCampOnCall, c.Device, func(sw *Switch) error { return sw.CampOnCall(c) })
}

func (s *session) CallBack(ctx context.Context, c cti.ConnectionID) error {
	return s.do(ctx, cti.OpCallBack, c.Device, func(sw *Switch) error { return sw.CallBack(c) })
}

func (s *session) DialDigits(ctx context.Context, c cti.ConnectionID, digits string) error {
	return s.do(ctx, cti.OpDialDigits, c.Device, func(sw *Switch) error { return sw.DialDigits(c, digits) })
}

func (s *session) GenerateDigits(ctx context.Context, c cti.ConnectionID, digits string) error {
	return s.do(ctx, cti.OpGenerateDigits, c.Device, func(sw *Switch) error { return sw.GenerateDigits(c, digits) })
}

func (s *session) SetForwarding(ctx context.Context, device cti.DeviceID, f cti.Forward) error {
	return s.do(ctx, cti.OpSetForwarding, device, func(sw *Switch) error { return sw.SetForwarding(device, f) })
}

func (s *session) SetDoNotDisturb(ctx context.Context, device cti.DeviceID, on bool) error {
	return s.do(ctx, cti.OpSetDoNotDisturb, device, func(sw *Switch) error { return sw.SetDoNotDisturb(device, on) })
}

func (s *session) SetMessageWaiting(ctx context.Context, device cti.DeviceID, on bool) error {
	return s.do(ctx, cti.OpSetMessageWaiting, device, func(sw *Switch) error { return sw.SetMessageWaiting(device, on) })
}

func (s *session) SetAgentState(ctx context.Context, device cti.DeviceID, state cti.AgentState) error {
	return s.do(ctx, cti.OpSetAgentState, device, func(sw *Switch) error { return sw.SetAgentState(device, state) })
}

func (s *session) Ping(ctx context.Context) error {
	return s.do(ctx, cti.OpPing, "", func(sw *Switch) error { return sw.Ping() })
}

func (s *session) Forwarding(ctx context.Context, device cti.DeviceID) ([]cti.Forward, error) {
	return read(ctx, s, cti.OpGetForwarding, device, func(sw *Switch) ([]cti.Forward, error) { return sw.Forwarding(device) })
}

func (s *session) DoNotDisturb(ctx context.Context, device cti.DeviceID) (bool, error) {
	return read(ctx, s, cti.OpGetDoNotDisturb, device, func(sw *Switch) (bool, error) { return sw.DoNotDisturb(device) })
}

func (s *session) MessageWaiting(ctx context.Context, device cti.DeviceID) (bool, error) {
	return read(ctx, s, cti.OpGetMessageWaiting, device, func(sw *Switch) (bool, error) { return sw.MessageWaiting(device) })
}

func (s *session) AgentState(ctx context.Context, device cti.DeviceID) (cti.AgentState, error) {
	return read(ctx, s, cti.OpGetAgentState, device, func(sw *Switch) (cti.AgentState, error) { return sw.AgentState(device) })
}

func (s *session) SnapshotDevice(ctx context.Context, device cti.DeviceID) (cti.Snapshot, error) {
	shot, err := read(ctx, s, cti.OpSnapshotDevice, device, func(sw *Switch) (cti.Snapshot, error) { return sw.SnapshotDevice(device) })
	if err == nil {
		shot.Time = time.Now()
	}
	return shot, err
}

func (s *session) SnapshotCall(ctx context.Context, c cti.ConnectionID) (cti.Call, error) {
	return read(ctx, s, cti.OpSnapshotCall, c.Device, func(sw *Switch) (cti.Call, error) { return sw.SnapshotCall(c) })
}

func (s *session) ListDevices(ctx context.Context) ([]cti.DeviceID, error) {
	return read(ctx, s, cti.OpListDevices, "", func(sw *Switch) ([]cti.DeviceID, error) { return sw.ListDevices() })
}

func (s *session) Escape(ctx context.Context, data []byte) ([]byte, error) {
	return read(ctx, s, cti.OpEscape, "", func(sw *Switch) ([]byte, error) { return sw.Escape(data) })
}
