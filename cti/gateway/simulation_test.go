package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/internal/testenv"
)

// TestSimulation drives the whole gateway through random failures, calls and
// configuration changes in virtual time. CTIKIT_SEED repeats one run,
// CTIKIT_SIMULATIONS sets how many there are.
func TestSimulation(t *testing.T) {
	runs := 60
	if n, err := strconv.Atoi(os.Getenv("CTIKIT_SIMULATIONS")); err == nil {
		runs = n
	}
	first := testenv.Seed(t)
	if os.Getenv("CTIKIT_SEED") != "" {
		runs = 1
	}
	for i := range runs {
		seed := first + uint64(i)
		ok := t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { simulate(t, seed, func(*cti.Event) {}) })
		})
		if !ok {
			t.Fatalf("repeat with CTIKIT_SEED=%d", seed)
		}
	}
}

// TestSimulationRepeats: a seed gives the same run again, event for event and
// at the same instants. A few do not, where two goroutines meet at one instant
// all the same (see spread).
func TestSimulationRepeats(t *testing.T) {
	const seeds = 10
	first, same := testenv.Seed(t), 0
	for i := range uint64(seeds) {
		var runs [2]string
		for j := range runs {
			h := fnv.New64a()
			synctest.Test(t, func(t *testing.T) {
				simulate(t, first+i, func(ev *cti.Event) { fmt.Fprintln(h, ev.Time.UnixNano(), ev.Seq, ev) })
			})
			runs[j] = fmt.Sprint(h.Sum64())
		}
		if runs[0] == runs[1] {
			same++
		}
	}
	require.Greater(t, same, seeds/2)
}

// simulation is one run: a world, and a subscriber who folds what it reads.
type simulation struct {
	*world
	r          *rand.Rand
	observe    func(*cti.Event) // sees what the subscriber reads
	faults     []*ctitest.Injected
	sub        *gateway.Subscription
	pictures   map[cti.DeviceID]*cti.CallModel
	started    map[cti.DeviceID]bool // the subscriber saw a snapshot and no gap since
	csta       *ctitest.Link         // watches the features of some
	watched    map[cti.DeviceID]bool // which: a snapshot may tell of their forwards at any time
	place      *onePlace
	refresh    map[cti.DeviceID]bool // an overflow may replace its picture
	last       uint64                // number of the event read last
	overflowed bool
	spare      int // next number for a new extension
	latency    time.Duration
}

func simulate(t *testing.T, seed uint64, observe func(*cti.Event)) {
	r := rand.New(rand.NewPCG(seed, 1))
	capacities := make([]int, 2+r.IntN(3))
	for i := range capacities {
		capacities[i] = 2 + r.IntN(8)
	}
	w := newWorld(t, 2+r.IntN(4), capacities...)
	s := &simulation{world: w, r: r, observe: observe, pictures: map[cti.DeviceID]*cti.CallModel{}, started: map[cti.DeviceID]bool{}, refresh: map[cti.DeviceID]bool{}, spare: 500, latency: 10,
		watched: map[cti.DeviceID]bool{}, place: &onePlace{at: map[cti.DeviceID]*watchedSession{}}}
	lag := r.IntN(5000)
	s.place.lag = func(id cti.DeviceID) time.Duration {
		return time.Duration(lag*(int(id[0])+int(id[len(id)-1]))%5000) * time.Millisecond
	}
	for i, l := range w.cfg.Links {
		w.cfg.Links[i].Connector = s.connector(l.Name, time.Duration(i))
	}
	s.csta = w.net.Link("csta", ctitest.LinkOptions{Protocol: cti.CSTA, SnapshotAtomic: true, ReportsExistingCalls: true})
	w.cfg.Links = append(w.cfg.Links, gateway.Link{Name: "csta", Capacity: 1, Connector: spread{s.csta.Connector(ctitest.ConnectorOptions{Latency: 987 * time.Microsecond}), "csta"}})
	for i := range w.cfg.Extensions {
		s.watch(&w.cfg.Extensions[i])
	}
	gw, err := gateway.New(w.cfg)
	require.NoError(t, err)
	gateway.Reseed(gw, r.Uint64())
	w.start(gw)
	w.settle()
	s.sub = w.gw.Subscribe(gateway.Buffer([]int{1 + r.IntN(50), 5000}[r.IntN(2)]))
	for range 40 {
		s.step()
		s.check()
		if r.IntN(5) == 0 {
			s.longOutage()
		}
	}
	s.heal()
	s.atQuiet()
	w.stop()
	s.readAll()
	require.Empty(t, s.started, "the end of the gateway ends every picture")
}

// connector opens a link with a latency of its own, so that no two readers meet.
func (s *simulation) connector(link string, n time.Duration) driver.Connector {
	c := s.port[link].Connector(ctitest.ConnectorOptions{Latency: time.Millisecond + n*13*time.Microsecond})
	return s.place.watch(link, spread{c, link})
}

// watch has the forwards of every other extension watched.
func (s *simulation) watch(e *cti.Extension) {
	e.MonitorFeatures = s.r.IntN(2) == 0
	s.watched[e.Number] = e.MonitorFeatures
}

func (s *simulation) step() {
	port := s.port[string(rune('a'+s.r.IntN(len(s.port))))]
	number := s.cfg.Extensions[s.r.IntN(len(s.cfg.Extensions))].Number
	other := s.cfg.Extensions[s.r.IntN(len(s.cfg.Extensions))].Number
	set := s.net.Set(number)
	switch s.r.IntN(28) {
	case 0, 1:
		port.Drop()
	case 2:
		s.fault(ctitest.Fault{Link: port.Name(), Op: cti.OpOpen, Count: 1 + s.r.IntN(6), Action: ctitest.Refuse, Err: errors.New("no route")})
		port.Drop()
	case 3:
		s.fault(ctitest.Fault{Link: port.Name(), Op: cti.OpSupervise, Count: 1 + s.r.IntN(4), Action: ctitest.LoseAnswer})
		port.Drop()
	case 4:
		s.fault(ctitest.Fault{Link: port.Name(), Op: cti.OpSupervise, Count: 1 + s.r.IntN(3), Action: ctitest.Refuse, Err: &cti.Error{Err: cti.ErrBusy}})
	case 5:
		s.fault(ctitest.Fault{Link: port.Name(), Op: cti.OpPing, Action: ctitest.GoSilent})
	case 6:
		for _, e := range s.gw.Extensions() { // best while one is being started
			if e.State == gateway.StatePending {
				number = e.Number
			}
		}
		for _, port := range s.port {
			port.StopMonitors(number)
		}
	case 7:
		s.fault(ctitest.Fault{Link: port.Name(), Op: cti.OpRelease, Count: 1 + s.r.IntN(3), Action: ctitest.DropAfter})
	case 8:
		s.apply(func(c *gateway.Config) { c.Links[s.r.IntN(len(c.Links))].Capacity = 1 + s.r.IntN(12) })
	case 9:
		s.spare++
		site := 1 + s.r.IntN(5)
		n := cti.DeviceID(fmt.Sprintf("%d%03d", site, s.spare))
		s.apply(func(*gateway.Config) {
			s.extension(n, cti.Location{Site: site, Cluster: 1})
			s.watch(&s.cfg.Extensions[len(s.cfg.Extensions)-1])
		})
	case 10:
		if len(s.cfg.Extensions) > 4 {
			s.apply(func(c *gateway.Config) { c.Extensions = append(c.Extensions[:1:1], c.Extensions[2:]...) })
		}
	case 11:
		_ = s.gw.Drain(port.Name())
	case 12:
		_ = s.gw.Undrain(port.Name())
	case 13, 14:
		_ = set.Call(string(other))
	case 15:
		_, _ = s.net.Dial("0612345678", number)
	case 16, 17:
		_ = set.Answer()
	case 18:
		_ = set.HangUp()
	case 19:
		_ = set.Consult(string(other))
	case 20:
		if s.r.IntN(2) == 0 {
			_ = set.Transfer()
		} else {
			_ = set.Conference()
		}
	case 21:
		_ = set.Hold()
	case 22:
		s.csta.Drop()
	case 23:
		s.csta.StopMonitors(number)
	case 24:
		s.fault(ctitest.Fault{Link: "csta", Op: cti.OpMonitorFeatures, Count: 1 + s.r.IntN(4), Action: ctitest.Refuse})
		s.fault(ctitest.Fault{Link: "csta", Op: cti.OpSnapshotDevice, Count: 1 + s.r.IntN(4), Action: ctitest.DelayAnswer, Delay: 3 * time.Second})
		if s.r.IntN(2) == 0 {
			s.fault(ctitest.Fault{Link: "csta", Op: cti.OpMonitorFeatures, Count: 1 + s.r.IntN(4), Action: ctitest.DelayAnswer, Delay: 3 * time.Second})
		}
		if s.r.IntN(2) == 0 {
			s.fault(ctitest.Fault{Link: port.Name(), Op: cti.OpSupervise, Count: 1 + s.r.IntN(4), Action: ctitest.DelayAnswer, Delay: 3 * time.Second})
			port.Drop()
		}
		s.csta.Drop()
		time.Sleep(2 * time.Second) // changed while they are being read
		for _, e := range s.cfg.Extensions {
			_ = s.net.Set(e.Number).Forward(cti.Forward{Type: cti.ForwardBusy, Active: s.r.IntN(2) == 0, To: string(other)})
		}
	case 25:
		_ = set.Forward(cti.Forward{Type: cti.ForwardBusy, Active: s.r.IntN(2) == 0, To: string(other)})
	case 27:
		s.apply(func(c *gateway.Config) { // closed, and opened in another way
			i := s.r.IntN(len(s.port))
			s.latency++
			c.Links[i].Connector = s.connector(c.Links[i].Name, s.latency)
		})
	case 26:
		s.apply(func(c *gateway.Config) { c.Extensions[s.r.IntN(len(c.Extensions))].Location.Site = 1 + s.r.IntN(5) })
	}
	time.Sleep(time.Duration(s.r.IntN(4000))*time.Millisecond + time.Duration(s.r.IntN(1000))*time.Microsecond)
	for range s.r.IntN(20) {
		s.readOne()
	}
}

func (s *simulation) fault(f ctitest.Fault) { s.faults = append(s.faults, s.net.Inject(f)) }

// longOutage: some links are away for so long that everything comes to rest.
func (s *simulation) longOutage() {
	outage := s.net.Inject(ctitest.Fault{Link: string(rune('a' + s.r.IntN(len(s.port)))), Op: cti.OpOpen, Count: -1, Action: ctitest.Refuse, Err: errors.New("no route")})
	s.port[string(rune('a'+s.r.IntN(len(s.port))))].Drop()
	time.Sleep(11 * time.Minute)
	s.settle()
	s.atRest()
	outage.Remove()
}

// atRest holds when no delay is running: nobody waits while there is room, no
// link is over its capacity, and what counts as supervised is: its picture is
// the PBX's, although nothing was read anew for this.
func (s *simulation) atRest() {
	free := 0
	for _, l := range s.gw.Links() {
		require.LessOrEqual(s.t, l.Used, l.Capacity, "link %s", l.Name)
		if l.State == gateway.LinkIsUp && l.Protocol == cti.VTIXML {
			free += l.Free
		}
	}
	for _, e := range s.gw.Extensions() {
		if e.State != gateway.StateSupervised && e.Reason != cti.ReasonRefused { // one refused waits for its next try
			require.Zero(s.t, free, "%s waits (%v) while there is room", e.Number, e.Reason)
		}
		if own, ok := s.gw.Snapshot(e.Number); ok {
			require.Equal(s.t, seen(s.net.Picture(e.Number).Calls), seen(own.Calls), "%s, the gateway's own picture", e.Number)
		}
	}
}

// check holds at every moment.
func (s *simulation) check() {
	require.Empty(s.t, s.place.complaints())
	for _, l := range s.gw.Links() {
		require.Equal(s.t, l.Used, l.Explicit+l.Overflow+l.Implicit+s.leaving(l), "link %s", l.Name)
	}
}

// leaving counts the slots of a link that are held by supervisions on their way out.
func (s *simulation) leaving(l gateway.LinkStatus) int {
	return max(0, l.Used-l.Explicit-l.Overflow-l.Implicit)
}

// heal ends all faults and lets everything come to rest.
func (s *simulation) heal() {
	for _, f := range s.faults {
		f.Remove()
	}
	for _, name := range slices.Sorted(maps.Keys(s.port)) {
		require.NoError(s.t, s.gw.Undrain(name))
		s.port[name].Drop() // an answer that was lost may have left a monitor that nobody knows of
		time.Sleep(time.Second)
	}
	s.apply(func(c *gateway.Config) {
		for i := range c.Links {
			c.Links[i].Capacity = 100
		}
	})
	time.Sleep(30 * time.Minute)
	s.settle()
	s.readAll()
}

// atQuiet: everything is supervised where it belongs, and the subscriber's
// picture is the PBX's.
func (s *simulation) atQuiet() {
	for _, e := range s.gw.Extensions() {
		require.Equal(s.t, gateway.StateSupervised, e.State, "%s: %v", e.Number, e.Reason)
		require.Equal(s.t, []string{e.Link}, s.net.Monitors(e.Number), "%s", e.Number)
		if e.Location.Site <= len(s.port) {
			require.Equal(s.t, gateway.ModeExplicit, e.Mode, "%s is at home on %s", e.Number, e.Link)
		}
		require.True(s.t, s.started[e.Number], "%s", e.Number)
		require.Equal(s.t, seen(s.net.Picture(e.Number).Calls), seen(s.pictures[e.Number].Calls()), "%s", e.Number)
		own, _ := s.gw.Snapshot(e.Number)
		require.Equal(s.t, seen(s.net.Picture(e.Number).Calls), seen(own.Calls), "%s, the gateway's own picture", e.Number)
		s.forwards(e.Number, own)
	}
}

// forwards: those of watched extensions are the PBX's, of others they are unknown.
func (s *simulation) forwards(number cti.DeviceID, own cti.Snapshot) {
	if !s.watched[number] {
		require.Empty(s.t, s.net.FeatureMonitors(number), "%s", number)
		require.Empty(s.t, own.Features.Forwards, "%s", number)
		return
	}
	require.Equal(s.t, []string{"csta"}, s.net.FeatureMonitors(number), "%s", number)
	want := s.net.Picture(number).Features.Forwards
	require.ElementsMatch(s.t, want, own.Features.Forwards, "%s, the gateway's own picture", number)
	require.ElementsMatch(s.t, want, s.pictures[number].Features().Forwards, "%s", number)
}

// seen is what two pictures are compared by.
func seen(calls []cti.Call) map[string]cti.LocalState {
	out := map[string]cti.LocalState{}
	for _, c := range calls {
		out[string(c.ID)] = c.State
		for _, p := range c.Parties {
			out[fmt.Sprintf("%s with %s", c.ID, p.Device)] = p.State
		}
	}
	return out
}

// readAll reads what is queued.
func (s *simulation) readAll() {
	for s.readOne() {
	}
}

func (s *simulation) readOne() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
	defer cancel()
	ev, err := s.sub.Next(ctx)
	if err != nil {
		return false
	}
	s.observe(&ev)
	s.checkNumber(&ev)
	if ev.Device == "" {
		return true
	}
	m := s.pictures[ev.Device]
	if m == nil {
		m = &cti.CallModel{Device: ev.Device}
		s.pictures[ev.Device] = m
	}
	m.Apply(&ev)
	switch ev.Kind {
	case cti.SnapshotTaken:
		require.True(s.t, !s.started[ev.Device] || s.refresh[ev.Device] || s.watched[ev.Device], "a second snapshot of %s, and no gap before it", ev.Device)
		s.started[ev.Device] = true
		delete(s.refresh, ev.Device)
	case cti.Unsupervised:
		orderly := ev.Reason == cti.ReasonRemoved || ev.Reason == cti.ReasonClosing
		require.True(s.t, !s.started[ev.Device] || orderly || s.refresh[ev.Device], "%s lost its supervision without a gap: %v", ev.Device, ev.Reason)
		delete(s.started, ev.Device)
	case cti.GapFound:
		delete(s.started, ev.Device)
	default:
		require.True(s.t, s.started[ev.Device], "an event of %s before its snapshot: %v", ev.Device, &ev)
	}
	return true
}

// checkNumber: numbers are missing only after an overflow.
func (s *simulation) checkNumber(ev *cti.Event) {
	if ev.Kind == cti.GapFound && ev.Gap.Reason == cti.GapOverflow {
		s.overflowed = true
		for id := range s.started {
			s.refresh[id] = true
		}
	}
	if !s.overflowed {
		require.True(s.t, ev.Seq == s.last+1 || ev.Seq == s.last && ev.Kind == cti.SnapshotTaken || ev.Seq == s.last && ev.Kind == cti.Unsupervised,
			"after number %d came %d: %v", s.last, ev.Seq, ev)
	}
	require.GreaterOrEqual(s.t, ev.Seq, s.last)
	s.last = ev.Seq
}
