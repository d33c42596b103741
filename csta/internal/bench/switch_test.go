package bench

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/internal/encoding"
	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/testenv/incoming"
	"github.com/ctikit/ctikit/cti"
)

// extensions is how many have a monitor on a link; each has a call of its own.
const extensions = 64

// profile is a link without anything in front of or beside the messages.
func profile(e csta.Encoding) csta.Profile {
	p := csta.Generic3
	if p.Encoding = e; e.XML() {
		p.Framing = csta.XMLHeader
	}
	p.Heartbeat, p.MaxInFlight = csta.NoHeartbeat, 20000
	return p
}

// answers is what a switch without calls answers: each request is taken off
// frames and its answer appended, until none is left.
type answers struct {
	codec   message.Codec
	framing framing.Framing
}

// newCodec returns a codec for the profile's encoding, of a PBX without a variant.
func newCodec(e csta.Encoding) message.Codec {
	return encoding.New(encoding.Encoding(e), encoding.Variant{}, message.Options{})
}

func newAnswers(p csta.Profile) *answers {
	return &answers{newCodec(p.Encoding), framing.Framing(p.Framing)}
}

func (a *answers) append(dst, frame []byte) ([]byte, error) {
	var m message.Message
	if err := a.codec.Decode(frame, &m); err != nil || m.Kind != message.RequestKind {
		return dst, err
	}
	result := message.Result{Op: m.Request.Op}
	switch m.Request.Op {
	case message.MonitorStart:
		result.CrossRef = incoming.CrossRef(cti.DeviceID(m.Request.Device.Number))
	case message.SnapshotDevice:
		result.Calls = []message.DeviceCall{}
	}
	return framed(dst, a.framing, func(b []byte) ([]byte, error) { return a.codec.AppendResult(b, m.InvokeID, &result) })
}

func framed(dst []byte, f framing.Framing, encode func([]byte) ([]byte, error)) ([]byte, error) {
	start := len(dst)
	dst, err := encode(f.Begin(dst))
	if err != nil {
		return nil, err
	}
	return dst, f.End(dst, start)
}

// tape is a connection to a switch that answers at once and then plays events:
// nothing but the link's own work takes time.
type tape struct {
	net.Conn // none; for the methods that are not called
	answers  *answers
	requests framing.Splitter
	in       chan []byte
	done     chan struct{}
	once     sync.Once
	reading  []byte
}

func newTape(p csta.Profile) *tape {
	return &tape{answers: newAnswers(p), requests: framing.Splitter{Framing: framing.Framing(p.Framing)}, in: make(chan []byte, 4*extensions), done: make(chan struct{})}
}

func (t *tape) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		frame, n, err := t.requests.Next(rest)
		if err != nil || n == 0 {
			return 0, fmt.Errorf("no whole request: %w", err)
		}
		answer, err := t.answers.append(nil, frame)
		if err != nil {
			return 0, err
		}
		t.in <- answer
		rest = rest[n:]
	}
	return len(p), nil
}

func (t *tape) Read(p []byte) (int, error) {
	if len(t.reading) == 0 {
		select {
		case t.reading = <-t.in:
		case <-t.done:
			return 0, io.EOF
		}
	}
	n := copy(p, t.reading)
	t.reading = t.reading[n:]
	return n, nil
}

func (t *tape) SetWriteDeadline(time.Time) error { return nil }

func (t *tape) Close() error {
	t.once.Do(func() { close(t.done) })
	return nil
}

// counter is the end of the way of an event. It checks that they are what was sent.
type counter struct {
	want int
	bad  int
	done chan struct{}
}

func (c *counter) Event(ev *cti.Event) {
	if ev.Kind != cti.Delivered || ev.Calling.Number == "" || ev.Call == "" {
		c.bad++
	}
	if c.want--; c.want == 0 {
		c.done <- struct{}{}
	}
}

// benchmarkLink times the way of an event from the bytes of a connection to the
// sink of a link, framing included.
func benchmarkLink(b *testing.B, e csta.Encoding, events [][]byte) {
	p := profile(e)
	t, sink := newTape(p), &counter{done: make(chan struct{})}
	s, err := csta.Config{Addr: "tape", Profile: p,
		Dial: func(context.Context, string, string) (net.Conn, error) { return t, nil }}.Open(b.Context(), sink)
	require.NoError(b, err)
	defer s.Close()
	for i := range extensions {
		_, err := s.Supervise(b.Context(), cti.Extension{Number: incoming.Extension(i)})
		require.NoError(b, err)
	}
	stream := framedAll(b, framing.Framing(p.Framing), events)
	play := func(n int) {
		sink.want = n
		for ; n > 0; n -= len(events) {
			if n >= len(events) {
				t.in <- stream
			} else {
				t.in <- framedAll(b, framing.Framing(p.Framing), events[:n])
			}
		}
		<-sink.done
	}
	play(len(events)) // the link gets to know the numbers
	b.ReportAllocs()
	b.ResetTimer()
	play(b.N)
	b.StopTimer()
	require.Zero(b, sink.bad)
}

func framedAll(t testing.TB, f framing.Framing, messages [][]byte) (out []byte) {
	for _, m := range messages {
		var err error
		out, err = framed(out, f, func(b []byte) ([]byte, error) { return append(b, m...), nil })
		require.NoError(t, err)
	}
	return out
}
