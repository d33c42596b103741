package gateway

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

// handMade is a gateway without links whose devices a test moves by hand.
func handMade(t testing.TB, ids ...cti.DeviceID) (*Gateway, *liveLink) {
	g, err := New(Config{})
	require.NoError(t, err)
	live := &liveLink{gw: g, link: &link{name: "by hand"}}
	for _, id := range ids {
		d := g.deviceOf(id)
		d.holdEvents(live, clock)
		d.adoptSnapshot(live, cti.Snapshot{Device: id, Time: clock}, clock)
	}
	return g, live
}

// read takes what is queued and waits for nothing.
func read(s *Subscription) (events []cti.Event, err error) {
	for {
		s.mu.Lock()
		empty := s.ring.len() == 0 && s.lost == 0 && len(s.dirty) == 0
		closed := s.closed
		s.mu.Unlock()
		if empty {
			return events, closed
		}
		if ev, found := readOne(s); found {
			events = append(events, ev)
		}
	}
}

// readOne takes one event, if there is one.
func readOne(s *Subscription) (cti.Event, bool) {
	ev, d, found, _ := s.takeNext()
	if d != nil {
		ev, found = s.stateOf(d)
	}
	return ev, found
}

func kinds(events []cti.Event) (out []string) {
	for _, ev := range events {
		out = append(out, fmt.Sprintf("%d %v %s", ev.Seq, ev.Kind, ev.Device))
	}
	return out
}

func ring4001(id cti.CallID) *cti.Event {
	ev := from(callEvent(cti.Delivered, id, cti.Alerting, "4001", 0), "0612", "4001")
	return &ev
}

func of(id cti.DeviceID, ev *cti.Event) *cti.Event {
	copied := *ev
	copied.Device = id
	return &copied
}

func TestSubscriptionStartsWithThePresent(t *testing.T) {
	g, live := handMade(t, "4001", "4002")
	live.Event(ring4001("1"))
	s := g.Subscribe(Devices("4001", "4001"))
	bare := g.Subscribe(Devices("4001"), WithoutInitial())
	live.Event(of("4002", ring4001("2")))
	live.Event(ring4001("3"))
	events, err := read(s)
	require.NoError(t, err)
	require.Equal(t, []string{"0 Snapshot 4001"}, kinds(events), "events before it are in it")
	require.Len(t, events[0].Snapshot.Calls, 2)
	live.Event(ring4001("4"))
	events, _ = read(s)
	require.Equal(t, []string{"1 Delivered 4001"}, kinds(events))
	events, _ = read(bare)
	require.Equal(t, []string{"1 Delivered 4001", "2 Delivered 4001"}, kinds(events))
}

func TestOverflowDropsOldestAndPutsThePictureRight(t *testing.T) {
	g, live := handMade(t, "4001", "4002")
	s := g.Subscribe(Buffer(4), WithoutInitial())
	live.Event(of("4002", ring4001("a")))
	for i := range 5 {
		live.Event(ring4001(cti.CallID(fmt.Sprint(i))))
	}
	live.Event(of("4002", ring4001("b")))
	events, err := read(s)
	require.NoError(t, err)
	require.Equal(t, []string{
		"2 Gap ", "2 Snapshot 4002", "2 Snapshot 4001",
	}, kinds(events)[:3])
	require.Equal(t, cti.Gap{Reason: cti.GapOverflow, Count: 2}, events[0].Gap)
	require.Len(t, events[2].Snapshot.Calls, 5)
	require.Len(t, events, 3, "what the snapshots contain is passed over: %v", kinds(events))
	require.Equal(t, uint64(2), g.Stats().Dropped)

	live.Event(ring4001("new"))
	events, _ = read(s)
	require.Equal(t, []string{"7 Delivered 4001"}, kinds(events))
}

func TestFailOnOverflow(t *testing.T) {
	g, live := handMade(t, "4001")
	s := g.Subscribe(Buffer(2), Overflow(FailOnOverflow), WithoutInitial())
	for i := range 3 {
		live.Event(ring4001(cti.CallID(fmt.Sprint(i))))
	}
	events, err := read(s)
	require.Len(t, events, 2, "what was queued is delivered first")
	require.ErrorIs(t, err, cti.ErrOverflow)
}

func TestLatestPerDevice(t *testing.T) {
	g, live := handMade(t, "4001", "4002")
	s := g.Subscribe(Overflow(LatestPerDevice), WithoutInitial())
	for i := range 100 {
		live.Event(ring4001(cti.CallID(fmt.Sprint(i))))
	}
	live.Event(of("4002", ring4001("x")))
	events, err := read(s)
	require.NoError(t, err)
	require.Equal(t, []string{"0 Snapshot 4001", "0 Snapshot 4002"}, kinds(events))
	require.Len(t, events[0].Snapshot.Calls, 100)
}

func TestSubscriptionClosed(t *testing.T) {
	g, live := handMade(t, "4001")
	s := g.Subscribe(WithoutInitial())
	live.Event(ring4001("1"))
	s.Close()
	s.Close()
	live.Event(ring4001("2"))
	var got []string
	var last error
	for ev, err := range s.Events(t.Context()) {
		if last = err; err == nil {
			got = append(got, string(ev.Call))
		}
	}
	require.Equal(t, []string{"1"}, got)
	require.ErrorIs(t, last, cti.ErrClosed)
	require.Zero(t, g.Stats().Subscriptions)
}

func TestNextEndsWithContext(t *testing.T) {
	g, _ := handMade(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := g.Subscribe().Next(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

// TestSubscriberEndsWithTheGatewaysPicture drives random calls and a reader of
// random diligence with a small buffer: whatever was lost, the reader's picture
// equals the gateway's when it has read everything, and numbers are missing
// only behind a gap.
func TestSubscriberEndsWithTheGatewaysPicture(t *testing.T) {
	r := testenv.Rand(t)
	devices := []cti.DeviceID{"4001", "4002", "4003"}
	for range 300 {
		g, live := handMade(t, devices...)
		s := g.Subscribe(Buffer(1+r.IntN(6)), Overflow([]OverflowPolicy{DropOldest, LatestPerDevice}[r.IntN(2)]))
		mine := map[cti.DeviceID]*cti.CallModel{}
		for _, id := range devices {
			mine[id] = &cti.CallModel{Device: id}
		}
		var last uint64
		gaps := uint64(0)
		fold := func(ev cti.Event) {
			require.GreaterOrEqual(t, ev.Seq, last)
			if ev.Kind == cti.GapFound && ev.Gap.Reason == cti.GapOverflow {
				gaps += ev.Gap.Count
			}
			last = ev.Seq
			if ev.Device != "" {
				mine[ev.Device].Apply(&ev)
			}
		}
		for step := range 60 {
			id := devices[r.IntN(len(devices))]
			call := cti.CallID(fmt.Sprint(r.IntN(3)))
			switch r.IntN(12) {
			case 0:
				g.deviceOf(id).dropOwner(cti.ReasonLinkDown, cti.GapLinkLost, clock)
			case 1:
				g.deviceOf(id).holdEvents(live, clock)
				g.deviceOf(id).adoptSnapshot(live, cti.Snapshot{Device: id, Time: clock, Calls: []cti.Call{{ID: "1", State: cti.Connected}}}, clock)
			case 2, 3, 4, 5:
				live.Event(of(id, ring4001(call)))
			case 6, 7:
				ev := callEvent(cti.Established, call, cti.Connected, id, step)
				live.Event(of(id, &ev))
			case 8, 9:
				ev := callEvent(cti.ConnectionCleared, call, cti.Null, id, step)
				live.Event(of(id, &ev))
			default:
				for n := r.IntN(8); n > 0; n-- { // reads some, seldom all
					if ev, ok := readOne(s); ok {
						fold(ev)
					}
				}
			}
		}
		events, err := read(s)
		require.NoError(t, err)
		for _, ev := range events {
			fold(ev)
		}
		for _, id := range devices {
			want, supervised := g.Snapshot(id)
			got := mine[id].Snapshot(want.Time)
			if !supervised {
				require.True(t, mine[id].Idle(), "%s is not supervised", id)
				continue
			}
			require.Equal(t, statesOf(want.Calls), statesOf(got.Calls), "%s", id)
		}
		require.Equal(t, g.Stats().Dropped, gaps, "every loss was told")
	}
}
