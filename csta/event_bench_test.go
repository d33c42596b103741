package csta

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/encoding"
	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

type count int

func (c *count) Event(*cti.Event) { *c++ }

// BenchmarkEvent is the way of the events of 64 extensions, calls from outside,
// from their bytes to what a host sees; beside it the least that any decoder
// does, a look at each tag and length.
func BenchmarkEvent(b *testing.B) {
	s, events := sessionAndEvents(b, 64)
	b.Run("event", func(b *testing.B) {
		var m message.Message
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if err := s.codec.Decode(events[i%len(events)], &m); err != nil {
				b.Fatal(err)
			}
			if err := s.take(&m); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("walk", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if walk(events[i%len(events)]) < 10 {
				b.Fatal("not walked")
			}
		}
	})
}

// TestEventAllocations: once the link knows the numbers, an event costs none.
func TestEventAllocations(t *testing.T) {
	if racing {
		t.Skip("the race detector allocates")
	}
	const extensions = 1000
	s, events := sessionAndEvents(t, extensions)
	var m message.Message
	all := func() {
		for _, e := range events {
			require.NoError(t, s.codec.Decode(e, &m))
			require.NoError(t, s.take(&m))
		}
	}
	all()
	require.Zero(t, testing.AllocsPerRun(10, all))
	require.EqualValues(t, 12*extensions, *s.sink.(*count))
	require.Equal(t, "0145678999", string(s.scratch.Calling.Number))
	require.Equal(t, "ticket 4999", s.scratch.Correlator)
}

// sessionAndEvents is a link with n monitors, and an event of each.
func sessionAndEvents(t testing.TB, n int) (*session, [][]byte) {
	s := &session{sink: new(count), monitors: newMonitors(), ids: newIdentifiers(), frames: framing.NewReader(nil, NonDelimited, 0)}
	s.codec = encoding.New(BER3, Variant{}, message.Options{})
	var events [][]byte
	for i := range n {
		number := fmt.Sprint(4000 + i)
		s.monitors.add(&monitor{watch: watch{device: cti.DeviceID(number)}, crossRef: number})
		called := message.Number(number)
		called.HasName, called.PrivateName = true, "Martin"
		e := message.Event{
			Kind: cti.Delivered, CrossRef: message.Text(number), State: cti.Alerting, Cause: cti.CauseNewCall,
			Connection: message.ConnectionOf(string([]byte{byte(i >> 8), byte(i)}), message.Number(number)),
			Subject:    called, Calling: message.Number(fmt.Sprintf("01456789%02d", i%100)), Called: called,
			Redirection: message.Device{Status: message.NotRequired}, AssociatedCalling: message.Number(fmt.Sprintf("T%d", i%30)),
		}
		if i%3 == 0 {
			e.Data.Correlator = message.Octets("ticket " + number)
		}
		b, err := s.codec.AppendEvent(nil, message.InvokeID(1+i), &e)
		require.NoError(t, err)
		events = append(events, b)
	}
	return s, events
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
