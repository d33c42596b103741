package drivertest

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// featureRules are the rules of the operations on features.
var featureRules = []Rule{
	{Name: "forwards are set, read and cancelled",
		Needs: cti.OperationsOf(cti.OpSetForwarding, cti.OpGetForwarding), run: func(s *suite) {
			got := s.performRequest(driver.Request{Op: cti.OpGetForwarding, Device: "4001"}).Forwards
			require.Empty(s, got)
			for _, f := range []cti.Forward{
				{Type: cti.ForwardImmediate, Active: true, To: "4002"},
				{Type: cti.ForwardBusy, Origin: s.supportedOrigin(cti.InternalCalls), Active: true, To: "4003"},
				{Type: cti.ForwardNoAnswer, Origin: s.supportedOrigin(cti.ExternalCalls), Active: true, To: "00123456789"},
			} {
				for range 2 { // setting is idempotent
					s.performRequest(driver.Request{Op: cti.OpSetForwarding, Device: "4001", Forward: f})
					require.Contains(s, s.Network.Picture("4001").Features.Forwards, f)
				}
			}
			got = s.performRequest(driver.Request{Op: cti.OpGetForwarding, Device: "4001"}).Forwards
			require.ElementsMatch(s, s.Network.Picture("4001").Features.Forwards, got)
			cancelled := cti.Forward{Type: cti.ForwardImmediate}
			s.performRequest(driver.Request{Op: cti.OpSetForwarding, Device: "4001", Forward: cancelled})
			require.Len(s, s.Network.Picture("4001").Features.Forwards, 2)
			nowhere := cti.Forward{Active: true, To: "77"}
			s.expectRefusal(driver.Request{Op: cti.OpSetForwarding, Device: "4001", Forward: nowhere},
				cti.ErrInvalidDestination, "4001")
		}},
	{Name: "do-not-disturb is set and read",
		Needs: cti.OperationsOf(cti.OpSetDoNotDisturb, cti.OpGetDoNotDisturb), run: func(s *suite) {
			for _, on := range []bool{true, true, false} {
				s.performRequest(driver.Request{Op: cti.OpSetDoNotDisturb, Device: "4001", On: on})
				require.Equal(s, on, *s.Network.Picture("4001").Features.DoNotDisturb)
				got := s.performRequest(driver.Request{Op: cti.OpGetDoNotDisturb, Device: "4001"}).On
				require.Equal(s, on, got)
			}
		}},
	{Name: "message waiting is set and read",
		Needs: cti.OperationsOf(cti.OpSetMessageWaiting, cti.OpGetMessageWaiting), run: func(s *suite) {
			for _, on := range []bool{true, true, false} {
				s.performRequest(driver.Request{Op: cti.OpSetMessageWaiting, Device: "4001", On: on})
				require.Equal(s, on, *s.Network.Picture("4001").Features.MessageWaiting)
				got := s.performRequest(driver.Request{Op: cti.OpGetMessageWaiting, Device: "4001"}).On
				require.Equal(s, on, got)
			}
		}},
	{Name: "the agent's state is set and read",
		Needs: cti.OperationsOf(cti.OpSetAgentState, cti.OpGetAgentState), run: func(s *suite) {
			s.superviseDevices("4001")
			for _, state := range []cti.AgentState{cti.AgentReady, cti.AgentNotReady, cti.AgentWorkingAfterCall, cti.AgentNull} {
				s.performRequest(driver.Request{Op: cti.OpSetAgentState, Device: "4001", Agent: cti.Agent{State: state}})
				require.Equal(s, state, s.Network.Picture("4001").Features.Agent)
				got := s.performRequest(driver.Request{Op: cti.OpGetAgentState, Device: "4001"}).Agent
				require.Equal(s, state, got)
			}
			if s.reports(cti.AgentLoggedOn) {
				s.awaitEvent("4001", cti.AgentLoggedOn)
				s.awaitEvent("4001", cti.AgentLoggedOff)
			}
		}},
	{Name: "features changed at the set are reported", run: func(s *suite) {
		s.superviseDevices("4001")
		s.mustSucceed(s.Network.Set("4001").DoNotDisturb(true))
		s.mustSucceed(s.Network.Set("4001").MessageWaiting(true))
		if s.reports(cti.DoNotDisturb) {
			require.True(s, s.awaitEvent("4001", cti.DoNotDisturb).On)
		}
		if s.reports(cti.MessageWaiting) {
			require.True(s, s.awaitEvent("4001", cti.MessageWaiting).On)
		}
		f := cti.Forward{Type: cti.ForwardBusy, Active: true, To: "4002"}
		s.mustSucceed(s.Network.Set("4001").Forward(f))
		if s.Connector.Protocol() == cti.CSTA {
			require.Equal(s, f, s.awaitEvent("4001", cti.Forwarding).Forward)
		}
	}},
	{Name: "MonitorFeatures watches features only", Needs: cti.OperationsOf(cti.OpMonitorFeatures), run: func(s *suite) {
		s.Link.SetMaxSupervisions(1)
		s.superviseDevices("4002")
		s.mustSucceed(s.Network.Set("4001").DoNotDisturb(true))
		// It takes no supervision slot.
		known := s.performRequest(driver.Request{Op: cti.OpMonitorFeatures, Device: "4001"}).Features
		if known.DoNotDisturb != nil {
			require.True(s, *known.DoNotDisturb)
		}
		require.Empty(s, s.Network.Monitors("4001"))
		f := cti.Forward{Type: cti.ForwardBusy, Active: true, Origin: s.supportedOrigin(cti.ExternalCalls), To: "4003"}
		s.mustSucceed(s.Network.Set("4001").Forward(f))
		require.Equal(s, f, s.awaitEvent("4001", cti.Forwarding).Forward)
		s.mustSucceed(s.Network.Set("4001").Call("4002"))
		s.awaitEvent("4002", cti.Delivered)
		time.Sleep(s.quiet)
		require.Empty(s, s.sink.eventsOf("4001", cti.ServiceInitiated, cti.Originated, cti.Delivered),
			"calls need a supervision")

		s.performRequest(driver.Request{Op: cti.OpReleaseFeatures, Device: "4001"})
		s.performRequest(driver.Request{Op: cti.OpReleaseFeatures, Device: "4001"}) // releasing twice is no error
		before := len(s.sink.eventsOf("4001"))
		s.mustSucceed(s.Network.Set("4001").DoNotDisturb(false))
		time.Sleep(s.quiet)
		require.Len(s, s.sink.eventsOf("4001"), before)
	}},
}

// supportedOrigin is the origin of a forward, where the protocol has origins.
func (s *suite) supportedOrigin(o cti.Origin) cti.Origin {
	if s.NoOrigins {
		return cti.AllCalls
	}
	return o
}
