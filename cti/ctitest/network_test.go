package ctitest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

func TestInternalCall(t *testing.T) {
	b := newBench(t, ctitest.LinkOptions{}, "4001", "4002")
	c := b.connects(cti.OpMakeCall, func(s *ctitest.Switch) (cti.ConnectionID, error) { return s.MakeCall("4001", "4002") })
	require.Equal(t, cti.ConnectionID{Call: "1", Device: "4001"}, c)
	require.Equal(t, []string{
		"ServiceInitiated 4001 call 1 initiated 4001 → 4002 (make call)",
		"Originated 4001 call 1 connected 4001 → 4002 (make call)",
		"Delivered 4001 call 1 connected 4001 → 4002 (new call)",
		"Delivered 4002 call 1 alerting 4001 → 4002 (new call)",
	}, b.events())
	require.Equal(t, []string{"1 alerting, 4001 connected"}, b.picture("4002"))

	b.must(cti.OpAnswerCall, func(s *ctitest.Switch) error { return s.AnswerCall(cti.ConnectionID{Call: "1", Device: "4002"}) })
	require.Equal(t, []string{
		"Established 4001 call 1 connected 4001 → 4002 (new call)",
		"Established 4002 call 1 connected 4001 → 4002 (new call)",
	}, b.events())

	b.must(cti.OpHoldCall, func(s *ctitest.Switch) error { return s.HoldCall(c) })
	require.Equal(t, []string{"1 hold, 4002 connected"}, b.picture("4001"))
	b.must(cti.OpRetrieveCall, func(s *ctitest.Switch) error { return s.RetrieveCall(c) })
	b.events()

	require.NoError(t, b.net.Set("4002").HangUp())
	require.Equal(t, []string{
		"ConnectionCleared 4002 call 1 null 4001 → 4002 (normal clearing)",
		"ConnectionCleared 4001 call 1 connected 4001 → 4002 (normal clearing)",
		"ConnectionCleared 4001 call 1 null 4001 → 4002 (normal clearing)",
	}, b.events())
	require.Empty(t, b.picture("4001"))
	require.Zero(t, b.net.Calls())
}

func TestExternalCalls(t *testing.T) {
	b := newBench(t, ctitest.LinkOptions{}, "4001")
	require.NoError(t, b.net.Set("4001").Call("00123456789"))
	require.Equal(t, []string{"1 connected, 00123456789 alerting"}, b.picture("4001"))
	require.Contains(t, b.events(), "NetworkReached 4001 call 1 connected 4001 → 00123456789 (normal)")
	paris := b.net.Outside("0123456789")
	require.NoError(t, paris.Answer())
	require.NoError(t, paris.HangUp())
	require.Zero(t, b.net.Calls())
	b.events()

	caller, err := b.net.Dial("0612345678", "4001")
	require.NoError(t, err)
	require.Equal(t, []string{"Delivered 4001 call 2 alerting 0612345678 → 4001 (new call)"}, b.events())
	require.NoError(t, caller.HangUp())
	require.Equal(t, []string{
		"ConnectionCleared 4001 call 2 alerting 0612345678 → 4001 (normal clearing)",
		"ConnectionCleared 4001 call 2 null 0612345678 → 4001 (call cancelled)",
	}, b.events())

	_, err = b.net.Dial("", "4001")
	require.NoError(t, err)
	require.Equal(t, []string{"Delivered 4001 call 3 alerting withheld → 4001 (new call)"}, b.events())

	_, err = b.net.Dial("0612345678", "9999")
	require.ErrorIs(t, err, cti.ErrInvalidDestination)
}

func TestCallsThatFail(t *testing.T) {
	b := newBench(t, ctitest.LinkOptions{}, "4001")
	set := b.net.Set("4001")
	require.ErrorIs(t, set.Call("77"), cti.ErrInvalidDestination)
	require.ErrorIs(t, set.Call("not a number"), cti.ErrInvalidDestination)
	require.Zero(t, b.net.Calls(), "nothing is left of what was refused")

	require.NoError(t, b.net.Set("4002").DoNotDisturb(true))
	require.NoError(t, b.net.Set("4003").Lines(0))
	b.net.Outside("0800").Behaves(ctitest.Busy)
	b.net.Outside("0801").Behaves(ctitest.Unallocated)
	for number, cause := range map[string]string{
		"4002": "do not disturb", "4003": "busy", "4001": "busy", "00800": "busy", "00801": "number unallocated",
	} {
		b.events()
		require.NoError(t, set.Call(number))
		events := b.events()
		require.Contains(t, events[len(events)-1], "Failed 4001")
		require.Contains(t, events[len(events)-1], "("+cause+")")
		require.NoError(t, set.HangUp())
		require.Zero(t, b.net.Calls())
	}
	require.Empty(t, b.net.Picture("4002").Calls, "who could not be reached knows of no call")

	_, err := b.net.Dial("0612345678", "4002")
	require.NoError(t, err)
	require.Zero(t, b.net.Calls(), "the public network clears at the busy tone")
}

func TestForwards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, ctitest.LinkOptions{Protocol: cti.CSTA}, "4001", "4002")
		set := b.net.Set("4002")
		require.ErrorIs(t, set.Forward(cti.Forward{Active: true, To: "77"}), cti.ErrInvalidDestination)
		require.ErrorIs(t, set.Forward(cti.Forward{Active: true}), cti.ErrInvalidDestination, "no destination is known yet")
		require.NoError(t, set.Forward(cti.Forward{Active: true, Origin: cti.ExternalCalls, To: "4003"}))
		require.NoError(t, set.Forward(cti.Forward{Type: cti.ForwardNoAnswer, Active: true, To: "4004"}))
		require.NoError(t, set.Forward(cti.Forward{Type: cti.ForwardBusy, Active: true, To: "4005"}))
		require.Len(t, b.events(), 3)

		_, err := b.net.Dial("0612345678", "4002")
		require.NoError(t, err)
		require.Equal(t, []string{"1 alerting, 0612345678 connected"}, b.picture("4003"))
		require.Equal(t, []string{"Diverted 4002 call 1 null 0612345678 → 4002 (call forward immediate) from 4002 to 4003"}, b.events())
		require.Equal(t, cti.PartyOf("4002"), b.net.Picture("4003").Calls[0].Redirection)

		require.NoError(t, b.net.Set("4001").Call("4002"))
		require.Equal(t, []string{"2 alerting, 4001 connected"}, b.picture("4002"), "the forward is for calls from outside")
		time.Sleep(20 * time.Second)
		synctest.Wait()
		require.Empty(t, b.picture("4002"))
		require.Equal(t, []string{"2 alerting, 4001 connected"}, b.picture("4004"))
		require.NoError(t, b.net.Set("4001").HangUp())

		require.NoError(t, set.Lines(0))
		require.NoError(t, b.net.Set("4001").Call("4002"))
		require.Equal(t, []string{"3 alerting, 4001 connected"}, b.picture("4005"))

		require.NoError(t, b.net.Set("4005").HangUp())
		require.NoError(t, b.net.Set("4005").Forward(cti.Forward{Active: true, To: "4006"}))
		require.NoError(t, b.net.Set("4006").Forward(cti.Forward{Active: true, To: "4005"}))
		require.NoError(t, b.net.Set("4001").Call("4005"))
		require.Equal(t, []string{"4 connected, 4005 failed"}, b.picture("4001"), "forwards in a circle end in a failed call")
	})
}
