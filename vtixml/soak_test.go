package vtixml_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/vtixml"
	"github.com/ctikit/ctikit/vtixml/vtixmltest"
)

// soak is a gateway with two links over wires that fail.
type soak struct {
	t        *testing.T
	r        *rand.Rand
	network  *ctitest.Network
	ports    []*ctitest.Link
	wires    []func() []breakable
	numbers  []cti.DeviceID
	unit     time.Duration // a fault lasts 1 to 15 of them
	pace     time.Duration // longest pause between two steps
	quiet    int           // steps from one fault to the next, on average
	faults   []*ctitest.Injected
	failed   int
	pictures map[cti.DeviceID]*cti.CallModel

	gaps, events int
}

// breakable is the server's end of a connection, to break it.
type breakable interface {
	CutAfter(bytes int)
	Stall()
	Resume()
}

func newSoak(t *testing.T) *soak {
	return &soak{t: t, r: rand.New(rand.NewPCG(testenv.Seed(t), 4)), network: ctitest.NewNetwork(ctitest.Options{}),
		pictures: map[cti.DeviceID]*cti.CallModel{}}
}

// TestSoak: two minutes of calls over links that drop, stall, lose answers,
// answer late and send garbage; then the subscriber's picture is the PBX's. The
// minutes are virtual: every event and every fault is real, waiting is not.
// TestSoakOverTCP is the same in real time.
func TestSoak(t *testing.T) {
	s := newSoak(t)
	s.unit, s.pace, s.quiet = time.Second, 80*time.Millisecond, 60
	synctest.Test(t, func(t *testing.T) {
		s.t = t
		gw := s.gateway(gateway.Timing{}, func(i int) (net.Listener, vtixml.Config, func() []breakable) {
			listener := ctitest.Listen(ctitest.PipeOptions{Latency: time.Duration(3+i) * time.Millisecond})
			wires := func() (all []breakable) {
				for _, c := range listener.Conns() {
					all = append(all, c)
				}
				return all
			}
			return listener, vtixml.Config{Addr: "pbx", Dial: listener.Dial}, wires
		})
		s.run(gw, 2*time.Minute, func(sub *gateway.Subscription) {
			time.Sleep(30 * time.Minute)
			require.NoError(t, gw.Settled(t.Context()))
			s.read(sub)
			require.NoError(t, s.differs(gw))
		})
	})
}

// run lets people telephone and things break for so long, then heals all and
// has settle wait for the end and compare.
func (s *soak) run(gw *gateway.Gateway, long time.Duration, settle func(*gateway.Subscription)) {
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- gw.Run(ctx) }()
	defer func() { cancel(); require.NoError(s.t, <-ended) }()
	sub := gw.Subscribe(gateway.Buffer(1 << 14))
	require.NoError(s.t, gw.Settled(ctx))
	for end := time.Now().Add(long); time.Now().Before(end); {
		s.step()
		time.Sleep(time.Duration(s.r.Int64N(int64(s.pace))))
		s.read(sub)
	}
	s.heal()
	settle(sub)
	require.NotZero(s.t, s.gaps, "no link was ever lost")
	require.GreaterOrEqual(s.t, s.failed, failures, "not every fault had its turn")
	s.t.Logf("%v: %d faults, %d events, %d gaps, one link's counters %+v", long, s.failed, s.events, s.gaps, gw.Links()[0].Counters)
}

// differs tells where the subscriber's picture is not the PBX's.
func (s *soak) differs(gw *gateway.Gateway) error {
	for _, number := range s.numbers {
		status, _ := gw.Extension(number)
		if status.State != gateway.StateSupervised {
			return fmt.Errorf("%s is %v: %v", number, status.State, status.Reason)
		}
		if n := len(s.network.Monitors(number)); n != 1 {
			return fmt.Errorf("%s has %d monitors", number, n)
		}
		want, got := s.network.Picture(number), s.pictures[number]
		if got == nil {
			return fmt.Errorf("%s: nothing was told", number)
		}
		if w, g := states(want.Calls), states(got.Calls()); !maps.Equal(w, g) {
			return fmt.Errorf("%s: calls are %v, told were %v", number, w, g)
		}
		if w, g := want.Features, got.Features(); !reflect.DeepEqual(w.MessageWaiting, g.MessageWaiting) || !reflect.DeepEqual(w.DoNotDisturb, g.DoNotDisturb) {
			return fmt.Errorf("%s: features are %+v, told were %+v", number, w, g)
		}
	}
	return nil
}

// gateway puts two servers on the listeners that listen makes.
func (s *soak) gateway(timing gateway.Timing, listen func(i int) (net.Listener, vtixml.Config, func() []breakable)) *gateway.Gateway {
	cfg := gateway.Config{Timing: timing}
	for i, name := range []string{"a", "b"} {
		listener, connector, wires := listen(i)
		port := s.network.Link(name, ctitest.LinkOptions{})
		server := vtixmltest.Serve(listener, port, vtixmltest.Options{})
		s.t.Cleanup(func() { server.Close() })
		s.ports, s.wires = append(s.ports, port), append(s.wires, wires)
		connector.ClearLateCalls = i == 0
		cfg.Links = append(cfg.Links, gateway.Link{Name: name, Location: cti.Location{Site: i + 1, Cluster: 1}, Serves: []cti.Pattern{{Site: i + 1, Cluster: cti.Any}},
			Capacity: 30, Connector: connector})
	}
	for i := range 30 {
		ext := cti.Extension{Number: cti.DeviceID(fmt.Sprint(1+i%2, "0", 10+i)), Location: cti.Location{Site: 1 + i%2, Cluster: 1},
			Protocol: cti.VTIXML, Password: ctikit.NewSecret(fmt.Sprint("p", i))}
		s.network.Add(ext)
		cfg.Extensions = append(cfg.Extensions, ext)
		s.numbers = append(s.numbers, ext.Number)
	}
	gw, err := gateway.New(cfg)
	require.NoError(s.t, err)
	return gw
}

// step lets people telephone, and sometimes something break.
func (s *soak) step() {
	for range 3 {
		s.telephone()
	}
	if s.r.IntN(s.quiet) == 0 {
		s.fail(s.failed % failures)
		s.failed++
	}
}

func (s *soak) telephone() {
	set := s.network.Set(s.numbers[s.r.IntN(len(s.numbers))])
	other := s.numbers[s.r.IntN(len(s.numbers))]
	switch s.r.IntN(16) {
	case 0, 1, 2:
		set.Call(string(other))
	case 3, 4:
		s.network.Dial("0612345678", other)
	case 5, 6:
		set.Consult(string(other))
	case 7:
		set.Transfer()
	case 8:
		set.Conference()
	case 9:
		set.Hold()
	case 10:
		set.Retrieve()
	case 11, 12:
		set.HangUp()
	case 13:
		set.MessageWaiting(s.r.IntN(2) == 0)
		set.DoNotDisturb(s.r.IntN(8) == 0)
	default:
		set.Answer()
	}
}

// failures are the ways in which a link fails; they take turns.
const failures = 7

func (s *soak) fail(how int) {
	i := s.r.IntN(2)
	port, wires := s.ports[i], s.wires[i]()
	ops := []cti.Operation{cti.OpSupervise, cti.OpRelease, cti.OpSnapshotDevice, cti.OpPing}
	fault := ctitest.Fault{Link: port.Name(), Op: ops[s.r.IntN(len(ops))], Delay: time.Duration(1+s.r.IntN(15)) * s.unit}
	switch how {
	case 0:
		port.Drop()
	case 1:
		port.Send([]ctitest.Mangle{ctitest.Garbage, ctitest.HalfMessage, ctitest.HugeLength}[s.r.IntN(3)])
	case 2:
		fault.Action = ctitest.LoseAnswer
		s.faults = append(s.faults, s.network.Inject(fault))
	case 3:
		fault.Action = ctitest.DelayAnswer
		s.faults = append(s.faults, s.network.Inject(fault))
	case 4:
		fault.Action = ctitest.DropAfter
		s.faults = append(s.faults, s.network.Inject(fault))
	case 5:
		for _, c := range wires {
			c.CutAfter(s.r.IntN(500))
		}
	case 6:
		for _, c := range wires {
			c.Stall()
			time.AfterFunc(fault.Delay, c.Resume)
		}
	}
}

// heal ends all faults. A lost answer may have left a monitor that nobody knows
// of: it ends with its link.
func (s *soak) heal() {
	for _, f := range s.faults {
		f.Remove()
	}
	for i, port := range s.ports {
		port.Drop()
		for _, c := range s.wires[i]() {
			c.Resume()
		}
	}
}

// read folds what is queued for the subscriber.
func (s *soak) read(sub *gateway.Subscription) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Millisecond)
	defer cancel()
	for {
		ev, err := sub.Next(ctx)
		if err != nil {
			return
		}
		s.events++
		if ev.Kind == cti.GapFound {
			s.gaps++
		}
		if ev.Device == "" {
			continue
		}
		if s.pictures[ev.Device] == nil {
			s.pictures[ev.Device] = &cti.CallModel{Device: ev.Device}
		}
		s.pictures[ev.Device].Apply(&ev)
	}
}

// states is what two pictures are compared by: every call and party with its state.
func states(calls []cti.Call) map[string]cti.LocalState {
	out := map[string]cti.LocalState{}
	for _, c := range calls {
		out[string(c.ID)] = c.State
		for _, p := range c.Parties {
			out[fmt.Sprintf("%s with %s", c.ID, p.Device)] = p.State
		}
	}
	return out
}
