package bench

import (
	"context"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/testenv/incoming"
	"github.com/ctikit/ctikit/cti"
	ctigateway "github.com/ctikit/ctikit/cti/gateway"
)

// loopback is a switch without calls on a loopback TCP port.
type loopback struct {
	net.Listener
	answers *answers
	conn    chan net.Conn // the one connection, once it was made
	serving sync.WaitGroup
}

func serve(b *testing.B, p csta.Profile) *loopback {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	s := &loopback{Listener: l, answers: newAnswers(p), conn: make(chan net.Conn, 1)}
	s.serving.Go(func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		s.conn <- conn
		s.read(conn)
	})
	b.Cleanup(func() {
		l.Close()
		s.serving.Wait()
	})
	return s
}

// read answers until the connection ends; all that came at once is answered at once.
func (s *loopback) read(conn net.Conn) {
	var out []byte
	for r := framing.NewReader(conn, s.answers.framing, 0); ; {
		frame, err := r.Next()
		if err != nil {
			return
		}
		if out, err = s.answers.append(out, frame); err != nil {
			return
		}
		if r.Buffered() == 0 || len(out) > 1<<16 {
			if _, err := conn.Write(out); err != nil {
				return
			}
			out = out[:0]
		}
	}
}

// gateway supervises n extensions over one link with an open window.
func gateway(b *testing.B, s *loopback, p csta.Profile, n int) *ctigateway.Gateway {
	cfg := ctigateway.Config{Links: []ctigateway.Link{{Name: "loopback", Capacity: n, MaxInFlight: n,
		Connector: csta.Config{Addr: s.Addr().String(), Profile: p}}}}
	for i := range n {
		cfg.Extensions = append(cfg.Extensions, cti.Extension{Number: incoming.Extension(i), Protocol: cti.CSTA})
	}
	gw, err := ctigateway.New(cfg)
	require.NoError(b, err)
	return gw
}

// run runs a gateway until the function it returns is called.
func run(b *testing.B, gw *ctigateway.Gateway) (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = gw.Run(ctx) })
	require.NoError(b, gw.Settled(ctx))
	return func() {
		cancel()
		running.Wait()
	}
}

// BenchmarkLoopback is one link over loopback TCP, switch, gateway and subscriber
// in one process.
func BenchmarkLoopback(b *testing.B) {
	b.Run("events", benchmarkEvents)
	b.Run("monitors", benchmarkMonitors)
}

// benchmarkEvents sends bursts of 20,000 events and waits until the subscriber
// has had them all.
func benchmarkEvents(b *testing.B) {
	const burst = 20000
	p := profile(csta.BER3)
	s := serve(b, p)
	gw := gateway(b, s, p, extensions)
	defer run(b, gw)()
	sub := gw.Subscribe(ctigateway.Buffer(2*burst), ctigateway.WithoutInitial())
	defer sub.Close()
	conn, events := <-s.conn, encoded(b, csta.BER3)
	var bytes []byte
	for i := range burst {
		bytes = append(bytes, events[i%extensions]...)
	}
	var writing sync.WaitGroup
	defer writing.Wait()
	send := func() {
		writing.Go(func() { _, _ = conn.Write(bytes) })
		for range burst {
			ev, err := sub.Next(b.Context())
			if err != nil || ev.Kind != cti.Delivered {
				b.Fatalf("%v: %v", &ev, err)
			}
		}
	}
	send() // the link gets to know the numbers, and the subscription its size
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		send()
	}
	b.ReportMetric(float64(b.N*burst)/b.Elapsed().Seconds(), "events/s")
}

// benchmarkMonitors starts a gateway until 10,000 extensions are supervised:
// monitor started, snapshot taken.
func benchmarkMonitors(b *testing.B) {
	const monitors = 10000
	p := profile(csta.BER3)
	for range b.N {
		b.StopTimer()
		s := serve(b, p)
		gw := gateway(b, s, p, monitors)
		b.StartTimer()
		end := run(b, gw)
		b.StopTimer()
		supervised := 0
		for _, e := range gw.Extensions() {
			if e.State == ctigateway.StateSupervised {
				supervised++
			}
		}
		require.Equal(b, monitors, supervised)
		end()
		b.StartTimer()
	}
	b.ReportMetric(monitors*float64(b.N)/b.Elapsed().Seconds(), "monitors/s")
}
