package gateway_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/gateway"
)

// slowStart adds extension 1500, whose supervision the PBX starts at once and
// answers, well or with err, four seconds later. It returns in between.
func (w *world) slowStart(err error) {
	w.extension("1500", cti.Location{Site: 1, Cluster: 1})
	slow := w.net.Inject(ctitest.Fault{Op: cti.OpSnapshotDevice, Device: "1500", Action: ctitest.DelayAnswer, Delay: 4 * time.Second})
	if err != nil {
		slow.Remove()
		w.net.Inject(ctitest.Fault{Op: cti.OpSupervise, Device: "1500", Action: ctitest.DelayRequest, Delay: 4 * time.Second})
		w.net.Inject(ctitest.Fault{Op: cti.OpSnapshotDevice, Device: "1500", Action: ctitest.Refuse, Err: err})
	}
	w.apply(func(*gateway.Config) {})
	time.Sleep(time.Second)
	e, _ := w.gw.Extension("1500")
	require.Equal(w.t, gateway.StatePending, e.State)
}

// TestMonitorStoppedWhileStarting: the PBX ends a monitor by itself while the
// answer to its start is on the way.
func TestMonitorStoppedWhileStarting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, 10)
		gw := w.run()
		sub := gw.Subscribe(gateway.Devices("1500"))
		w.slowStart(nil)
		w.port["a"].StopMonitors("1500")
		time.Sleep(4 * time.Second)
		e, _ := gw.Extension("1500")
		require.Equal(t, "unsupervised refused", e.State.String()+" "+e.Reason.String())
		require.Len(t, w.log.Find(ctikit.IncidentFilter{Code: "supervision.stopped", Subject: "1500"}), 1)
		for _, ev := range w.queued(sub) {
			require.NotEqual(t, cti.SnapshotTaken, ev.Kind, "nobody watches it")
		}
		time.Sleep(10 * time.Minute)
		e, _ = gw.Extension("1500")
		require.Equal(t, gateway.StateSupervised, e.State, "tried again")
		require.Equal(t, []string{"a"}, w.net.Monitors("1500"))
	})
}

// TestRemovedWhileStarting: an extension that is removed before the answer to
// its start says in the end that it is gone, whatever the answer was.
func TestRemovedWhileStarting(t *testing.T) {
	for name, answer := range map[string]error{"started": nil, "refused": &cti.Error{Err: cti.ErrBusy}, "stopped": errors.New("no more")} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 1, 10)
				gw := w.run()
				sub := gw.Subscribe(gateway.Devices("1500"))
				if name == "stopped" {
					w.slowStart(nil)
					w.port["a"].StopMonitors("1500")
					time.Sleep(time.Second)
				} else {
					w.slowStart(answer)
				}
				w.apply(func(c *gateway.Config) { c.Extensions = c.Extensions[:1] })
				w.settle()
				time.Sleep(time.Minute)
				events := w.queued(sub)
				require.NotEmpty(t, events)
				last := events[len(events)-1]
				require.Equal(t, "Unsupervised removed", last.Kind.String()+" "+last.Reason.String())
				require.Empty(t, w.net.Monitors("1500"))
				require.Equal(t, 1, gw.Links()[0].Used)
			})
		})
	}
}

// TestReplacedWhileLeaving: an extension comes back, once or twice, while its
// monitor is still being stopped. The new one is not started before.
func TestReplacedWhileLeaving(t *testing.T) {
	move := func(site int) func(*gateway.Config) {
		return func(c *gateway.Config) { c.Extensions[0].Location.Site = site }
	}
	for name, changes := range map[string][]func(*gateway.Config){
		"moved":                      {move(2)},
		"moved there and back":       {move(2), move(1)},
		"removed and added":          {func(c *gateway.Config) { c.Extensions = c.Extensions[1:] }, func(c *gateway.Config) {}},
		"moved, removed and added":   {move(2), func(c *gateway.Config) { c.Extensions = c.Extensions[1:] }, func(c *gateway.Config) {}},
		"moved and removed":          {move(2), func(c *gateway.Config) { c.Extensions = c.Extensions[1:] }},
		"moved, and its link leaves": {move(2), func(c *gateway.Config) { c.Links = c.Links[1:] }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 1, 10, 10)
				all := w.cfg.Extensions
				gw := w.run()
				w.net.Inject(ctitest.Fault{Op: cti.OpRelease, Device: "1000", Action: ctitest.DelayRequest, Delay: 4 * time.Second})
				for _, change := range changes {
					w.apply(func(c *gateway.Config) {
						c.Extensions = slices.Clone(all)
						change(c)
					})
					time.Sleep(time.Second)
					require.LessOrEqual(t, len(w.net.Monitors("1000")), 1)
				}
				w.settle()
				require.Empty(t, w.log.Find(ctikit.IncidentFilter{Code: "supervision."}))
				for _, e := range gw.Extensions() {
					require.Equal(t, gateway.StateSupervised, e.State, "%s: %v", e.Number, e.Reason)
					require.Equal(t, []string{e.Link}, w.net.Monitors(e.Number))
				}
				require.Len(t, gw.Extensions(), len(w.cfg.Extensions))
				used := 0
				for _, l := range gw.Links() {
					used += l.Used
				}
				require.Equal(t, len(w.cfg.Extensions), used)
			})
		})
	}
}

// TestTooManyEventsBeforeTheSnapshot: what cannot be held any more would be
// missing in the picture, so the extension is supervised anew.
func TestTooManyEventsBeforeTheSnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, 10)
		gw := w.run()
		w.slowStart(nil)
		for range 600 {
			caller, err := w.net.Dial("0612345678", "1500")
			require.NoError(t, err)
			require.NoError(t, caller.HangUp())
		}
		_, err := w.net.Dial("0687654321", "1500")
		require.NoError(t, err)
		time.Sleep(10 * time.Minute)
		s, ok := gw.Snapshot("1500")
		require.True(t, ok)
		require.Equal(t, seen(w.net.Picture("1500").Calls), seen(s.Calls))
		require.Equal(t, []string{"a"}, w.net.Monitors("1500"))
	})
}

// slowClose is a driver whose sessions take three seconds to close.
type slowClose struct{ driver.Connector }

func (c slowClose) Open(ctx context.Context, sink driver.EventSink) (driver.Session, error) {
	s, err := c.Connector.Open(ctx, sink)
	if err != nil {
		return nil, err
	}
	return slowCloseSession{s}, nil
}

type slowCloseSession struct{ driver.Session }

func (s slowCloseSession) Close() error {
	time.Sleep(3 * time.Second)
	return s.Session.Close()
}

// TestLinkRemovedBreakBeforeMake: what a removed or reopened link supervised is
// started elsewhere once its session has been closed, and not before.
func TestLinkRemovedBreakBeforeMake(t *testing.T) {
	for name, change := range map[string]func(*world, *gateway.Config){
		"removed": func(_ *world, c *gateway.Config) { c.Links = c.Links[1:] },
		"reopened": func(w *world, c *gateway.Config) {
			c.Links[0].Connector = w.port["a"].Connector(ctitest.ConnectorOptions{Latency: 2 * time.Millisecond})
		},
		"removed, and so is an extension": func(_ *world, c *gateway.Config) { c.Links, c.Extensions = c.Links[1:], c.Extensions[1:] },
	} {
		for _, busy := range []string{"", "1500"} {
			t.Run(name+busy, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, 2, 10, 10)
					w.cfg.Links[0].Connector = slowClose{w.cfg.Links[0].Connector}
					gw := w.run()
					if busy != "" {
						w.slowStart(nil)
					}
					w.apply(func(c *gateway.Config) { change(w, c) })
					for range 40 {
						time.Sleep(100 * time.Millisecond)
						for _, e := range gw.Extensions() {
							require.LessOrEqual(t, len(w.net.Monitors(e.Number)), 1, "%s", e.Number)
						}
					}
					w.settle()
					time.Sleep(5 * time.Second) // a busy one was asked while its link closed
					w.settle()
					for _, e := range gw.Extensions() {
						require.Equal(t, gateway.StateSupervised, e.State, "%s: %v", e.Number, e.Reason)
						require.Equal(t, []string{e.Link}, w.net.Monitors(e.Number), "%s", e.Number)
					}
				})
			})
		}
	}
}
