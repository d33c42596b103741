package ctitest_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

type discard struct{}

func (discard) Event(*cti.Event) {}

// BenchmarkSupervise starts and stops the supervision of an extension among
// many.
func BenchmarkSupervise(b *testing.B) {
	for _, many := range []int{100, 10_000} {
		b.Run(fmt.Sprint(many), func(b *testing.B) {
			ctx := b.Context()
			network := ctitest.NewNetwork(ctitest.Options{})
			link := network.Link("a", ctitest.LinkOptions{})
			session, err := link.Connector(ctitest.ConnectorOptions{}).Open(ctx, discard{})
			require.NoError(b, err)
			defer session.Close()
			for i := range many {
				ext := cti.Extension{Number: cti.DeviceID(fmt.Sprint(10_000 + i))}
				network.Add(ext)
				_, err := session.Supervise(ctx, ext)
				require.NoError(b, err)
			}
			last := cti.Extension{Number: cti.DeviceID(fmt.Sprint(10_000 + many - 1))}
			b.ReportAllocs()
			for b.Loop() {
				if err := session.Release(ctx, last.Number); err != nil {
					b.Fatal(err)
				}
				if _, err := session.Supervise(ctx, last); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCall is a call from outside, answered and ended, with one monitor.
func BenchmarkCall(b *testing.B) {
	network := ctitest.NewNetwork(ctitest.Options{})
	network.Add(cti.Extension{Number: "4001"})
	session, err := network.Link("a", ctitest.LinkOptions{}).Connector(ctitest.ConnectorOptions{}).Open(b.Context(), discard{})
	require.NoError(b, err)
	defer session.Close()
	_, err = session.Supervise(b.Context(), cti.Extension{Number: "4001"})
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		caller, err := network.Dial("0612345678", "4001")
		if err != nil {
			b.Fatal(err)
		}
		if err := network.Set("4001").Answer(); err != nil {
			b.Fatal(err)
		}
		if err := caller.HangUp(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPipe compares round trips with net.Pipe and with loopback TCP.
func BenchmarkPipe(b *testing.B) {
	for name, dial := range map[string]func(testing.TB) (net.Conn, net.Conn){
		"ctitest": func(testing.TB) (net.Conn, net.Conn) { return ctitest.Pipe(ctitest.PipeOptions{}) },
		"net":     func(testing.TB) (net.Conn, net.Conn) { return net.Pipe() },
		"TCP":     loopback,
	} {
		b.Run(name, func(b *testing.B) {
			client, server := dial(b)
			defer client.Close()
			go func() {
				defer server.Close()
				_, _ = io.Copy(server, server)
			}()
			out, in := make([]byte, 100), make([]byte, 100)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := client.Write(out); err != nil {
					b.Fatal(err)
				}
				if _, err := io.ReadFull(client, in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func loopback(t testing.TB) (client, server net.Conn) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	client, err = (&net.Dialer{}).DialContext(context.Background(), "tcp", l.Addr().String())
	require.NoError(t, err)
	server, err = l.Accept()
	require.NoError(t, err)
	return client, server
}
