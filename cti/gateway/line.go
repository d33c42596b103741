package gateway

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Line is the call control of one extension. It is a small value bound to a
// gateway, which may be copied and kept. Its methods may be called concurrently.
// Each method uses a session that supports the operation. Errors are [*cti.Error]
// and name the operation, the device and the link. The gateway never repeats a
// request; [cti.SafeToRetry] reports whether the caller may.
//
// A number given to a method is rewritten by the gateway's number plan first.
//
// Setting a feature is idempotent. Operations on a call are not, but do no harm
// when repeated: the second Answer, Hold or Retrieve is refused with
// [cti.ErrInvalidState], the second Drop or Transfer with [cti.ErrInvalidCall].
// Methods that make a call (MakeCall, Consult, BlindTransfer, AddParty, Deflect)
// make another one when repeated; DialDigits and SendDTMF send the digits again.
type Line struct {
	gw        *Gateway
	device    cti.DeviceID
	allow     cti.Operations
	asDialled bool
}

// LineOption configures [Gateway.Line].
type LineOption func(*Line)

// Allow limits a line to a set of operations, for example [cti.SharedControl]. Any
// other operation fails with [cti.ErrNotPermitted].
func Allow(ops cti.Operations) LineOption { return func(l *Line) { l.allow = l.allow.And(ops) } }

// AsDialled sends numbers unchanged, without the number plan. Workplace clients
// that control a desk phone dial this way.
func AsDialled() LineOption { return func(l *Line) { l.asDialled = true } }

// Line returns the call control of an extension. It does not check that the
// extension exists and is supervised; the methods of the line do.
func (g *Gateway) Line(device cti.DeviceID, opts ...LineOption) *Line {
	l := &Line{gw: g, device: device, allow: cti.FullCTI()}
	for _, o := range opts {
		o(l)
	}
	return l
}

// Device returns the number of the extension.
func (l *Line) Device() cti.DeviceID { return l.device }

// Calls returns the calls of the extension as the gateway sees them, without
// asking the PBX. ok is false while the extension is not supervised.
func (l *Line) Calls() (calls []cti.Call, ok bool) {
	s, ok := l.gw.Snapshot(l.device)
	return s.Calls, ok
}

// MakeCall calls a number and returns the extension's connection. An empty
// number only takes the set off hook; dial with [Line.DialDigits] then. MakeCall
// is not idempotent: repeat it only if [cti.SafeToRetry] allows it.
func (l *Line) MakeCall(ctx context.Context, number string) (cti.ConnectionID, error) {
	dial, err := l.rewriteNumber(cti.OpMakeCall, number)
	if err != nil {
		return cti.ConnectionID{}, err
	}
	return l.connectCall(ctx, driver.Request{Op: cti.OpMakeCall, Device: l.device, Number: dial})
}

// Answer answers an alerting call.
func (l *Line) Answer(ctx context.Context, call cti.CallID) error {
	return l.perform(ctx, driver.Request{Op: cti.OpAnswerCall, Connection: l.connection(call)})
}

// Drop ends the extension's part in a call; with two parties the call ends.
// Dropping a call that has ended returns [cti.ErrInvalidCall].
func (l *Line) Drop(ctx context.Context, call cti.CallID) error {
	return l.perform(ctx, driver.Request{Op: cti.OpClearConnection, Connection: l.connection(call)})
}

// ClearCall ends a call for all its parties.
func (l *Line) ClearCall(ctx context.Context, call cti.CallID) error {
	return l.perform(ctx, driver.Request{Op: cti.OpClearCall, Connection: l.connection(call)})
}

// Hold puts a connected call on hold.
func (l *Line) Hold(ctx context.Context, call cti.CallID) error {
	return l.perform(ctx, driver.Request{Op: cti.OpHoldCall, Connection: l.connection(call)})
}

// Retrieve takes a call off hold.
func (l *Line) Retrieve(ctx context.Context, call cti.CallID) error {
	return l.perform(ctx, driver.Request{Op: cti.OpRetrieveCall, Connection: l.connection(call)})
}

// Alternate swaps the held and the active call.
func (l *Line) Alternate(ctx context.Context, held, active cti.CallID) error {
	return l.perform(ctx, driver.Request{Op: cti.OpAlternateCall, Connection: l.connection(active),
		Held: l.connection(held)})
}

// Reconnect drops the active call and retrieves the held one.
func (l *Line) Reconnect(ctx context.Context, held, active cti.CallID) error {
	return l.perform(ctx, driver.Request{Op: cti.OpReconnectCall, Connection: l.connection(active),
		Held: l.connection(held)})
}

// Consult holds the active call and calls a number.
func (l *Line) Consult(ctx context.Context, active cti.CallID, number string) (cti.ConnectionID, error) {
	dial, err := l.rewriteNumber(cti.OpConsultationCall, number)
	if err != nil {
		return cti.ConnectionID{}, err
	}
	return l.connectCall(ctx, driver.Request{Op: cti.OpConsultationCall, Connection: l.connection(active), Number: dial})
}

// Transfer joins the held call and the active one, and leaves both.
func (l *Line) Transfer(ctx context.Context, held, active cti.CallID) (cti.ConnectionID, error) {
	return l.connectCall(ctx, driver.Request{Op: cti.OpTransferCall, Connection: l.connection(active),
		Held: l.connection(held)})
}

// BlindTransfer sends a call to a number without asking there first.
func (l *Line) BlindTransfer(ctx context.Context, call cti.CallID, number string) (cti.ConnectionID, error) {
	dial, err := l.rewriteNumber(cti.OpSingleStepTransfer, number)
	if err != nil {
		return cti.ConnectionID{}, err
	}
	return l.connectCall(ctx, driver.Request{Op: cti.OpSingleStepTransfer, Connection: l.connection(call), Number: dial})
}

// Conference joins the held call and the active one, and stays in.
func (l *Line) Conference(ctx context.Context, held, active cti.CallID) (cti.ConnectionID, error) {
	return l.connectCall(ctx, driver.Request{Op: cti.OpConferenceCall, Connection: l.connection(active),
		Held: l.connection(held)})
}

// AddParty adds a device to a call in one step.
func (l *Line) AddParty(ctx context.Context, call cti.CallID, device cti.DeviceID) (cti.ConnectionID, error) {
	return l.connectCall(ctx, driver.Request{Op: cti.OpSingleStepConference, Connection: l.connection(call),
		Target: device})
}

// Deflect sends an alerting call to a number.
func (l *Line) Deflect(ctx context.Context, call cti.CallID, number string) error {
	dial, err := l.rewriteNumber(cti.OpDeflectCall, number)
	if err != nil {
		return err
	}
	return l.perform(ctx, driver.Request{Op: cti.OpDeflectCall, Connection: l.connection(call), Number: dial})
}

// PickUp takes a call that alerts at another device.
func (l *Line) PickUp(ctx context.Context, alerting cti.ConnectionID) error {
	return l.perform(ctx, driver.Request{Op: cti.OpDirectedPickup, Device: l.device, Connection: alerting})
}

// GroupPickUp takes a call that alerts in the extension's pickup group.
func (l *Line) GroupPickUp(ctx context.Context) error {
	return l.perform(ctx, driver.Request{Op: cti.OpGroupPickup, Device: l.device})
}

// Park parks a call at a device.
func (l *Line) Park(ctx context.Context, call cti.CallID, at cti.DeviceID) error {
	return l.perform(ctx, driver.Request{Op: cti.OpParkCall, Connection: l.connection(call), Target: at})
}

// Join enters a call of others, with their consent as the PBX rules it.
func (l *Line) Join(ctx context.Context, c cti.ConnectionID) (cti.ConnectionID, error) {
	return l.connectCall(ctx, driver.Request{Op: cti.OpJoinCall, Device: l.device, Connection: c})
}

// Intrude breaks into the call of a busy extension: c is the line's own
// connection, of a call that failed there (ECMA-269 17.1.13).
func (l *Line) Intrude(ctx context.Context, c cti.ConnectionID) (cti.ConnectionID, error) {
	return l.connectCall(ctx, driver.Request{Op: cti.OpIntrudeCall, Device: l.device, Connection: c})
}

// CampOn waits on a busy destination.
func (l *Line) CampOn(ctx context.Context, call cti.CallID) error {
	return l.perform(ctx, driver.Request{Op: cti.OpCampOnCall, Connection: l.connection(call)})
}

// CallBack asks the PBX to call back when the destination is free.
func (l *Line) CallBack(ctx context.Context, call cti.CallID) error {
	return l.perform(ctx, driver.Request{Op: cti.OpCallBack, Connection: l.connection(call)})
}

// DialDigits dials further digits of a call that is being set up. They are not
// rewritten by the number plan.
func (l *Line) DialDigits(ctx context.Context, call cti.CallID, digits string) error {
	return l.perform(ctx, driver.Request{Op: cti.OpDialDigits, Connection: l.connection(call), Number: digits})
}

// SendDTMF sends tones (0-9, A-D, *, #) on a connected call.
func (l *Line) SendDTMF(ctx context.Context, call cti.CallID, digits string) error {
	for _, r := range digits {
		if !isDTMF(r) {
			return l.refuse(cti.OpGenerateDigits, "", cti.ErrInvalidDestination, "digits are 0-9, A-D, * and #")
		}
	}
	return l.perform(ctx, driver.Request{Op: cti.OpGenerateDigits, Connection: l.connection(call), Number: digits})
}

func isDTMF(r rune) bool {
	return '0' <= r && r <= '9' || 'A' <= r && r <= 'D' || r == '*' || r == '#'
}

func (l *Line) connection(call cti.CallID) cti.ConnectionID {
	return cti.ConnectionID{Call: call, Device: l.device}
}

// Outgoing returns the number that the line would dial for a number, which is the
// result of the number plan. It sends nothing. The error wraps
// [cti.ErrInvalidDestination] and the error of the plan.
func (l *Line) Outgoing(number string) (string, error) {
	if number == "" {
		return "", l.refuse(cti.OpMakeCall, "", cti.ErrInvalidDestination, "empty number")
	}
	return l.rewriteNumber(cti.OpMakeCall, number)
}

// rewriteNumber rewrites a number by the number plan. An empty number, which only
// takes the set off hook, is unchanged.
func (l *Line) rewriteNumber(op cti.Operation, number string) (string, error) {
	plan := l.gw.numberPlan()
	if plan == nil || l.asDialled || number == "" {
		return number, nil
	}
	out, err := plan.Outgoing(number)
	if err != nil {
		return "", l.refuse(op, "", fmt.Errorf("%w: %w", cti.ErrInvalidDestination, err), "")
	}
	return out, nil
}

// Can reports whether an operation is possible now: nil, or the error that it
// would fail with before anything is sent ([cti.ErrNotPermitted],
// [ctikit.ErrUnsupported], [cti.ErrUnsupervised], [cti.ErrLinkDown], …). The
// answer follows the session's capabilities; [LinkEvents] reports when those
// change.
func (l *Line) Can(op cti.Operation) error {
	_, err := l.findSession(op)
	return err
}

// Operations returns the operations that are possible now, see [Line.Can].
func (l *Line) Operations() (possible cti.Operations) {
	for _, op := range lineOperations.List() {
		if l.Can(op) == nil {
			possible = possible.With(op)
		}
	}
	return possible
}

// lineOperations are the operations of lines; the others are those of the gateway
// itself and of links.
var lineOperations = cti.FullCTI().Without(cti.OpSupervise, cti.OpRelease, cti.OpMonitorFeatures, cti.OpReleaseFeatures,
	cti.OpListDevices, cti.OpPing, cti.OpOpen)

// refuse returns the error of an operation that was not sent.
func (l *Line) refuse(op cti.Operation, link string, err error, detail string) error {
	if link == "" {
		if s, ok := l.gw.Extension(l.device); ok {
			link = s.Link
		}
	}
	return &cti.Error{Op: op, Link: link, Line: l.device, Device: l.device, Detail: detail, NotSent: true, Err: err}
}

// perform sends a request whose reply is empty.
func (l *Line) perform(ctx context.Context, r driver.Request) error {
	_, err := l.request(ctx, r)
	return err
}

// connectCall sends a request whose reply is a connection.
func (l *Line) connectCall(ctx context.Context, r driver.Request) (cti.ConnectionID, error) {
	a, err := l.request(ctx, r)
	return a.Connection, err
}

// request performs a request on a session that supports it.
func (l *Line) request(ctx context.Context, r driver.Request) (driver.Reply, error) {
	live, err := l.findSession(r.Op)
	if err != nil {
		return driver.Reply{}, err
	}
	return live.requestFor(ctx, l.device, r)
}

// requestFor performs a request for a line ("" for none). Its error names the link,
// the line, and the device if the driver's does not.
func (l *liveLink) requestFor(ctx context.Context, line cti.DeviceID, r driver.Request) (driver.Reply, error) {
	l.gw.stats.requests.Add(1)
	a, err := l.performRequest(ctx, r)
	if err == nil {
		return a, nil
	}
	l.gw.stats.requestErrors.Add(1)
	named := cti.Error{Err: err}
	if e, ok := errors.AsType[*cti.Error](err); ok {
		named = *e
	}
	named.Op, named.Link, named.Line, named.Device = r.Op, l.link.name, line, cmp.Or(named.Device, line)
	return driver.Reply{}, &named
}

// performRequest performs a request on the session. A reply that lacks the result
// of the operation is an error of the driver.
func (l *liveLink) performRequest(ctx context.Context, r driver.Request) (driver.Reply, error) {
	a, err := l.session.Do(ctx, r)
	gives := r.Op.Info().Gives
	if err == nil && (gives.Has(cti.FieldSnapshot) && a.Snapshot == nil || gives.Has(cti.FieldCall) && a.Call == nil) {
		err = &cti.Error{Op: r.Op, Device: r.Actor(), Err: cti.ErrProtocol, Detail: "the answer is incomplete"}
	}
	return a, err
}

// findSession finds the session that can perform op for the line's device.
func (l *Line) findSession(op cti.Operation) (*liveLink, error) {
	switch {
	case !lineOperations.Has(op):
		return nil, l.refuse(op, "", ctikit.ErrUnsupported, "not an operation of a line")
	case !l.allow.Has(op):
		return nil, l.refuse(op, "", cti.ErrNotPermitted, "")
	case !l.gw.isRunning():
		return nil, l.refuse(op, "", cti.ErrClosed, "the gateway is not running")
	}
	d := l.gw.findDevice(l.device)
	if d == nil {
		return nil, l.refuse(op, "", cti.ErrInvalidDevice, "not in the configuration")
	}
	owner, reason, configured := d.ownerNow()
	if !configured {
		return nil, l.refuse(op, "", cti.ErrInvalidDevice, "not in the configuration")
	}
	if owner != nil && owner.can(op) {
		return owner, nil
	}
	if op.Info().AnyLink {
		other, down := l.gw.control.linkFor(op, owner)
		if other != nil {
			return other, nil
		}
		if down != "" { // it may support the operation when it is up
			return nil, l.refuse(op, down, cti.ErrLinkDown, "")
		}
	}
	if owner != nil {
		return nil, l.refuse(op, owner.link.name, ctikit.ErrUnsupported, "")
	}
	if reason == cti.ReasonLinkDown {
		return nil, l.refuse(op, "", cti.ErrLinkDown, "")
	}
	return nil, l.refuse(op, "", cti.ErrUnsupervised, reason.String())
}

func (l *liveLink) can(op cti.Operation) bool { return l.session.Capabilities().Operations.Has(op) }

// ownerNow returns the session that supervises the device, or the reason why none
// does, and whether the device is an extension of the configuration.
func (d *device) ownerNow() (owner *liveLink, why cti.Reason, configured bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.phase == phaseSupervised {
		return d.owner, cti.ReasonNone, d.configured
	}
	return nil, d.reason, d.configured
}
