package csta

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/encoding"
	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/testenv/incoming"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/wire"
)

// BenchmarkEvent is the way of the events of 64 extensions from their bytes to
// what a host sees. Beside it is the least that any decoder does, a look at each
// tag and length: "ratio" tells how many times as long the event takes.
func BenchmarkEvent(b *testing.B) {
	events := newPlayed(b, 64)
	b.Run("ratio", func(b *testing.B) { ratio(b, events.play, events.walk) })
	b.Run("event", func(b *testing.B) { perEvent(b, events, events.play) })
	b.Run("walk", func(b *testing.B) { perEvent(b, events, events.walk) })
}

// ratio runs both by turns, some tens of microseconds each, so that a noisy
// machine slows both, and reports the median of the ratios.
func ratio(b *testing.B, ours, walk func(testing.TB)) {
	var ratios []float64
	for b.Loop() {
		started := time.Now()
		ours(b)
		between := time.Now()
		walk(b)
		ratios = append(ratios, float64(between.Sub(started))/float64(time.Since(between)))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "of-walk")
	b.ReportMetric(0, "ns/op") // of both
}

// perEvent reports the time and the allocations of one event.
func perEvent(b *testing.B, events *played, all func(testing.TB)) {
	n := len(events.frames)
	b.ReportAllocs()
	for done := 0; done < b.N; done += n {
		all(b)
	}
}

// TestEventAllocations: once the link knows the numbers, an event costs none.
func TestEventAllocations(t *testing.T) {
	if racing {
		t.Skip("the race detector allocates")
	}
	const extensions = 1000
	events := newPlayed(t, extensions)
	require.Zero(t, testing.AllocsPerRun(10, func() { events.play(t) }))
	require.EqualValues(t, 12*extensions, events.delivered)
	last := &events.session.scratch
	require.Equal(t, "5099", string(last.Calling.Number))
	require.Equal(t, "ticket 998", events.session.monitors.findByDevice(watch{device: "4998"}).last.correlator)
}

// played are the events of n extensions and the link that they are played to.
type played struct {
	session   *session
	message   message.Message
	frames    [][]byte
	delivered int
}

func newPlayed(t testing.TB, n int) *played {
	p := new(played)
	p.session = &session{Session: wire.NewSession[reply](p), monitors: newMonitors(), ids: newIdentifiers(), frames: framing.NewReader(nil, framing.NonDelimited, 0)}
	p.session.codec = encoding.New(encoding.BER3, encoding.Variant{}, message.Options{})
	for i := range n {
		extension := incoming.Extension(i)
		p.session.monitors.addMonitor(&monitor{watch: watch{device: extension}, crossRef: incoming.CrossRef(extension)})
	}
	p.frames = incoming.Encoded(t, p.session.codec, n)
	p.play(t) // the link gets to know the numbers
	require.Equal(t, n, p.delivered)
	return p
}

// Event implements cti.EventSink.
func (p *played) Event(*cti.Event) { p.delivered++ }

// play does what the reader of a link does with each frame.
func (p *played) play(t testing.TB) {
	for _, frame := range p.frames {
		if err := p.session.codec.Decode(frame, &p.message); err != nil {
			t.Fatal(err)
		}
		if err := p.session.handleMessage(&p.message); err != nil {
			t.Fatal(err)
		}
	}
}

// walk looks at the tag and the length of each element of each frame.
func (p *played) walk(t testing.TB) {
	for _, frame := range p.frames {
		if walk(frame) < 10 {
			t.Fatal("not walked")
		}
	}
}

// walk counts the elements.
func walk(b []byte) (n int) {
	for len(b) >= 2 {
		constructed, length, size := b[0]&0x20 != 0, int(b[1]), 2
		if length >= 0x80 {
			for size += length & 0x7f; size > len(b); {
				return -1
			}
			length = 0
			for _, c := range b[2:size] {
				length = length<<8 | int(c)
			}
		}
		if length > len(b)-size {
			return -1
		}
		n++
		if constructed {
			n += walk(b[size : size+length])
		}
		b = b[size+length:]
	}
	return n
}

// racing: the race detector watches, which allocates.
var racing bool
