package drivertest

import (
	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// redirectRules are the rules of the operations that bring a call elsewhere.
var redirectRules = []Rule{
	{Name: "DeflectCall", Needs: cti.OperationsOf(cti.OpDeflectCall), run: func(s *suite) {
		s.superviseDevices("4002", "4003")
		s.mustSucceed(s.Network.Set("4001").Call("4002"))
		c := s.onlyConnection("4002")
		s.performRequest(driver.Request{Op: cti.OpDeflectCall, Connection: c, Number: "4003"})
		s.requireCalls("4003", "alerting, 4001 connected")
		ev := s.awaitEvent("4002", cti.Diverted)
		require.Equal(s, cti.Null, ev.State)
		require.EqualValues(s, "4003", ev.Target.Number)
		ev = s.awaitEvent("4003", cti.Delivered)
		require.EqualValues(s, "4002", ev.Redirection.Number)
		s.expectRefusal(driver.Request{Op: cti.OpDeflectCall, Connection: c, Number: "4004"}, cti.ErrInvalidCall, "4002")
	}},
	{Name: "DirectedPickup", Needs: cti.OperationsOf(cti.OpDirectedPickup), run: func(s *suite) {
		s.superviseDevices("4002", "4003")
		s.mustSucceed(s.Network.Set("4001").Call("4002"))
		s.performRequest(driver.Request{Op: cti.OpDirectedPickup, Device: "4003", Connection: s.onlyConnection("4002")})
		s.requireCalls("4003", "connected, 4001 connected")
		require.Equal(s, cti.CauseCallPickup, s.awaitEvent("4003", cti.Established).Cause)
		s.requireCalls("4002")
	}},
	{Name: "GroupPickup", Needs: cti.OperationsOf(cti.OpGroupPickup), run: func(s *suite) {
		s.mustSucceed(s.Network.Set("4002").Group("g"))
		s.mustSucceed(s.Network.Set("4003").Group("g"))
		s.expectRefusal(driver.Request{Op: cti.OpGroupPickup, Device: "4003"}, cti.ErrInvalidCall, "4003")
		s.mustSucceed(s.Network.Set("4001").Call("4002"))
		s.performRequest(driver.Request{Op: cti.OpGroupPickup, Device: "4003"})
		s.requireCalls("4003", "connected, 4001 connected")
	}},
	{Name: "ParkCall", Needs: cti.OperationsOf(cti.OpParkCall, cti.OpDirectedPickup), run: func(s *suite) {
		s.superviseDevices("4003")
		s.connectSets("4001", "4002")
		s.performRequest(driver.Request{Op: cti.OpParkCall, Connection: s.onlyConnection("4001"), Target: "4003"})
		s.requireCalls("4003", "queued, 4002 connected")
		require.Equal(s, cti.Queued, s.awaitEvent("4003", cti.CallQueued).State)
		s.performRequest(driver.Request{Op: cti.OpDirectedPickup, Device: "4001", Connection: s.onlyConnection("4003")})
		s.requireCalls("4001", "connected, 4002 connected")
	}},
	{Name: "CampOnCall waits for a busy set", Needs: cti.OperationsOf(cti.OpCampOnCall), run: func(s *suite) {
		s.makeBusy("4002", "4003")
		s.mustSucceed(s.Network.Set("4001").Call("4002"))
		s.performRequest(driver.Request{Op: cti.OpCampOnCall, Connection: s.onlyConnection("4001")})
		s.requireCalls("4001", "connected, 4002 queued")
		s.mustSucceed(s.Network.Set("4002").HangUp())
		s.requireCalls("4001", "connected, 4002 alerting")
	}},
	{Name: "CallBack calls when both are free", Needs: cti.OperationsOf(cti.OpCallBack), run: func(s *suite) {
		s.makeBusy("4002", "4003")
		s.mustSucceed(s.Network.Set("4001").Call("4002"))
		s.performRequest(driver.Request{Op: cti.OpCallBack, Connection: s.onlyConnection("4001")})
		s.requireCalls("4001")
		s.mustSucceed(s.Network.Set("4002").HangUp())
		s.requireCalls("4001", "alerting")
		s.mustSucceed(s.Network.Set("4001").Answer())
		s.requireCalls("4001", "connected, 4002 alerting")
	}},
}

// makeBusy makes a set busy in a call.
func (s *suite) makeBusy(device, with cti.DeviceID) {
	s.Helper()
	s.mustSucceed(s.Network.Set(device).Lines(1))
	s.connectSets(device, with)
}
