package drivertest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// snapshotRules are the rules of the abilities that read.
var snapshotRules = []Rule{
	{Name: "SnapshotDevice and SnapshotCall show the present",
		Needs: cti.OperationsOf(cti.OpSnapshotDevice, cti.OpSnapshotCall), run: func(s *suite) {
			s.playStory()
			_, err := s.Network.Dial("", "4001")
			s.mustSucceed(err)
			s.mustSucceed(s.Network.Set("4001").Answer())
			s.mustSucceed(s.Network.Set("4001").Consult("4002"))
			shot := s.performRequest(driver.Request{Op: cti.OpSnapshotDevice, Device: "4001"}).Snapshot
			require.NotNil(s, shot)
			s.requireSamePicture(*shot, "4001")
			for _, want := range s.Network.Picture("4002").Calls {
				c := cti.ConnectionID{Call: want.ID, Device: "4002"}
				got := s.performRequest(driver.Request{Op: cti.OpSnapshotCall, Connection: c}).Call
				require.NotNil(s, got)
				s.requireSameCall(*got, want)
			}
		}},
	{Name: "ListDevices names what can be supervised", Needs: cti.OperationsOf(cti.OpListDevices), run: func(s *suite) {
		soft := extension("4100")
		soft.SetType = cti.I2052
		s.Network.Add(soft)
		got := s.performRequest(driver.Request{Op: cti.OpListDevices}).Devices
		want := slices.Clone(numbers)
		if s.Connector.Protocol() == cti.CSTA {
			want = append(want, "4100")
		}
		require.ElementsMatch(s, want, got)
	}},
	{Name: "Escape passes private data through", Needs: cti.OperationsOf(cti.OpEscape), run: func(s *suite) {
		data := []byte{0, '<', 0xff, '&'}
		want, err := s.Link.Options().Escape(data)
		s.mustSucceed(err)
		got := s.performRequest(driver.Request{Op: cti.OpEscape, Private: data}).Private
		require.Equal(s, want, got)
	}},
}

// requireSamePicture compares a snapshot with the PBX's own truth.
func (s *suite) requireSamePicture(got cti.Snapshot, device cti.DeviceID) {
	s.Helper()
	want := s.Network.Picture(device)
	require.Equal(s, device, got.Device)
	require.Len(s, got.Calls, len(want.Calls))
	byID := func(a, b cti.Call) int { return strings.Compare(string(a.ID), string(b.ID)) }
	slices.SortFunc(got.Calls, byID)
	slices.SortFunc(want.Calls, byID)
	for i := range want.Calls {
		s.requireSameCall(got.Calls[i], want.Calls[i])
	}
	if f := got.Features; f.Forwards != nil {
		require.Equal(s, want.Features.Forwards, f.Forwards)
	}
	if f := got.Features; f.DoNotDisturb != nil {
		require.Equal(s, *want.Features.DoNotDisturb, *f.DoNotDisturb)
	}
	if f := got.Features; f.MessageWaiting != nil {
		require.Equal(s, *want.Features.MessageWaiting, *f.MessageWaiting)
	}
}

// requireSameCall compares a call with the PBX's own truth: identifier, state and
// parties; who called whom where the protocol tells it.
func (s *suite) requireSameCall(got, want cti.Call) {
	s.Helper()
	require.Equal(s, want.ID, got.ID)
	require.Equal(s, want.State, got.State, "state in call %s", want.ID)
	s.requireSameParty(got.Calling, want.Calling, false, "Calling", &cti.Event{Call: want.ID})
	s.requireSameParty(got.Called, want.Called, false, "Called", &cti.Event{Call: want.ID})
	s.requireSameParty(got.Redirection, want.Redirection, false, "Redirection", &cti.Event{Call: want.ID})
	require.Len(s, got.Parties, len(want.Parties), "parties of call %s", want.ID)
	byNumber := func(a, b cti.CallParty) int { return cmp.Compare(a.Device.Number, b.Device.Number) }
	slices.SortFunc(got.Parties, byNumber)
	slices.SortFunc(want.Parties, byNumber)
	for i, p := range want.Parties {
		s.requireSameParty(got.Parties[i].Device, p.Device, true, "party", &cti.Event{Call: want.ID})
		require.Equal(s, p.State, got.Parties[i].State, "state of %s in call %s", p.Device, want.ID)
	}
}

// requireCalls waits until a set is in calls as described: one text for each call,
// its own state, then each party with its state.
func (s *suite) requireCalls(device cti.DeviceID, want ...string) {
	s.Helper()
	got := s.describeCalls(device)
	require.Equal(s, append([]string{}, want...), got, "calls of %s", device)
}

func (s *suite) describeCalls(device cti.DeviceID) []string {
	out := []string{}
	for _, c := range s.Network.Picture(device).Calls {
		line := c.State.String()
		for _, p := range c.Parties {
			line += ", " + p.Device.String() + " " + p.State.String()
		}
		out = append(out, line)
	}
	return out
}

// onlyConnection is the one connection of a device.
func (s *suite) onlyConnection(device cti.DeviceID) cti.ConnectionID {
	s.Helper()
	calls := s.Network.Picture(device).Calls
	require.Len(s, calls, 1, "calls of %s", device)
	return cti.ConnectionID{Call: calls[0].ID, Device: device}
}
