package driver

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/printable"
)

// Request is one operation with its arguments. [cti.Operation.Info] says which
// fields an operation takes; a driver ignores the others, except Data.
type Request struct {
	Op cti.Operation

	// Device acts, or is the device whose feature is read or set: make call,
	// pickup, join, intrude, get and set, snapshot device, monitor features.
	Device cti.DeviceID
	// Connection is acted on: the active one of two. For pickup and join it is
	// a connection of another device.
	Connection cti.ConnectionID
	// Held is the held connection of two: alternate, reconnect, transfer,
	// conference.
	Held cti.ConnectionID
	// Number is a destination in the form that the PBX dials (make call,
	// consultation, single step transfer, deflect), or digits (dial and
	// generate digits).
	Number string
	// Target is the device that is added (single step conference) or parked at.
	Target cti.DeviceID
	// On switches a feature: do not disturb, message waiting.
	On bool
	// Forward is the forward to set; Active false cancels it.
	Forward cti.Forward
	// Agent is the agent state to set, and who logs on or off.
	Agent cti.Agent
	// Data is attached to the call: make call, consultation, single step
	// transfer, deflect. A driver that cannot carry a field that is set refuses
	// the request, see [Refuse].
	Data cti.CallData
	// Private is vendor data, raw: escape.
	Private []byte
}

// String is one line: "make call 4001 number 0123456789". Digits that are sent
// on a call, which may be a PIN, call data and vendor data show their size only.
func (r Request) String() string {
	var b strings.Builder
	b.WriteString(r.Op.String())
	add := func(word, text string) {
		if text != "" {
			b.WriteString(" " + word + text)
		}
	}
	add("", string(r.Device))
	add("call ", connectionText(r.Connection))
	add("held ", connectionText(r.Held))
	switch {
	case r.Op == cti.OpDialDigits || r.Op == cti.OpGenerateDigits:
		fmt.Fprintf(&b, " %d digits", len(r.Number))
	default:
		add("number ", r.Number)
	}
	add("target ", string(r.Target))
	if r.On || r.Op.Info().Takes.Has(cti.FieldOn) {
		add("", onText(r.On))
	}
	if r.Forward != (cti.Forward{}) || r.Op.Info().Takes.Has(cti.FieldForward) {
		add("forward ", r.Forward.String())
	}
	if r.Agent.State != cti.AgentUnknown {
		add("agent ", r.Agent.State.String())
	}
	add("as ", r.Agent.ID)
	add("group ", string(r.Agent.Group))
	if !r.Data.IsZero() {
		add("", "with call data")
	}
	add("", sizeText(r.Private))
	return printable.Text(b.String())
}

// LogValue is [Request.String], for log/slog.
func (r Request) LogValue() slog.Value { return slog.StringValue(r.String()) }

func connectionText(c cti.ConnectionID) string {
	if c == (cti.ConnectionID{}) {
		return ""
	}
	return c.String()
}

func onText(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func sizeText(private []byte) string {
	if len(private) == 0 {
		return ""
	}
	return fmt.Sprintf("%d bytes of vendor data", len(private))
}

// Actor is the device that the request is about: Device, or that of Connection.
// Errors name it.
func (r *Request) Actor() cti.DeviceID { return cmp.Or(r.Device, r.Connection.Device) }

// Reply is the result of a [Request]. [cti.Operation.Info] says which fields an
// operation fills; the others are zero.
type Reply struct {
	// Connection is the one that was made or joined: make call, consultation,
	// transfer, single step transfer, conference, single step conference, join,
	// intrude.
	Connection cti.ConnectionID
	On         bool           // get do not disturb, get message waiting
	Forwards   []cti.Forward  // get forwarding: the active ones
	Agent      cti.AgentState // get agent state
	Snapshot   *cti.Snapshot  // snapshot device; nil otherwise
	Call       *cti.Call      // snapshot call; nil otherwise
	Features   cti.Features   // monitor features
	Devices    []cti.DeviceID // list devices
	Private    []byte         // escape
}

// String is one line that names what is set: "call 17/4001", "done".
func (r Reply) String() string {
	var parts []string
	if text := connectionText(r.Connection); text != "" {
		parts = append(parts, "call "+text)
	}
	if r.On {
		parts = append(parts, "on")
	}
	for _, forward := range r.Forwards {
		parts = append(parts, "forward "+forward.String())
	}
	if r.Agent != cti.AgentUnknown {
		parts = append(parts, "agent "+r.Agent.String())
	}
	if r.Snapshot != nil {
		parts = append(parts, r.Snapshot.String())
	}
	if r.Call != nil {
		parts = append(parts, r.Call.String())
	}
	if text := r.Features.String(); text != "" {
		parts = append(parts, text)
	}
	if len(r.Devices) > 0 {
		parts = append(parts, fmt.Sprintf("%d devices", len(r.Devices)))
	}
	if text := sizeText(r.Private); text != "" {
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return "done"
	}
	return printable.Text(strings.Join(parts, "; "))
}

// LogValue is [Reply.String], for log/slog.
func (r Reply) LogValue() slog.Value { return slog.StringValue(r.String()) }

// Refuse returns the error of a request that a session with these capabilities
// cannot perform, nil for one that it can try: an operation that they do not
// name, or call data, which no driver carries yet. It wraps
// [ctikit.ErrUnsupported], and nothing was sent. Drivers call it first in Do.
func (c Capabilities) Refuse(r *Request) error {
	detail := ""
	switch {
	case !c.Operations.Has(r.Op):
	case !r.Data.IsZero():
		detail = "this link carries no call data"
	default:
		return nil
	}
	return &cti.Error{Op: r.Op, Device: r.Actor(), NotSent: true, Err: ctikit.ErrUnsupported, Detail: detail}
}

// Do performs a request: the method of a [Session], and what an [Interceptor] calls.
type Do func(ctx context.Context, r Request) (Reply, error)

// Interceptor is called for every request of a session. It may count, time, log,
// refuse or change the request. It calls next at most once and returns after it.
// It is called concurrently, and not for Open and Close.
//
// An error that it returns is the request's: a monitor that next had started for
// an OpSupervise is stopped again. Without an error an OpSupervise needs a
// snapshot, that of next or one in the reply; else it fails with
// [cti.ErrProtocol].
type Interceptor func(ctx context.Context, r Request, next Do) (Reply, error)

// Intercept returns c with every request passed through f, Supervise and
// Release included: f sees them as requests with Op and Device, and may refuse
// them but not change them. The reply of Supervise holds the snapshot.
func Intercept(c Connector, f Interceptor) Connector { return interceptedConnector{c, f} }

type interceptedConnector struct {
	Connector
	intercept Interceptor
}

// Unwrap returns the connector underneath, see [As].
func (c interceptedConnector) Unwrap() Connector { return c.Connector }

// Open opens a session whose requests pass through the interceptor.
func (c interceptedConnector) Open(ctx context.Context, sink EventSink) (Session, error) {
	s, err := c.Connector.Open(ctx, sink)
	if err != nil {
		return nil, err
	}
	return interceptedSession{s, c.intercept}, nil
}

type interceptedSession struct {
	Session
	intercept Interceptor
}

// Do passes the request through the interceptor.
func (s interceptedSession) Do(ctx context.Context, r Request) (Reply, error) {
	return s.intercept(ctx, r, s.Session.Do)
}

// undoPatience bounds the stop of a monitor whose start an interceptor failed.
const undoPatience = 5 * time.Second

// Supervise passes through the interceptor as an OpSupervise. If that fails
// although the monitor was started, the monitor is stopped.
func (s interceptedSession) Supervise(ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
	var started *cti.Snapshot // by the session underneath
	supervise := func(ctx context.Context, _ Request) (Reply, error) {
		shot, err := s.Session.Supervise(ctx, ext)
		if err != nil {
			return Reply{}, err
		}
		started = &shot
		return Reply{Snapshot: started}, nil
	}
	a, err := s.intercept(ctx, Request{Op: cti.OpSupervise, Device: ext.Number}, supervise)
	shot := cmp.Or(a.Snapshot, started)
	switch {
	case err == nil && shot != nil:
		return *shot, nil
	case err == nil:
		return cti.Snapshot{}, &cti.Error{Op: cti.OpSupervise, Device: ext.Number, Err: cti.ErrProtocol,
			Detail: "the interceptor returned no snapshot"}
	case started != nil:
		undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoPatience)
		defer cancel()
		s.Session.Release(undo, ext.Number) // its failure adds nothing: the request has failed
	}
	return cti.Snapshot{}, err
}

// Release passes through the interceptor as an OpRelease.
func (s interceptedSession) Release(ctx context.Context, device cti.DeviceID) error {
	release := func(ctx context.Context, _ Request) (Reply, error) { return Reply{}, s.Session.Release(ctx, device) }
	_, err := s.intercept(ctx, Request{Op: cti.OpRelease, Device: device}, release)
	return err
}

// As finds the first connector of type T in the chain that Unwrap() Connector
// methods make, c itself included: optional abilities of a connector that was
// wrapped.
func As[T any](c Connector) (found T, ok bool) {
	for c != nil {
		if found, ok = c.(T); ok {
			return found, true
		}
		wrapper, wraps := c.(interface{ Unwrap() Connector })
		if !wraps {
			break
		}
		c = wrapper.Unwrap()
	}
	return found, false
}
