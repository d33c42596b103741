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
	// Via is the pool of devices that make the calls. Each must be an extension
	// that the gateway supervises and that goes off hook without a person; none of
	// them can be the agent of a call.
	Via []cti.DeviceID
	// Answer bounds how long each of the two may ring. Default 45 s.
	Answer time.Duration
	// Permit is asked before each call: a licence, a right. nil permits.
	Permit func(ctx context.Context, agent cti.DeviceID) error
}

// Service makes call-backs. Its methods may be called concurrently; as many
// calls are set up at once as the pool has devices, further ones wait.
type Service struct {
	gw   *gateway.Gateway
	opts Options
	pool chan cti.DeviceID // free devices
}

// Errors of legs, beside those of package cti.
var (
	// ErrNoAnswer: the phone rang for as long as allowed.
	ErrNoAnswer = errors.New("no answer")
	// ErrNotReached: the call ended before anybody answered; the cause is in
	// the error's text.
	ErrNotReached = errors.New("not reached")
	// ErrLeft: the agent hung up while the visitor was being called.
	ErrLeft = errors.New("hung up before the other party answered")
	// ErrLost: supervision of the device was lost meanwhile, so nobody knows
	// how the call went on; it was ended.
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

// LegError tells which leg failed, and why.
type LegError struct {
	Leg    Leg
	Number string // that was called
	Err    error
}

// Error is `call-back: visitor +33123456789: no answer`.
func (e *LegError) Error() string { return fmt.Sprintf("call-back: %s %s: %v", e.Leg, e.Number, e.Err) }

// Unwrap gives the cause.
func (e *LegError) Unwrap() error { return e.Err }

// Result is a call-back that succeeded.
type Result struct {
	// Direct: there is no pool, the agent's own set made the call.
	Direct bool
	Via    cti.DeviceID // of the pool, "" if Direct
	// Call connects the two.
	Call cti.CallID
}

// New makes a service over a gateway. The error is [ctikit.Problems].
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

// Call connects agent and visitor. It returns once they are, or with a
// [*LegError], the error of Permit, or that of ctx while waiting for the pool.
// A request that the PBX is at work on when ctx ends is waited for, so that what
// it makes can be cleared.
func (s *Service) Call(ctx context.Context, agent cti.DeviceID, visitor string) (Result, error) {
	if s.opts.Permit != nil {
		if err := s.opts.Permit(ctx, agent); err != nil {
			return Result{}, fmt.Errorf("call-back for %s: %w", agent, err)
		}
	}
	if _, err := s.gw.Line(agent).Outgoing(visitor); err != nil {
		return Result{}, &LegError{VisitorLeg, visitor, err} // before anybody's phone rings
	}
	if slices.Contains(s.opts.Via, agent) { // it cannot call itself, and nobody is there
		return Result{}, &LegError{AgentLeg, string(agent), fmt.Errorf("%w: the agent's device belongs to the pool", cti.ErrInvalidDestination)}
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

// callFromAgent lets the agent's own set call.
func (s *Service) callFromAgent(ctx context.Context, agent cti.DeviceID, visitor string) (Result, error) {
	t := s.trackDevice(agent)
	defer t.stopTracking()
	call, err := t.callLeg(ctx, VisitorLeg, visitor, func(ctx context.Context) (cti.ConnectionID, error) {
		return t.line.MakeCall(ctx, visitor)
	})
	if err != nil {
		return Result{}, err
	}
	t.keepCalls()
	return Result{Direct: true, Call: call}, nil
}

// callFromPool calls both from a device of the pool and leaves them to each other.
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
	t.keepCalls()
	return Result{Via: via, Call: c.Call}, nil
}
