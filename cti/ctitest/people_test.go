package ctitest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// TestNothingToDo: a hand on a set without a call does nothing and says so.
func TestNothingToDo(t *testing.T) {
	b := newBench(t, ctitest.LinkOptions{})
	set := b.net.Set("4001")
	for name, act := range map[string]func() error{
		"answer": set.Answer, "hang up": set.HangUp, "hold": set.Hold, "retrieve": set.Retrieve,
		"transfer": set.Transfer, "conference": set.Conference, "pick up": set.PickUp,
		"consult":        func() error { return set.Consult("4002") },
		"digits":         func() error { return set.Digits("1") },
		"agent":          func() error { return set.Agent(cti.AgentUnknown) },
		"outside answer": b.net.Outside("0123").Answer, "outside hang up": b.net.Outside("0123").HangUp,
	} {
		require.ErrorIs(t, act(), cti.ErrInvalidState, name)
	}
	require.ErrorIs(t, b.net.Set("4999").Call("4001"), cti.ErrInvalidDevice)
	require.Empty(t, b.net.Monitors("4999"))
	require.Empty(t, b.net.Picture("4999").Calls)
}

func TestDialling(t *testing.T) {
	b := newBench(t, ctitest.LinkOptions{}, "4001")
	set := b.net.Set("4001")
	require.NoError(t, set.Call(""))
	require.Equal(t, []string{"ServiceInitiated 4001 call 1 initiated 4001 → - (make call)"}, b.events())
	require.NoError(t, set.Digits("0"))
	require.NoError(t, set.Digits("012345678"))
	require.Equal(t, []string{"1 initiated"}, b.picture("4001"), "nine digits are not a number of the public network")
	require.ErrorIs(t, set.Digits("A"), cti.ErrInvalidDestination)
	b.events()
	require.NoError(t, set.Digits("9"))
	require.Equal(t, []string{"1 connected, 00123456789 alerting"}, b.picture("4001"))
	require.Equal(t, `DigitsDialed 4001 call 1 initiated 4001 → - "9"`, b.events()[0])
	require.ErrorIs(t, set.Digits("E"), cti.ErrInvalidState, "not a tone")
	require.NoError(t, set.HangUp())

	require.NoError(t, set.Call(""))
	require.NoError(t, set.Digits("017#"))
	require.Equal(t, []string{"2 connected, 017 alerting"}, b.picture("4001"), "# ends a number")
	require.NoError(t, set.HangUp())

	require.NoError(t, set.Call(""))
	require.NoError(t, set.Digits("77#"))
	require.Equal(t, []string{"3 connected, 77 failed"}, b.picture("4001"))
	require.NoError(t, set.HangUp())
	require.Zero(t, b.net.Calls())
}

func TestPromptedSet(t *testing.T) {
	b := newBench(t, ctitest.LinkOptions{})
	require.NoError(t, b.net.Set("4001").Prompting(true))
	require.NoError(t, b.net.Set("4001").Call("4002"))
	require.Equal(t, []string{"1 connected, 4002 alerting"}, b.picture("4001"), "who dials by hand is off hook")
}

func TestCampOnAndCallBack(t *testing.T) {
	b := newBench(t, ctitest.LinkOptions{Protocol: cti.CSTA}, "4001")
	require.NoError(t, b.net.Set("4002").Lines(1))
	require.NoError(t, b.net.Set("4002").Call("4003"))
	require.NoError(t, b.net.Set("4001").Call("4002"))
	b.events()
	b.must(cti.OpCampOnCall, func(s *ctitest.Switch) error { return s.CampOnCall(cti.ConnectionID{Call: "2", Device: "4001"}) })
	require.Equal(t, []string{"Queued 4001 call 2 connected 4001 → 4002 (camp on)"}, b.events())
	require.NoError(t, b.net.Set("4003").HangUp())
	require.Equal(t, []string{"Delivered 4001 call 2 connected 4001 → 4002 (camp on)"}, b.events())
	require.NoError(t, b.net.Set("4002").Answer())
	require.NoError(t, b.net.Set("4001").HangUp())

	require.NoError(t, b.net.Set("4001").Call("4002"))
	b.events()
	b.must(cti.OpCallBack, func(s *ctitest.Switch) error { return s.CallBack(cti.ConnectionID{Call: "3", Device: "4001"}) })
	require.Equal(t, []string{
		"CallBack 4001 to 4002",
		"ConnectionCleared 4001 call 3 null 4001 → 4002 (normal clearing)",
	}, b.events(), "nobody is at 4002")
	require.NoError(t, b.net.Set("4002").Call("4003"))
	require.NoError(t, b.net.Set("4002").HangUp())
	require.Equal(t, []string{
		"CallBack 4001 to 4002",
		"Delivered 4001 call 5 alerting 4001 → 4002 (call back)",
	}, b.events())
	require.NoError(t, b.net.Set("4001").HangUp())
	require.NoError(t, b.net.Set("4002").Call("4003"))
	require.NoError(t, b.net.Set("4002").HangUp())
	require.Zero(t, b.net.Calls(), "who refuses the call-back is not called again")
}
