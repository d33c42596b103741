package gateway_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
)

func TestApplyTouchesOnlyWhatChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 5, 10, 10)
		gw := w.run()
		_, err := gw.Line("1000").MakeCall(context.Background(), "1001")
		require.NoError(t, err)
		time.Sleep(time.Second)
		sub := gw.Subscribe(gateway.WithoutInitial())

		next := w.cfg
		next.Links = append([]gateway.Link(nil), next.Links...)
		next.Links[0].Capacity = 50
		next.Extensions = append([]cti.Extension(nil), next.Extensions[:8]...)
		next.Extensions[2].User = "alice"
		next.Extensions[3].Password = ctikit.NewSecret("pw1003") // equal, another value
		planned, err := gw.Plan(next)
		require.NoError(t, err)
		require.Equal(t, []string{"a"}, planned.LinksUpdated)
		require.Equal(t, []cti.DeviceID{"2003", "2004"}, planned.DevicesRemoved)
		require.Equal(t, []cti.DeviceID{"1002"}, planned.DevicesUpdated)
		require.Empty(t, planned.DevicesRestarted)
		require.Equal(t, 10, w.where()["a explicit"]+w.where()["b explicit"], "a plan changes nothing")

		change, err := gw.Apply(context.Background(), next, gateway.IfVersion(planned.Version))
		require.NoError(t, err)
		require.Equal(t, planned, change)
		w.settle()
		for _, ev := range w.queued(sub) {
			require.Contains(t, []cti.DeviceID{"2003", "2004"}, ev.Device, "%v", &ev)
		}
		calls, ok := gw.Line("1000").Calls()
		require.True(t, ok)
		require.Len(t, calls, 1, "the call goes on")

		_, err = gw.Apply(context.Background(), next, gateway.IfVersion(planned.Version))
		require.ErrorIs(t, err, ctikit.ErrConflict)
	})
}

// queued reads what is queued at this moment.
func (w *world) queued(sub *gateway.Subscription) (events []cti.Event) {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
		ev, err := sub.Next(ctx)
		cancel()
		if err != nil {
			return events
		}
		events = append(events, ev)
	}
}

func TestApplyLinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 5, 10, 10)
		w.run()
		change := w.apply(func(c *gateway.Config) { c.Links = c.Links[1:] })
		require.Equal(t, []string{"a"}, change.LinksRemoved)
		w.settle()
		require.Equal(t, map[string]int{"b explicit": 5, "b implicit": 5}, w.where(), "no link names site 1 any more")
		require.Zero(t, w.port["a"].Associations(), "the session was closed")

		port := w.net.Link("a2", ctitest.LinkOptions{Location: cti.Location{Site: 1, Cluster: 1}, SnapshotAtomic: true})
		change = w.apply(func(c *gateway.Config) {
			c.Links = append(c.Links, gateway.Link{Name: "a", Serves: []cti.Pattern{{Site: 1, Cluster: cti.Any}}, Capacity: 3,
				Connector: port.Connector(ctitest.ConnectorOptions{})})
			c.Links[0].Connector = w.port["b"].Connector(ctitest.ConnectorOptions{Latency: 2 * time.Millisecond})
		})
		require.Equal(t, []string{"a"}, change.LinksAdded)
		require.Equal(t, []string{"b"}, change.LinksReopened)
		w.settle()
		require.Equal(t, map[string]int{"b explicit": 5, "a explicit": 3, "b overflow": 2}, w.where())
	})
}

func TestApplyRestartsAnExtensionBreakBeforeMake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, 10, 10)
		gw := w.run()
		sub := gw.Subscribe(gateway.Devices("1000"), gateway.WithoutInitial())
		change := w.apply(func(c *gateway.Config) { c.Extensions[0].Location = cti.Location{Site: 2, Cluster: 1} })
		require.Equal(t, []cti.DeviceID{"1000"}, change.DevicesRestarted)
		w.settle()
		e, _ := gw.Extension("1000")
		require.Equal(t, "b", e.Link)
		require.Equal(t, []string{"b"}, w.net.Monitors("1000"))
		events := w.queued(sub)
		require.Equal(t, cti.GapFound, events[0].Kind)
		require.Equal(t, cti.SnapshotTaken, events[len(events)-1].Kind)
	})
}

func TestNewReportsEveryProblem(t *testing.T) {
	port := ctitest.NewNetwork(ctitest.Options{}).Link("x", ctitest.LinkOptions{Protocol: cti.CSTA})
	other := ctitest.NewNetwork(ctitest.Options{}).Link("y", ctitest.LinkOptions{Protocol: cti.CSTA})
	_, err := gateway.New(gateway.Config{
		Links: []gateway.Link{
			{Name: "a", Location: cti.Location{Site: -1}, Capacity: 0, Connector: port.Connector(ctitest.ConnectorOptions{})},
			{Name: "a", Capacity: -3, Connector: other.Connector(ctitest.ConnectorOptions{}), Serves: []cti.Pattern{{Site: 0, Cluster: 1}, {Site: 1, Cluster: 1}, {Site: 1, Cluster: 1}}},
			{Capacity: 1},
		},
		Extensions: []cti.Extension{{Number: "1"}, {Number: "1"}, {}, {Number: "2", Protocol: cti.VTIXML, SetType: cti.I2052}, {Number: "3", Location: cti.Location{Site: 1}}},
		Timing:     gateway.Timing{HoldDown: -1},
	})
	var problems ctikit.Problems
	require.ErrorAs(t, err, &problems)
	var paths []string
	for _, p := range problems {
		paths = append(paths, p.Path)
	}
	require.Equal(t, []string{
		"links[0].capacity", "links[0].location", "links[1].name", "links[1].capacity", "links[1].serves[0]", "links[1].serves[2]", "links[1].connector",
		"links[2].name", "links[2].connector",
		"extensions[1].number", "extensions[2].number", "extensions[3].protocol", "extensions[4].location", "timing.holdDown",
	}, paths)
	require.ErrorIs(t, err, gateway.ErrSecondCSTALink)
	require.ErrorContains(t, err, "links[1].capacity: must be at least 1, got -3")
}

func TestHooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, 10)
		var links atomic.Int32
		var states []string
		w.cfg.Hooks = gateway.Hooks{
			LinkState: func(s gateway.LinkStatus) { links.Add(1); panic("host's bug with " + s.Name) },
			ExtensionState: func(s gateway.ExtensionStatus) {
				if s.Number == "1000" {
					states = append(states, s.State.String()+" "+s.Reason.String())
				}
			},
		}
		gw := w.run()
		w.port["a"].Drop()
		time.Sleep(time.Minute)
		w.stop()
		require.Equal(t, []string{"pending ", "supervised ", "unsupervised link down", "pending ", "supervised ", "unsupervised closing"}, states)
		require.Positive(t, links.Load())
		require.Equal(t, uint64(links.Load()), gw.Stats().HookPanics, "contained and counted")
		require.NotEmpty(t, w.log.Find(ctikit.IncidentFilter{Code: "hook.panic"}))
	})
}

func TestRestartDrainAndSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 5, 10, 10)
		gw := w.run()
		require.NoError(t, gw.Drain("a"))
		w.settle()
		require.Equal(t, map[string]int{"b overflow": 5, "b explicit": 5}, w.where())
		require.Equal(t, gateway.LinkDraining, gw.Links()[0].State)
		require.NoError(t, gw.Restart("a"))
		time.Sleep(time.Second)
		require.Equal(t, 1, gw.Links()[0].Reconnects)
		require.NoError(t, gw.Undrain("a"))
		w.settle()
		require.Equal(t, map[string]int{"a explicit": 5, "b explicit": 5}, w.where())
		require.ErrorContains(t, gw.Restart("nowhere"), `"nowhere"`)

		// A peer that says nothing any more is found by the heartbeat.
		w.net.Inject(ctitest.Fault{Link: "b", Op: cti.OpPing, Action: ctitest.GoSilent})
		time.Sleep(21 * time.Second)
		require.Contains(t, gw.Links()[1].LastError+w.lastIncident("link.down"), "no answer to a heartbeat")
		time.Sleep(time.Minute)
		w.settle()
		require.Equal(t, map[string]int{"a explicit": 5, "b explicit": 5}, w.where())
		require.Positive(t, gw.Links()[1].RoundTrip)
	})
}

func (w *world) lastIncident(code string) string {
	found := w.log.Find(ctikit.IncidentFilter{Code: code, Limit: 1})
	if len(found) == 0 || found[0].Err == nil {
		return ""
	}
	return found[0].Err.Error()
}

func TestRefusedCredentialsWaitLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, 10)
		tries := w.net.Inject(ctitest.Fault{Link: "a", Op: cti.OpOpen, Count: -1, Action: ctitest.Refuse, Err: &cti.Error{Err: cti.ErrBadCredentials}})
		w.run()
		time.Sleep(10 * time.Minute)
		require.LessOrEqual(t, tries.Hits(), 8)
		require.NotEmpty(t, w.log.Find(ctikit.IncidentFilter{Code: "link.credentials"}))
		err := w.gw.Line("1000").Drop(context.Background(), "1")
		require.True(t, errors.Is(err, cti.ErrLinkDown), "%v", err)
	})
}

func TestRunTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, 10)
		gw := w.run()
		require.ErrorIs(t, gw.Run(context.Background()), gateway.ErrAlreadyRun)
		w.stop()
		_, err := gw.Apply(context.Background(), w.cfg)
		require.ErrorIs(t, err, cti.ErrClosed)
		_, err = gw.Subscribe(gateway.WithoutInitial()).Next(context.Background())
		require.ErrorIs(t, err, cti.ErrClosed)
	})
}
