package csta_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// TestSameEvents: one script of calls, over every phase, encoding and framing,
// gives the same events, as far as each phase carries their fields.
func TestSameEvents(t *testing.T) {
	all := profiles(t)
	want := play(t, csta.Generic3)
	require.Greater(t, len(want), 30)
	merged := 0
	for _, ev := range want {
		if ev.Kind == cti.Transferred || ev.Kind == cti.Conferenced {
			require.NotEmpty(t, ev.Parties, "%s of %s tells nobody", ev.Kind, ev.Device)
			merged++
		}
		if ev.Kind == cti.Originated {
			require.Equal(t, ev.Subject, ev.Calling, "who originates a call is who calls")
		}
	}
	require.Greater(t, merged, 5)
	for name, p := range all {
		t.Run(name, func(t *testing.T) {
			got := play(t, p)
			switch p.Encoding {
			case csta.BER1, csta.BER2:
				require.Equal(t, forPhase(want), forPhase(got))
			case csta.XML3:
				require.Equal(t, forEdition3(want), forEdition3(got))
			default:
				require.Equal(t, want, got)
			}
		})
	}
}

// forPhase leaves out what phases I and II do not carry: names, the reason for
// a missing number, the global call identifier, the called device of a service
// initiated, and who called whom in a diversion.
func forPhase(events []cti.Event) []cti.Event {
	out := make([]cti.Event, len(events))
	for i, e := range events {
		e.Global = ""
		for _, p := range []*cti.Party{&e.Subject, &e.Calling, &e.Called, &e.Redirection, &e.Target} {
			*p = cti.Party{Number: p.Number}
		}
		e.Parties = slices.Clone(e.Parties)
		for j := range e.Parties {
			e.Parties[j].Device = cti.Party{Number: e.Parties[j].Device.Number}
		}
		switch e.Kind {
		case cti.ServiceInitiated:
			e.Called = cti.Party{}
		case cti.Diverted:
			e.Calling, e.Called, e.Redirection = cti.Party{}, cti.Party{}, cti.Party{}
		}
		out[i] = e
	}
	return out
}

// forEdition3 leaves out what the 3rd edition of ECMA-323 lacks.
func forEdition3(events []cti.Event) []cti.Event {
	out := slices.Clone(events)
	for i := range out {
		if out[i].Kind == cti.ServiceInitiated {
			out[i].Called = cti.Party{}
		}
	}
	return out
}

// collector keeps what a session reports, without the times.
type collector struct {
	mu     sync.Mutex
	events []cti.Event
}

func (c *collector) Event(ev *cti.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events = append(c.events, cti.Event{Kind: ev.Kind, Device: ev.Device, Call: ev.Call, OldCall: ev.OldCall, OtherCall: ev.OtherCall,
		State: ev.State, Cause: ev.Cause, Subject: ev.Subject, Calling: ev.Calling, Called: ev.Called, Redirection: ev.Redirection,
		Target: ev.Target, On: ev.On, Forward: ev.Forward, Global: ev.Global,
		Parties: slices.Clone(ev.Parties), Agent: ev.Agent, Level: ev.Level, Text: ev.Text, UserData: ev.UserData, Correlator: ev.Correlator})
}

// play supervises three extensions and plays the script.
func play(t *testing.T, p csta.Profile) []cti.Event {
	h := harness(t, p)
	for _, n := range []cti.DeviceID{"4001", "4002", "4003"} {
		h.Network.Add(cti.Extension{Number: n})
	}
	got := &collector{}
	s, err := h.Connector.Open(t.Context(), got)
	require.NoError(t, err)
	defer s.Close()
	for _, n := range []cti.DeviceID{"4001", "4002", "4003"} {
		_, err := s.Supervise(t.Context(), cti.Extension{Number: n})
		require.NoError(t, err)
	}
	a, b, c := h.Network.Set("4001"), h.Network.Set("4002"), h.Network.Set("4003")
	require.NoError(t, b.Shows("Bob"))
	for i, act := range []func() error{
		func() error { return a.Call("4002") }, b.Answer, a.Hold, a.Retrieve,
		func() error { return a.Consult("4003") }, c.Answer, a.Transfer, b.HangUp,
		func() error { return a.Call("4002") }, b.Answer, func() error { return a.Consult("4003") }, c.Answer, a.Conference, a.HangUp, c.HangUp,
		func() error { return b.Forward(cti.Forward{Type: cti.ForwardImmediate, Active: true, To: "4003"}) },
		func() error { return a.Call("4002") }, a.HangUp,
		func() error { return c.DoNotDisturb(true) }, func() error { return c.DoNotDisturb(false) },
		func() error { return c.MessageWaiting(true) },
		func() error { return c.Agent(cti.AgentReady) }, func() error { return c.Agent(cti.AgentNull) },
	} {
		require.NoError(t, act(), fmt.Sprintf("step %d", i))
	}
	require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing})) // answered behind the events
	got.mu.Lock()
	defer got.mu.Unlock()
	return got.events
}
