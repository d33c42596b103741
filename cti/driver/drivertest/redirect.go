package drivertest

import (
	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// redirectRules are the rules of the operations that bring a call elsewhere.
var redirectRules = []Rule{
	{Name: "DeflectCall", Needs: cti.OperationsOf(cti.OpDeflectCall), run: func(s *suite) {
		s.supervise("4002", "4003")
		s.must(s.Network.Set("4001").Call("4002"))
		c := s.only("4002")
		s.performRequest(driver.Request{Op: cti.OpDeflectCall, Connection: c, Number: "4003"})
		s.pictured("4003", "alerting, 4001 connected")
		ev := s.await("4002", cti.Diverted)
		require.Equal(s, cti.Null, ev.State)
		require.EqualValues(s, "4003", ev.Target.Number)
		ev = s.await("4003", cti.Delivered)
		require.EqualValues(s, "4002", ev.Redirection.Number)
		s.expectRefusal(driver.Request{Op: cti.OpDeflectCall, Connection: c, Number: "4004"}, cti.ErrInvalidCall, "4002")
	}},
	{Name: "DirectedPickup", Needs: cti.OperationsOf(cti.OpDirectedPickup), run: func(s *suite) {
		s.supervise("4002", "4003")
		s.must(s.Network.Set("4001").Call("4002"))
		s.performRequest(driver.Request{Op: cti.OpDirectedPickup, Device: "4003", Connection: s.only("4002")})
		s.pictured("4003", "connected, 4001 connected")
		require.Equal(s, cti.CauseCallPickup, s.await("4003", cti.Established).Cause)
		s.pictured("4002")
	}},
	{Name: "GroupPickup", Needs: cti.OperationsOf(cti.OpGroupPickup), run: func(s *suite) {
		s.must(s.Network.Set("4002").Group("g"))
		s.must(s.Network.Set("4003").Group("g"))
		s.expectRefusal(driver.Request{Op: cti.OpGroupPickup, Device: "4003"}, cti.ErrInvalidCall, "4003")
		s.must(s.Network.Set("4001").Call("4002"))
		s.performRequest(driver.Request{Op: cti.OpGroupPickup, Device: "4003"})
		s.pictured("4003", "connected, 4001 connected")
	}},
	{Name: "ParkCall", Needs: cti.OperationsOf(cti.OpParkCall, cti.OpDirectedPickup), run: func(s *suite) {
		s.supervise("4003")
		s.talk("4001", "4002")
		s.performRequest(driver.Request{Op: cti.OpParkCall, Connection: s.only("4001"), Target: "4003"})
		s.pictured("4003", "queued, 4002 connected")
		require.Equal(s, cti.Queued, s.await("4003", cti.CallQueued).State)
		s.performRequest(driver.Request{Op: cti.OpDirectedPickup, Device: "4001", Connection: s.only("4003")})
		s.pictured("4001", "connected, 4002 connected")
	}},
	{Name: "CampOnCall waits for a busy set", Needs: cti.OperationsOf(cti.OpCampOnCall), run: func(s *suite) {
		s.busy("4002", "4003")
		s.must(s.Network.Set("4001").Call("4002"))
		s.performRequest(driver.Request{Op: cti.OpCampOnCall, Connection: s.only("4001")})
		s.pictured("4001", "connected, 4002 queued")
		s.must(s.Network.Set("4002").HangUp())
		s.pictured("4001", "connected, 4002 alerting")
	}},
	{Name: "CallBack calls when both are free", Needs: cti.OperationsOf(cti.OpCallBack), run: func(s *suite) {
		s.busy("4002", "4003")
		s.must(s.Network.Set("4001").Call("4002"))
		s.performRequest(driver.Request{Op: cti.OpCallBack, Connection: s.only("4001")})
		s.pictured("4001")
		s.must(s.Network.Set("4002").HangUp())
		s.pictured("4001", "alerting")
		s.must(s.Network.Set("4001").Answer())
		s.pictured("4001", "connected, 4002 alerting")
	}},
}

// busy makes a set busy in a call.
func (s *suite) busy(device, with cti.DeviceID) {
	s.Helper()
	s.must(s.Network.Set(device).Lines(1))
	s.talk(device, with)
}
