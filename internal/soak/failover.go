package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// failover takes one link away and times until its extensions are supervised
// on the others. Meanwhile extensions of another link are asked for a change
// again and again, and the time from the request to its event is taken: an upper
// bound for what an event needs.
func failover(ctx context.Context, gw *cti.Gateway, pbx *peer, c *counter, o options) error {
	if o.links < 2 {
		return errors.New("failover needs two links")
	}
	c.print(0)
	quiet, err := probe(ctx, gw, time.After(2*time.Second))
	if err != nil {
		return err
	}
	fmt.Printf("round trips of another link before:  %v\n", quiet)
	lost := 0
	for _, e := range gw.Extensions() {
		if e.Link == linkName(0) {
			lost++
		}
	}
	before := gw.Stats().Moves
	if err := pbx.say("down 0"); err != nil {
		return err
	}
	begun := time.Now()
	moved := make(chan time.Time)
	go func() {
		defer close(moved)
		for gw.Stats().Moves < before+uint64(lost) {
			time.Sleep(5 * time.Millisecond)
		}
		_ = supervised(gw, o.extensions, time.Minute)
	}()
	during, err := probe(ctx, gw, moved)
	if err != nil {
		return err
	}
	fmt.Printf("%d extensions of the lost link supervised again after %v, of which %v were the wait for its return\n",
		lost, time.Since(begun).Round(time.Millisecond), gw.Config().Timing.FailoverDelay)
	fmt.Printf("round trips of another link meanwhile: %v\n", during)
	c.print(time.Since(begun))
	return nil
}

// trips are round trips, shortest first.
type trips []time.Duration

func (t trips) String() string {
	if len(t) == 0 {
		return "none"
	}
	slices.Sort(t)
	at := func(share int) time.Duration { return t[(len(t)-1)*share/100].Round(time.Microsecond) }
	return fmt.Sprintf("%d, median %v, 99 %% within %v, longest %v", len(t), at(50), at(99), at(100))
}

// probe makes round trips until end is closed or fires.
func probe(ctx context.Context, gw *cti.Gateway, end <-chan time.Time) (trips, error) {
	const device = "100001" // of link 1
	sub := gw.Subscribe(cti.Devices(device), cti.WithoutInitial())
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
