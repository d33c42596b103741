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

// tracked follows the calls that one device makes for a call-back.
type tracked struct {
	service *Service
	line    *gateway.Line
	sub     *gateway.Subscription
	model   cti.CallModel
	made    []cti.CallID // what a failure must not leave behind
	held    cti.CallID   // must go on while another is being set up
	ok      bool
}

func (s *Service) track(device cti.DeviceID) *tracked {
	return &tracked{service: s, line: s.gw.Line(device), sub: s.gw.Subscribe(gateway.Devices(device)), model: cti.CallModel{Device: device}}
}

// done: the calls are meant to stay.
func (t *tracked) done() { t.ok = true }

// end clears what a failure left, and stops following.
func (t *tracked) end() {
	t.sub.Close()
	if t.ok {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), clearing)
	defer cancel()
	for _, call := range slices.Backward(t.made) {
		// What has ended already needs no clearing; other errors leave it to
		// the PBX, which ends a call that nobody takes.
		_ = t.line.ClearCall(ctx, call)
	}
}

// clearing bounds the clearing of what a failure left.
const clearing = 10 * time.Second

// leg starts a call and waits until it is answered.
func (t *tracked) leg(ctx context.Context, leg Leg, number string, start func(context.Context) (cti.ConnectionID, error)) (cti.CallID, error) {
	c, err := request(ctx, start)
	if err != nil {
		return "", &LegError{leg, number, err}
	}
	t.made = append(t.made, c.Call)
	ringing, cancel := context.WithTimeout(ctx, t.service.opts.Answer)
	defer cancel()
	if err := t.answered(ringing, c.Call); err != nil {
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			err = ErrNoAnswer
		}
		return "", &LegError{leg, number, err}
	}
	return c.Call, nil
}

// request does what must not be given up half-way: nobody could tell what the
// PBX made of it.
func request(ctx context.Context, do func(context.Context) (cti.ConnectionID, error)) (cti.ConnectionID, error) {
	if err := ctx.Err(); err != nil {
		return cti.ConnectionID{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), requesting)
	defer cancel()
	return do(ctx)
}

// requesting bounds the wait for the answer to one request.
const requesting = 10 * time.Second

// answered reads events until the call is answered or over.
func (t *tracked) answered(ctx context.Context, call cti.CallID) error {
	known := false // the call was in the picture
	for ev, err := range t.sub.Events(ctx) {
		if err != nil {
			return err
		}
		t.model.Apply(&ev)
		c, there := t.find(call)
		switch {
		case ev.Kind.Class() == cti.GapClass && ev.Gap.Reason != cti.GapOverflow:
			return fmt.Errorf("%w: %v", ErrLost, &ev)
		case t.left():
			return ErrLeft
		case there && !c.AnsweredAt.IsZero():
			return nil
		case there && failed(c), ev.Kind == cti.CallFailed && ev.Call == call:
			return fmt.Errorf("%w: %v", ErrNotReached, ev.Cause)
		case there:
			known = true
		case known, ev.Call == call && ev.State == cti.Null:
			return fmt.Errorf("%w: %v", ErrNotReached, ev.Cause)
		}
	}
	return ctx.Err()
}

// left: the call that is held is over.
func (t *tracked) left() bool {
	if t.held == "" {
		return false
	}
	_, there := t.find(t.held)
	return !there
}

func (t *tracked) find(call cti.CallID) (cti.Call, bool) {
	for _, c := range t.model.Calls() {
		if c.ID == call {
			return c, true
		}
	}
	return cti.Call{}, false
}

// failed: the call got no further, on whichever side.
func failed(c cti.Call) bool {
	return c.State == cti.Failed || slices.ContainsFunc(c.Parties, func(p cti.CallParty) bool { return p.State == cti.Failed })
}
