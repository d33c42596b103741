package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
)

// world is a PBX network with a gateway in front of it, in one synctest bubble.
type world struct {
	t    *testing.T
	net  *ctitest.Network
	cfg  gateway.Config
	gw   *gateway.Gateway
	stop func()
	log  *ctikit.IncidentLog
	port map[string]*ctitest.Link
}

// newWorld makes links "a", "b", ... at sites 1, 2, ... of the given capacities,
// each serving its own site, and n extensions at each site: 1000..., 2000..., ...
func newWorld(t *testing.T, n int, capacities ...int) *world {
	w := &world{t: t, net: ctitest.NewNetwork(ctitest.Options{}), log: ctikit.NewIncidentLog(ctikit.IncidentOptions{}), port: map[string]*ctitest.Link{}}
	w.cfg = gateway.Config{Name: "domain", Company: "acme", Incidents: w.log}
	for i, capacity := range capacities {
		name := string(rune('a' + i))
		place := cti.Location{Site: i + 1, Cluster: 1}
		port := w.net.Link(name, ctitest.LinkOptions{Location: place, SnapshotAtomic: true, ReportsExistingCalls: true})
		w.port[name] = port
		w.cfg.Links = append(w.cfg.Links, gateway.Link{
			Name: name, Location: place, Serves: []cti.Pattern{{Site: i + 1, Cluster: cti.Any}}, Capacity: capacity,
			Connector: port.Connector(ctitest.ConnectorOptions{Latency: time.Millisecond}),
		})
		for j := range n {
			w.extension(cti.DeviceID(fmt.Sprintf("%d%03d", i+1, j)), place)
		}
	}
	return w
}

func (w *world) extension(number cti.DeviceID, place cti.Location) {
	e := cti.Extension{Number: number, Location: place, Protocol: cti.VTIXML, SetType: cti.Digital, Password: ctikit.NewSecret("pw" + string(number))}
	w.net.Add(e)
	w.cfg.Extensions = append(w.cfg.Extensions, e)
}

// run starts the gateway; it is stopped with the test.
func (w *world) run() *gateway.Gateway {
	gw, err := gateway.New(w.cfg)
	require.NoError(w.t, err)
	w.start(gw)
	w.settle()
	return gw
}

func (w *world) start(gw *gateway.Gateway) {
	w.gw = gw
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- gw.Run(ctx) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(w.t, <-done)
	})
	w.t.Cleanup(w.stop)
}

func (w *world) settle() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	require.NoError(w.t, w.gw.Settled(ctx))
	time.Sleep(5 * time.Millisecond) // events on their way
}

// apply changes the configuration.
func (w *world) apply(change func(*gateway.Config)) *gateway.Change {
	w.cfg.Links, w.cfg.Extensions = slices.Clone(w.cfg.Links), slices.Clone(w.cfg.Extensions)
	change(&w.cfg)
	ch, err := w.gw.Apply(context.Background(), w.cfg)
	require.NoError(w.t, err)
	return ch
}

// where counts extensions by "link mode" or "unsupervised reason".
func (w *world) where() map[string]int {
	out := map[string]int{}
	for _, e := range w.gw.Extensions() {
		if e.State == gateway.StateSupervised {
			out[e.Link+" "+e.Mode.String()]++
		} else {
			out[e.State.String()+" "+e.Reason.String()]++
		}
	}
	return out
}

func TestGatewaySupervises(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 10, 10, 20)
		gw := w.run()
		require.Equal(t, map[string]int{"a explicit": 10, "b explicit": 10}, w.where())
		for _, l := range gw.Links() {
			require.Equal(t, gateway.LinkIsUp, l.State)
			require.Equal(t, 10, l.Used)
			require.Equal(t, l.Capacity-10, l.Free)
		}
		w.stop()
		require.Equal(t, map[string]int{"unsupervised closing": 20}, w.where())
		require.Empty(t, w.net.Monitors("1000"), "monitors were stopped")
		_, err := gw.Line("1000").MakeCall(context.Background(), "1001")
		require.ErrorIs(t, err, cti.ErrClosed)
		require.True(t, cti.SafeToRetry(err))
	})
}

func TestGatewayLinkLostAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 10, 10, 15)
		gw := w.run()
		sub := gw.Subscribe(gateway.WithoutInitial(), gateway.LinkEvents(), gateway.Buffer(1000))
		dial := w.net.Inject(ctitest.Fault{Link: "a", Op: cti.OpOpen, Count: -1, Action: ctitest.Refuse, Err: errors.New("no route")})
		w.port["a"].Drop()
		time.Sleep(time.Second)
		require.Equal(t, map[string]int{"unsupervised link down": 10, "b explicit": 10}, w.where(), "they wait for the link at first")
		time.Sleep(2 * time.Second)
		require.Equal(t, map[string]int{"unsupervised capacity": 5, "b explicit": 10, "b overflow": 5}, w.where())

		w.apply(func(c *gateway.Config) { c.Links[1].Capacity = 20 })
		w.settle()
		require.Equal(t, map[string]int{"b explicit": 10, "b overflow": 10}, w.where())

		dial.Remove()
		time.Sleep(time.Minute)
		w.settle()
		require.Equal(t, map[string]int{"a explicit": 10, "b explicit": 10}, w.where())
		w.stop()

		count := map[string]int{}
		for ev, err := range sub.Events(context.Background()) {
			if err != nil {
				require.ErrorIs(t, err, cti.ErrClosed)
				break
			}
			switch ev.Kind {
			case cti.GapFound:
				count["gap "+ev.Gap.Reason.String()]++
			default:
				count[ev.Kind.String()+" "+ev.Reason.String()]++
			}
		}
		delete(count, "Unsupervised capacity") // how many times a waiting one is told is not promised
		require.Equal(t, map[string]int{
			"LinkDown ": 1, "LinkUp ": 1, "gap link lost": 10, "gap moved": 10, "Snapshot ": 20, "Unsupervised closing": 20,
		}, count)
		var codes []string
		for _, in := range w.log.Find(ctikit.IncidentFilter{Code: "link."}) {
			codes = append(codes, in.Code+" "+in.Subject)
		}
		require.Equal(t, []string{"link.down a", "link.up a"}, codes[len(codes)-2:])
	})
}

func TestGatewayMoreThanItCanHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 10, 8)
		w.run()
		require.Equal(t, map[string]int{"a explicit": 8, "unsupervised capacity": 2}, w.where())
		w.apply(func(c *gateway.Config) { c.Extensions = c.Extensions[1:] })
		w.settle()
		require.Equal(t, map[string]int{"a explicit": 8, "unsupervised capacity": 1}, w.where(), "a free slot is used at once")
		w.stop()
	})
}

func TestGatewayLearnsCapacity(t *testing.T) {
	for _, hidden := range []bool{false, true} {
		t.Run(fmt.Sprintf("hidden=%v", hidden), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 0)
				port := w.net.Link("full", ctitest.LinkOptions{MaxSupervisions: 6, HideLimit: hidden})
				w.cfg.Links = []gateway.Link{{Name: "full", Capacity: 100, Connector: port.Connector(ctitest.ConnectorOptions{Latency: time.Millisecond})}}
				for i := range 10 {
					w.extension(cti.DeviceID(fmt.Sprint(1000+i)), cti.Location{Site: 1, Cluster: 1})
				}
				gw := w.run()
				require.Equal(t, map[string]int{"full implicit": 6, "unsupervised capacity": 4}, w.where())
				require.Equal(t, 6, gw.Links()[0].Capacity)
				require.NotEmpty(t, w.log.Find(ctikit.IncidentFilter{Code: "link.capacity"}))
				w.stop()
			})
		})
	}
}

func TestGatewayRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 3, 10)
		w.cfg.Extensions[0].Password = ctikit.NewSecret("wrong")
		w.cfg.Extensions = append(w.cfg.Extensions,
			cti.Extension{Number: "9999", Protocol: cti.VTIXML},
			cti.Extension{Number: "1500", Protocol: cti.NoProtocol},
			cti.Extension{Number: "1501", Protocol: cti.VTIXML, Disabled: true},
			cti.Extension{Number: "1502", Protocol: cti.CSTA, SetType: cti.I2052})
		gw := w.run()
		require.Equal(t, map[string]int{"a explicit": 2, "unsupervised bad password": 1, "unsupervised invalid device": 1,
			"unsupervised no protocol": 1, "unsupervised disabled": 1, "unsupervised no link": 1}, w.where())
		tries := len(w.log.Find(ctikit.IncidentFilter{Subject: "1000"}))
		require.Equal(t, 1, tries)
		time.Sleep(time.Hour)
		require.Len(t, w.log.Find(ctikit.IncidentFilter{Subject: "1000"}), 1, "a wrong password is not tried again")
		w.apply(func(c *gateway.Config) { c.Extensions[0].Password = ctikit.NewSecret("pw1000") })
		w.settle()
		e, _ := gw.Extension("1000")
		require.Equal(t, gateway.StateSupervised, e.State)
		w.stop()
	})
}

func TestGatewayLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 3, 10)
		gw := w.run()
		ctx := context.Background()
		line := gw.Line("1000")
		conn, err := line.MakeCall(ctx, "1001")
		require.NoError(t, err)
		require.NoError(t, gw.Line("1001").Answer(ctx, conn.Call))
		time.Sleep(10 * time.Millisecond)
		calls, ok := line.Calls()
		require.True(t, ok)
		require.Len(t, calls, 1)
		require.Equal(t, cti.Connected, calls[0].State)
		require.Equal(t, "1001", string(calls[0].Other("1000").Number))

		err = line.SetForwarding(ctx, cti.Forward{Active: true, To: "1002"})
		require.ErrorIs(t, err, ctikit.ErrUnsupported, "forwards do not go over VTI-XML")
		require.ErrorContains(t, err, `set forwarding 1000 on link "a"`)
		_, err = gw.Line("7777").MakeCall(ctx, "1")
		require.ErrorIs(t, err, cti.ErrInvalidDevice)
		require.True(t, cti.SafeToRetry(err))
		require.ErrorIs(t, line.Answer(ctx, "no such"), cti.ErrInvalidCall)
		_, err = gw.Line("1000", gateway.Allow(cti.SharedControl)).Intrude(ctx, conn)
		require.ErrorIs(t, err, cti.ErrNotPermitted)
		w.stop()
	})
}

// spelling is a number plan that shows which way it was asked.
type spelling struct{}

func (spelling) Outgoing(n string) (string, error) { return "0" + n, nil }
func (spelling) Incoming(n string) (string, string, bool) {
	return "in:" + n, "+" + n, false
}
func (spelling) Dialled(n string) (string, string, bool) { return "out:" + n, "+" + n, false }

type names map[string]string

func (n names) CallerName(lookup, _ string) (string, bool) { s, ok := n[lookup]; return s, ok }

func TestOtherPartyIsNamedWhileReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, 10)
		w.cfg.NumberPlan = spelling{}
		gw := w.run()
		sub := gw.Subscribe(gateway.WithoutInitial(), gateway.Names(names{"in:0612345678": "Paul", "out:00123456789": "Claire"}))
		_, err := w.net.Dial("0612345678", "1000")
		require.NoError(t, err)
		time.Sleep(time.Second)
		_, err = gw.Line("1001").MakeCall(t.Context(), "0123456789")
		require.NoError(t, err)
		time.Sleep(time.Second)
		named := map[cti.DeviceID]string{}
		for _, ev := range w.queued(sub) {
			if ev.Other.Name != "" {
				named[ev.Device] = ev.Other.Name + " " + ev.Other.E164
			}
		}
		require.Equal(t, map[cti.DeviceID]string{"1000": "Paul +0612345678", "1001": "Claire +00123456789"}, named)
		calls, _ := gw.Line("1001").Calls()
		require.Equal(t, "out:00123456789", gw.Other("1001", calls[0]).Lookup)
	})
}

func TestUnreachableSites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, 10, 10)
		w.port["a"].SetReach([]cti.Pattern{{Site: 2, Cluster: cti.Any}})
		w.run()
		require.Equal(t, map[string]int{"b overflow": 2, "b explicit": 2}, w.where(), "another link reaches it")
		w.apply(func(c *gateway.Config) { c.Links = c.Links[:1] })
		w.settle()
		require.Equal(t, map[string]int{"unsupervised unreachable": 2, "a implicit": 2}, w.where())
		w.port["a"].SetReach(nil)
		w.port["a"].Drop()
		time.Sleep(time.Minute)
		w.settle()
		require.Equal(t, map[string]int{"a explicit": 2, "a implicit": 2}, w.where(), "a new session is asked again")
	})
}

func TestGarbageOnOneLinkLeavesTheOthersAlone(t *testing.T) {
	for _, m := range []ctitest.Mangle{ctitest.Garbage, ctitest.HalfMessage, ctitest.HugeLength} {
		t.Run(m.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 5, 10, 10)
				gw := w.run()
				sub := gw.Subscribe(gateway.WithoutInitial())
				w.port["a"].Send(m)
				time.Sleep(time.Minute)
				w.settle()
				require.Equal(t, map[string]int{"a explicit": 5, "b explicit": 5}, w.where())
				require.Equal(t, 1, gw.Links()[0].Reconnects, "closed and opened again")
				require.Zero(t, gw.Links()[1].Reconnects)
				for _, ev := range w.queued(sub) {
					require.Equal(t, byte('1'), ev.Device[0], "site 2 is not touched: %v", &ev)
				}
				found := w.log.Find(ctikit.IncidentFilter{Code: "link.down", Subject: "a"})
				require.Len(t, found, 1)
				require.True(t, errors.Is(found[0].Err, cti.ErrProtocol) || errors.Is(found[0].Err, cti.ErrLinkDown), "%v", found[0].Err)
			})
		})
	}
}
