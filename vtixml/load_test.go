package vtixml_test

import (
	"context"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/vtixml"
	"github.com/ctikit/ctikit/vtixml/vtixmltest"
)

// loopback puts a server with extensions behind a TCP port.
func loopback(t testing.TB, network *ctitest.Network, name string, extensions int) (vtixml.Config, *ctitest.Link, []cti.Extension) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := network.Link(name, ctitest.LinkOptions{MaxSupervisions: extensions})
	server := vtixmltest.Serve(listener, port, vtixmltest.Options{})
	t.Cleanup(func() { server.Close() })
	var all []cti.Extension
	for i := range extensions {
		all = append(all, cti.Extension{Number: cti.DeviceID(fmt.Sprintf("%s%04d", name, i)), Location: cti.Location{Site: int(name[0] - '0'), Cluster: 1},
			Protocol: cti.VTIXML, Password: ctikit.NewSecret(fmt.Sprint("p", i))})
	}
	network.Add(all...)
	return vtixml.Config{Addr: listener.Addr().String()}, port, all
}

// superviseAll starts all supervisions at once, as a gateway does up to its window.
func superviseAll(t testing.TB, s driver.Session, all []cti.Extension) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, 32) // a gateway's default
	for _, ext := range all {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if _, err := s.Supervise(context.Background(), ext); err != nil {
				t.Errorf("%v", err)
			}
		})
	}
	wg.Wait()
}

// TestBatches: 500 extensions need far fewer than 500 messages to be logged on.
func TestBatches(t *testing.T) {
	cfg, port, all := loopback(t, ctitest.NewNetwork(ctitest.Options{}), "1", 500)
	s := session(t, cfg)
	start := time.Now()
	superviseAll(t, s, all)
	t.Logf("500 supervisions started in %v", time.Since(start))
	require.Equal(t, 500, port.Used())
	logons := s.Counters().MessagesOut - 500 - 1 // snapshots and <open>
	require.Less(t, logons, uint64(250))
}

func session(t testing.TB, cfg vtixml.Config) driver.Session {
	s, err := cfg.Open(context.Background(), &collector{})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// TestFourLinks: on four links with 500 extensions each, every event of a call
// on each arrives, once and in its order.
func TestFourLinks(t *testing.T) {
	const links, each = 4, 500
	network := ctitest.NewNetwork(ctitest.Options{})
	var cfg gateway.Config
	for i := range links {
		connector, _, all := loopback(t, network, fmt.Sprint(i+1), each)
		cfg.Extensions = append(cfg.Extensions, all...)
		cfg.Links = append(cfg.Links, gateway.Link{Name: fmt.Sprint(i + 1), Location: all[0].Location,
			Serves: []cti.Pattern{{Site: i + 1, Cluster: 1}}, Capacity: each, Connector: connector})
	}
	gw, err := gateway.New(cfg)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- gw.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	require.NoError(t, gw.Settled(ctx))
	sub := gw.Subscribe(gateway.WithoutInitial(), gateway.Buffer(1<<15))
	go func() {
		for _, ext := range cfg.Extensions {
			_, _ = network.Dial(cti.DeviceID("06"+string(ext.Number)), ext.Number)
			_ = network.Set(ext.Number).Answer()
			_ = network.Set(ext.Number).Hold()
			_ = network.Set(ext.Number).Retrieve()
			_ = network.Set(ext.Number).HangUp()
		}
	}()
	wanted := []cti.Kind{cti.Delivered, cti.Established, cti.Held, cti.Retrieved, cti.ConnectionCleared}
	got := map[cti.DeviceID][]cti.Kind{}
	wait, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	for count := 0; count < links*each*len(wanted); count++ {
		ev, err := sub.Next(wait)
		require.NoError(t, err, "after %d events", count)
		require.EqualValues(t, count+1, ev.Seq, "%v", ev)
		got[ev.Device] = append(got[ev.Device], ev.Kind)
	}
	for _, ext := range cfg.Extensions {
		require.Equal(t, wanted, got[ext.Number], "%s", ext.Number)
	}
}

func BenchmarkSupervise500(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		cfg, _, all := loopback(b, ctitest.NewNetwork(ctitest.Options{}), "1", 500)
		s := session(b, cfg)
		b.StartTimer()
		superviseAll(b, s, all)
		b.StopTimer()
		s.Close()
		b.StartTimer()
	}
}

// BenchmarkEvent is from the bytes of an event to the cti event.
func BenchmarkEvent(b *testing.B) {
	m := vtixml.Message{Type: vtixml.EventMessage, Monitor: 12, Event: cti.Event{Kind: cti.Delivered, Device: "4001", Call: "c17", State: cti.Alerting,
		Cause: cti.CauseNewCall, Subject: cti.PartyOf("4001"), Calling: cti.PartyOf("0612345678"), Called: cti.PartyOf("4001")}}
	data, err := vtixml.Dialect{}.Append(nil, &m)
	require.NoError(b, err)
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		m.Reset()
		if err := (vtixml.Dialect{}).Decode(data, &m); err != nil {
			b.Fatal(err)
		}
	}
}
