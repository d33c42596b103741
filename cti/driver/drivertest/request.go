package drivertest

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

var makeAndClear = cti.OperationsOf(cti.OpMakeCall, cti.OpClearConnection)

// requestRules are the rules of every request, tried with MakeCall.
var requestRules = []Rule{
	{Name: "a request ends with ctx", Needs: makeAndClear, run: func(s *suite) {
		s.Network.Inject(ctitest.Fault{Op: cti.OpMakeCall, Action: ctitest.LoseRequest, Count: 2})
		ctx, cancel := s.soonEnding(1)
		defer cancel()
		start := time.Now()
		_, err := s.placeCall(ctx, "4001", "4002")
		s.requireError(err, context.DeadlineExceeded, cti.OpMakeCall, "4001")
		require.Less(s, time.Since(start), s.slow)
		require.False(s, cti.SafeToRetry(err), "the request had been sent")

		ctx, cancel = context.WithCancel(s.ctx)
		time.AfterFunc(s.tick, cancel)
		_, err = s.placeCall(ctx, "4001", "4002")
		s.requireError(err, context.Canceled, cti.OpMakeCall, "4001")
		_, err = s.placeCall(s.ctx, "4001", "4002")
		require.NoError(s, err, "the session goes on")
	}},
	{Name: "a request under a ctx that has ended is not sent", Needs: makeAndClear, run: func(s *suite) {
		ctx, cancel := context.WithCancel(s.ctx)
		cancel()
		_, err := s.placeCall(ctx, "4001", "4002")
		s.requireError(err, context.Canceled, cti.OpMakeCall, "4001")
		require.True(s, cti.SafeToRetry(err))
		time.Sleep(s.quiet)
		require.Zero(s, s.Network.Calls())
	}},
	{Name: "a request ends with the session", Needs: makeAndClear, run: func(s *suite) {
		s.Network.Inject(ctitest.Fault{Op: cti.OpMakeCall, Action: ctitest.DropAfter})
		_, err := s.placeCall(s.ctx, "4001", "4002")
		s.requireError(err, cti.ErrLinkDown, cti.OpMakeCall, "4001")
		require.False(s, cti.SafeToRetry(err), "the call was made")
		require.Equal(s, 1, s.Network.Calls())
		s.awaitEnd(s.session)
		_, err = s.placeCall(s.ctx, "4001", "4002")
		s.requireError(err, cti.ErrLinkDown, cti.OpMakeCall, "4001")
		require.True(s, cti.SafeToRetry(err), "nothing was sent")
	}},
	{Name: "an answer is not safe to retry", Needs: makeAndClear, run: func(s *suite) {
		_, err := s.placeCall(s.ctx, "4001", "77")
		s.requireError(err, cti.ErrInvalidDestination, cti.OpMakeCall, "4001")
		require.False(s, cti.SafeToRetry(err), "the PBX has answered")
	}},
	{Name: "slow answers do not hold up others", Needs: makeAndClear, run: func(s *suite) {
		slow := s.delayAnswer(cti.OpMakeCall, "4001", s.slow)
		done := make(chan error, 1)
		go func() {
			_, err := s.placeCall(s.ctx, "4001", "4002")
			done <- err
		}()
		s.awaitStrike(slow)
		c, err := s.placeCall(s.ctx, "4003", "4004")
		require.NoError(s, err)
		require.EqualValues(s, "4003", c.Device)
		require.Empty(s, done, "the slow answer came first")
		require.NoError(s, <-done)
	}},
	{Name: "methods may be called at once", run: func(s *suite) {
		var all sync.WaitGroup
		for _, device := range numbers {
			all.Go(func() { s.useDevice(device) })
		}
		s.runWithin("all of it", all.Wait)
		for _, device := range numbers {
			require.Empty(s, s.Network.Monitors(device))
		}
	}},
}

// useDevice uses the session for one device, beside others.
func (s *suite) useDevice(device cti.DeviceID) {
	for range 10 {
		shot, err := s.session.Supervise(s.ctx, extension(device))
		if err != nil || shot.Device != device {
			s.Errorf("Supervise %s: snapshot of %q, %v", device, shot.Device, err)
		}
		if s.caps.Operations.Has(cti.OpMakeCall) {
			// Another worker's call may alert here: that is ErrInvalidState.
			made, err := s.session.Do(s.ctx, driver.Request{Op: cti.OpMakeCall, Device: device, Number: "00123456789"})
			if err == nil && made.Connection.Device != device || err != nil && !errors.Is(err, cti.ErrInvalidState) {
				s.Errorf("MakeCall of %s: %v, %v", device, made.Connection, err)
			}
			_ = s.Network.Set(device).HangUp()
		}
		s.session.Capabilities()
		_ = s.session.Err()
		if err := s.session.Release(s.ctx, device); err != nil {
			s.Errorf("Release %s: %v", device, err)
		}
	}
}

// placeCall has a device call a number, under a ctx of the rule's own.
func (s *suite) placeCall(ctx context.Context, from cti.DeviceID, to string) (cti.ConnectionID, error) {
	s.Helper()
	reply, err := s.tryRequestUnder(ctx, driver.Request{Op: cti.OpMakeCall, Device: from, Number: to})
	return reply.Connection, err
}

// lateRules are the rules about answers to requests that were given up.
var lateRules = []Rule{
	{Name: "a late answer goes to no other request", Needs: makeAndClear, run: func(s *suite) {
		s.delayAnswer(cti.OpMakeCall, "4001", s.slow)
		s.delayAnswer(cti.OpMakeCall, "4003", s.slow+s.tick)
		ctx, cancel := s.soonEnding(1)
		defer cancel()
		_, err := s.placeCall(ctx, "4001", "4002")
		require.ErrorIs(s, err, context.DeadlineExceeded)
		c, err := s.placeCall(s.ctx, "4003", "4004")
		require.NoError(s, err)
		require.EqualValues(s, "4003", c.Device, "the answer of another request")
	}},
	{Name: "a late snapshot goes to no other supervision", run: func(s *suite) {
		s.delayAnswer(cti.OpSnapshotDevice, "4001", s.slow)
		s.delayAnswer(cti.OpSnapshotDevice, "4003", s.slow+s.tick)
		s.mustSucceed(s.Network.Set("4001").Call("4002"))
		ctx, cancel := s.soonEnding(1)
		defer cancel()
		_, err := s.trySupervise(ctx, extension("4001"))
		require.ErrorIs(s, err, context.DeadlineExceeded)
		shot, err := s.trySupervise(s.ctx, extension("4003"))
		require.NoError(s, err)
		s.requireSamePicture(shot, "4003")
	}},
	{Name: "a late call is cleared or reported", Needs: makeAndClear, run: func(s *suite) {
		s.delayAnswer(cti.OpMakeCall, "", s.slow)
		ctx, cancel := s.soonEnding(1)
		defer cancel()
		_, err := s.placeCall(ctx, "4001", "4002")
		require.ErrorIs(s, err, context.DeadlineExceeded)
		s.awaitCondition(func() bool {
			return s.Network.Calls() == 0 || slices.ContainsFunc(s.sink.allEvents(), isLateAnswer(cti.OpMakeCall))
		}, "the call is cleared, or an event LateAnswer says what it left")
		s.requireLateCounted()
	}},
	{Name: "a late change is reported", Needs: cti.OperationsOf(cti.OpSetDoNotDisturb), run: func(s *suite) {
		s.delayAnswer(cti.OpSetDoNotDisturb, "", s.slow)
		ctx, cancel := s.soonEnding(1)
		defer cancel()
		_, err := s.session.Do(ctx, driver.Request{Op: cti.OpSetDoNotDisturb, Device: "4001", On: true})
		s.requireError(err, context.DeadlineExceeded, cti.OpSetDoNotDisturb, "4001")
		s.awaitCondition(func() bool { return slices.ContainsFunc(s.sink.allEvents(), isLateAnswer(cti.OpSetDoNotDisturb)) },
			"an event LateAnswer says what was done")
		s.requireLateCounted()
	}},
	{Name: "a late refusal is no event", Needs: makeAndClear, run: func(s *suite) {
		s.Network.Inject(ctitest.Fault{Op: cti.OpMakeCall, Action: ctitest.DelayRequest, Delay: s.slow})
		ctx, cancel := s.soonEnding(1)
		defer cancel()
		_, err := s.placeCall(ctx, "4001", "77")
		require.ErrorIs(s, err, context.DeadlineExceeded)
		time.Sleep(s.quiet + s.slow)
		require.NotContains(s, kindsOf(s.sink.allEvents()), cti.LateAnswer)
		s.requireLateCounted()
	}},
}

// isLateAnswer matches the report of a late answer.
func isLateAnswer(op cti.Operation) func(cti.Event) bool {
	return func(ev cti.Event) bool { return ev.Kind == cti.LateAnswer && ev.Text != "" && ev.Device == "4001" }
}

func kindsOf(events []cti.Event) (kinds []cti.Kind) {
	for _, ev := range events {
		kinds = append(kinds, ev.Kind)
	}
	return kinds
}

// requireLateCounted checks that a session that counts has counted one late answer.
func (s *suite) requireLateCounted() {
	s.Helper()
	if c := s.session; c.Counters() != (driver.Counters{}) {
		s.awaitCondition(func() bool { return c.Counters().LateAnswers == 1 }, "the late answer is counted")
	}
}

// brokenRules are the rules about a peer that breaks the protocol.
var brokenRules = []Rule{
	{Name: "garbage ends the session with ErrProtocol", run: breaksSession(ctitest.Garbage, cti.ErrProtocol)},
	{Name: "a huge length ends the session with ErrProtocol", run: breaksSession(ctitest.HugeLength, cti.ErrProtocol)},
	{Name: "half a message ends the session", run: breaksSession(ctitest.HalfMessage, cti.ErrProtocol, cti.ErrLinkDown)},
	{Name: "garbage for an answer ends the request", Needs: makeAndClear, run: func(s *suite) {
		s.Network.Inject(ctitest.Fault{Op: cti.OpMakeCall, Action: ctitest.Break, Mangle: ctitest.Garbage})
		_, err := s.placeCall(s.ctx, "4001", "4002")
		var e *cti.Error
		require.ErrorAs(s, err, &e)
		require.True(s, errors.Is(err, cti.ErrProtocol) || errors.Is(err, cti.ErrLinkDown), "got %v", err)
		require.False(s, cti.SafeToRetry(err))
		s.awaitEnd(s.session)
		require.ErrorIs(s, s.session.Err(), cti.ErrProtocol)
	}},
	{Name: "garbage at the opening is ErrProtocol", unopened: true, run: breaksOpening(ctitest.Garbage)},
	{Name: "a huge length at the opening is ErrProtocol", unopened: true, run: breaksOpening(ctitest.HugeLength)},
	{Name: "half a message at the opening is an error", unopened: true, run: breaksOpening(ctitest.HalfMessage)},
	{Name: "a broken session leaves no goroutine", unopened: true, run: func(s *suite) {
		before := runningGoroutines()
		s.openSession()
		s.Link.Send(ctitest.Garbage)
		s.awaitEnd(s.session)
		s.requireNoneSince(before)
		s.awaitCondition(func() bool { return s.Link.Associations() == 0 }, "the driver closes the connection")
	}},
}

// breaksSession checks that a session ends when the peer sends something broken,
// with one of the sentinels.
func breaksSession(m ctitest.Mangle, sentinels ...error) func(*suite) {
	return func(s *suite) {
		s.superviseDevices("4001")
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s.Link.Send(m)
		s.awaitEnd(s.session)
		runtime.ReadMemStats(&after)
		require.Less(s, after.TotalAlloc-before.TotalAlloc, uint64(64<<20), "memory taken for what was only announced")
		err := s.session.Err()
		require.True(s, slices.ContainsFunc(sentinels, func(want error) bool { return errors.Is(err, want) }), "got %v", err)
	}
}

// breaksOpening checks an opening that is answered with something broken.
func breaksOpening(m ctitest.Mangle) func(*suite) {
	return func(s *suite) {
		s.Network.Inject(ctitest.Fault{Op: cti.OpOpen, Action: ctitest.Break, Mangle: m})
		session, _, err := s.openConnector(s.ctx, s.Connector)
		if err == nil { // the protocol need not wait for anything
			s.awaitEnd(session)
			err = session.Err()
		}
		if m == ctitest.HalfMessage && errors.Is(err, cti.ErrLinkDown) {
			return
		}
		require.ErrorIs(s, err, cti.ErrProtocol)
	}
}
