package gateway

import (
	"context"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Forwarding reads the active forwards of the extension from the PBX.
func (l *Line) Forwarding(ctx context.Context) ([]cti.Forward, error) {
	a, err := l.request(ctx, driver.Request{Op: cti.OpGetForwarding, Device: l.device})
	return a.Forwards, err
}

// SetForwarding sets or, with Active false, cancels one forward. Idempotent.
// The destination is rewritten by the number plan.
func (l *Line) SetForwarding(ctx context.Context, f cti.Forward) error {
	if f.Active && f.To != "" {
		dial, err := l.rewriteNumber(cti.OpSetForwarding, f.To)
		if err != nil {
			return err
		}
		f.To = dial
	}
	return l.perform(ctx, driver.Request{Op: cti.OpSetForwarding, Device: l.device, Forward: f})
}

// DoNotDisturb reads do-not-disturb from the PBX.
func (l *Line) DoNotDisturb(ctx context.Context) (bool, error) {
	a, err := l.request(ctx, driver.Request{Op: cti.OpGetDoNotDisturb, Device: l.device})
	return a.On, err
}

// SetDoNotDisturb switches do-not-disturb. Idempotent.
func (l *Line) SetDoNotDisturb(ctx context.Context, on bool) error {
	return l.perform(ctx, driver.Request{Op: cti.OpSetDoNotDisturb, Device: l.device, On: on})
}

// MessageWaiting reads the message waiting indicator from the PBX.
func (l *Line) MessageWaiting(ctx context.Context) (bool, error) {
	a, err := l.request(ctx, driver.Request{Op: cti.OpGetMessageWaiting, Device: l.device})
	return a.On, err
}

// SetMessageWaiting switches the message waiting indicator. Idempotent.
func (l *Line) SetMessageWaiting(ctx context.Context, on bool) error {
	return l.perform(ctx, driver.Request{Op: cti.OpSetMessageWaiting, Device: l.device, On: on})
}

// AgentState reads the state of the agent at the extension.
func (l *Line) AgentState(ctx context.Context) (cti.AgentState, error) {
	a, err := l.request(ctx, driver.Request{Op: cti.OpGetAgentState, Device: l.device})
	return a.Agent, err
}

// SetAgentState sets the state of the agent at the extension. Idempotent.
func (l *Line) SetAgentState(ctx context.Context, state cti.AgentState) error {
	return l.perform(ctx, driver.Request{Op: cti.OpSetAgentState, Device: l.device, Agent: cti.Agent{State: state}})
}

// ReadSnapshot reads the current state of the extension from the PBX.
// [Gateway.Snapshot] returns the state that the gateway keeps, without a request.
func (l *Line) ReadSnapshot(ctx context.Context) (cti.Snapshot, error) {
	a, err := l.request(ctx, driver.Request{Op: cti.OpSnapshotDevice, Device: l.device})
	if err != nil {
		return cti.Snapshot{}, err
	}
	return *a.Snapshot, nil
}

// ReadCall reads the current state of one call of the extension from the PBX. For
// a call that has ended it returns [cti.ErrInvalidCall].
func (l *Line) ReadCall(ctx context.Context, call cti.CallID) (cti.Call, error) {
	a, err := l.request(ctx, driver.Request{Op: cti.OpSnapshotCall, Connection: l.connection(call)})
	if err != nil {
		return cti.Call{}, err
	}
	return *a.Call, nil
}

// Escape sends private data of the vendor over the extension's link.
func (l *Line) Escape(ctx context.Context, data []byte) ([]byte, error) {
	a, err := l.request(ctx, driver.Request{Op: cti.OpEscape, Private: data})
	return a.Private, err
}
