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
		err := s.overtaken(cti.OpSupervise, s.startSupervision, func() { s.Link.StopMonitors("4001") })
		s.endedOrTold(err)
		s.supervise("4001")
		s.reported("4001")
	}},
	{Name: "a stop that overtakes the answer of MonitorFeatures is no success in silence",
		Needs: cti.OperationsOf(cti.OpMonitorFeatures), run: func(s *suite) {
			start := s.startFeatures
			s.endedOrTold(s.overtaken(cti.OpMonitorFeatures, start, func() { s.Link.StopMonitors("4001") }))
			require.NoError(s, start(), "it can be started again")
			s.must(s.Network.Set("4001").MessageWaiting(true))
			s.await("4001", cti.MessageWaiting)
		}},
	{Name: "events that overtake the answer of Supervise are delivered in their order", run: func(s *suite) {
		require.NoError(s, s.overtaken(cti.OpSupervise, s.startSupervision, func() {
			caller, err := s.Network.Dial("0612345678", "4001")
			s.must(err)
			s.must(s.Network.Set("4001").Answer())
			s.must(caller.HangUp())
		}))
		s.await("4001", cti.ConnectionCleared)
		var calls []cti.Kind
		for _, ev := range s.sink.of("4001") {
			if ev.Kind == cti.Delivered || ev.Kind == cti.Established {
				calls = append(calls, ev.Kind)
			}
		}
		require.Equal(s, []cti.Kind{cti.Delivered, cti.Established}, calls)
	}},
	{Name: "events that overtake the answer of a supervision given up are not delivered", run: func(s *suite) {
		s.Network.Inject(ctitest.Fault{Op: cti.OpSupervise, Action: ctitest.DelayAnswer, Delay: s.slow})
		ctx, cancel := s.soon(1)
		defer cancel()
		_, err := s.trySupervise(ctx, extension("4001"))
		require.ErrorIs(s, err, context.DeadlineExceeded)
		other := s.Network.Inject(ctitest.Fault{Op: cti.OpSupervise, Device: "4002", Action: ctitest.DelayAnswer,
			Delay: 2 * s.slow})
		done := make(chan error, 1)
		go func() {
			_, err := s.session.Supervise(s.ctx, extension("4002"))
			done <- err
		}()
		s.struck(other)
		_, err = s.Network.Dial("0612345678", "4001")
		s.must(err)
		s.within("Supervise", func() { require.NoError(s, <-done) })
		s.unmonitored("4001")
		require.Empty(s, s.sink.of("4001"))
	}},
	{Name: "what is said of a monitor that is being released concerns no other that is being started",
		run: func(s *suite) {
			s.supervise("4001")
			slow := s.Network.Inject(ctitest.Fault{Op: cti.OpSupervise, Device: "4002", Action: ctitest.DelayAnswer,
				Delay: s.slow})
			done := make(chan error, 1)
			go func() {
				_, err := s.session.Supervise(s.ctx, extension("4002"))
				done <- err
			}()
			s.struck(slow)
			leaving := s.Network.Inject(ctitest.Fault{Op: cti.OpRelease, Action: ctitest.DelayRequest, Delay: s.tick})
			released := make(chan error, 1)
			go func() { released <- s.session.Release(s.ctx, "4001") }()
			s.struck(leaving)
			_, err := s.Network.Dial("0612345678", "4001")
			s.must(err)
			s.within("Release", func() { require.NoError(s, <-released) })
			s.within("Supervise", func() { require.NoError(s, <-done) })
			require.Empty(s, s.sink.of("4002"))
			s.reported("4002")
		}},
}

// overtaken starts something whose answer comes late, and does in between what
// the PBX tells before it.
func (s *suite) overtaken(op cti.Operation, start func() error, between func()) (err error) {
	s.Helper()
	slow := s.Network.Inject(ctitest.Fault{Op: op, Device: "4001", Action: ctitest.DelayAnswer, Delay: s.slow})
	done := make(chan error, 1)
	go func() { done <- start() }()
	s.struck(slow)
	between()
	s.within(op.String(), func() { err = <-done })
	return err
}

func (s *suite) startSupervision() error {
	_, err := s.session.Supervise(s.ctx, extension("4001"))
	return err
}

func (s *suite) startFeatures() error {
	_, err := s.session.Do(s.ctx, driver.Request{Op: cti.OpMonitorFeatures, Device: "4001"})
	return err
}

// endedOrTold: what the PBX stopped was not started, or its end was told.
func (s *suite) endedOrTold(err error) {
	s.Helper()
	if err == nil {
		s.await("4001", cti.MonitorStopped)
	}
}

// reported checks that a device is monitored once, and calls at it reported.
func (s *suite) reported(device cti.DeviceID) {
	s.Helper()
	require.Equal(s, []string{s.Link.Name()}, s.Network.Monitors(device))
	_, err := s.Network.Dial("0612345679", device)
	s.must(err)
	s.await(device, cti.Delivered)
}
