package drivertest

import (
	"context"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// superviseRules are the rules of Session.Supervise.
var superviseRules = []Rule{
	{Name: "Supervise starts the monitor and reads the snapshot", run: func(s *suite) {
		s.mustSucceed(s.Network.Set("4002").Call("4001"))
		s.mustSucceed(s.Network.Set("4001").Answer())
		s.mustSucceed(s.Network.Set("4001").Consult("00123456789"))
		shot, err := s.trySupervise(s.ctx, extension("4001"))
		require.NoError(s, err)
		s.requireSamePicture(shot, "4001")
		require.False(s, shot.Time.IsZero(), "a snapshot has a time")
		require.Equal(s, []string{s.Link.Name()}, s.Network.Monitors("4001"))
		shot, err = s.trySupervise(s.ctx, extension("4003"))
		require.NoError(s, err)
		s.requireSamePicture(shot, "4003")
	}},
	{Name: "events between monitor and snapshot are not lost", run: func(s *suite) {
		slow := s.delayAnswer(cti.OpSnapshotDevice, "", s.slow)
		done := make(chan error, 1)
		go func() {
			_, err := s.session.Supervise(s.ctx, extension("4001"))
			done <- err
		}()
		s.awaitStrike(slow)
		_, err := s.Network.Dial("0612345678", "4001")
		s.mustSucceed(err)
		s.runWithin("Supervise", func() { require.NoError(s, <-done) })
		s.awaitEvent("4001", cti.Delivered)
	}},
	{Name: "a full link is ErrCapacity with the limit", run: func(s *suite) {
		s.Link.SetMaxSupervisions(2)
		s.superviseDevices("4001", "4002")
		_, err := s.trySupervise(s.ctx, extension("4003"))
		s.requireError(err, cti.ErrCapacity, cti.OpSupervise, "4003")
		var e *cti.Error
		require.ErrorAs(s, err, &e)
		if !s.Link.Options().HideLimit {
			require.Equal(s, 2, e.Limit)
		}
		require.Empty(s, s.Network.Monitors("4003"))
		require.NoError(s, s.session.Release(s.ctx, "4001"))
		s.superviseDevices("4003")
	}},
	{Name: "an unknown extension is ErrInvalidDevice", run: func(s *suite) {
		_, err := s.trySupervise(s.ctx, extension("4999"))
		s.requireError(err, cti.ErrInvalidDevice, cti.OpSupervise, "4999")
		s.superviseDevices("4001")
	}},
	{Name: "a set that the link cannot supervise is ErrUnsupportedSet", run: func(s *suite) {
		soft := extension("4100")
		soft.SetType = cti.I2052
		s.Network.Add(soft)
		shot, err := s.trySupervise(s.ctx, soft)
		if s.Connector.Protocol() == cti.CSTA {
			require.NoError(s, err, "CSTA supervises the i2052")
			require.Equal(s, soft.Number, shot.Device)
			return
		}
		s.requireError(err, cti.ErrUnsupportedSet, cti.OpSupervise, "4100")
		require.Empty(s, s.Network.Monitors("4100"))
	}},
	{Name: "a wrong extension password is ErrBadPassword", run: func(s *suite) {
		if s.Connector.Protocol() != cti.VTIXML {
			s.Skip("extension passwords belong to VTI-XML")
		}
		ext := extension("4001")
		ext.Password = ctikit.NewSecret("guessed-password")
		_, err := s.trySupervise(s.ctx, ext)
		s.requireError(err, cti.ErrBadPassword, cti.OpSupervise, "4001")
		require.NotContains(s, err.Error(), "guessed-password")
		require.Empty(s, s.Network.Monitors("4001"))
		s.superviseDevices("4001")
	}},
	{Name: "an extension password may hold any character", run: func(s *suite) {
		ext := extension("4200")
		ext.Password = ctikit.NewSecret(`<&">'é ]]>%00\`)
		s.Network.Add(ext)
		_, err := s.trySupervise(s.ctx, ext)
		require.NoError(s, err)
	}},
	{Name: "a site out of reach is ErrUnreachable", run: func(s *suite) {
		s.Link.SetReach([]cti.Pattern{{Site: 2, Cluster: cti.Any}})
		_, err := s.trySupervise(s.ctx, extension("4001"))
		s.requireError(err, cti.ErrUnreachable, cti.OpSupervise, "4001")
		s.Link.SetReach(nil)
		s.superviseDevices("4001")
	}},
	{Name: "another refusal is typed and names the extension", run: func(s *suite) {
		s.Network.Inject(ctitest.Fault{Op: cti.OpSupervise, Action: ctitest.Refuse})
		_, err := s.trySupervise(s.ctx, extension("4001"))
		s.requireError(err, cti.ErrRefused, cti.OpSupervise, "4001")
	}},
	{Name: "a link lost while supervising is ErrLinkDown", run: func(s *suite) {
		s.Network.Inject(ctitest.Fault{Op: cti.OpSupervise, Action: ctitest.DropBefore})
		_, err := s.trySupervise(s.ctx, extension("4001"))
		s.requireError(err, cti.ErrLinkDown, cti.OpSupervise, "4001")
		require.False(s, cti.SafeToRetry(err), "the request had been sent")
		s.awaitEnd(s.session)
	}},
	{Name: "a refused snapshot leaves no monitor", run: func(s *suite) {
		s.Network.Inject(ctitest.Fault{Op: cti.OpSnapshotDevice, Action: ctitest.Refuse})
		_, err := s.trySupervise(s.ctx, extension("4001"))
		require.ErrorIs(s, err, cti.ErrRefused)
		s.requireUnmonitored("4001")
		s.superviseDevices("4001")
	}},
	{Name: "a supervision given up leaves no monitor", run: func(s *suite) {
		s.delayAnswer(cti.OpSupervise, "", s.slow)
		ctx, cancel := s.soonEnding(1)
		defer cancel()
		start := time.Now()
		_, err := s.trySupervise(ctx, extension("4001"))
		s.requireError(err, context.DeadlineExceeded, cti.OpSupervise, "4001")
		require.False(s, cti.SafeToRetry(err), "the request had been sent")
		require.Less(s, time.Since(start), s.slow, "Supervise returns when ctx ends")
		time.Sleep(s.slow)
		s.requireUnmonitored("4001")
		if c := s.session; c.Counters() != (driver.Counters{}) {
			s.awaitCondition(func() bool { n := c.Counters(); return n.LateAnswers == 1 && n.Undone == 1 },
				"the late answer is counted, and that its monitor was stopped")
		}
	}},
	{Name: "a supervision given up during the snapshot leaves no monitor", run: func(s *suite) {
		s.delayAnswer(cti.OpSnapshotDevice, "", s.slow)
		ctx, cancel := s.soonEnding(1)
		defer cancel()
		_, err := s.trySupervise(ctx, extension("4001"))
		require.ErrorIs(s, err, context.DeadlineExceeded)
		s.requireUnmonitored("4001")
	}},
	{Name: "a monitor whose answer was lost reports nothing", run: func(s *suite) {
		s.Network.Inject(ctitest.Fault{Op: cti.OpSupervise, Action: ctitest.LoseAnswer})
		ctx, cancel := s.soonEnding(1)
		defer cancel()
		_, err := s.trySupervise(ctx, extension("4001"))
		require.ErrorIs(s, err, context.DeadlineExceeded)
		s.requireSilent("4001")
		s.superviseDevices("4001")
		_, err = s.Network.Dial("0612345678", "4001")
		s.mustSucceed(err)
		s.awaitEvent("4001", cti.Delivered)
		time.Sleep(s.quiet)
		require.Len(s, s.sink.eventsOf("4001", cti.Delivered), 1, "each event once")
	}},
}

// releaseRules are the rules of Session.Release.
var releaseRules = []Rule{
	{Name: "Release stops the monitor", run: func(s *suite) {
		s.superviseDevices("4001", "4002")
		s.releaseDevice("4001")
		require.Empty(s, s.Network.Monitors("4001"))
		s.requireSilent("4001")
		_, err := s.Network.Dial("0612345678", "4002")
		s.mustSucceed(err)
		s.awaitEvent("4002", cti.Delivered)
		s.superviseDevices("4001")
		_, err = s.Network.Dial("0612345679", "4001")
		s.mustSucceed(err)
		s.awaitEvent("4001", cti.Delivered)
	}},
	{Name: "no event follows Release", run: func(s *suite) {
		s.superviseDevices("4001")
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for on := true; !isClosed(stop); on = !on {
				_ = s.Network.Set("4001").MessageWaiting(on)
				_, _ = s.Network.Dial("0612345678", "4001")
				_ = s.Network.Set("4001").HangUp()
				time.Sleep(s.tick / 100)
			}
		}()
		defer func() { close(stop); <-stopped }()
		time.Sleep(s.tick)
		require.NotEmpty(s, s.sink.eventsOf("4001"))
		s.releaseDevice("4001")
		count := len(s.sink.eventsOf("4001"))
		time.Sleep(s.tick)
		require.Len(s, s.sink.eventsOf("4001"), count)
	}},
	{Name: "releasing what is not supervised is no error", run: func(s *suite) {
		s.releaseDevice("4001")
		s.superviseDevices("4001")
		s.releaseDevice("4001")
		s.releaseDevice("4001")
		s.releaseDevice("4999")
	}},
	{Name: "a release given up ends with ctx and stays silent", run: func(s *suite) {
		s.superviseDevices("4001")
		s.Network.Inject(ctitest.Fault{Op: cti.OpRelease, Action: ctitest.LoseRequest})
		ctx, cancel := s.soonEnding(1)
		defer cancel()
		var err error
		s.runWithin("Release", func() { err = s.session.Release(ctx, "4001") })
		s.requireError(err, context.DeadlineExceeded, cti.OpRelease, "4001")
		s.requireSilent("4001")
	}},
	{Name: "a monitor that the PBX stops is reported", run: func(s *suite) {
		s.superviseDevices("4001", "4002")
		s.Link.StopMonitors("4001")
		s.awaitEvent("4001", cti.MonitorStopped)
		s.requireSilent("4001")
		s.releaseDevice("4001")
		s.superviseDevices("4001")
		require.Equal(s, []string{s.Link.Name()}, s.Network.Monitors("4001"))
		_, err := s.Network.Dial("0612345678", "4001")
		s.mustSucceed(err)
		s.awaitEvent("4001", cti.Delivered)
		require.Empty(s, s.sink.eventsOf("4002", cti.MonitorStopped))
	}},
	{Name: "a monitor that the PBX stops during Supervise is no success in silence", run: func(s *suite) {
		slow := s.delayAnswer(cti.OpSnapshotDevice, "", s.slow)
		done := make(chan error, 1)
		go func() {
			_, err := s.session.Supervise(s.ctx, extension("4001"))
			done <- err
		}()
		s.awaitStrike(slow)
		s.Link.StopMonitors("4001")
		var err error
		s.runWithin("Supervise", func() { err = <-done })
		if err == nil {
			s.awaitEvent("4001", cti.MonitorStopped)
		}
		s.superviseDevices("4001")
		require.Equal(s, []string{s.Link.Name()}, s.Network.Monitors("4001"))
	}},
}

func (s *suite) releaseDevice(device cti.DeviceID) {
	s.Helper()
	s.runWithin("Release", func() { require.NoError(s, s.session.Release(s.ctx, device)) })
}

// requireUnmonitored checks that a device has no monitor, or soon has none, and
// that nothing of it is reported.
func (s *suite) requireUnmonitored(device cti.DeviceID) {
	s.Helper()
	s.awaitCondition(func() bool { return len(s.Network.Monitors(device)) == 0 }, "the monitor of %s is stopped", device)
	s.requireSilent(device)
}

// requireSilent checks that calls at a device are not reported.
func (s *suite) requireSilent(device cti.DeviceID) {
	s.Helper()
	before := len(s.sink.eventsOf(device))
	caller, err := s.Network.Dial("0699999999", device)
	s.mustSucceed(err)
	time.Sleep(s.quiet)
	s.mustSucceed(caller.HangUp())
	time.Sleep(s.quiet)
	require.Len(s, s.sink.eventsOf(device), before, "events of %s, which is not supervised: %s", device, lines{s.sink})
}
