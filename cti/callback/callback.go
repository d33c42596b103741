package callback

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// Options of a [Service].
type Options struct {
	// Via is the pool of devices that make the calls. Each is an extension that the
	// gateway supervises and that goes off hook without a person; none of them can be
	// the agent of a call.
	Via []cti.DeviceID
	// Answer bounds how long each of the two may ring. Default 45 s.
	Answer time.Duration
	// Permit is called before each call, to check a licence or a right. nil permits.
	Permit func(ctx context.Context, agent cti.DeviceID) error
}

// Service makes call-backs. Its methods may be called concurrently; with a pool, as
// many calls are set up at once as it has devices, and others wait.
type Service struct {
	gw   *gateway.Gateway
	opts Options
	pool chan cti.DeviceID // free devices
}

// Errors of legs, in addition to those of package cti.
var (
	// ErrNoAnswer: the phone rang for as long as allowed.
	ErrNoAnswer = errors.New("no answer")
	// ErrNotReached: the call ended before it was answered; the cause is in the
	// error's text.
	ErrNotReached = errors.New("not reached")
	// ErrLeft: the agent hung up while the visitor was being called.
	ErrLeft = errors.New("hung up before the other party answered")
	// ErrLost: supervision of the device was lost during the call, so its state is
	// unknown; it was cleared.
	ErrLost = errors.New("supervision lost during the call")
)

// Leg is one part of a call-back.
type Leg string

// The legs.
const (
	AgentLeg    Leg = "agent"
	VisitorLeg  Leg = "visitor"
	TransferLeg Leg = "transfer"
)

// LegError is the failure of one leg.
type LegError struct {
	Leg    Leg
	Number string // the called number
	Err    error
}

// Error is `call-back: visitor +33123456789: no answer`.
func (e *LegError) Error() string { return fmt.Sprintf("call-back: %s %s: %v", e.Leg, e.Number, e.Err) }

// Unwrap returns the cause.
func (e *LegError) Unwrap() error { return e.Err }

// Result is a call-back that succeeded.
type Result struct {
	// Direct: there is no pool, the agent's set made the call.
	Direct bool
	Via    cti.DeviceID // the pool device that made the calls, "" if Direct
	// Call connects the two.
	Call cti.CallID
}

// New returns a service over a gateway. The error is [ctikit.Problems].
func New(gw *gateway.Gateway, o Options) (*Service, error) {
	if o.Answer == 0 {
		o.Answer = 45 * time.Second
	}
	var ps ctikit.Problems
	if o.Answer < 0 {
		ps.Add("answer", "must not be negative, got %v", o.Answer)
	}
	pool := make(chan cti.DeviceID, len(o.Via))
	seen := make(map[cti.DeviceID]bool)
	for i, via := range o.Via {
		if via == "" || seen[via] {
			ps.Add(fmt.Sprintf("via[%d]", i), "%q is empty or duplicated", via)
			continue
		}
		seen[via] = true
		pool <- via
	}
	if err := ps.Err(); err != nil {
		return nil, err
	}
	o.Via = slices.Clone(o.Via)
	return &Service{gw: gw, opts: o, pool: pool}, nil
}

// Call connects agent and visitor, and returns once they are connected. The error is
// a [*LegError], that of Permit, or that of ctx while waiting for the pool. If a
// request is pending when ctx ends, Call waits for its answer to clear the call.
func (s *Service) Call(ctx context.Context, agent cti.DeviceID, visitor string) (Result, error) {
	if s.opts.Permit != nil {
		if err := s.opts.Permit(ctx, agent); err != nil {
			return Result{}, fmt.Errorf("call-back for %s: %w", agent, err)
		}
	}
	if _, err := s.gw.Line(agent).Outgoing(visitor); err != nil {
		return Result{}, &LegError{VisitorLeg, visitor, err} // before any phone rings
	}
	if slices.Contains(s.opts.Via, agent) { // it cannot call itself, and no person answers it
		err := fmt.Errorf("%w: the agent's device belongs to the pool", cti.ErrInvalidDestination)
		return Result{}, &LegError{AgentLeg, string(agent), err}
	}
	if len(s.opts.Via) == 0 {
		return s.callFromAgent(ctx, agent, visitor)
	}
	select {
	case via := <-s.pool:
		defer func() { s.pool <- via }()
		return s.callFromPool(ctx, via, agent, visitor)
	case <-ctx.Done():
		return Result{}, fmt.Errorf("call-back for %s: no pool device became free: %w", agent, ctx.Err())
	}
}

// callFromAgent calls the visitor from the agent's set.
func (s *Service) callFromAgent(ctx context.Context, agent cti.DeviceID, visitor string) (Result, error) {
	t := s.trackDevice(agent)
	defer t.stopTracking()
	call, err := t.callLeg(ctx, VisitorLeg, visitor, func(ctx context.Context) (cti.ConnectionID, error) {
		return t.line.MakeCall(ctx, visitor)
	})
	if err != nil {
		return Result{}, err
	}
	t.keep = true
	return Result{Direct: true, Call: call}, nil
}

// callFromPool calls both from a device of the pool and transfers one to the other.
func (s *Service) callFromPool(ctx context.Context, via, agent cti.DeviceID, visitor string) (Result, error) {
	t := s.trackDevice(via)
	defer t.stopTracking()
	first, err := t.callLeg(ctx, AgentLeg, string(agent), func(ctx context.Context) (cti.ConnectionID, error) {
		return t.line.MakeCall(ctx, string(agent))
	})
	if err != nil {
		return Result{}, err
	}
	t.held = first
	second, err := t.callLeg(ctx, VisitorLeg, visitor, func(ctx context.Context) (cti.ConnectionID, error) {
		return t.line.Consult(ctx, first, visitor)
	})
	if err != nil {
		if errors.Is(err, ErrLeft) {
			err = &LegError{AgentLeg, string(agent), ErrLeft}
		}
		return Result{}, err
	}
	c, err := completeRequest(ctx, func(ctx context.Context) (cti.ConnectionID, error) {
		return t.line.Transfer(ctx, first, second)
	})
	if err != nil {
		return Result{}, &LegError{TransferLeg, visitor, err}
	}
	t.keep = true
	return Result{Via: via, Call: c.Call}, nil
}
