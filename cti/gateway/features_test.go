package gateway_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
)

// newMixed is a world with a CSTA link beside its VTI-XML ones.
func newMixed(t *testing.T) *world {
	w := newWorld(t, 3, 10)
	w.port["csta"] = w.net.Link("csta", ctitest.LinkOptions{Protocol: cti.CSTA, SnapshotAtomic: true, ReportsExistingCalls: true})
	w.cfg.Links = append(w.cfg.Links, gateway.Link{Name: "csta", Capacity: 5, Connector: w.port["csta"].Connector(ctitest.ConnectorOptions{})})
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

		w.apply(func(c *gateway.Config) { c.Extensions[0].MonitorFeatures = false })
		w.settle()
		require.Nil(t, forwards())
	})
}

// watches is what the network knows of the features-only monitors of 1000.
func (w *world) watches() []string { return w.net.FeatureMonitors("1000") }

func TestFeaturesOnlyMonitorIsStartedAgain(t *testing.T) {
	incidents := map[string]map[string]bool{ // whether they have an error
		"stopped by the PBX while it starts": {"the PBX ended the features-only monitor while it was being started": false},
		"refused":                            {"the features-only monitor could not be started": true},
	}
	for name, trouble := range map[string]func(w *world, slow *ctitest.Injected){
		"stopped by the PBX while it starts": func(w *world, _ *ctitest.Injected) { w.port["csta"].StopMonitors("1000") },
		"the link is lost while it starts":   func(w *world, _ *ctitest.Injected) { w.port["csta"].Drop() },
		"the link is restarted":              func(w *world, _ *ctitest.Injected) { require.NoError(w.t, w.gw.Restart("csta")) },
		"refused": func(w *world, slow *ctitest.Injected) {
			slow.Remove()
			w.net.Inject(ctitest.Fault{Op: cti.OpMonitorFeatures, Action: ctitest.Refuse, Count: 3})
			require.NoError(w.t, w.gw.Restart("csta"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newMixed(t)
				w.cfg.Extensions[0].MonitorFeatures = true
				told := map[string]bool{}
				slow := w.net.Inject(ctitest.Fault{Link: "csta", Op: cti.OpSnapshotDevice, Action: ctitest.DelayAnswer, Delay: 4 * time.Second})
				gw, err := gateway.New(w.cfg)
				require.NoError(t, err)
				w.start(gw)
				time.Sleep(time.Second)
				require.Equal(t, []string{"csta"}, w.watches())
				trouble(w, slow)
				time.Sleep(10 * time.Minute)
				require.NoError(t, w.net.Set("1000").Forward(cti.Forward{Active: true, To: "1002"}))
				time.Sleep(time.Second)
				s, _ := gw.Snapshot("1000")
				require.Len(t, s.Features.Forwards, 1, "changed at the set, and seen")
				require.Equal(t, []string{"csta"}, w.watches())
				for _, in := range w.log.Find(ctikit.IncidentFilter{Code: "features.refused"}) {
					told[in.Message] = in.Err != nil
				}
				if want, ok := incidents[name]; ok {
					require.Equal(t, want, told)
				}
			})
		})
	}
}

func TestFeaturesOnlyMonitorEnds(t *testing.T) {
	for name, change := range map[string]func(*gateway.Config){
		"removed":     func(c *gateway.Config) { c.Extensions = c.Extensions[1:] },
		"disabled":    func(c *gateway.Config) { c.Extensions[0].Disabled = true },
		"not wanted":  func(c *gateway.Config) { c.Extensions[0].MonitorFeatures = false },
		"link closed": func(c *gateway.Config) { c.Links = c.Links[:1] },
	} {
		for _, starting := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newMixed(t)
					w.cfg.Extensions[0].MonitorFeatures = true
					gw, err := gateway.New(w.cfg)
					require.NoError(t, err)
					if starting {
						w.net.Inject(ctitest.Fault{Link: "csta", Op: cti.OpSnapshotDevice, Action: ctitest.DelayAnswer, Delay: 4 * time.Second})
					}
					w.start(gw)
					time.Sleep(time.Second)
					require.Equal(t, []string{"csta"}, w.watches())
					w.apply(change)
					time.Sleep(time.Minute)
					require.Empty(t, w.watches())
				})
			})
		}
	}
}

// TestFeaturesOnlyMonitorLeavesTheSupervisionAlone: to watch or not to watch is
// no reason to supervise anew; a new password is, and the watch goes on.
func TestFeaturesOnlyMonitorLeavesTheSupervisionAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newMixed(t)
		require.NoError(t, w.net.Set("1000").Forward(cti.Forward{Active: true, To: "1001"}))
		gw := w.run()
		sub := gw.Subscribe(gateway.Devices("1000"), gateway.WithoutInitial())
		change := w.apply(func(c *gateway.Config) { c.Extensions[0].MonitorFeatures = true })
		require.Equal(t, []cti.DeviceID{"1000"}, change.DevicesUpdated)
		w.settle()
		w.apply(func(c *gateway.Config) { c.Extensions[0].MonitorFeatures = false })
		w.settle()
		known := []int{}
		for _, ev := range w.queued(sub) {
			require.Equal(t, cti.SnapshotTaken, ev.Kind)
			known = append(known, len(ev.Snapshot.Features.Forwards))
		}
		require.Equal(t, []int{1, 0}, known, "what nobody watches is not known")
		w.apply(func(c *gateway.Config) { c.Extensions[0].MonitorFeatures = true })
		w.settle()
		w.net.Add(cti.Extension{Number: "1000", Location: w.cfg.Extensions[0].Location, Password: ctikit.NewSecret("new")})
		w.apply(func(c *gateway.Config) { c.Extensions[0].Password = ctikit.NewSecret("new") })
		w.settle()
		require.Equal(t, []string{"csta"}, w.watches())
		s, _ := gw.Snapshot("1000")
		require.Len(t, s.Features.Forwards, 1)
		w.port["csta"].Down()
		time.Sleep(time.Second)
		s, _ = gw.Snapshot("1000")
		require.Empty(t, s.Features.Forwards)
	})
}

func TestStaleCallsAreReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 0)
		port := w.net.Link("old", ctitest.LinkOptions{SnapshotAtomic: true}) // existing calls report nothing
		w.cfg.Links = []gateway.Link{{Name: "old", Capacity: 5, Connector: port.Connector(ctitest.ConnectorOptions{})}}
		for _, n := range []cti.DeviceID{"1000", "1001"} {
			w.extension(n, cti.Location{})
		}
		require.NoError(t, w.net.Set("1000").Call("1001"))
		gw := w.run()
		sub := gw.Subscribe(gateway.Devices("1000"), gateway.WithoutInitial())
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
