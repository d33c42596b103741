package drivertest

import (
	"context"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Asker asks a session by one method for each operation: what a test wants of a
// session that it opened itself. A host has [gateway.Line].
type Asker struct{ s driver.Session }

// Ask makes an Asker.
func Ask(s driver.Session) Asker { return Asker{s} }

type (
	conn   = cti.ConnectionID
	number = cti.DeviceID
)

func (a Asker) act(ctx context.Context, r driver.Request) error {
	_, err := a.s.Do(ctx, r)
	return err
}

func (a Asker) connect(ctx context.Context, r driver.Request) (conn, error) {
	reply, err := a.s.Do(ctx, r)
	return reply.Connection, err
}

func (a Asker) MakeCall(ctx context.Context, device number, to string) (conn, error) {
	return a.connect(ctx, driver.Request{Op: cti.OpMakeCall, Device: device, Number: to})
}

func (a Asker) AnswerCall(ctx context.Context, c conn) error {
	return a.act(ctx, driver.Request{Op: cti.OpAnswerCall, Connection: c})
}

func (a Asker) ClearConnection(ctx context.Context, c conn) error {
	return a.act(ctx, driver.Request{Op: cti.OpClearConnection, Connection: c})
}

func (a Asker) ClearCall(ctx context.Context, c conn) error {
	return a.act(ctx, driver.Request{Op: cti.OpClearCall, Connection: c})
}

func (a Asker) HoldCall(ctx context.Context, c conn) error {
	return a.act(ctx, driver.Request{Op: cti.OpHoldCall, Connection: c})
}

func (a Asker) RetrieveCall(ctx context.Context, c conn) error {
	return a.act(ctx, driver.Request{Op: cti.OpRetrieveCall, Connection: c})
}

func (a Asker) CampOnCall(ctx context.Context, c conn) error {
	return a.act(ctx, driver.Request{Op: cti.OpCampOnCall, Connection: c})
}

func (a Asker) CallBack(ctx context.Context, c conn) error {
	return a.act(ctx, driver.Request{Op: cti.OpCallBack, Connection: c})
}

func (a Asker) AlternateCall(ctx context.Context, held, active conn) error {
	return a.act(ctx, driver.Request{Op: cti.OpAlternateCall, Connection: active, Held: held})
}

func (a Asker) ReconnectCall(ctx context.Context, held, active conn) error {
	return a.act(ctx, driver.Request{Op: cti.OpReconnectCall, Connection: active, Held: held})
}

func (a Asker) TransferCall(ctx context.Context, held, active conn) (conn, error) {
	return a.connect(ctx, driver.Request{Op: cti.OpTransferCall, Connection: active, Held: held})
}

func (a Asker) ConferenceCall(ctx context.Context, held, active conn) (conn, error) {
	return a.connect(ctx, driver.Request{Op: cti.OpConferenceCall, Connection: active, Held: held})
}

func (a Asker) ConsultationCall(ctx context.Context, c conn, to string) (conn, error) {
	return a.connect(ctx, driver.Request{Op: cti.OpConsultationCall, Connection: c, Number: to})
}

func (a Asker) SingleStepTransfer(ctx context.Context, c conn, to string) (conn, error) {
	return a.connect(ctx, driver.Request{Op: cti.OpSingleStepTransfer, Connection: c, Number: to})
}

func (a Asker) SingleStepConference(ctx context.Context, c conn, device number) (conn, error) {
	return a.connect(ctx, driver.Request{Op: cti.OpSingleStepConference, Connection: c, Target: device})
}

func (a Asker) DeflectCall(ctx context.Context, c conn, to string) error {
	return a.act(ctx, driver.Request{Op: cti.OpDeflectCall, Connection: c, Number: to})
}

func (a Asker) DialDigits(ctx context.Context, c conn, to string) error {
	return a.act(ctx, driver.Request{Op: cti.OpDialDigits, Connection: c, Number: to})
}

func (a Asker) GenerateDigits(ctx context.Context, c conn, to string) error {
	return a.act(ctx, driver.Request{Op: cti.OpGenerateDigits, Connection: c, Number: to})
}

func (a Asker) DirectedPickup(ctx context.Context, device number, c conn) error {
	return a.act(ctx, driver.Request{Op: cti.OpDirectedPickup, Device: device, Connection: c})
}

func (a Asker) GroupPickup(ctx context.Context, device number) error {
	return a.act(ctx, driver.Request{Op: cti.OpGroupPickup, Device: device})
}

func (a Asker) ParkCall(ctx context.Context, c conn, at number) error {
	return a.act(ctx, driver.Request{Op: cti.OpParkCall, Connection: c, Target: at})
}

func (a Asker) JoinCall(ctx context.Context, device number, c conn) (conn, error) {
	return a.connect(ctx, driver.Request{Op: cti.OpJoinCall, Device: device, Connection: c})
}

func (a Asker) IntrudeCall(ctx context.Context, device number, c conn) (conn, error) {
	return a.connect(ctx, driver.Request{Op: cti.OpIntrudeCall, Device: device, Connection: c})
}

func (a Asker) SetForwarding(ctx context.Context, device number, f cti.Forward) error {
	return a.act(ctx, driver.Request{Op: cti.OpSetForwarding, Device: device, Forward: f})
}

func (a Asker) SetDoNotDisturb(ctx context.Context, device number, on bool) error {
	return a.act(ctx, driver.Request{Op: cti.OpSetDoNotDisturb, Device: device, On: on})
}

func (a Asker) SetMessageWaiting(ctx context.Context, device number, on bool) error {
	return a.act(ctx, driver.Request{Op: cti.OpSetMessageWaiting, Device: device, On: on})
}

func (a Asker) SetAgentState(ctx context.Context, device number, state cti.AgentState) error {
	return a.act(ctx, driver.Request{Op: cti.OpSetAgentState, Device: device, Agent: cti.Agent{State: state}})
}

func (a Asker) ReleaseFeatures(ctx context.Context, device number) error {
	return a.act(ctx, driver.Request{Op: cti.OpReleaseFeatures, Device: device})
}

func (a Asker) Ping(ctx context.Context) error {
	return a.act(ctx, driver.Request{Op: cti.OpPing})
}

func (a Asker) Forwarding(ctx context.Context, device number) ([]cti.Forward, error) {
	reply, err := a.s.Do(ctx, driver.Request{Op: cti.OpGetForwarding, Device: device})
	return reply.Forwards, err
}

func (a Asker) DoNotDisturb(ctx context.Context, device number) (bool, error) {
	reply, err := a.s.Do(ctx, driver.Request{Op: cti.OpGetDoNotDisturb, Device: device})
	return reply.On, err
}

func (a Asker) MessageWaiting(ctx context.Context, device number) (bool, error) {
	reply, err := a.s.Do(ctx, driver.Request{Op: cti.OpGetMessageWaiting, Device: device})
	return reply.On, err
}

func (a Asker) AgentState(ctx context.Context, device number) (cti.AgentState, error) {
	reply, err := a.s.Do(ctx, driver.Request{Op: cti.OpGetAgentState, Device: device})
	return reply.Agent, err
}

func (a Asker) SnapshotDevice(ctx context.Context, device number) (cti.Snapshot, error) {
	reply, err := a.s.Do(ctx, driver.Request{Op: cti.OpSnapshotDevice, Device: device})
	if err != nil {
		return cti.Snapshot{}, err
	}
	return *reply.Snapshot, nil
}

func (a Asker) MonitorFeatures(ctx context.Context, device number) (cti.Features, error) {
	reply, err := a.s.Do(ctx, driver.Request{Op: cti.OpMonitorFeatures, Device: device})
	return reply.Features, err
}

func (a Asker) SnapshotCall(ctx context.Context, c conn) (cti.Call, error) {
	reply, err := a.s.Do(ctx, driver.Request{Op: cti.OpSnapshotCall, Connection: c})
	if err != nil {
		return cti.Call{}, err
	}
	return *reply.Call, nil
}

func (a Asker) ListDevices(ctx context.Context) ([]number, error) {
	reply, err := a.s.Do(ctx, driver.Request{Op: cti.OpListDevices})
	return reply.Devices, err
}

func (a Asker) Escape(ctx context.Context, data []byte) ([]byte, error) {
	reply, err := a.s.Do(ctx, driver.Request{Op: cti.OpEscape, Private: data})
	return reply.Private, err
}
