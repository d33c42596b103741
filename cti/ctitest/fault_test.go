package ctitest_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// TestFaults: what each action does to a request, seen on the wire and in the
// network.
func TestFaults(t *testing.T) {
	const second = time.Second
	for _, test := range []struct {
		name   string
		fault  ctitest.Fault
		works  time.Duration // when the work is done; -1 never
		answer time.Duration // when the answer comes; -1 never
		err    error
		ended  bool
	}{
		{name: "none", fault: ctitest.Fault{Op: cti.OpPing}},
		{name: "of another device", fault: ctitest.Fault{Device: "4002", Action: ctitest.LoseRequest}},
		{name: "of another link", fault: ctitest.Fault{Link: "b", Action: ctitest.LoseRequest}},
		{name: "skipped", fault: ctitest.Fault{Skip: 1, Action: ctitest.LoseRequest}},
		{name: "refuse", fault: ctitest.Fault{Device: "4001", Err: cti.ErrBusy}, works: -1, err: cti.ErrBusy},
		{name: "refuse by default", fault: ctitest.Fault{Op: cti.OpSetDoNotDisturb}, works: -1, err: cti.ErrRefused},
		{name: "delay request", fault: ctitest.Fault{Action: ctitest.DelayRequest, Delay: second}, works: second, answer: second},
		{name: "delay answer", fault: ctitest.Fault{Action: ctitest.DelayAnswer, Delay: second}, answer: second},
		{name: "lose request", fault: ctitest.Fault{Action: ctitest.LoseRequest}, works: -1, answer: -1},
		{name: "lose answer", fault: ctitest.Fault{Action: ctitest.LoseAnswer}, answer: -1},
		{name: "drop before", fault: ctitest.Fault{Action: ctitest.DropBefore}, works: -1, answer: -1, ended: true},
		{name: "drop after", fault: ctitest.Fault{Action: ctitest.DropAfter}, answer: -1, ended: true},
		{name: "go silent", fault: ctitest.Fault{Action: ctitest.GoSilent}, works: -1, answer: -1},
		{name: "break", fault: ctitest.Fault{Action: ctitest.Break, Mangle: ctitest.Garbage}, answer: -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, ctitest.LinkOptions{Protocol: cti.CSTA}, "4001")
				start, worked := time.Now(), time.Duration(-1)
				injected := b.net.Inject(test.fault)
				b.assoc.Serve(cti.OpSetDoNotDisturb, "4001", "tag", func(s *ctitest.Switch) (any, error) {
					worked = time.Since(start)
					return "done", s.SetDoNotDisturb("4001", true)
				})
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				answered := time.Duration(-1)
				for {
					m, err := b.assoc.Next(ctx)
					if err != nil {
						require.Equal(t, test.ended, errors.Is(err, cti.ErrLinkDown), "ended: %v", err)
						break
					}
					switch m.Kind {
					case ctitest.AnswerMessage:
						answered = time.Since(start)
						require.Equal(t, "tag", m.Tag)
						require.ErrorIs(t, m.Err, test.err)
					case ctitest.MangledMessage:
						require.Equal(t, ctitest.Garbage, m.Mangle)
						require.Equal(t, ctitest.Break, test.fault.Action)
					}
				}
				require.Equal(t, test.works, worked, "work")
				require.Equal(t, test.answer, answered, "answer")
				require.Equal(t, worked >= 0, *b.net.Picture("4001").Features.DoNotDisturb)
				strikes := test.works != 0 || test.answer != 0 || test.err != nil
				require.Equal(t, strikes || test.fault.Action == ctitest.Break, injected.Hits() == 1)
			})
		})
	}
}

func TestFaultCounts(t *testing.T) {
	b := newBench(t, ctitest.LinkOptions{})
	i := b.net.Inject(ctitest.Fault{Op: cti.OpPing, Skip: 1, Count: 2})
	ping := func() error {
		b.assoc.Serve(cti.OpPing, "", nil, func(s *ctitest.Switch) (any, error) { return nil, s.Ping() })
		m, err := b.assoc.Next(context.Background())
		require.NoError(t, err)
		return m.Err
	}
	require.NoError(t, ping())
	require.ErrorIs(t, ping(), cti.ErrRefused)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, i.Wait(ended), context.Canceled, "one strike is left")
	require.ErrorIs(t, ping(), cti.ErrRefused)
	require.NoError(t, i.Wait(context.Background()))
	require.NoError(t, ping())
	require.Equal(t, 2, i.Hits())

	always := b.net.Inject(ctitest.Fault{Count: -1, Err: &cti.Error{Err: cti.ErrBusy, Code: "busy (7)"}})
	next := b.net.Inject(ctitest.Fault{})
	for range 3 {
		require.EqualError(t, ping(), "ping: busy: busy (7)")
	}
	require.NoError(t, always.Wait(context.Background()))
	always.Remove()
	require.ErrorIs(t, ping(), cti.ErrRefused, "the next fault in the row")
	next.Remove()
	require.NoError(t, ping())
}

func TestOpeningFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, ctitest.LinkOptions{User: "u", Password: "p"})
		open := func(f ctitest.Fault) error {
			f.Op = cti.OpOpen
			b.net.Inject(f)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			a, err := b.link.Open(ctx, "u", "p")
			if err == nil {
				a.Close()
			}
			return err
		}
		_, err := b.link.Open(t.Context(), "u", "q")
		require.ErrorIs(t, err, cti.ErrBadCredentials)
		require.ErrorIs(t, open(ctitest.Fault{Err: cti.ErrBadCredentials}), cti.ErrBadCredentials)
		require.ErrorIs(t, open(ctitest.Fault{Action: ctitest.DropBefore}), cti.ErrLinkDown)
		require.ErrorIs(t, open(ctitest.Fault{Action: ctitest.Break, Mangle: ctitest.HugeLength}), ctitest.HugeLength)
		require.ErrorIs(t, open(ctitest.Fault{Action: ctitest.GoSilent}), context.DeadlineExceeded)
		require.ErrorIs(t, open(ctitest.Fault{Action: ctitest.DelayAnswer, Delay: time.Hour}), context.DeadlineExceeded)
		start := time.Now()
		require.NoError(t, open(ctitest.Fault{Action: ctitest.DelayRequest, Delay: time.Second}))
		require.Equal(t, time.Second, time.Since(start))

		b.link.Down()
		require.True(t, isDone(b.assoc.Done()))
		_, err = b.link.Open(t.Context(), "u", "p")
		require.ErrorIs(t, err, cti.ErrLinkDown)
		b.link.Up()
		a, err := b.link.Open(t.Context(), "u", "p")
		require.NoError(t, err)
		a.Close()
	})
}

func isDone(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
