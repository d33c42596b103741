package cti

import (
	"context"
	"errors"
	"fmt"
)

// Line is call control of one extension. It is a small value bound to a
// gateway; make it where it is needed, share it, keep it. Its methods may be
// called concurrently. Each is routed to the session that can do it; errors are
// [*Error] and name the operation, the device and the link. None is repeated by
// itself: [SafeToRetry] tells when a caller may.
//
// A number given to a method is rewritten by the gateway's number plan first.
//
// Setting a feature is idempotent. What acts on a call is not, but does no harm
// when repeated: the second Answer, Hold or Retrieve is refused with
// [ErrInvalidState], the second Drop or Transfer with [ErrInvalidCall]. What
// makes a call (MakeCall, Consult, BlindTransfer, AddParty, Deflect) makes
// another when repeated, and so do DialDigits and SendDTMF with their digits.
type Line struct {
	gw        *Gateway
	device    DeviceID
	allow     Operations
	asDialled bool
}

// LineOption configures [Gateway.Line].
type LineOption func(*Line)

// Allow limits a line to a set of operations, for example [SharedControl]. What
// it leaves out fails with [ErrNotPermitted].
func Allow(ops Operations) LineOption { return func(l *Line) { l.allow &= ops } }

// AsDialled sends numbers as they are given, past the number plan. A Workplace
// client that controls a desk phone dials so.
func AsDialled() LineOption { return func(l *Line) { l.asDialled = true } }

// Line returns call control of an extension. Whether it exists and is
// supervised shows when it is used.
func (g *Gateway) Line(device DeviceID, opts ...LineOption) *Line {
	l := &Line{gw: g, device: device, allow: FullCTI}
	for _, o := range opts {
		o(l)
	}
	return l
}

// Device returns the number of the extension.
func (l *Line) Device() DeviceID { return l.device }

// Calls returns the calls of the extension as the gateway sees them, without
// asking the PBX. ok is false while the extension is not supervised.
func (l *Line) Calls() (calls []Call, ok bool) {
	s, ok := l.gw.Snapshot(l.device)
	return s.Calls, ok
}

// MakeCall calls a number and returns the extension's connection. An empty
// number only takes the set off hook; [Line.DialDigits] goes on. Not idempotent:
// repeat it only where [SafeToRetry] allows.
func (l *Line) MakeCall(ctx context.Context, number string) (ConnectionID, error) {
	dial, err := l.dial(OpMakeCall, number)
	if err != nil {
		return ConnectionID{}, err
	}
	return ask(l, OpMakeCall, func(s CallMaker) (ConnectionID, error) { return s.MakeCall(ctx, l.device, dial) })
}

// Answer answers an alerting call.
func (l *Line) Answer(ctx context.Context, call CallID) error {
	return tell(l, OpAnswerCall, func(s CallAnswerer) error { return s.AnswerCall(ctx, l.conn(call)) })
}

// Drop ends the extension's part in a call; with two parties the call ends.
// Dropping what has ended yields [ErrInvalidCall].
func (l *Line) Drop(ctx context.Context, call CallID) error {
	return tell(l, OpClearConnection, func(s CallClearer) error { return s.ClearConnection(ctx, l.conn(call)) })
}

// ClearCall ends a call for all its parties.
func (l *Line) ClearCall(ctx context.Context, call CallID) error {
	return tell(l, OpClearCall, func(s CallClearer) error { return s.ClearCall(ctx, l.conn(call)) })
}

// Hold puts a connected call on hold.
func (l *Line) Hold(ctx context.Context, call CallID) error {
	return tell(l, OpHoldCall, func(s Holder) error { return s.HoldCall(ctx, l.conn(call)) })
}

// Retrieve takes a call off hold.
func (l *Line) Retrieve(ctx context.Context, call CallID) error {
	return tell(l, OpRetrieveCall, func(s Holder) error { return s.RetrieveCall(ctx, l.conn(call)) })
}

// Alternate swaps the held and the active call.
func (l *Line) Alternate(ctx context.Context, held, active CallID) error {
	return tell(l, OpAlternateCall, func(s Alternator) error { return s.AlternateCall(ctx, l.conn(held), l.conn(active)) })
}

// Reconnect drops the active call and retrieves the held one.
func (l *Line) Reconnect(ctx context.Context, held, active CallID) error {
	return tell(l, OpReconnectCall, func(s Consulter) error { return s.ReconnectCall(ctx, l.conn(held), l.conn(active)) })
}

// Consult holds the active call and calls a number.
func (l *Line) Consult(ctx context.Context, active CallID, number string) (ConnectionID, error) {
	dial, err := l.dial(OpConsultationCall, number)
	if err != nil {
		return ConnectionID{}, err
	}
	return ask(l, OpConsultationCall, func(s Consulter) (ConnectionID, error) {
		return s.ConsultationCall(ctx, l.conn(active), dial)
	})
}

// Transfer joins the held call and the active one, and leaves both.
func (l *Line) Transfer(ctx context.Context, held, active CallID) (ConnectionID, error) {
	return ask(l, OpTransferCall, func(s Transferer) (ConnectionID, error) {
		return s.TransferCall(ctx, l.conn(held), l.conn(active))
	})
}

// BlindTransfer sends a call to a number without asking there first.
func (l *Line) BlindTransfer(ctx context.Context, call CallID, number string) (ConnectionID, error) {
	dial, err := l.dial(OpSingleStepTransfer, number)
	if err != nil {
		return ConnectionID{}, err
	}
	return ask(l, OpSingleStepTransfer, func(s SingleStepTransferer) (ConnectionID, error) {
		return s.SingleStepTransfer(ctx, l.conn(call), dial)
	})
}

// Conference joins the held call and the active one, and stays in.
func (l *Line) Conference(ctx context.Context, held, active CallID) (ConnectionID, error) {
	return ask(l, OpConferenceCall, func(s Conferencer) (ConnectionID, error) {
		return s.ConferenceCall(ctx, l.conn(held), l.conn(active))
	})
}

// AddParty adds a device to a call in one step.
func (l *Line) AddParty(ctx context.Context, call CallID, device DeviceID) (ConnectionID, error) {
	return ask(l, OpSingleStepConference, func(s SingleStepConferencer) (ConnectionID, error) {
		return s.SingleStepConference(ctx, l.conn(call), device)
	})
}

// Deflect sends an alerting call to a number.
func (l *Line) Deflect(ctx context.Context, call CallID, number string) error {
	dial, err := l.dial(OpDeflectCall, number)
	if err != nil {
		return err
	}
	return tell(l, OpDeflectCall, func(s Deflector) error { return s.DeflectCall(ctx, l.conn(call), dial) })
}

// PickUp takes a call that alerts at another device.
func (l *Line) PickUp(ctx context.Context, alerting ConnectionID) error {
	return tell(l, OpDirectedPickup, func(s Pickuper) error { return s.DirectedPickup(ctx, l.device, alerting) })
}

// GroupPickUp takes a call that alerts in the extension's pickup group.
func (l *Line) GroupPickUp(ctx context.Context) error {
	return tell(l, OpGroupPickup, func(s Pickuper) error { return s.GroupPickup(ctx, l.device) })
}

// Park parks a call at a device.
func (l *Line) Park(ctx context.Context, call CallID, at DeviceID) error {
	return tell(l, OpParkCall, func(s Parker) error { return s.ParkCall(ctx, l.conn(call), at) })
}

// Join enters a call of others, with their consent as the PBX rules it.
func (l *Line) Join(ctx context.Context, c ConnectionID) (ConnectionID, error) {
	return ask(l, OpJoinCall, func(s Joiner) (ConnectionID, error) { return s.JoinCall(ctx, l.device, c) })
}

// Intrude breaks into the call of a busy extension: c is the line's own
// connection, of a call that failed there. See [Joiner].
func (l *Line) Intrude(ctx context.Context, c ConnectionID) (ConnectionID, error) {
	return ask(l, OpIntrudeCall, func(s Joiner) (ConnectionID, error) { return s.IntrudeCall(ctx, l.device, c) })
}

// CampOn waits on a busy destination.
func (l *Line) CampOn(ctx context.Context, call CallID) error {
	return tell(l, OpCampOnCall, func(s CallCompleter) error { return s.CampOnCall(ctx, l.conn(call)) })
}

// CallBack asks the PBX to call back when the destination is free.
func (l *Line) CallBack(ctx context.Context, call CallID) error {
	return tell(l, OpCallBack, func(s CallCompleter) error { return s.CallBack(ctx, l.conn(call)) })
}

// DialDigits dials further digits of a call that is being set up. They are not
// rewritten by the number plan.
func (l *Line) DialDigits(ctx context.Context, call CallID, digits string) error {
	return tell(l, OpDialDigits, func(s DigitDialer) error { return s.DialDigits(ctx, l.conn(call), digits) })
}

// SendDTMF sends tones (0-9, A-D, *, #) on a connected call.
func (l *Line) SendDTMF(ctx context.Context, call CallID, digits string) error {
	for _, r := range digits {
		if !isDTMF(r) {
			return l.fail(OpGenerateDigits, "", ErrInvalidDestination, "digits are 0-9, A-D, * and #")
		}
	}
	return tell(l, OpGenerateDigits, func(s DigitSender) error { return s.GenerateDigits(ctx, l.conn(call), digits) })
}

func isDTMF(r rune) bool {
	return '0' <= r && r <= '9' || 'A' <= r && r <= 'D' || r == '*' || r == '#'
}

func (l *Line) conn(call CallID) ConnectionID { return ConnectionID{Call: call, Device: l.device} }

// Outgoing tells what the line would dial for a number: it is what the number plan
// makes of it. It sends nothing. The error wraps [ErrInvalidDestination] and that
// of the plan.
func (l *Line) Outgoing(number string) (string, error) {
	if number == "" {
		return "", l.fail(OpMakeCall, "", ErrInvalidDestination, "there is no number")
	}
	return l.dial(OpMakeCall, number)
}

// dial rewrites a number by the number plan. No number needs no plan: it only
// takes the set off hook.
func (l *Line) dial(op Operation, number string) (string, error) {
	plan := l.gw.plan()
	if plan == nil || l.asDialled || number == "" {
		return number, nil
	}
	out, err := plan.Outgoing(number)
	if err != nil {
		return "", l.fail(op, "", fmt.Errorf("%w: %w", ErrInvalidDestination, err), "")
	}
	return out, nil
}

// fail is an error of ours: nothing was sent.
func (l *Line) fail(op Operation, link string, err error, detail string) error {
	return &Error{Op: op, Link: link, Device: l.device, Detail: detail, NotSent: true, Err: err}
}

// tell is [ask] for operations without a result.
func tell[A any](l *Line, op Operation, do func(A) error) error {
	_, err := ask(l, op, func(a A) (struct{}, error) { return struct{}{}, do(a) })
	return err
}

// ask finds the session that can do op, which must have the ability A, and
// does it there.
func ask[A, R any](l *Line, op Operation, do func(A) (R, error)) (result R, err error) {
	live, err := l.route(op)
	if err != nil {
		return result, err
	}
	ability, ok := live.session.(A)
	if !ok {
		return result, l.fail(op, live.link.name, ErrUnsupported, "the driver has no such ability")
	}
	l.gw.stats.requests.Add(1)
	result, err = do(ability)
	if err == nil {
		return result, nil
	}
	l.gw.stats.requestErrors.Add(1)
	var e *Error
	if !errors.As(err, &e) {
		return result, &Error{Op: op, Link: live.link.name, Device: l.device, Err: err}
	}
	named := *e
	named.Op, named.Link = op, live.link.name
	if named.Device == "" {
		named.Device = l.device
	}
	return result, &named
}

// deviceLevel are the operations that name no call, so that any link of the
// network that can do them may: forwards go over CSTA also for an extension
// that VTI-XML supervises (TWP guide 3.3).
var deviceLevel = OperationsOf(OpGetForwarding, OpSetForwarding, OpGetDoNotDisturb, OpSetDoNotDisturb,
	OpGetMessageWaiting, OpSetMessageWaiting, OpGetAgentState, OpSetAgentState)

// route finds the session that can do op for the line's device.
func (l *Line) route(op Operation) (*liveLink, error) {
	if !l.allow.Has(op) {
		return nil, l.fail(op, "", ErrNotPermitted, "")
	}
	if !l.gw.running() {
		return nil, l.fail(op, "", ErrClosed, "the gateway is not running")
	}
	d := l.gw.lookup(l.device)
	if d == nil {
		return nil, l.fail(op, "", ErrInvalidDevice, "no such extension in the configuration")
	}
	owner, reason, configured := d.ownerNow()
	if !configured {
		return nil, l.fail(op, "", ErrInvalidDevice, "no such extension in the configuration")
	}
	if owner != nil && owner.can(op) {
		return owner, nil
	}
	if deviceLevel.Has(op) {
		if other := l.gw.linkFor(op); other != nil {
			return other, nil
		}
	}
	if owner != nil {
		return nil, l.fail(op, owner.link.name, ErrUnsupported, "")
	}
	if reason == ReasonLinkDown {
		return nil, l.fail(op, "", ErrLinkDown, "")
	}
	return nil, l.fail(op, "", ErrUnsupervised, reason.String())
}

func (l *liveLink) can(op Operation) bool { return l.session.Capabilities().Operations.Has(op) }

// ownerNow returns the session that supervises the device, or why none does,
// and whether the device is an extension of the configuration.
func (d *device) ownerNow() (owner *liveLink, why Reason, configured bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.phase == phaseSupervised {
		return d.owner, ReasonNone, d.configured
	}
	return nil, d.reason, d.configured
}
