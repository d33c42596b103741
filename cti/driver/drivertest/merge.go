package drivertest

import (
	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// mergeRules are the rules of the operations on two calls.
var mergeRules = []Rule{
	{Name: "ConsultationCall and ReconnectCall",
		Needs: cti.OperationsOf(cti.OpConsultationCall, cti.OpReconnectCall), run: func(s *suite) {
			s.connectSets("4001", "4002")
			held := s.onlyConnection("4001")
			active := s.performRequest(driver.Request{Op: cti.OpConsultationCall, Connection: held, Number: "4003"}).Connection
			require.Equal(s, cti.ConnectionID{Call: s.onlyConnection("4003").Call, Device: "4001"}, active)
			s.requireCalls("4001", "hold, 4002 connected", "connected, 4003 alerting")
			s.performRequest(driver.Request{Op: cti.OpReconnectCall, Held: held, Connection: active})
			s.requireCalls("4001", "connected, 4002 connected")
			s.requireCalls("4003")
		}},
	{Name: "TransferCall", Needs: cti.OperationsOf(cti.OpTransferCall), run: func(s *suite) {
		s.superviseDevices("4001", "4002", "4003")
		held, active := s.holdAndCall("4001", "4002", "4003")
		stays := s.performRequest(driver.Request{Op: cti.OpTransferCall, Held: held, Connection: active}).Connection
		require.Equal(s, s.onlyConnection("4002"), stays, "the connection of the party that stays")
		s.requireCalls("4001")
		s.requireCalls("4002", "connected, 4003 connected")
		states := map[cti.DeviceID]cti.LocalState{"4001": cti.Null, "4002": cti.Connected, "4003": cti.Connected}
		for device, state := range states {
			ev := s.awaitEvent(device, cti.Transferred)
			require.Equal(s, state, ev.State, "of %s", device)
			require.Equal(s, stays.Call, ev.Call)
			require.Equal(s, held.Call, ev.OldCall)
			require.Equal(s, active.Call, ev.OtherCall)
			require.EqualValues(s, "4001", ev.Subject.Number)
			require.EqualValues(s, "4003", ev.Target.Number)
		}
	}},
	{Name: "TransferCall while it rings", Needs: cti.OperationsOf(cti.OpTransferCall), run: func(s *suite) {
		s.connectSets("4001", "4002")
		held := s.onlyConnection("4001")
		s.mustSucceed(s.Network.Set("4001").Consult("4003"))
		active := cti.ConnectionID{Call: s.onlyConnection("4003").Call, Device: "4001"}
		s.performRequest(driver.Request{Op: cti.OpTransferCall, Held: held, Connection: active})
		s.requireCalls("4003", "alerting, 4002 connected")
	}},
	{Name: "SingleStepTransfer", Needs: cti.OperationsOf(cti.OpSingleStepTransfer), run: func(s *suite) {
		s.connectSets("4001", "4002")
		transfer := driver.Request{Op: cti.OpSingleStepTransfer, Connection: s.onlyConnection("4001"), Number: "77"}
		s.expectRefusal(transfer, cti.ErrInvalidDestination, "4001")
		transfer.Number = "4003"
		stays := s.performRequest(transfer).Connection
		require.Equal(s, s.onlyConnection("4002"), stays)
		s.requireCalls("4003", "alerting, 4002 connected")
	}},
	{Name: "ConferenceCall", Needs: cti.OperationsOf(cti.OpConferenceCall), run: func(s *suite) {
		s.superviseDevices("4001", "4002", "4003")
		held, active := s.holdAndCall("4001", "4002", "4003")
		own := s.performRequest(driver.Request{Op: cti.OpConferenceCall, Held: held, Connection: active}).Connection
		require.Equal(s, s.onlyConnection("4001"), own, "the connection of the device that stays")
		s.requireCalls("4001", "connected, 4002 connected, 4003 connected")
		for _, device := range []cti.DeviceID{"4001", "4002", "4003"} {
			ev := s.awaitEvent(device, cti.Conferenced)
			require.Equal(s, own.Call, ev.Call)
			require.ElementsMatch(s, []cti.CallID{held.Call, active.Call}, []cti.CallID{ev.OldCall, ev.OtherCall})
			require.Equal(s, cti.Connected, ev.State)
		}
	}},
	{Name: "SingleStepConference", Needs: cti.OperationsOf(cti.OpSingleStepConference), run: func(s *suite) {
		s.connectSets("4001", "4002")
		add := driver.Request{Op: cti.OpSingleStepConference, Connection: s.onlyConnection("4001"), Target: "4003"}
		added := s.performRequest(add).Connection
		require.Equal(s, s.onlyConnection("4003"), added)
		s.requireCalls("4001", "connected, 4002 connected, 4003 connected")
	}},
	{Name: "JoinCall", Needs: cti.OperationsOf(cti.OpJoinCall), run: func(s *suite) {
		s.connectSets("4001", "4002")
		join := driver.Request{Op: cti.OpJoinCall, Device: "4003", Connection: s.onlyConnection("4001")}
		own := s.performRequest(join).Connection
		require.Equal(s, s.onlyConnection("4003"), own)
	}},
	{Name: "IntrudeCall", Needs: cti.OperationsOf(cti.OpIntrudeCall), run: func(s *suite) {
		s.superviseDevices("4003")
		s.mustSucceed(s.Network.Set("4002").Lines(1))
		s.connectSets("4001", "4002")
		s.mustSucceed(s.Network.Set("4003").Call("4002"))
		blocked := s.onlyConnection("4003")
		s.requireCalls("4003", "connected, 4002 failed")
		own := s.performRequest(driver.Request{Op: cti.OpIntrudeCall, Device: "4003", Connection: blocked}).Connection
		now := s.onlyConnection("4003")
		require.Contains(s, []cti.ConnectionID{now, blocked}, own, "the one given where the PBX does not tell the new one")
		s.requireCalls("4003", "connected, 4001 connected, 4002 connected")
		ev := s.awaitEvent("4003", cti.Conferenced)
		require.Equal(s, now.Call, ev.Call)
		require.Contains(s, []cti.CallID{ev.OldCall, ev.OtherCall}, blocked.Call)
		s.expectRefusal(driver.Request{Op: cti.OpIntrudeCall, Device: "4003", Connection: now}, cti.ErrInvalidState, "")
	}},
	{Name: "IntrudeCall into a call of others is done or ErrInvalidState",
		Needs: cti.OperationsOf(cti.OpIntrudeCall), run: func(s *suite) {
			s.connectSets("4001", "4002")
			intrude := driver.Request{Op: cti.OpIntrudeCall, Device: "4003", Connection: s.onlyConnection("4001")}
			reply, err := s.tryRequest(intrude)
			if err != nil {
				s.requireError(err, cti.ErrInvalidState, cti.OpIntrudeCall, "")
				s.requireCalls("4003")
				return
			}
			require.Equal(s, s.onlyConnection("4003"), reply.Connection)
		}},
}
