package drivertest

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// eventRules are the rules about events.
var eventRules = []Rule{
	{Name: "an incoming call is reported to its end", run: func(s *suite) {
		s.superviseDevices("4001")
		caller, err := s.Network.Dial("0612345678", "4001")
		s.mustSucceed(err)
		ev := s.awaitEvent("4001", cti.Delivered)
		call := s.Network.Picture("4001").Calls[0].ID
		require.Equal(s, call, ev.Call)
		require.Equal(s, cti.Alerting, ev.State)
		require.Equal(s, cti.CauseNewCall, ev.Cause)
		require.EqualValues(s, "0612345678", ev.Calling.Number)
		require.EqualValues(s, "4001", ev.Called.Number)
		require.EqualValues(s, "4001", ev.Subject.Number)
		s.mustSucceed(s.Network.Set("4001").Answer())
		require.Equal(s, cti.Connected, s.awaitEvent("4001", cti.Established).State)
		s.mustSucceed(caller.HangUp())
		ev = s.awaitMatching("4001", cti.ConnectionCleared, func(ev *cti.Event) bool { return ev.State == cti.Null })
		require.Equal(s, call, ev.Call)
	}},
	{Name: "a caller who withholds his number is Restricted", run: func(s *suite) {
		s.superviseDevices("4001")
		_, err := s.Network.Dial("", "4001")
		s.mustSucceed(err)
		ev := s.awaitEvent("4001", cti.Delivered)
		require.Equal(s, cti.Party{Status: s.withheldStatus()}, ev.Calling)
	}},
	{Name: "names that the PBX sends are kept", run: func(s *suite) {
		s.mustSucceed(s.Network.Set("4002").Shows("Zoé <O'Neil> & Søn"))
		s.superviseDevices("4001")
		s.mustSucceed(s.Network.Set("4002").Call("4001"))
		ev := s.awaitEvent("4001", cti.Delivered)
		require.EqualValues(s, "4002", ev.Calling.Number)
		if ev.Calling.Name != "" { // a protocol need not carry names
			require.Equal(s, "Zoé <O'Neil> & Søn", ev.Calling.Name)
		}
	}},
	{Name: "devices that are not supervised report nothing", run: func(s *suite) {
		s.superviseDevices("4001")
		s.requireSilent("4002")
		require.Empty(s, s.sink.allEvents())
	}},
	{Name: "existing calls report events where Capabilities say so", run: func(s *suite) {
		_, err := s.Network.Dial("0612345678", "4001")
		s.mustSucceed(err)
		shot, err := s.trySupervise(s.ctx, extension("4001"))
		require.NoError(s, err)
		require.Len(s, shot.Calls, 1)
		s.mustSucceed(s.Network.Set("4001").Answer())
		if s.caps.ReportsExistingCalls {
			s.awaitEvent("4001", cti.Established)
			return
		}
		time.Sleep(s.quiet)
		require.Empty(s, s.sink.eventsOf("4001"))
	}},
	{Name: "a burst of events arrives whole and in order", run: func(s *suite) {
		const calls = 500
		reference := s.openReference("4001")
		s.superviseDevices("4001")
		for range calls {
			caller, err := s.Network.Dial("0612345678", "4001")
			s.mustSucceed(err)
			s.mustSucceed(caller.HangUp())
		}
		want := reference.reportedEvents("4001")
		came := counter(func() int { return len(s.comparableEvents("4001")) })
		s.awaitCondition(func() bool { return came() >= len(want) }, "%d events; there came %s", len(want), came)
		got := s.comparableEvents("4001")
		require.Len(s, got, len(want))
		for i := range want {
			require.Equal(s, want[i].Kind, got[i].Kind, "event %d", i)
			require.Equal(s, want[i].Call, got[i].Call, "event %d", i)
		}
	}},
	{Name: "events are those of the PBX in its order", run: func(s *suite) {
		reference := s.openReference("4001", "4002", "4003", "4004")
		s.superviseDevices("4001", "4002", "4003", "4004")
		for range 3 {
			s.playStory()
		}
		for _, device := range []cti.DeviceID{"4001", "4002", "4003", "4004"} {
			want := reference.reportedEvents(device)
			came := counter(func() int { return len(s.comparableEvents(device)) })
			s.awaitCondition(func() bool { return came() >= len(want) }, "%d events of %s; there came %s:%s",
				len(want), device, came, lines{s.sink})
			got := s.comparableEvents(device)
			for i := range want {
				s.requireSameEvent(got[i], want[i])
			}
			require.Len(s, got, len(want))
		}
	}},
}

// counter is a number read at the time of printing.
type counter func() int

func (f counter) String() string { return strconv.Itoa(f()) }

// openReference watches devices at the PBX itself.
func (s *suite) openReference(devices ...cti.DeviceID) *watched {
	s.Helper()
	o := s.Link.Options()
	a, err := s.Link.Open(s.ctx, o.User, o.Password)
	s.mustSucceed(err)
	s.Cleanup(a.Close)
	for _, d := range devices {
		a.Serve(cti.OpSupervise, d, nil, func(sw *ctitest.Switch) (any, error) {
			id, err := sw.StartMonitor(d, extension(d).Password)
			s.mustSucceed(err)
			return id, nil
		})
	}
	return &watched{s: s, a: a}
}

// watched is what the PBX has sent to the reference so far.
type watched struct {
	s      *suite
	a      *ctitest.Association
	events []cti.Event
}

func (w *watched) reportedEvents(device cti.DeviceID) (out []cti.Event) {
	ctx, cancel := context.WithCancel(w.s.ctx)
	cancel()
	for {
		m, err := w.a.Next(ctx)
		if err != nil {
			break
		}
		if m.Kind == ctitest.EventMessage {
			w.events = append(w.events, *m.Event)
		}
	}
	for _, ev := range w.events {
		if ev.Device == device && w.s.reports(ev.Kind) {
			out = append(out, ev)
		}
	}
	return out
}

// comparableEvents is what the driver told of a device, without what its protocol
// lacks.
func (s *suite) comparableEvents(device cti.DeviceID) []cti.Event {
	return slices.DeleteFunc(s.sink.eventsOf(device), func(ev cti.Event) bool { return !s.reports(ev.Kind) })
}

// playStory is a stretch of life in the network, by hand.
func (s *suite) playStory() {
	s.Helper()
	n := s.Network
	// A call from outside: held, transferred after a consultation.
	caller, err := n.Dial("0612345678", "4001")
	s.mustSucceed(err)
	s.mustSucceed(n.Set("4001").Answer())
	s.mustSucceed(n.Set("4001").Hold())
	s.mustSucceed(n.Set("4001").Retrieve())
	s.mustSucceed(n.Set("4001").Consult("4002"))
	s.mustSucceed(n.Set("4002").Answer())
	s.mustSucceed(n.Set("4001").Transfer())
	s.mustSucceed(caller.HangUp())
	// A conference.
	s.mustSucceed(n.Set("4001").Call("4002"))
	s.mustSucceed(n.Set("4002").Answer())
	s.mustSucceed(n.Set("4001").Consult("4003"))
	s.mustSucceed(n.Set("4003").Answer())
	s.mustSucceed(n.Set("4001").Conference())
	s.mustSucceed(n.Set("4002").Digits("12#"))
	s.mustSucceed(n.Set("4002").HangUp())
	s.mustSucceed(n.Set("4001").HangUp())
	// Forwarded, refused, failed.
	s.mustSucceed(n.Set("4002").Forward(cti.Forward{Active: true, To: "4003"}))
	s.mustSucceed(n.Set("4001").Call("4002"))
	s.mustSucceed(n.Set("4003").HangUp())
	s.mustSucceed(n.Set("4002").Forward(cti.Forward{}))
	s.mustSucceed(n.Set("4004").DoNotDisturb(true))
	s.mustSucceed(n.Set("4001").Call("4004"))
	s.mustSucceed(n.Set("4001").HangUp())
	s.mustSucceed(n.Set("4004").DoNotDisturb(false))
	// Picked up.
	s.mustSucceed(n.Set("4003").Group("g"))
	s.mustSucceed(n.Set("4004").Group("g"))
	s.mustSucceed(n.Set("4001").Call("4003"))
	s.mustSucceed(n.Set("4004").PickUp())
	s.mustSucceed(n.Set("4004").HangUp())
	// Outwards.
	s.mustSucceed(n.Set("4001").Call("00123456789"))
	s.mustSucceed(n.Outside("0123456789").Answer())
	s.mustSucceed(n.Set("4001").HangUp())
	s.mustSucceed(n.Set("4001").MessageWaiting(true))
	s.mustSucceed(n.Set("4001").MessageWaiting(false))
}

// requireSameEvent compares an event with what the PBX sent. Parties that ECMA-269
// does not have in the event may be left out.
func (s *suite) requireSameEvent(got, want cti.Event) {
	s.Helper()
	require.Equal(s, want.String(), withPartiesOf(got, want).String(), "events of %s:%s", want.Device, lines{s.sink})
	required := want.Kind == cti.Delivered || want.Kind == cti.Established
	require.Equal(s, want.OldCall, got.OldCall, "OldCall of %s", &want)
	require.Equal(s, want.OtherCall, got.OtherCall, "OtherCall of %s", &want)
	if s.caps.GlobalCallIDs && (got.Global != "" || !isCallAssociated(want.Kind)) {
		require.Equal(s, want.Global, got.Global, "Global of %s", &want)
	}
	s.requireSameParty(got.Subject, want.Subject, true, "Subject", &want)
	s.requireSameParty(got.Calling, want.Calling, required, "Calling", &want)
	s.requireSameParty(got.Called, want.Called, required, "Called", &want)
	s.requireSameParty(got.Redirection, want.Redirection, required, "Redirection", &want)
	s.requireSameParty(got.Target, want.Target, want.Target.Status != cti.NotSpecified, "Target", &want)
	if got.Parties != nil { // a protocol need not tell them
		require.Equal(s, partyNumbers(want.Parties), partyNumbers(got.Parties), "Parties of %s", &want)
	}
	require.Equal(s, want.On, got.On, "On of %s", &want)
	if !want.Forward.Active {
		want.Forward.To, got.Forward.To = "", ""
	}
	require.Equal(s, want.Forward, got.Forward, "Forward of %s", &want)
	require.Equal(s, want.Text, got.Text, "Text of %s", &want)
}

// withPartiesOf is an event with the parties of another, for one line to compare.
func withPartiesOf(ev, as cti.Event) *cti.Event {
	ev.Calling, ev.Called = as.Calling, as.Called
	if ev.State == cti.StateUnknown && isCallAssociated(ev.Kind) {
		ev.State = as.State
	}
	return &ev
}

// isCallAssociated: call-associated events carry no connection state and no global
// identifier in ECMA-269.
func isCallAssociated(k cti.Kind) bool { return k >= cti.CallInformation && k.Class() == cti.CallClass }

func (s *suite) requireSameParty(got, want cti.Party, required bool, field string, ev *cti.Event) {
	s.Helper()
	if got.Status == cti.NotSpecified && !required {
		return
	}
	if got.Status == cti.NotKnown && (want.Status == cti.NotSpecified || s.NoRestricted && want.Status == cti.Restricted) {
		return // how a protocol says that there is none
	}
	if got.Name == "" {
		want.Name = "" // a protocol need not carry names
	}
	require.Equal(s, want, got, "%s of %s", field, ev)
}

// withheldStatus is how the protocol tells of a party without a number.
func (s *suite) withheldStatus() cti.PartyStatus {
	if s.NoRestricted {
		return cti.NotKnown
	}
	return cti.Restricted
}

func partyNumbers(parties []cti.CallParty) []string {
	var out []string
	for _, p := range parties {
		out = append(out, string(p.Device.Number))
	}
	slices.Sort(out)
	return out
}
