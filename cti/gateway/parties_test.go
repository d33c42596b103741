package gateway

import (
	"fmt"
	"testing"

	"github.com/ctikit/ctikit/cti"
	"github.com/stretchr/testify/require"
)

// told are the events that a subscriber of 4001 gets for those of a session,
// which supervised it with the calls of a snapshot.
func told(t testing.TB, before []cti.Call, events ...cti.Event) []cti.Event {
	g, err := New(Config{NumberPlan: plan{}})
	require.NoError(t, err)
	live := &liveLink{gw: g, link: &link{name: "by hand"}}
	d := g.deviceOf("4001")
	d.holdEvents(live, clock)
	require.True(t, d.adoptSnapshot(live, cti.Snapshot{Device: "4001", Time: clock, Calls: before}, clock))
	s := g.Subscribe(WithoutInitial(), Names(book{"0612": "Paul", "4002": "Bob"}))
	for i := range events {
		ev := events[i]
		live.Event(&ev)
	}
	s.Close()
	var out []cti.Event
	for ev, err := range s.Events(t.Context()) {
		if err == nil {
			out = append(out, ev)
		}
	}
	require.Len(t, out, len(events))
	return out
}

// plan reads a number that comes in with a 0 before it, one dialled here as it is.
type plan struct{}

func (plan) Outgoing(n string) (string, error)        { return n, nil }
func (plan) Incoming(n string) (string, string, bool) { return n, "+" + n, false }
func (plan) Dialled(n string) (string, string, bool)  { return n, "dialled " + n, false }

type book map[string]string

func (b book) CallerName(lookup, _ string) (string, bool) { name, ok := b[lookup]; return name, ok }

func TestWhatThePBXDoesNotSayIsFilledIn(t *testing.T) {
	ringing := from(callEvent(cti.Delivered, "1", cti.Alerting, "4001", 0), "0612", "4001")
	answered := from(callEvent(cti.Established, "1", cti.Connected, "4001", 1), "0612", "4001")
	dialled := from(callEvent(cti.Originated, "2", cti.Connected, "4001", 3), "4001", "4002")
	there := from(callEvent(cti.Established, "2", cti.Connected, "4002", 4), "4001", "4002")
	redirected := ringing
	redirected.Redirection = cti.PartyOf("4009")
	withheld := ringing
	withheld.Calling = cti.Party{Status: cti.Restricted}
	unknown := callEvent(cti.Held, "1", cti.Hold, "4001", 9)
	unknown.Calling = cti.Party{Status: cti.NotKnown}
	pickUp := callEvent(cti.ServiceInitiated, "3", cti.Initiated, "4001", 0)
	pickUp.Cause = cti.CauseCallPickup
	calledBack := callEvent(cti.ServiceInitiated, "3", cti.Initiated, "4001", 0)
	calledBack.Cause = cti.CauseCallBack
	bare := cti.Event{Kind: cti.ServiceInitiated, Device: "4001", Call: "3", State: cti.Initiated}
	listed := func(ev cti.Event, parties ...cti.DeviceID) cti.Event {
		for _, p := range parties {
			ev.Parties = append(ev.Parties, cti.CallParty{Device: cti.PartyOf(p)})
		}
		return ev
	}
	nobody := cti.Party{}
	consulting := []cti.Event{ringing, answered, callEvent(cti.Held, "1", cti.Hold, "4001", 2), dialled, there}
	leaves := callEvent(cti.Transferred, "3", cti.Null, "4001", 9)
	stays := callEvent(cti.Transferred, "3", cti.Connected, "0612", 9)
	arrives := callEvent(cti.Transferred, "3", cti.Connected, "0612", 9)
	both := cti.FilledCalling | cti.FilledCalled
	for name, test := range map[string]struct {
		before          []cti.Call
		events          []cti.Event
		calling, called cti.Party
		filled          cti.Filled
		other           string // its name, or E164 number as the plan makes it
	}{
		"held":                 {nil, []cti.Event{ringing, answered, callEvent(cti.Held, "1", cti.Hold, "4001", 9)}, cti.PartyOf("0612"), cti.PartyOf("4001"), both, "Paul"},
		"held by the other":    {nil, []cti.Event{dialled, there, callEvent(cti.Held, "2", cti.Connected, "4002", 9)}, cti.PartyOf("4001"), cti.PartyOf("4002"), both, "Bob"},
		"told":                 {nil, []cti.Event{ringing}, cti.PartyOf("0612"), cti.PartyOf("4001"), 0, "Paul"},
		"told otherwise":       {nil, []cti.Event{ringing, from(callEvent(cti.Held, "1", cti.Hold, "4001", 9), "0699", "4001")}, cti.PartyOf("0699"), cti.PartyOf("4001"), 0, "+0699"},
		"told to be unknown":   {nil, []cti.Event{ringing, unknown}, cti.Party{Status: cti.NotKnown}, cti.PartyOf("4001"), cti.FilledCalled, ""},
		"withheld":             {nil, []cti.Event{withheld, callEvent(cti.Held, "1", cti.Hold, "4001", 9)}, cti.Party{Status: cti.Restricted}, cti.PartyOf("4001"), both, ""},
		"its last event":       {nil, []cti.Event{ringing, callEvent(cti.ConnectionCleared, "1", cti.Null, "4001", 9)}, cti.PartyOf("0612"), cti.PartyOf("4001"), both, "Paul"},
		"cleared whole":        {nil, []cti.Event{ringing, {Kind: cti.CallCleared, Device: "4001", Call: "1"}}, cti.PartyOf("0612"), cti.PartyOf("4001"), both, "Paul"},
		"diverted":             {nil, []cti.Event{ringing, callEvent(cti.Diverted, "1", cti.Null, "4001", 9)}, cti.PartyOf("0612"), cti.PartyOf("4001"), both, "Paul"},
		"after its end":        {nil, []cti.Event{ringing, callEvent(cti.ConnectionCleared, "1", cti.Null, "4001", 8), callEvent(cti.ConnectionCleared, "1", cti.Null, "0612", 9)}, nobody, nobody, 0, ""},
		"charged":              {nil, []cti.Event{dialled, {Kind: cti.Charging, Device: "4001", Call: "2", Text: "3 units"}}, cti.PartyOf("4001"), cti.PartyOf("4002"), both, "Bob"},
		"reached, dialled out": {nil, []cti.Event{from(dialled, "4001", "00699"), callEvent(cti.NetworkReached, "2", cti.Connected, "T1", 9)}, cti.PartyOf("4001"), cti.PartyOf("00699"), both, "dialled 00699"},
		"service initiated":    {nil, []cti.Event{callEvent(cti.ServiceInitiated, "3", cti.Initiated, "4001", 0)}, cti.PartyOf("4001"), nobody, cti.FilledCalling, ""},
		"by whom is not told":  {nil, []cti.Event{bare}, cti.PartyOf("4001"), nobody, cti.FilledCalling, ""},
		"called back":          {nil, []cti.Event{calledBack}, cti.PartyOf("4001"), nobody, cti.FilledCalling, ""},
		"prompted to pick up":  {nil, []cti.Event{pickUp}, nobody, nobody, 0, ""},

		"transfers": {nil, append(consulting[:5:5], merged(leaves, "1", "2", "4002")), cti.PartyOf("0612"), cti.PartyOf("4002"), both, "Paul"},
		"transfers, with a list": {nil, append(consulting[:5:5], listed(merged(leaves, "1", "2", "4002"), "4002", "0612")),
			cti.PartyOf("0612"), cti.PartyOf("4002"), both, "Paul"},
		"transfers a call seen in part": {nil, []cti.Event{dialled, there, merged(leaves, "1", "2", "4002")}, nobody, cti.PartyOf("4002"), cti.FilledCalled, "Bob"},
		"transfers one of several": {nil, append(consulting[:5:5], listed(merged(leaves, "1", "2", "4002"), "4002", "0612", "4007")),
			nobody, cti.PartyOf("4002"), cti.FilledCalled, "Bob"},
		"transfers whom it called": {nil, []cti.Event{from(dialled, "4001", "00699"), from(callEvent(cti.Established, "2", cti.Connected, "00699", 4), "4001", "00699"), ringing, answered,
			merged(leaves, "2", "1", "0612")}, cti.PartyOf("00699"), cti.PartyOf("0612"), both, "dialled 00699"},
		"told to transfer whom it called": {nil, []cti.Event{from(dialled, "4001", "00699"), from(merged(leaves, "2", "1", "0612"), "00699", "0612")},
			cti.PartyOf("00699"), cti.PartyOf("0612"), 0, "dialled 00699"},
		"is transferred": {nil, []cti.Event{ringing, answered, merged(stays, "1", "9", "4007")}, cti.PartyOf("4001"), cti.PartyOf("4007"), both, "dialled 4007"},
		"is transferred somewhere": {nil, []cti.Event{ringing, answered, {Kind: cti.Transferred, Device: "4001", Call: "3", OldCall: "1", State: cti.Connected,
			Subject: cti.PartyOf("0612"), Target: cti.Party{Status: cti.NotKnown}, Parties: []cti.CallParty{{Device: cti.PartyOf("4002")}}}},
			cti.PartyOf("4001"), cti.PartyOf("4002"), both, "Bob"},
		"gets a transferred call": {nil, []cti.Event{ringing, answered, listed(merged(arrives, "9", "1", "4001"), "4002")},
			cti.PartyOf("4002"), cti.PartyOf("4001"), both, "Bob"},
		"gets a call from somebody": {nil, []cti.Event{ringing, answered, merged(arrives, "9", "1", "4001")}, nobody, cti.PartyOf("4001"), cti.FilledCalled, ""},
		"after a transfer": {nil, []cti.Event{ringing, answered, merged(stays, "1", "9", "4007"), callEvent(cti.Held, "3", cti.Hold, "4001", 10)},
			cti.PartyOf("4001"), cti.PartyOf("4007"), both, "dialled 4007"},
		"told who is transferred": {nil, []cti.Event{ringing, answered, from(merged(stays, "1", "9", "4007"), "0699", "4001")},
			cti.PartyOf("0699"), cti.PartyOf("4001"), 0, "+0699"},
		"transfers one of two unknown": {nil, append(consulting[:5:5], cti.Event{Kind: cti.Transferred, Device: "4001", Call: "3", OldCall: "1", OtherCall: "2",
			State: cti.Null, Subject: cti.PartyOf("4001"), Target: cti.Party{Status: cti.NotKnown}}), nobody, cti.Party{Status: cti.NotKnown}, cti.FilledCalled, ""},
		"a conference": {nil, append(consulting[:5:5], merged(callEvent(cti.Conferenced, "3", cti.Connected, "4001", 9), "1", "2", "4002")),
			cti.PartyOf("0612"), cti.PartyOf("4001"), both, "Paul"},

		"in a snapshot": {[]cti.Call{{ID: "1", State: cti.Connected, Calling: cti.PartyOf("0612"), Called: cti.PartyOf("4001")}},
			[]cti.Event{callEvent(cti.Held, "1", cti.Hold, "4001", 9)}, cti.PartyOf("0612"), cti.PartyOf("4001"), both, "Paul"},
		"in a snapshot without roles": {[]cti.Call{{ID: "1", State: cti.Connected, Parties: []cti.CallParty{{Device: cti.PartyOf("4002"), State: cti.Connected}}}},
			[]cti.Event{callEvent(cti.Held, "1", cti.Hold, "4001", 9)}, nobody, nobody, 0, "Bob"},
		"of several in a snapshot": {[]cti.Call{{ID: "1", State: cti.Connected, Parties: []cti.CallParty{{Device: cti.PartyOf("4002"), State: cti.Connected}, {Device: cti.PartyOf("0612"), State: cti.Connected}}}},
			[]cti.Event{callEvent(cti.Held, "1", cti.Hold, "4001", 9)}, nobody, nobody, 0, ""},
		"alone with itself": {[]cti.Call{{ID: "1", State: cti.Connected, Parties: []cti.CallParty{{Device: cti.PartyOf("4001"), State: cti.Failed}}}},
			[]cti.Event{callEvent(cti.Held, "1", cti.Hold, "4001", 9)}, nobody, nobody, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			events := told(t, test.before, test.events...)
			got := events[len(events)-1]
			require.Equal(t, test.calling, got.Calling)
			require.Equal(t, test.called, got.Called)
			require.Equal(t, fmt.Sprintf("%03b", test.filled), fmt.Sprintf("%03b", got.Filled))
			switch test.other {
			case "":
				require.Empty(t, got.Other)
			case got.Other.Name:
			default:
				require.Equal(t, test.other, got.Other.E164)
			}
		})
	}
	held := told(t, nil, redirected, callEvent(cti.Held, "1", cti.Hold, "4001", 9))[1]
	require.Equal(t, cti.PartyOf("4009"), held.Redirection)
	require.True(t, held.Filled.Has(cti.FilledRedirection|cti.FilledCalled))
	answered.Called = nobody
	again := told(t, nil, redirected, answered)[1]
	require.Equal(t, cti.FilledCalled, again.Filled)
	require.Zero(t, again.Redirection, "an event that can tell a redirection and does not: there was none")
	after := told(t, nil, redirected, answered, merged(stays, "1", "9", "4007"))[2]
	require.Zero(t, after.Redirection, "of the call that was")
}

// TestPictureAfterATransfer: also by events that nobody completed the picture of
// a transferred call does not show who has left it.
func TestPictureAfterATransfer(t *testing.T) {
	m := cti.CallModel{Device: "4001"}
	ringing := from(callEvent(cti.Delivered, "1", cti.Alerting, "4001", 0), "0612", "4001")
	ringing.Called.Name, ringing.Redirection = "Alice", cti.PartyOf("4009")
	moved := merged(callEvent(cti.Transferred, "3", cti.Connected, "0612", 20), "1", "9", "4007")
	for _, ev := range []*cti.Event{&ringing, &moved} {
		m.Apply(ev)
	}
	c := m.Calls()[0]
	require.Equal(t, cti.Party{Number: "4001", Name: "Alice", Status: cti.Known}, c.Calling)
	require.Equal(t, cti.PartyOf("4007"), c.Called)
	require.Equal(t, cti.PartyOf("4007"), c.Other("4001"))
	require.Zero(t, c.Redirection)
	require.Zero(t, moved.Filled, "Apply changes no event")
	require.Zero(t, moved.Calling)
}

func TestOtherOfACallWithoutRoles(t *testing.T) {
	c := cti.Call{Parties: []cti.CallParty{{Device: cti.PartyOf("4002"), State: cti.Connected}}}
	require.Equal(t, cti.PartyOf("4002"), c.Other("4001"))
	c.Calling = cti.Party{Status: cti.Restricted}
	require.Equal(t, cti.Party{Status: cti.Restricted}, c.Other("4001"), "told")
	c = cti.Call{Calling: cti.PartyOf("4001"), Parties: append(c.Parties, cti.CallParty{Device: cti.PartyOf("4003"), State: cti.Connected})}
	require.Zero(t, c.Other("4001"), "one of several")
}

func TestFillingInAllocatesNothing(t *testing.T) {
	g, live := handMade(t, "4001")
	g.Subscribe(Devices("4001"), Buffer(8), WithoutInitial())
	live.Event(ring4001("1"))
	for kind, call := range map[cti.Kind]cti.CallID{cti.Held: "1", cti.ServiceInitiated: "2"} {
		said := callEvent(kind, call, cti.Hold, "4001", 1)
		ev := said
		for range 20 { // rings grown, calls known
			live.Event(&ev)
		}
		require.Zero(t, testing.AllocsPerRun(100, func() { ev = said; live.Event(&ev) }), "%s", kind)
		require.True(t, ev.Filled.Has(cti.FilledCalling))
	}
}
