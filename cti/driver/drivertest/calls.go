package drivertest

import (
	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// callRules are the rules of basic call control. The PBX's own picture tells
// whether what was asked for was done.
var callRules = []Rule{
	{Name: "MakeCall returns the device's connection", Needs: cti.OperationsOf(cti.OpMakeCall), run: func(s *suite) {
		s.superviseDevices("4001")
		c, err := s.placeCall(s.ctx, "4001", "00123456789")
		require.NoError(s, err)
		require.Equal(s, s.onlyConnection("4001"), c)
		s.requireCalls("4001", "connected, 00123456789 alerting")
		require.Equal(s, c.Call, s.awaitEvent("4001", cti.Originated).Call)
		require.EqualValues(s, "00123456789", s.awaitEvent("4001", cti.Delivered).Called.Number)
	}},
	{Name: "MakeCall dials every key", Needs: cti.OperationsOf(cti.OpMakeCall), run: func(s *suite) {
		s.superviseDevices("4001")
		_, err := s.placeCall(s.ctx, "4001", "0*21*0123456789#")
		require.NoError(s, err)
		require.EqualValues(s, "0*21*0123456789#", s.awaitEvent("4001", cti.Delivered).Called.Number)
	}},
	{Name: "MakeCall of what cannot be called is ErrInvalidDestination",
		Needs: cti.OperationsOf(cti.OpMakeCall), run: func(s *suite) {
			for _, number := range []string{"77", "no number"} {
				_, err := s.placeCall(s.ctx, "4001", number)
				s.requireError(err, cti.ErrInvalidDestination, cti.OpMakeCall, "4001")
			}
			require.Zero(s, s.Network.Calls())
		}},
	{Name: "MakeCall of a device in a call is ErrInvalidState",
		Needs: cti.OperationsOf(cti.OpMakeCall), run: func(s *suite) {
			_, err := s.placeCall(s.ctx, "4001", "4002")
			require.NoError(s, err)
			_, err = s.placeCall(s.ctx, "4001", "4003")
			s.requireError(err, cti.ErrInvalidState, cti.OpMakeCall, "4001")
		}},
	{Name: "a prompted set's connection is initiated", Needs: cti.OperationsOf(cti.OpMakeCall), run: func(s *suite) {
		s.superviseDevices("4001")
		s.mustSucceed(s.Network.Set("4001").Prompting(true))
		c, err := s.placeCall(s.ctx, "4001", "4002")
		require.NoError(s, err)
		require.EqualValues(s, "4001", c.Device)
		require.Equal(s, cti.Initiated, s.awaitEvent("4001", cti.ServiceInitiated).State)
		s.mustSucceed(s.Network.Set("4001").Answer())
		s.awaitEvent("4001", cti.Delivered)
	}},
	{Name: "busy and do-not-disturb are Failed events", Needs: cti.OperationsOf(cti.OpMakeCall), run: func(s *suite) {
		s.superviseDevices("4001")
		s.mustSucceed(s.Network.Set("4002").Lines(0))
		s.mustSucceed(s.Network.Set("4003").DoNotDisturb(true))
		for device, cause := range map[cti.DeviceID]cti.Cause{"4002": cti.CauseBusy, "4003": cti.CauseDoNotDisturb} {
			_, err := s.placeCall(s.ctx, "4001", string(device))
			require.NoError(s, err)
			ev := s.awaitMatching("4001", cti.CallFailed, func(ev *cti.Event) bool { return ev.Cause == cause })
			require.Equal(s, device, ev.Subject.Number)
			s.mustSucceed(s.Network.Set("4001").HangUp())
		}
	}},
	{Name: "AnswerCall", Needs: cti.OperationsOf(cti.OpAnswerCall), run: func(s *suite) {
		s.superviseDevices("4002")
		s.mustSucceed(s.Network.Set("4001").Call("4002"))
		c := s.onlyConnection("4002")
		s.performRequest(driver.Request{Op: cti.OpAnswerCall, Connection: c})
		s.requireCalls("4002", "connected, 4001 connected")
		s.awaitEvent("4002", cti.Established)
		s.expectRefusal(driver.Request{Op: cti.OpAnswerCall, Connection: c}, cti.ErrInvalidState, "4002")
	}},
	{Name: "ClearConnection", Needs: cti.OperationsOf(cti.OpClearConnection), run: func(s *suite) {
		s.connectSets("4001", "4002")
		c := s.onlyConnection("4001")
		s.performRequest(driver.Request{Op: cti.OpClearConnection, Connection: c})
		require.Zero(s, s.Network.Calls())
		s.expectRefusal(driver.Request{Op: cti.OpClearConnection, Connection: c}, cti.ErrInvalidCall, "4001")
	}},
	{Name: "ClearCall ends a conference", Needs: cti.OperationsOf(cti.OpClearCall), run: func(s *suite) {
		s.holdAndCall("4001", "4002", "4003")
		s.mustSucceed(s.Network.Set("4001").Conference())
		s.performRequest(driver.Request{Op: cti.OpClearCall, Connection: s.onlyConnection("4002")})
		require.Zero(s, s.Network.Calls())
	}},
	{Name: "HoldCall and RetrieveCall", Needs: cti.OperationsOf(cti.OpHoldCall, cti.OpRetrieveCall), run: func(s *suite) {
		s.connectSets("4001", "4002")
		s.superviseDevices("4001")
		c := s.onlyConnection("4001")
		s.performRequest(driver.Request{Op: cti.OpHoldCall, Connection: c})
		s.requireCalls("4001", "hold, 4002 connected")
		s.expectRefusal(driver.Request{Op: cti.OpHoldCall, Connection: c}, cti.ErrInvalidState, "4001")
		s.performRequest(driver.Request{Op: cti.OpRetrieveCall, Connection: c})
		s.requireCalls("4001", "connected, 4002 connected")
	}},
	{Name: "AlternateCall", Needs: cti.OperationsOf(cti.OpAlternateCall), run: func(s *suite) {
		held, active := s.holdAndCall("4001", "4002", "4003")
		s.performRequest(driver.Request{Op: cti.OpAlternateCall, Held: held, Connection: active})
		s.requireCalls("4001", "connected, 4002 connected", "hold, 4003 connected")
	}},
	{Name: "GenerateDigits", Needs: cti.OperationsOf(cti.OpGenerateDigits), run: func(s *suite) {
		s.superviseDevices("4001")
		s.mustSucceed(s.Network.Set("4001").Call("4002"))
		s.mustSucceed(s.Network.Set("4002").Answer())
		const keys = "0123456789ABCD*#"
		s.performRequest(driver.Request{Op: cti.OpGenerateDigits, Connection: s.onlyConnection("4001"), Number: keys})
		if s.reports(cti.DigitsGenerated) {
			require.Equal(s, keys, s.awaitEvent("4001", cti.DigitsGenerated).Text)
		}
	}},
	{Name: "DialDigits goes on with a number",
		Needs: cti.OperationsOf(cti.OpMakeCall, cti.OpDialDigits), run: func(s *suite) {
			c, err := s.placeCall(s.ctx, "4001", "")
			require.NoError(s, err)
			s.performRequest(driver.Request{Op: cti.OpDialDigits, Connection: c, Number: "40"})
			s.requireCalls("4001", "initiated")
			s.performRequest(driver.Request{Op: cti.OpDialDigits, Connection: c, Number: "02"})
			s.requireCalls("4001", "connected, 4002 alerting")
		}},
}

// connectSets puts two sets into a call.
func (s *suite) connectSets(from, to cti.DeviceID) {
	s.Helper()
	s.mustSucceed(s.Network.Set(from).Call(string(to)))
	s.mustSucceed(s.Network.Set(to).Answer())
}

// holdAndCall puts a set into a held call with one and an active call with another.
func (s *suite) holdAndCall(from, held, active cti.DeviceID) (h, a cti.ConnectionID) {
	s.Helper()
	s.connectSets(from, held)
	s.mustSucceed(s.Network.Set(from).Consult(string(active)))
	s.mustSucceed(s.Network.Set(active).Answer())
	h, a = s.onlyConnection(held), s.onlyConnection(active)
	h.Device, a.Device = from, from
	return h, a
}
