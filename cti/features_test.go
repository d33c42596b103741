package cti_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// newMixed is a world with a CSTA link beside its VTI-XML ones.
func newMixed(t *testing.T) *world {
	w := newWorld(t, 3, 10)
	w.port["csta"] = w.net.Link("csta", ctitest.LinkOptions{Protocol: cti.CSTA, SnapshotAtomic: true, ReportsExistingCalls: true})
	w.cfg.Links = append(w.cfg.Links, cti.Link{Name: "csta", Capacity: 5, Connector: w.port["csta"].Connector(ctitest.ConnectorOptions{})})
	return w
}

func TestForwardsGoOverCSTA(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newMixed(t)
		gw := w.run()
		line := gw.Line("1000")
		f := cti.Forward{Type: cti.ForwardBusy, Active: true, To: "1001"}
		require.NoError(t, line.SetForwarding(t.Context(), f))
		got, err := line.Forwarding(t.Context())
		require.NoError(t, err)
		require.Equal(t, []cti.Forward{f}, got)
		s, _ := gw.Snapshot("1000")
		require.Nil(t, s.Features.Forwards, "nobody watches: not known")
	})
}

func TestFeaturesOnlyMonitor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newMixed(t)
		w.cfg.Extensions[0].MonitorFeatures = true
		require.NoError(t, w.net.Set("1000").Forward(cti.Forward{Type: cti.ForwardBusy, Active: true, To: "1001"}))
		gw := w.run()
		forwards := func() []cti.Forward {
			time.Sleep(time.Second)
			s, ok := gw.Snapshot("1000")
			require.True(t, ok)
			return s.Features.Forwards
		}
		require.Len(t, forwards(), 1)
		require.Zero(t, gw.Links()[1].Used, "it is no supervision")
		require.NoError(t, w.net.Set("1000").Forward(cti.Forward{Type: cti.ForwardNoAnswer, Active: true, To: "1002"}))
		require.Len(t, forwards(), 2, "changed at the set, and seen")

		w.port["a"].Drop() // what the other link knows survives
		time.Sleep(10 * time.Second)
		require.Len(t, forwards(), 2)
		w.port["csta"].StopMonitors("1000")
		time.Sleep(time.Minute)
		require.NoError(t, w.net.Set("1000").Forward(cti.Forward{Type: cti.ForwardBusy}))
		require.Len(t, forwards(), 1, "stopped by the PBX, and started again")

		w.apply(func(c *cti.Config) { c.Extensions[0].MonitorFeatures = false })
		w.settle()
		require.Nil(t, forwards())
	})
}

func TestStaleCallsAreReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 0)
		port := w.net.Link("old", ctitest.LinkOptions{SnapshotAtomic: true}) // existing calls report nothing
		w.cfg.Links = []cti.Link{{Name: "old", Capacity: 5, Connector: port.Connector(ctitest.ConnectorOptions{})}}
		for _, n := range []cti.DeviceID{"1000", "1001"} {
			w.extension(n, cti.Location{})
		}
		require.NoError(t, w.net.Set("1000").Call("1001"))
		gw := w.run()
		sub := gw.Subscribe(cti.Devices("1000"), cti.WithoutInitial())
		calls, _ := gw.Line("1000").Calls()
		require.Len(t, calls, 1)
		require.True(t, calls[0].Stale)
		require.NoError(t, w.net.Set("1001").Answer())
		time.Sleep(6 * time.Second)
		events := w.queued(sub)
		require.Len(t, events, 1, "one snapshot tells what changed")
		require.Equal(t, cti.SnapshotTaken, events[0].Kind)
		require.Equal(t, cti.Connected, events[0].Snapshot.Calls[0].Parties[0].State)
		require.NoError(t, w.net.Set("1001").HangUp())
		time.Sleep(6 * time.Second)
		calls, _ = gw.Line("1000").Calls()
		require.Empty(t, calls)
		w.queued(sub)
		time.Sleep(time.Minute)
		require.Empty(t, w.queued(sub), "nothing stale, nothing read")
	})
}
