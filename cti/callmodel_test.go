package cti

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var clock = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// callEvent is an event of device 4001.
func callEvent(k Kind, call CallID, state LocalState, subject DeviceID, at int) Event {
	return Event{Kind: k, Device: "4001", Call: call, State: state, Subject: PartyOf(subject), Time: clock.Add(time.Duration(at) * time.Second)}
}

func from(ev Event, calling, called DeviceID) Event {
	ev.Calling, ev.Called = PartyOf(calling), PartyOf(called)
	return ev
}

func merged(ev Event, old, other CallID, target DeviceID) Event {
	ev.OldCall, ev.OtherCall, ev.Target = old, other, PartyOf(target)
	return ev
}

// picture is what a test wants to see of a call: state, then the other parties.
type picture map[CallID]map[DeviceID]LocalState

func pictureOf(m *CallModel) picture {
	p := picture{}
	for _, c := range m.Calls() {
		p[c.ID] = map[DeviceID]LocalState{"me": c.State}
		for _, q := range c.Parties {
			p[c.ID][q.Device.Number] = q.State
		}
	}
	return p
}

func TestCallModel(t *testing.T) {
	ringing := from(callEvent(Delivered, "1", Alerting, "4001", 0), "0612", "4001")
	answered := from(callEvent(Established, "1", Connected, "4001", 5), "0612", "4001")
	consult := []Event{
		ringing, answered,
		callEvent(Held, "1", Hold, "4001", 10),
		from(callEvent(Originated, "2", Connected, "4001", 11), "4001", "4002"),
		from(callEvent(Delivered, "2", Connected, "4002", 12), "4001", "4002"),
		from(callEvent(Established, "2", Connected, "4002", 13), "4001", "4002"),
	}
	for name, test := range map[string]struct {
		events []Event
		want   picture
	}{
		"incoming, ringing":  {[]Event{ringing}, picture{"1": {"me": Alerting, "0612": Connected}}},
		"incoming, answered": {[]Event{ringing, answered}, picture{"1": {"me": Connected, "0612": Connected}}},
		"incoming, given up": {[]Event{ringing, callEvent(ConnectionCleared, "1", Null, "0612", 3)}, picture{}},
		"cleared whole":      {[]Event{ringing, answered, {Kind: CallCleared, Device: "4001", Call: "1"}}, picture{}},
		"held":               {consult[:3], picture{"1": {"me": Hold, "0612": Connected}}},
		"held by the other":  {[]Event{ringing, answered, callEvent(Held, "1", Connected, "0612", 6)}, picture{"1": {"me": Connected, "0612": Hold}}},
		"consultation": {consult, picture{
			"1": {"me": Hold, "0612": Connected}, "2": {"me": Connected, "4002": Connected}}},
		"transferred away": {append(consult[:6:6], merged(callEvent(Transferred, "3", Null, "4001", 20), "1", "2", "4002")), picture{}},
		"transferred to another": {[]Event{ringing, answered,
			merged(callEvent(Transferred, "3", Connected, "0612", 20), "1", "9", "4007")},
			picture{"3": {"me": Connected, "4007": Connected}}},
		"conference": {append(consult[:6:6], merged(callEvent(Conferenced, "3", Connected, "4001", 20), "1", "2", "4002")),
			picture{"3": {"me": Connected, "0612": Connected, "4002": Connected}}},
		"one leaves the conference": {append(consult[:6:6],
			merged(callEvent(Conferenced, "3", Connected, "4001", 20), "1", "2", "4002"),
			callEvent(ConnectionCleared, "3", Connected, "0612", 25)),
			picture{"3": {"me": Connected, "4002": Connected}}},
		"diverted from here":     {[]Event{ringing, merged(callEvent(Diverted, "1", Null, "4001", 4), "", "", "4009")}, picture{}},
		"a cleared call is dead": {[]Event{ringing, callEvent(ConnectionCleared, "1", Null, "4001", 3), callEvent(ConnectionCleared, "1", Connected, "0612", 4)}, picture{}},
		"of another device":      {[]Event{{Kind: Delivered, Device: "4002", Call: "1", State: Alerting}}, picture{}},
		"a gap empties it":       {[]Event{ringing, {Kind: GapFound, Device: "4001", Gap: Gap{Reason: GapLinkLost}}}, picture{}},
		"an overflow does not":   {[]Event{ringing, {Kind: GapFound, Device: "4001", Gap: Gap{Reason: GapOverflow}}}, picture{"1": {"me": Alerting, "0612": Connected}}},
		"a snapshot replaces it": {[]Event{ringing, {Kind: SnapshotTaken, Device: "4001", Snapshot: &Snapshot{Calls: []Call{{ID: "7", State: Hold}}}}}, picture{"7": {"me": Hold}}},
	} {
		t.Run(name, func(t *testing.T) {
			m := CallModel{Device: "4001"}
			for i := range test.events {
				m.Apply(&test.events[i])
			}
			require.Equal(t, test.want, pictureOf(&m))
		})
	}
}

func TestCallModelTimes(t *testing.T) {
	m := CallModel{Device: "4001"}
	for _, ev := range []Event{
		from(callEvent(Delivered, "1", Alerting, "4001", 0), "0612", "4001"),
		from(callEvent(Established, "1", Connected, "4001", 5), "0612", "4001"),
	} {
		m.Apply(&ev)
	}
	// A snapshot of the same call keeps what we know of its past.
	m.Replace(Snapshot{Time: clock.Add(time.Minute), Calls: []Call{{ID: "1", State: Connected}, {ID: "2", State: Alerting}}})
	calls := m.Calls()
	require.Equal(t, clock, calls[0].Since)
	require.Equal(t, clock.Add(5*time.Second), calls[0].AnsweredAt)
	require.Equal(t, clock.Add(time.Minute), calls[1].Since)
	require.True(t, calls[1].AnsweredAt.IsZero())
	require.Equal(t, "2", string(calls[1].ID))
}

func TestCallModelFeatures(t *testing.T) {
	m := CallModel{Device: "4001"}
	apply := func(ev Event) { ev.Device = "4001"; m.Apply(&ev) }
	require.Nil(t, m.Features().Forwards, "not known")
	apply(Event{Kind: Forwarding, Forward: Forward{Type: ForwardBusy, Active: true, To: "4002"}})
	before := m.Snapshot(clock)
	apply(Event{Kind: Forwarding, Forward: Forward{Type: ForwardNoAnswer, Active: true, To: "4003"}})
	apply(Event{Kind: Forwarding, Forward: Forward{Type: ForwardBusy}})
	require.Equal(t, []Forward{{Type: ForwardNoAnswer, Active: true, To: "4003"}}, m.Features().Forwards)
	require.Equal(t, []Forward{{Type: ForwardBusy, Active: true, To: "4002"}}, before.Features.Forwards, "a snapshot given out does not change")
	apply(Event{Kind: DoNotDisturb, On: true})
	require.True(t, *m.Features().DoNotDisturb)
	apply(Event{Kind: AgentReadyEvent})
	require.Equal(t, AgentReady, m.Features().Agent)
}
