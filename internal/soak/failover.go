package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// loss is what the loss of a link led to.
type loss struct {
	extensions    int           // of the link
	again         time.Duration // until they were supervised again
	quiet, during trips         // of another link, before and meanwhile
}

// failover takes one link away and times until its extensions are supervised
// on the others. Meanwhile extensions of another link are asked for a change
// again and again, and the time from the request to its event is taken: an upper
// bound for what an event needs.
func failover(s *site, o options) (l loss, err error) {
	if o.links < 2 {
		return l, errors.New("failover needs two links")
	}
	if l.quiet, err = probe(s.ctx, s.gw, time.After(2*time.Second)); err != nil {
		return l, err
	}
	for _, e := range s.gw.Extensions() {
		if e.Link == linkName(0) {
			l.extensions++
		}
	}
	before := s.gw.Stats().Moves
	if err := s.pbx.say("down 0"); err != nil {
		return l, err
	}
	begun := time.Now()
	moved := make(chan time.Time)
	go func() {
		defer close(moved)
		for s.ctx.Err() == nil && s.gw.Stats().Moves < before+uint64(l.extensions) {
			time.Sleep(5 * time.Millisecond)
		}
		_ = supervised(s.gw, o.extensions, time.Minute)
	}()
	l.during, err = probe(s.ctx, s.gw, moved)
	l.again = time.Since(begun)
	return l, err
}

// trips are round trips, shortest first.
type trips []time.Duration

func (t trips) String() string {
	if len(t) == 0 {
		return "none"
	}
	return fmt.Sprintf("%d, median %v, 99 %% within %v, longest %v", len(t), t.within(50), t.within(99), t.within(100))
}

// within is what so many of a hundred need at most.
func (t trips) within(share int) time.Duration {
	slices.Sort(t)
	return t[(len(t)-1)*share/100].Round(time.Microsecond)
}

// probe makes round trips until end is closed or fires.
func probe(ctx context.Context, gw *gateway.Gateway, end <-chan time.Time) (trips, error) {
	const device = "100001" // of link 1
	sub := gw.Subscribe(gateway.Devices(device), gateway.WithoutInitial())
	defer sub.Close()
	line := gw.Line(device)
	now, err := line.MessageWaiting(ctx)
	if err != nil {
		return nil, err
	}
	var t trips
	for on := !now; ; on = !on { // only a change is an event
		select {
		case <-end:
			return t, nil
		default:
		}
		begun := time.Now()
		if err := line.SetMessageWaiting(ctx, on); err != nil {
			return t, err
		}
		for {
			ev, err := sub.Next(ctx)
			if err != nil {
				return t, err
			}
			if ev.Kind == cti.MessageWaiting && ev.On == on {
				break
			}
		}
		t = append(t, time.Since(begun))
		time.Sleep(500 * time.Microsecond)
	}
}
