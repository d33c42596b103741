package drivertest

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// openRules are the rules of Connector.Open.
var openRules = []Rule{
	{Name: "Open begins a session", run: func(s *suite) {
		require.Equal(s, 1, s.Link.Associations())
		require.False(s, isClosed(s.session.Done()))
		require.NoError(s, s.session.Err(), "Err before Done")
	}},
	{Name: "the session outlives the ctx of its opening", unopened: true, run: func(s *suite) {
		ctx, cancel := context.WithCancel(s.ctx)
		session, sink, err := s.openConnector(ctx, s.Connector)
		require.NoError(s, err)
		s.session, s.sink = session, sink
		cancel()
		time.Sleep(s.quiet)
		s.superviseDevices("4001")
	}},
	{Name: "ctx bounds the opening", unopened: true, run: func(s *suite) {
		if s.NoHandshake {
			s.Skip("the driver's protocol has nothing to wait for")
		}
		s.Network.Inject(ctitest.Fault{Op: cti.OpOpen, Action: ctitest.GoSilent})
		ctx, cancel := s.soonEnding(1)
		defer cancel()
		start := time.Now()
		_, _, err := s.openConnector(ctx, s.Connector)
		s.requireError(err, context.DeadlineExceeded, cti.OpOpen, "")
		require.Less(s, time.Since(start), s.slow)
	}},
	{Name: "an opening that was given up leaves nothing", unopened: true, run: func(s *suite) {
		if s.NoHandshake {
			s.Skip("the driver's protocol has nothing to wait for")
		}
		before := runningGoroutines()
		s.delayAnswer(cti.OpOpen, "", s.slow)
		ctx, cancel := s.soonEnding(1)
		defer cancel()
		_, _, err := s.openConnector(ctx, s.Connector)
		require.Error(s, err)
		time.Sleep(s.slow + s.tick)
		s.awaitCondition(func() bool { return s.Link.Associations() == 0 }, "the connection is closed")
		s.requireNoneSince(before)
	}},
	{Name: "refused credentials are ErrBadCredentials", unopened: true, run: func(s *suite) {
		if s.Refused == nil {
			s.Skip("the driver's protocol has no login")
		}
		_, _, err := s.openConnector(s.ctx, s.Refused)
		s.requireError(err, cti.ErrBadCredentials, cti.OpOpen, "")
		s.requireNoSecret(err.Error())
		require.Zero(s, s.Link.Associations())
	}},
	{Name: "a link that is down is ErrLinkDown", unopened: true, run: func(s *suite) {
		s.Link.Down()
		session, _, err := s.openConnector(s.ctx, s.Connector)
		if err == nil && s.NoHandshake {
			s.awaitEnd(session)
			err = session.Err()
			require.ErrorIs(s, err, cti.ErrLinkDown)
			return
		}
		s.requireError(err, cti.ErrLinkDown, cti.OpOpen, "")
	}},
	{Name: "Open works again after the session has ended", run: func(s *suite) {
		s.superviseDevices("4001")
		s.Link.Drop()
		s.awaitEnd(s.session)
		s.openSession()
		s.superviseDevices("4001")
		require.NoError(s, s.session.Close())
		s.openSession()
		s.superviseDevices("4001")
	}},
}

// endRules are the rules about the end of a session.
var endRules = []Rule{
	{Name: "Close ends the session without an error", run: func(s *suite) {
		s.superviseDevices("4001", "4002")
		s.runWithin("Close", func() { require.NoError(s, s.session.Close()) })
		require.True(s, isClosed(s.session.Done()), "Close returned before Done")
		require.NoError(s, s.session.Err(), "Err after Close")
		s.awaitCondition(func() bool { return s.Link.Associations() == 0 }, "the connection is closed")
		require.Zero(s, s.Link.Used(), "monitors end with the session")
	}},
	{Name: "Close may be called several times and at once", run: func(s *suite) {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() { _ = s.session.Close() })
		}
		s.runWithin("Close", all.Wait)
		s.runWithin("Close", func() { require.NoError(s, s.session.Close()) })
		require.NoError(s, s.session.Err())
	}},
	{Name: "Close leaves no goroutine", unopened: true, run: func(s *suite) {
		before := runningGoroutines()
		for range 3 {
			s.openSession()
			s.superviseDevices("4001", "4002")
			s.runWithin("Close", func() { _ = s.session.Close() })
			s.requireNoneSince(before)
		}
	}},
	{Name: "a lost session leaves no goroutine", unopened: true, run: func(s *suite) {
		before := runningGoroutines()
		s.openSession()
		s.superviseDevices("4001")
		s.Link.Drop()
		s.awaitEnd(s.session)
		s.requireNoneSince(before)
	}},
	{Name: "Close ends requests in flight", run: func(s *suite) {
		lost := s.Network.Inject(ctitest.Fault{Op: cti.OpSupervise, Action: ctitest.LoseRequest})
		done := make(chan error, 1)
		go func() {
			_, err := s.session.Supervise(s.ctx, extension("4001"))
			done <- err
		}()
		s.awaitStrike(lost)
		s.runWithin("Close", func() { _ = s.session.Close() })
		s.runWithin("Supervise", func() {
			err := <-done
			require.True(s, errors.Is(err, cti.ErrClosed) || errors.Is(err, cti.ErrLinkDown), "got %v", err)
			require.False(s, cti.SafeToRetry(err), "the request had been sent")
		})
	}},
	{Name: "Close amid many requests ends them all", run: func(s *suite) {
		var all sync.WaitGroup
		for _, device := range numbers {
			all.Go(func() {
				for range 20 {
					_, _ = s.session.Supervise(s.ctx, extension(device))
					_ = s.session.Release(s.ctx, device)
				}
			})
		}
		time.Sleep(s.tick / 100)
		s.runWithin("Close", func() { _ = s.session.Close() })
		s.runWithin("the requests", all.Wait)
	}},
	{Name: "a lost link ends the session with ErrLinkDown", run: func(s *suite) {
		s.superviseDevices("4001")
		s.Link.Drop()
		s.awaitEnd(s.session)
		require.ErrorIs(s, s.session.Err(), cti.ErrLinkDown)
		s.runWithin("Close", func() { _ = s.session.Close() })
		require.ErrorIs(s, s.session.Err(), cti.ErrLinkDown, "Close does not change why the session ended")
	}},
	{Name: "the sink is not called after Done", run: func(s *suite) {
		s.superviseDevices("4001")
		for range 50 {
			s.mustSucceed(s.Network.Set("4001").MessageWaiting(true))
			_, err := s.Network.Dial("0612345678", "4001")
			s.mustSucceed(err)
			s.mustSucceed(s.Network.Set("4001").HangUp())
		}
		s.runWithin("Close", func() { _ = s.session.Close() })
		count := len(s.sink.allEvents())
		time.Sleep(s.quiet)
		require.Len(s, s.sink.allEvents(), count)
	}},
	{Name: "a request after the end is safe to retry", run: func(s *suite) {
		s.Link.Drop()
		s.awaitEnd(s.session)
		_, err := s.trySupervise(s.ctx, extension("4001"))
		s.requireError(err, cti.ErrLinkDown, cti.OpSupervise, "4001")
		require.True(s, cti.SafeToRetry(err), "nothing was sent")
	}},
	{Name: "a request after Close is safe to retry", run: func(s *suite) {
		require.NoError(s, s.session.Close())
		_, err := s.trySupervise(s.ctx, extension("4001"))
		require.True(s, errors.Is(err, cti.ErrClosed) || errors.Is(err, cti.ErrLinkDown), "got %v", err)
		require.True(s, cti.SafeToRetry(err), "nothing was sent")
	}},
}

// delayAnswer lets the next answer to an operation of a device come late; the
// device "" is any.
func (s *suite) delayAnswer(op cti.Operation, device cti.DeviceID, delay time.Duration) *ctitest.Injected {
	return s.Network.Inject(ctitest.Fault{Op: op, Device: device, Action: ctitest.DelayAnswer, Delay: delay})
}

// awaitStrike waits for a fault.
func (s *suite) awaitStrike(i *ctitest.Injected) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, s.patience)
	defer cancel()
	require.NoError(s, i.Wait(ctx), "the request never reached the PBX")
}
