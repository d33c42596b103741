package cti

import "context"

// Forwarding reads the active forwards of the extension from the PBX.
func (l *Line) Forwarding(ctx context.Context) ([]Forward, error) {
	return ask(l, OpGetForwarding, func(s Forwarder) ([]Forward, error) { return s.Forwarding(ctx, l.device) })
}

// SetForwarding sets or, with Active false, cancels one forward. Idempotent.
// The destination is rewritten by the number plan.
func (l *Line) SetForwarding(ctx context.Context, f Forward) error {
	if f.Active && f.To != "" {
		dial, err := l.dial(OpSetForwarding, f.To)
		if err != nil {
			return err
		}
		f.To = dial
	}
	return tell(l, OpSetForwarding, func(s Forwarder) error { return s.SetForwarding(ctx, l.device, f) })
}

// DoNotDisturb reads do-not-disturb from the PBX.
func (l *Line) DoNotDisturb(ctx context.Context) (bool, error) {
	return ask(l, OpGetDoNotDisturb, func(s DoNotDisturber) (bool, error) { return s.DoNotDisturb(ctx, l.device) })
}

// SetDoNotDisturb switches do-not-disturb. Idempotent.
func (l *Line) SetDoNotDisturb(ctx context.Context, on bool) error {
	return tell(l, OpSetDoNotDisturb, func(s DoNotDisturber) error { return s.SetDoNotDisturb(ctx, l.device, on) })
}

// MessageWaiting reads the message waiting indicator from the PBX.
func (l *Line) MessageWaiting(ctx context.Context) (bool, error) {
	return ask(l, OpGetMessageWaiting, func(s MessageWaiter) (bool, error) { return s.MessageWaiting(ctx, l.device) })
}

// SetMessageWaiting switches the message waiting indicator. Idempotent.
func (l *Line) SetMessageWaiting(ctx context.Context, on bool) error {
	return tell(l, OpSetMessageWaiting, func(s MessageWaiter) error { return s.SetMessageWaiting(ctx, l.device, on) })
}

// AgentState reads the state of the agent at the extension.
func (l *Line) AgentState(ctx context.Context) (AgentState, error) {
	return ask(l, OpGetAgentState, func(s AgentController) (AgentState, error) { return s.AgentState(ctx, l.device) })
}

// SetAgentState sets the state of the agent at the extension. Idempotent.
func (l *Line) SetAgentState(ctx context.Context, state AgentState) error {
	return tell(l, OpSetAgentState, func(s AgentController) error { return s.SetAgentState(ctx, l.device, state) })
}

// ReadSnapshot asks the PBX for the present state of the extension. The
// gateway's own picture needs no asking: [Gateway.Snapshot].
func (l *Line) ReadSnapshot(ctx context.Context) (Snapshot, error) {
	return ask(l, OpSnapshotDevice, func(s Snapshotter) (Snapshot, error) { return s.SnapshotDevice(ctx, l.device) })
}

// ReadCall asks the PBX for the present state of one call of the extension. One
// that has ended yields [ErrInvalidCall].
func (l *Line) ReadCall(ctx context.Context, call CallID) (Call, error) {
	return ask(l, OpSnapshotCall, func(s Snapshotter) (Call, error) { return s.SnapshotCall(ctx, l.conn(call)) })
}

// Escape sends private data of the vendor over the extension's link.
func (l *Line) Escape(ctx context.Context, data []byte) ([]byte, error) {
	return ask(l, OpEscape, func(s Escaper) ([]byte, error) { return s.Escape(ctx, data) })
}
