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
		s.supervise("4001")
		caller, err := s.Network.Dial("0612345678", "4001")
		s.must(err)
		ev := s.await("4001", cti.Delivered)
		call := s.Network.Picture("4001").Calls[0].ID
		require.Equal(s, call, ev.Call)
		require.Equal(s, cti.Alerting, ev.State)
		require.Equal(s, cti.CauseNewCall, ev.Cause)
		require.EqualValues(s, "0612345678", ev.Calling.Number)
		require.EqualValues(s, "4001", ev.Called.Number)
		require.EqualValues(s, "4001", ev.Subject.Number)
		s.must(s.Network.Set("4001").Answer())
		require.Equal(s, cti.Connected, s.await("4001", cti.Established).State)
		s.must(caller.HangUp())
		ev = s.awaitWhere("4001", cti.ConnectionCleared, func(ev *cti.Event) bool { return ev.State == cti.Null })
		require.Equal(s, call, ev.Call)
	}},
	{Name: "a caller who withholds his number is Restricted", run: func(s *suite) {
		s.supervise("4001")
		_, err := s.Network.Dial("", "4001")
		s.must(err)
		ev := s.await("4001", cti.Delivered)
		require.Equal(s, cti.Party{Status: s.withheld()}, ev.Calling)
	}},
	{Name: "names that the PBX sends are kept", run: func(s *suite) {
		s.must(s.Network.Set("4002").Shows("Zoé <O'Neil> & Søn"))
		s.supervise("4001")
		s.must(s.Network.Set("4002").Call("4001"))
		ev := s.await("4001", cti.Delivered)
		require.EqualValues(s, "4002", ev.Calling.Number)
		if ev.Calling.Name != "" { // a protocol need not carry names
			require.Equal(s, "Zoé <O'Neil> & Søn", ev.Calling.Name)
		}
	}},
	{Name: "devices that are not supervised report nothing", run: func(s *suite) {
		s.supervise("4001")
		s.silent("4002")
		require.Empty(s, s.sink.all())
	}},
	{Name: "existing calls report events where Capabilities say so", run: func(s *suite) {
		_, err := s.Network.Dial("0612345678", "4001")
		s.must(err)
		shot, err := s.trySupervise(s.ctx, extension("4001"))
		require.NoError(s, err)
		require.Len(s, shot.Calls, 1)
		s.must(s.Network.Set("4001").Answer())
		if s.caps.ReportsExistingCalls {
			s.await("4001", cti.Established)
			return
		}
		time.Sleep(s.quiet)
		require.Empty(s, s.sink.of("4001"))
	}},
	{Name: "a burst of events arrives whole and in order", run: func(s *suite) {
		const calls = 500
		reference := s.reference("4001")
		s.supervise("4001")
		for range calls {
			caller, err := s.Network.Dial("0612345678", "4001")
			s.must(err)
			s.must(caller.HangUp())
		}
		want := reference.of("4001")
		s.eventually(func() bool { return len(s.told("4001")) >= len(want) }, "%d events; there came %s", len(want),
			counter(func() int { return len(s.told("4001")) }))
		got := s.told("4001")
		require.Len(s, got, len(want))
		for i := range want {
			require.Equal(s, want[i].Kind, got[i].Kind, "event %d", i)
			require.Equal(s, want[i].Call, got[i].Call, "event %d", i)
		}
	}},
	{Name: "events are those of the PBX in its order", run: func(s *suite) {
		reference := s.reference("4001", "4002", "4003", "4004")
		s.supervise("4001", "4002", "4003", "4004")
		for range 3 {
			s.story()
		}
		for _, device := range []cti.DeviceID{"4001", "4002", "4003", "4004"} {
			want := reference.of(device)
			s.eventually(func() bool { return len(s.told(device)) >= len(want) }, "%d events of %s; there came %d:%s",
				len(want), device, counter(func() int { return len(s.told(device)) }), lines{s.sink})
			got := s.told(device)
			for i := range want {
				s.sameEvent(got[i], want[i])
			}
			require.Len(s, got, len(want))
		}
	}},
}

// counter is a number read at the time of printing.
type counter func() int

func (f counter) String() string { return strconv.Itoa(f()) }

// reference watches devices at the PBX itself.
func (s *suite) reference(devices ...cti.DeviceID) *watched {
	s.Helper()
	o := s.Link.Options()
	a, err := s.Link.Open(s.ctx, o.User, o.Password)
	s.must(err)
	s.Cleanup(a.Close)
	for _, d := range devices {
		a.Serve(cti.OpSupervise, d, nil, func(sw *ctitest.Switch) (any, error) {
			id, err := sw.StartMonitor(d, extension(d).Password)
			s.must(err)
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

func (w *watched) of(device cti.DeviceID) (out []cti.Event) {
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
		if ev.Device == device && !slices.Contains(w.s.Unreported, ev.Kind) {
			out = append(out, ev)
		}
	}
	return out
}

// told is what the driver told of a device, without what its protocol lacks.
func (s *suite) told(device cti.DeviceID) []cti.Event {
	return slices.DeleteFunc(s.sink.of(device), func(ev cti.Event) bool { return slices.Contains(s.Unreported, ev.Kind) })
}

// story is a stretch of life in the network, by hand.
func (s *suite) story() {
	s.Helper()
	n := s.Network
	// A call from outside: held, transferred after a consultation.
	caller, err := n.Dial("0612345678", "4001")
	s.must(err)
	s.must(n.Set("4001").Answer())
	s.must(n.Set("4001").Hold())
	s.must(n.Set("4001").Retrieve())
	s.must(n.Set("4001").Consult("4002"))
	s.must(n.Set("4002").Answer())
	s.must(n.Set("4001").Transfer())
	s.must(caller.HangUp())
	// A conference.
	s.must(n.Set("4001").Call("4002"))
	s.must(n.Set("4002").Answer())
	s.must(n.Set("4001").Consult("4003"))
	s.must(n.Set("4003").Answer())
	s.must(n.Set("4001").Conference())
	s.must(n.Set("4002").Digits("12#"))
	s.must(n.Set("4002").HangUp())
	s.must(n.Set("4001").HangUp())
	// Forwarded, refused, failed.
	s.must(n.Set("4002").Forward(cti.Forward{Active: true, To: "4003"}))
	s.must(n.Set("4001").Call("4002"))
	s.must(n.Set("4003").HangUp())
	s.must(n.Set("4002").Forward(cti.Forward{}))
	s.must(n.Set("4004").DoNotDisturb(true))
	s.must(n.Set("4001").Call("4004"))
	s.must(n.Set("4001").HangUp())
	s.must(n.Set("4004").DoNotDisturb(false))
	// Picked up.
	s.must(n.Set("4003").Group("g"))
	s.must(n.Set("4004").Group("g"))
	s.must(n.Set("4001").Call("4003"))
	s.must(n.Set("4004").PickUp())
	s.must(n.Set("4004").HangUp())
	// Outwards.
	s.must(n.Set("4001").Call("00123456789"))
	s.must(n.Outside("0123456789").Answer())
	s.must(n.Set("4001").HangUp())
	s.must(n.Set("4001").MessageWaiting(true))
	s.must(n.Set("4001").MessageWaiting(false))
}

// sameEvent compares an event with what the PBX sent. Parties that ECMA-269
// does not have in the event may be left out.
func (s *suite) sameEvent(got, want cti.Event) {
	s.Helper()
	require.Equal(s, want.String(), plain(got, want).String(), "events of %s:%s", want.Device, lines{s.sink})
	required := want.Kind == cti.Delivered || want.Kind == cti.Established
	require.Equal(s, want.OldCall, got.OldCall, "OldCall of %s", &want)
	require.Equal(s, want.OtherCall, got.OtherCall, "OtherCall of %s", &want)
	if s.caps.GlobalCallIDs && (got.Global != "" || !associated(want.Kind)) {
		require.Equal(s, want.Global, got.Global, "Global of %s", &want)
	}
	s.sameParty(got.Subject, want.Subject, true, "Subject", &want)
	s.sameParty(got.Calling, want.Calling, required, "Calling", &want)
	s.sameParty(got.Called, want.Called, required, "Called", &want)
	s.sameParty(got.Redirection, want.Redirection, required, "Redirection", &want)
	s.sameParty(got.Target, want.Target, want.Target.Status != cti.NotSpecified, "Target", &want)
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

// plain is an event with the parties of another, for one line to compare.
func plain(ev, as cti.Event) *cti.Event {
	ev.Calling, ev.Called = as.Calling, as.Called
	if ev.State == cti.StateUnknown && associated(ev.Kind) {
		ev.State = as.State
	}
	return &ev
}

// associated: call-associated events carry no connection state and no global
// identifier in ECMA-269.
func associated(k cti.Kind) bool { return k >= cti.CallInformation && k.Class() == cti.CallClass }

func (s *suite) sameParty(got, want cti.Party, required bool, field string, ev *cti.Event) {
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

// withheld is how the protocol tells of a party without a number.
func (s *suite) withheld() cti.PartyStatus {
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
