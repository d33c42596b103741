package drivertest

import (
	"context"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// overtakenRules are about what the PBX says of a monitor before it answers the
// request that started it.
var overtakenRules = []Rule{
	{Name: "a stop that overtakes the answer of Supervise is no success in silence", run: func(s *suite) {
		err := s.actBeforeAnswer(cti.OpSupervise, s.startSupervision, func() { s.Link.StopMonitors("4001") })
		s.requireStopNoticed(err)
		s.superviseDevices("4001")
		s.requireReported("4001")
	}},
	{Name: "a stop that overtakes the answer of MonitorFeatures is no success in silence",
		Needs: cti.OperationsOf(cti.OpMonitorFeatures), run: func(s *suite) {
			start := s.startFeatureMonitor
			s.requireStopNoticed(s.actBeforeAnswer(cti.OpMonitorFeatures, start, func() { s.Link.StopMonitors("4001") }))
			require.NoError(s, start(), "it can be started again")
			s.mustSucceed(s.Network.Set("4001").MessageWaiting(true))
			s.awaitEvent("4001", cti.MessageWaiting)
		}},
	{Name: "events that overtake the answer of Supervise are delivered in their order", run: func(s *suite) {
		require.NoError(s, s.actBeforeAnswer(cti.OpSupervise, s.startSupervision, func() {
			caller, err := s.Network.Dial("0612345678", "4001")
			s.mustSucceed(err)
			s.mustSucceed(s.Network.Set("4001").Answer())
			s.mustSucceed(caller.HangUp())
		}))
		s.awaitEvent("4001", cti.ConnectionCleared)
		var calls []cti.Kind
		for _, ev := range s.sink.eventsOf("4001") {
			if ev.Kind == cti.Delivered || ev.Kind == cti.Established {
				calls = append(calls, ev.Kind)
			}
		}
		require.Equal(s, []cti.Kind{cti.Delivered, cti.Established}, calls)
	}},
	{Name: "events that overtake the answer of a supervision given up are not delivered", run: func(s *suite) {
		s.delayAnswer(cti.OpSupervise, "", s.slow)
		ctx, cancel := s.soonEnding(1)
		defer cancel()
		_, err := s.trySupervise(ctx, extension("4001"))
		require.ErrorIs(s, err, context.DeadlineExceeded)
		other := s.delayAnswer(cti.OpSupervise, "4002", 2*s.slow)
		done := make(chan error, 1)
		go func() {
			_, err := s.session.Supervise(s.ctx, extension("4002"))
			done <- err
		}()
		s.awaitStrike(other)
		_, err = s.Network.Dial("0612345678", "4001")
		s.mustSucceed(err)
		s.runWithin("Supervise", func() { require.NoError(s, <-done) })
		s.requireUnmonitored("4001")
		require.Empty(s, s.sink.eventsOf("4001"))
	}},
	{Name: "what is said of a monitor that is being released concerns no other that is being started",
		run: func(s *suite) {
			s.superviseDevices("4001")
			slow := s.delayAnswer(cti.OpSupervise, "4002", s.slow)
			done := make(chan error, 1)
			go func() {
				_, err := s.session.Supervise(s.ctx, extension("4002"))
				done <- err
			}()
			s.awaitStrike(slow)
			leaving := s.Network.Inject(ctitest.Fault{Op: cti.OpRelease, Action: ctitest.DelayRequest, Delay: s.tick})
			released := make(chan error, 1)
			go func() { released <- s.session.Release(s.ctx, "4001") }()
			s.awaitStrike(leaving)
			_, err := s.Network.Dial("0612345678", "4001")
			s.mustSucceed(err)
			s.runWithin("Release", func() { require.NoError(s, <-released) })
			s.runWithin("Supervise", func() { require.NoError(s, <-done) })
			require.Empty(s, s.sink.eventsOf("4002"))
			s.requireReported("4002")
		}},
}

// actBeforeAnswer starts something whose answer comes late, and does in between
// what the PBX tells before it.
func (s *suite) actBeforeAnswer(op cti.Operation, start func() error, between func()) (err error) {
	s.Helper()
	slow := s.Network.Inject(ctitest.Fault{Op: op, Device: "4001", Action: ctitest.DelayAnswer, Delay: s.slow})
	done := make(chan error, 1)
	go func() { done <- start() }()
	s.awaitStrike(slow)
	between()
	s.runWithin(op.String(), func() { err = <-done })
	return err
}

func (s *suite) startSupervision() error {
	_, err := s.session.Supervise(s.ctx, extension("4001"))
	return err
}

func (s *suite) startFeatureMonitor() error {
	_, err := s.session.Do(s.ctx, driver.Request{Op: cti.OpMonitorFeatures, Device: "4001"})
	return err
}

// requireStopNoticed: what the PBX stopped was not started, or its end was told.
func (s *suite) requireStopNoticed(err error) {
	s.Helper()
	if err == nil {
		s.awaitEvent("4001", cti.MonitorStopped)
	}
}

// requireReported checks that a device is monitored once, and calls at it reported.
func (s *suite) requireReported(device cti.DeviceID) {
	s.Helper()
	require.Equal(s, []string{s.Link.Name()}, s.Network.Monitors(device))
	_, err := s.Network.Dial("0612345679", device)
	s.mustSucceed(err)
	s.awaitEvent(device, cti.Delivered)
}
