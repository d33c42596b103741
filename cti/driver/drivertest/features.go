package drivertest

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
)

// featureRules are the rules of the operations on features.
var featureRules = []Rule{
	{Name: "forwards are set, read and cancelled", Needs: cti.OperationsOf(cti.OpSetForwarding, cti.OpGetForwarding), run: func(s *suite) {
		forwarder := s.ask()
		got, err := forwarder.Forwarding(s.ctx, "4001")
		require.NoError(s, err)
		require.Empty(s, got)
		for _, f := range []cti.Forward{
			{Type: cti.ForwardImmediate, Active: true, To: "4002"},
			{Type: cti.ForwardBusy, Origin: s.origin(cti.InternalCalls), Active: true, To: "4003"},
			{Type: cti.ForwardNoAnswer, Origin: s.origin(cti.ExternalCalls), Active: true, To: "00123456789"},
		} {
			for range 2 { // setting is idempotent
				require.NoError(s, forwarder.SetForwarding(s.ctx, "4001", f))
				require.Contains(s, s.Network.Picture("4001").Features.Forwards, f)
			}
		}
		got, err = forwarder.Forwarding(s.ctx, "4001")
		require.NoError(s, err)
		require.ElementsMatch(s, s.Network.Picture("4001").Features.Forwards, got)
		require.NoError(s, forwarder.SetForwarding(s.ctx, "4001", cti.Forward{Type: cti.ForwardImmediate}))
		require.Len(s, s.Network.Picture("4001").Features.Forwards, 2)
		err = forwarder.SetForwarding(s.ctx, "4001", cti.Forward{Active: true, To: "77"})
		s.isError(err, cti.ErrInvalidDestination, cti.OpSetForwarding, "4001")
	}},
	{Name: "do-not-disturb is set and read", Needs: cti.OperationsOf(cti.OpSetDoNotDisturb, cti.OpGetDoNotDisturb), run: func(s *suite) {
		dnd := s.ask()
		for _, on := range []bool{true, true, false} {
			require.NoError(s, dnd.SetDoNotDisturb(s.ctx, "4001", on))
			require.Equal(s, on, *s.Network.Picture("4001").Features.DoNotDisturb)
			got, err := dnd.DoNotDisturb(s.ctx, "4001")
			require.NoError(s, err)
			require.Equal(s, on, got)
		}
	}},
	{Name: "message waiting is set and read", Needs: cti.OperationsOf(cti.OpSetMessageWaiting, cti.OpGetMessageWaiting), run: func(s *suite) {
		lamp := s.ask()
		for _, on := range []bool{true, true, false} {
			require.NoError(s, lamp.SetMessageWaiting(s.ctx, "4001", on))
			require.Equal(s, on, *s.Network.Picture("4001").Features.MessageWaiting)
			got, err := lamp.MessageWaiting(s.ctx, "4001")
			require.NoError(s, err)
			require.Equal(s, on, got)
		}
	}},
	{Name: "the agent's state is set and read", Needs: cti.OperationsOf(cti.OpSetAgentState, cti.OpGetAgentState), run: func(s *suite) {
		s.supervise("4001")
		agents := s.ask()
		for _, state := range []cti.AgentState{cti.AgentReady, cti.AgentNotReady, cti.AgentWorkingAfterCall, cti.AgentNull} {
			require.NoError(s, agents.SetAgentState(s.ctx, "4001", state))
			require.Equal(s, state, s.Network.Picture("4001").Features.Agent)
			got, err := agents.AgentState(s.ctx, "4001")
			require.NoError(s, err)
			require.Equal(s, state, got)
		}
		if !contains(s.Unreported, cti.AgentLoggedOn) {
			s.await("4001", cti.AgentLoggedOn)
			s.await("4001", cti.AgentLoggedOff)
		}
	}},
	{Name: "features changed at the set are reported", run: func(s *suite) {
		s.supervise("4001")
		s.must(s.Network.Set("4001").DoNotDisturb(true))
		s.must(s.Network.Set("4001").MessageWaiting(true))
		if !contains(s.Unreported, cti.DoNotDisturb) {
			require.True(s, s.await("4001", cti.DoNotDisturb).On)
		}
		if !contains(s.Unreported, cti.MessageWaiting) {
			require.True(s, s.await("4001", cti.MessageWaiting).On)
		}
		s.must(s.Network.Set("4001").Forward(cti.Forward{Type: cti.ForwardBusy, Active: true, To: "4002"}))
		if s.Connector.Protocol() == cti.CSTA {
			require.Equal(s, cti.Forward{Type: cti.ForwardBusy, Active: true, To: "4002"}, s.await("4001", cti.Forwarding).Forward)
		}
	}},
	{Name: "MonitorFeatures watches features only", Needs: cti.OperationsOf(cti.OpMonitorFeatures), run: func(s *suite) {
		s.Link.SetMaxSupervisions(1)
		s.supervise("4002")
		monitor := s.ask()
		s.must(s.Network.Set("4001").DoNotDisturb(true))
		known, err := monitor.MonitorFeatures(s.ctx, "4001")
		require.NoError(s, err, "it takes no supervision slot")
		if known.DoNotDisturb != nil {
			require.True(s, *known.DoNotDisturb)
		}
		require.Empty(s, s.Network.Monitors("4001"))
		f := cti.Forward{Type: cti.ForwardBusy, Active: true, Origin: s.origin(cti.ExternalCalls), To: "4003"}
		s.must(s.Network.Set("4001").Forward(f))
		require.Equal(s, f, s.await("4001", cti.Forwarding).Forward)
		s.must(s.Network.Set("4001").Call("4002"))
		s.await("4002", cti.Delivered)
		time.Sleep(s.quiet)
		require.Empty(s, s.sink.of("4001", cti.ServiceInitiated, cti.Originated, cti.Delivered), "calls need a supervision")

		require.NoError(s, monitor.ReleaseFeatures(s.ctx, "4001"))
		require.NoError(s, monitor.ReleaseFeatures(s.ctx, "4001"), "releasing twice is no error")
		before := len(s.sink.of("4001"))
		s.must(s.Network.Set("4001").DoNotDisturb(false))
		time.Sleep(s.quiet)
		require.Len(s, s.sink.of("4001"), before)
	}},
}

// origin is the origin of a forward, where the protocol has origins.
func (s *suite) origin(o cti.Origin) cti.Origin {
	if s.NoOrigins {
		return cti.AllCalls
	}
	return o
}
