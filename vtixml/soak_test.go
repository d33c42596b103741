package vtixml_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/vtixml"
	"github.com/ctikit/ctikit/vtixml/vtixmltest"
)

// soak is a gateway with two links over wires that fail.
type soak struct {
	t         *testing.T
	r         *rand.Rand
	network   *ctitest.Network
	ports     []*ctitest.Link
	listeners []*ctitest.Listener
	numbers   []cti.DeviceID
	faults    []*ctitest.Injected
	pictures  map[cti.DeviceID]*cti.CallModel
}

// TestSoak: two minutes of calls over links that drop, stall, lose answers,
// answer late and send garbage; then the subscriber's picture is the PBX's. The
// minutes are virtual: every event and every fault is real, waiting is not.
func TestSoak(t *testing.T) {
	seed := testenv.Seed(t)
	synctest.Test(t, func(t *testing.T) {
		s := &soak{t: t, r: rand.New(rand.NewPCG(seed, 4)), network: ctitest.NewNetwork(ctitest.Options{}), pictures: map[cti.DeviceID]*cti.CallModel{}}
		gw := s.gateway()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- gw.Run(ctx) }()
		sub := gw.Subscribe(cti.Buffer(1 << 14))
		require.NoError(t, gw.Settled(ctx))
		var gaps, events int
		for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); {
			s.step()
			time.Sleep(time.Duration(s.r.IntN(80))*time.Millisecond + time.Duration(s.r.IntN(1000))*time.Microsecond)
			g, e := s.read(sub)
			gaps, events = gaps+g, events+e
		}
		s.heal()
		time.Sleep(30 * time.Minute)
		require.NoError(t, gw.Settled(ctx))
		s.read(sub)
		require.NotZero(t, gaps, "no link was ever lost")
		t.Logf("%d events, %d gaps, link counters %+v", events, gaps, gw.Links()[0].Counters)
		for _, number := range s.numbers {
			status, _ := gw.Extension(number)
			require.Equal(t, cti.StateSupervised, status.State, "%s: %v", number, status.Reason)
			require.Len(t, s.network.Monitors(number), 1, "%s", number)
			want := s.network.Picture(number)
			require.Equal(t, states(want.Calls), states(s.pictures[number].Calls()), "%s", number)
			require.Equal(t, want.Features.MessageWaiting, s.pictures[number].Features().MessageWaiting, "%s", number)
			require.Equal(t, want.Features.DoNotDisturb, s.pictures[number].Features().DoNotDisturb, "%s", number)
		}
		cancel()
		require.NoError(t, <-ended)
	})
}

func (s *soak) gateway() *cti.Gateway {
	cfg := cti.Config{}
	for i, name := range []string{"a", "b"} {
		listener := ctitest.Listen(ctitest.PipeOptions{Latency: time.Duration(3+i) * time.Millisecond})
		port := s.network.Link(name, ctitest.LinkOptions{})
		server := vtixmltest.Serve(listener, port, vtixmltest.Options{})
		s.t.Cleanup(func() { server.Close() })
		s.ports, s.listeners = append(s.ports, port), append(s.listeners, listener)
		cfg.Links = append(cfg.Links, cti.Link{Name: name, Location: cti.Location{Site: i + 1, Cluster: 1}, Serves: []cti.Pattern{{Site: i + 1, Cluster: cti.Any}},
			Capacity: 30, Connector: vtixml.Config{Addr: name, Dial: listener.Dial, ClearLateCalls: i == 0}})
	}
	for i := range 30 {
		ext := cti.Extension{Number: cti.DeviceID(fmt.Sprint(1+i%2, "0", 10+i)), Location: cti.Location{Site: 1 + i%2, Cluster: 1},
			Protocol: cti.VTIXML, Password: cti.NewSecret(fmt.Sprint("p", i))}
		s.network.Add(ext)
		cfg.Extensions = append(cfg.Extensions, ext)
		s.numbers = append(s.numbers, ext.Number)
	}
	gw, err := cti.New(cfg)
	require.NoError(s.t, err)
	return gw
}

// step lets people telephone, and sometimes something break.
func (s *soak) step() {
	for range 3 {
		s.telephone()
	}
	if s.r.IntN(60) == 0 {
		s.fail()
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

func (s *soak) fail() {
	i := s.r.IntN(2)
	port, wires := s.ports[i], s.listeners[i].Conns()
	ops := []cti.Operation{cti.OpSupervise, cti.OpRelease, cti.OpSnapshotDevice, cti.OpPing}
	fault := ctitest.Fault{Link: port.Name(), Op: ops[s.r.IntN(len(ops))], Delay: time.Duration(1+s.r.IntN(15)) * time.Second}
	switch s.r.IntN(7) {
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
		for _, c := range s.listeners[i].Conns() {
			c.Resume()
		}
	}
}

// read folds what is queued for the subscriber.
func (s *soak) read(sub *cti.Subscription) (gaps, events int) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
	defer cancel()
	for {
		ev, err := sub.Next(ctx)
		if err != nil {
			return gaps, events
		}
		events++
		if ev.Kind == cti.GapFound {
			gaps++
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
