package callback

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// tracker follows the calls that one device makes for a call-back.
type tracker struct {
	service *Service
	line    *gateway.Line
	sub     *gateway.Subscription
	model   cti.CallModel
	made    []cti.CallID // cleared after a failure
	held    cti.CallID   // must not end while another is being set up
	keep    bool         // the calls stay when tracking stops
}

func (s *Service) trackDevice(device cti.DeviceID) *tracker {
	return &tracker{
		service: s, line: s.gw.Line(device), sub: s.gw.Subscribe(gateway.Devices(device)),
		model: cti.CallModel{Device: device},
	}
}

// stopTracking ends the subscription, and clears the calls unless they are kept.
func (t *tracker) stopTracking() {
	t.sub.Close()
	if t.keep {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), clearTimeout)
	defer cancel()
	for _, call := range slices.Backward(t.made) {
		// A call that has already ended needs no clearing; after other errors the
		// PBX ends a call that is not answered.
		_ = t.line.ClearCall(ctx, call)
	}
}

// clearTimeout bounds the clearing of calls after a failure.
const clearTimeout = 10 * time.Second

// callLeg starts a call and waits until it is answered.
func (t *tracker) callLeg(ctx context.Context, leg Leg, number string, start requestFunc) (cti.CallID, error) {
	c, err := completeRequest(ctx, start)
	if err != nil {
		return "", &LegError{leg, number, err}
	}
	t.made = append(t.made, c.Call)
	ringing, cancel := context.WithTimeout(ctx, t.service.opts.Answer)
	defer cancel()
	if err := t.awaitAnswer(ringing, c.Call); err != nil {
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			err = ErrNoAnswer
		}
		return "", &LegError{leg, number, err}
	}
	return c.Call, nil
}

// requestFunc is a request to the PBX that makes a connection.
type requestFunc func(context.Context) (cti.ConnectionID, error)

// completeRequest runs a request that must not be abandoned when ctx ends: its result
// would be unknown.
func completeRequest(ctx context.Context, do requestFunc) (cti.ConnectionID, error) {
	if err := ctx.Err(); err != nil {
		return cti.ConnectionID{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout)
	defer cancel()
	return do(ctx)
}

// requestTimeout bounds the wait for the answer to one request.
const requestTimeout = 10 * time.Second

// awaitAnswer reads events until the call is answered or over.
func (t *tracker) awaitAnswer(ctx context.Context, call cti.CallID) error {
	known := false // the call was in the model
	for ev, err := range t.sub.Events(ctx) {
		if err != nil {
			return err
		}
		t.model.Apply(&ev)
		c, there := t.findCall(call)
		switch {
		case ev.Kind.Class() == cti.GapClass && ev.Gap.Reason != cti.GapOverflow:
			return fmt.Errorf("%w: %v", ErrLost, &ev)
		case t.hasHeldEnded():
			return ErrLeft
		case there && !c.AnsweredAt.IsZero():
			return nil
		case there && hasFailed(c), ev.Kind == cti.CallFailed && ev.Call == call:
			return fmt.Errorf("%w: %v", ErrNotReached, ev.Cause)
		case there:
			known = true
		case known, ev.Call == call && ev.State == cti.Null:
			return fmt.Errorf("%w: %v", ErrNotReached, ev.Cause)
		}
	}
	return ctx.Err()
}

// hasHeldEnded reports whether the held call is over.
func (t *tracker) hasHeldEnded() bool {
	if t.held == "" {
		return false
	}
	_, there := t.findCall(t.held)
	return !there
}

func (t *tracker) findCall(call cti.CallID) (cti.Call, bool) {
	for _, c := range t.model.Calls() {
		if c.ID == call {
			return c, true
		}
	}
	return cti.Call{}, false
}

// hasFailed reports whether the call failed on either side.
func hasFailed(c cti.Call) bool {
	return c.State == cti.Failed ||
		slices.ContainsFunc(c.Parties, func(p cti.CallParty) bool { return p.State == cti.Failed })
}
