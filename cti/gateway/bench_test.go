package gateway

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
)

// BenchmarkPublish takes an event off a session's reader and gives it to the
// one of 10,000 subscribers whose device it is of, and to the one of all.
func BenchmarkPublish(b *testing.B) {
	for _, all := range []int{0, 1} {
		b.Run(fmt.Sprintf("all=%d", all), func(b *testing.B) {
			g, live, ids := busy(b, 10000)
			for _, id := range ids {
				g.Subscribe(Devices(id), Buffer(16), WithoutInitial())
			}
			for range all {
				g.Subscribe(Buffer(16), WithoutInitial())
			}
			events := make([]cti.Event, len(ids))
			for i, id := range ids {
				events[i] = *of(id, ring4001("1"))
				for range 20 { // rings grown, calls known
					live.Event(&events[i])
				}
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				live.Event(&events[i%len(events)])
			}
		})
	}
}

// BenchmarkPublishFilled is BenchmarkPublish with an event that tells no party.
func BenchmarkPublishFilled(b *testing.B) {
	g, live, ids := busy(b, 10000)
	held := callEvent(cti.Held, "1", cti.Hold, "4001", 1)
	for _, id := range ids {
		g.Subscribe(Devices(id), Buffer(16), WithoutInitial())
		for range 20 { // rings grown, calls known
			live.Event(of(id, ring4001("1")))
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		ev := held
		ev.Device = ids[i%len(ids)]
		live.Event(&ev)
	}
}

// BenchmarkDelivered is the way of an event through a gateway and a subscriber
// who reads it.
func BenchmarkDelivered(b *testing.B) {
	g, live, ids := busy(b, 1)
	s := g.Subscribe(Devices(ids...), WithoutInitial())
	ev := of(ids[0], ring4001("1"))
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		live.Event(ev)
		if _, err := s.Next(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPlainChannel is a baseline: a pointer to a fresh copy of an event
// through a buffered channel, found by a map.
func BenchmarkPlainChannel(b *testing.B) {
	channels := map[cti.DeviceID]chan *cti.Event{}
	for i := range 10000 {
		channels[cti.DeviceID(fmt.Sprint(i))] = make(chan *cti.Event, 16)
	}
	ev := of("17", ring4001("1"))
	b.ReportAllocs()
	for range b.N {
		copied := *ev
		c := channels[ev.Device]
		select {
		case c <- &copied:
		default:
			<-c
			c <- &copied
		}
	}
}

func busy(b *testing.B, n int) (*Gateway, *liveLink, []cti.DeviceID) {
	var ids []cti.DeviceID
	for i := range n {
		ids = append(ids, cti.DeviceID(fmt.Sprintf("%05d", i)))
	}
	g, live := handMade(b, ids...)
	return g, live, ids
}

func TestPublishAllocatesNothing(t *testing.T) {
	g, live := handMade(t, "4001")
	g.Subscribe(Devices("4001"), Buffer(8), WithoutInitial())
	ev := ring4001("1")
	for range 20 {
		live.Event(ev)
	}
	require.Zero(t, testing.AllocsPerRun(100, func() { live.Event(ev) }))
}
