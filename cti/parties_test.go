package cti

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// told are the events that a subscriber of 4001 gets for those of a session,
// which supervised it with the calls of a snapshot.
func told(t testing.TB, before []Call, events ...Event) []Event {
	g, err := New(Config{NumberPlan: plan{}})
	require.NoError(t, err)
	live := &liveLink{gw: g, link: &link{name: "by hand"}}
	d := g.device("4001")
	d.begin(live, clock)
	require.True(t, d.supervised(live, Snapshot{Device: "4001", Time: clock, Calls: before}, clock))
	s := g.Subscribe(WithoutInitial(), Names(book{"0612": "Paul", "4002": "Bob"}))
	for i := range events {
		ev := events[i]
		live.Event(&ev)
	}
	s.Close()
	var out []Event
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
	ringing := from(callEvent(Delivered, "1", Alerting, "4001", 0), "0612", "4001")
	answered := from(callEvent(Established, "1", Connected, "4001", 1), "0612", "4001")
	dialled := from(callEvent(Originated, "2", Connected, "4001", 3), "4001", "4002")
	there := from(callEvent(Established, "2", Connected, "4002", 4), "4001", "4002")
	redirected := ringing
	redirected.Redirection = PartyOf("4009")
	withheld := ringing
	withheld.Calling = Party{Status: Restricted}
	unknown := callEvent(Held, "1", Hold, "4001", 9)
	unknown.Calling = Party{Status: NotKnown}
	pickUp := callEvent(ServiceInitiated, "3", Initiated, "4001", 0)
	pickUp.Cause = CauseCallPickup
	calledBack := callEvent(ServiceInitiated, "3", Initiated, "4001", 0)
	calledBack.Cause = CauseCallBack
	bare := Event{Kind: ServiceInitiated, Device: "4001", Call: "3", State: Initiated}
	listed := func(ev Event, parties ...DeviceID) Event {
		for _, p := range parties {
			ev.Parties = append(ev.Parties, CallParty{Device: PartyOf(p)})
		}
		return ev
	}
	nobody := Party{}
	consulting := []Event{ringing, answered, callEvent(Held, "1", Hold, "4001", 2), dialled, there}
	leaves := callEvent(Transferred, "3", Null, "4001", 9)
	stays := callEvent(Transferred, "3", Connected, "0612", 9)
	arrives := callEvent(Transferred, "3", Connected, "0612", 9)
	both := FilledCalling | FilledCalled
	for name, test := range map[string]struct {
		before          []Call
		events          []Event
		calling, called Party
		filled          Filled
		other           string // its name, or E164 number as the plan makes it
	}{
		"held":                 {nil, []Event{ringing, answered, callEvent(Held, "1", Hold, "4001", 9)}, PartyOf("0612"), PartyOf("4001"), both, "Paul"},
		"held by the other":    {nil, []Event{dialled, there, callEvent(Held, "2", Connected, "4002", 9)}, PartyOf("4001"), PartyOf("4002"), both, "Bob"},
		"told":                 {nil, []Event{ringing}, PartyOf("0612"), PartyOf("4001"), 0, "Paul"},
		"told otherwise":       {nil, []Event{ringing, from(callEvent(Held, "1", Hold, "4001", 9), "0699", "4001")}, PartyOf("0699"), PartyOf("4001"), 0, "+0699"},
		"told to be unknown":   {nil, []Event{ringing, unknown}, Party{Status: NotKnown}, PartyOf("4001"), FilledCalled, ""},
		"withheld":             {nil, []Event{withheld, callEvent(Held, "1", Hold, "4001", 9)}, Party{Status: Restricted}, PartyOf("4001"), both, ""},
		"its last event":       {nil, []Event{ringing, callEvent(ConnectionCleared, "1", Null, "4001", 9)}, PartyOf("0612"), PartyOf("4001"), both, "Paul"},
		"cleared whole":        {nil, []Event{ringing, {Kind: CallCleared, Device: "4001", Call: "1"}}, PartyOf("0612"), PartyOf("4001"), both, "Paul"},
		"diverted":             {nil, []Event{ringing, callEvent(Diverted, "1", Null, "4001", 9)}, PartyOf("0612"), PartyOf("4001"), both, "Paul"},
		"after its end":        {nil, []Event{ringing, callEvent(ConnectionCleared, "1", Null, "4001", 8), callEvent(ConnectionCleared, "1", Null, "0612", 9)}, nobody, nobody, 0, ""},
		"charged":              {nil, []Event{dialled, {Kind: Charging, Device: "4001", Call: "2", Text: "3 units"}}, PartyOf("4001"), PartyOf("4002"), both, "Bob"},
		"reached, dialled out": {nil, []Event{from(dialled, "4001", "00699"), callEvent(NetworkReached, "2", Connected, "T1", 9)}, PartyOf("4001"), PartyOf("00699"), both, "dialled 00699"},
		"service initiated":    {nil, []Event{callEvent(ServiceInitiated, "3", Initiated, "4001", 0)}, PartyOf("4001"), nobody, FilledCalling, ""},
		"by whom is not told":  {nil, []Event{bare}, PartyOf("4001"), nobody, FilledCalling, ""},
		"called back":          {nil, []Event{calledBack}, PartyOf("4001"), nobody, FilledCalling, ""},
		"prompted to pick up":  {nil, []Event{pickUp}, nobody, nobody, 0, ""},

		"transfers": {nil, append(consulting[:5:5], merged(leaves, "1", "2", "4002")), PartyOf("0612"), PartyOf("4002"), both, "Paul"},
		"transfers, with a list": {nil, append(consulting[:5:5], listed(merged(leaves, "1", "2", "4002"), "4002", "0612")),
			PartyOf("0612"), PartyOf("4002"), both, "Paul"},
		"transfers a call seen in part": {nil, []Event{dialled, there, merged(leaves, "1", "2", "4002")}, nobody, PartyOf("4002"), FilledCalled, "Bob"},
		"transfers one of several": {nil, append(consulting[:5:5], listed(merged(leaves, "1", "2", "4002"), "4002", "0612", "4007")),
			nobody, PartyOf("4002"), FilledCalled, "Bob"},
		"transfers whom it called": {nil, []Event{from(dialled, "4001", "00699"), from(callEvent(Established, "2", Connected, "00699", 4), "4001", "00699"), ringing, answered,
			merged(leaves, "2", "1", "0612")}, PartyOf("00699"), PartyOf("0612"), both, "dialled 00699"},
		"told to transfer whom it called": {nil, []Event{from(dialled, "4001", "00699"), from(merged(leaves, "2", "1", "0612"), "00699", "0612")},
			PartyOf("00699"), PartyOf("0612"), 0, "dialled 00699"},
		"is transferred": {nil, []Event{ringing, answered, merged(stays, "1", "9", "4007")}, PartyOf("4001"), PartyOf("4007"), both, "dialled 4007"},
		"is transferred somewhere": {nil, []Event{ringing, answered, {Kind: Transferred, Device: "4001", Call: "3", OldCall: "1", State: Connected,
			Subject: PartyOf("0612"), Target: Party{Status: NotKnown}, Parties: []CallParty{{Device: PartyOf("4002")}}}},
			PartyOf("4001"), PartyOf("4002"), both, "Bob"},
		"gets a transferred call": {nil, []Event{ringing, answered, listed(merged(arrives, "9", "1", "4001"), "4002")},
			PartyOf("4002"), PartyOf("4001"), both, "Bob"},
		"gets a call from somebody": {nil, []Event{ringing, answered, merged(arrives, "9", "1", "4001")}, nobody, PartyOf("4001"), FilledCalled, ""},
		"after a transfer": {nil, []Event{ringing, answered, merged(stays, "1", "9", "4007"), callEvent(Held, "3", Hold, "4001", 10)},
			PartyOf("4001"), PartyOf("4007"), both, "dialled 4007"},
		"told who is transferred": {nil, []Event{ringing, answered, from(merged(stays, "1", "9", "4007"), "0699", "4001")},
			PartyOf("0699"), PartyOf("4001"), 0, "+0699"},
		"transfers one of two unknown": {nil, append(consulting[:5:5], Event{Kind: Transferred, Device: "4001", Call: "3", OldCall: "1", OtherCall: "2",
			State: Null, Subject: PartyOf("4001"), Target: Party{Status: NotKnown}}), nobody, Party{Status: NotKnown}, FilledCalled, ""},
		"a conference": {nil, append(consulting[:5:5], merged(callEvent(Conferenced, "3", Connected, "4001", 9), "1", "2", "4002")),
			PartyOf("0612"), PartyOf("4001"), both, "Paul"},

		"in a snapshot": {[]Call{{ID: "1", State: Connected, Calling: PartyOf("0612"), Called: PartyOf("4001")}},
			[]Event{callEvent(Held, "1", Hold, "4001", 9)}, PartyOf("0612"), PartyOf("4001"), both, "Paul"},
		"in a snapshot without roles": {[]Call{{ID: "1", State: Connected, Parties: []CallParty{{PartyOf("4002"), Connected}}}},
			[]Event{callEvent(Held, "1", Hold, "4001", 9)}, nobody, nobody, 0, "Bob"},
		"of several in a snapshot": {[]Call{{ID: "1", State: Connected, Parties: []CallParty{{PartyOf("4002"), Connected}, {PartyOf("0612"), Connected}}}},
			[]Event{callEvent(Held, "1", Hold, "4001", 9)}, nobody, nobody, 0, ""},
		"alone with itself": {[]Call{{ID: "1", State: Connected, Parties: []CallParty{{PartyOf("4001"), Failed}}}},
			[]Event{callEvent(Held, "1", Hold, "4001", 9)}, nobody, nobody, 0, ""},
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
	held := told(t, nil, redirected, callEvent(Held, "1", Hold, "4001", 9))[1]
	require.Equal(t, PartyOf("4009"), held.Redirection)
	require.True(t, held.Filled.Has(FilledRedirection|FilledCalled))
	answered.Called = nobody
	again := told(t, nil, redirected, answered)[1]
	require.Equal(t, FilledCalled, again.Filled)
	require.Zero(t, again.Redirection, "an event that can tell a redirection and does not: there was none")
	after := told(t, nil, redirected, answered, merged(stays, "1", "9", "4007"))[2]
	require.Zero(t, after.Redirection, "of the call that was")
}

// TestPictureAfterATransfer: also by events that nobody completed the picture of
// a transferred call does not show who has left it.
func TestPictureAfterATransfer(t *testing.T) {
	m := CallModel{Device: "4001"}
	ringing := from(callEvent(Delivered, "1", Alerting, "4001", 0), "0612", "4001")
	ringing.Called.Name, ringing.Redirection = "Alice", PartyOf("4009")
	moved := merged(callEvent(Transferred, "3", Connected, "0612", 20), "1", "9", "4007")
	for _, ev := range []*Event{&ringing, &moved} {
		m.Apply(ev)
	}
	c := m.Calls()[0]
	require.Equal(t, Party{Number: "4001", Name: "Alice", Status: Known}, c.Calling)
	require.Equal(t, PartyOf("4007"), c.Called)
	require.Equal(t, PartyOf("4007"), c.Other("4001"))
	require.Zero(t, c.Redirection)
	require.Zero(t, moved.Filled, "Apply changes no event")
	require.Zero(t, moved.Calling)
}

func TestOtherOfACallWithoutRoles(t *testing.T) {
	c := Call{Parties: []CallParty{{PartyOf("4002"), Connected}}}
	require.Equal(t, PartyOf("4002"), c.Other("4001"))
	c.Calling = Party{Status: Restricted}
	require.Equal(t, Party{Status: Restricted}, c.Other("4001"), "told")
	c = Call{Calling: PartyOf("4001"), Parties: append(c.Parties, CallParty{PartyOf("4003"), Connected})}
	require.Zero(t, c.Other("4001"), "one of several")
}

func TestFillingInAllocatesNothing(t *testing.T) {
	g, live := handMade(t, "4001")
	g.Subscribe(Devices("4001"), Buffer(8), WithoutInitial())
	live.Event(ring4001("1"))
	for kind, call := range map[Kind]CallID{Held: "1", ServiceInitiated: "2"} {
		said := callEvent(kind, call, Hold, "4001", 1)
		ev := said
		for range 20 { // rings grown, calls known
			live.Event(&ev)
		}
		require.Zero(t, testing.AllocsPerRun(100, func() { ev = said; live.Event(&ev) }), "%s", kind)
		require.True(t, ev.Filled.Has(FilledCalling))
	}
}
