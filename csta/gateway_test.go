package csta_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
)

// TestThroughTheGateway: what is a link's reaches a host through its gateway,
// and after lost events its picture is right again.
func TestThroughTheGateway(t *testing.T) {
	inBubbles(t, map[string]csta.Profile{"BER": csta.Generic3, "XML": csta.GenericXML}, func(t *testing.T, p csta.Profile) {
		network := ctitest.NewNetwork(ctitest.Options{})
		numbers := []cti.DeviceID{"4001", "4002"}
		cfg := gateway.Config{Name: "domain", Company: "acme"}
		for _, n := range numbers {
			e := cti.Extension{Number: n, Protocol: cti.CSTA, SetType: cti.Digital}
			network.Add(e)
			cfg.Extensions = append(cfg.Extensions, e)
		}
		port := network.Link("csta", ctitest.LinkOptions{Protocol: cti.CSTA, Escape: func(data []byte) ([]byte, error) { return data, nil }})
		listener := ctitest.Listen(ctitest.PipeOptions{})
		server := cstatest.Serve(listener, port, p)
		defer server.Close()
		cfg.Links = []gateway.Link{{Name: "pbx", Capacity: 10, Connector: csta.Config{Addr: "pbx", Profile: p, Dial: listener.Dial}}}
		gw, err := gateway.New(cfg)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- gw.Run(ctx) }()
		defer func() { cancel(); require.NoError(t, <-ended) }()
		require.NoError(t, gw.Settled(ctx))

		devices, err := gw.ListDevices(ctx, "pbx")
		require.NoError(t, err)
		require.Equal(t, numbers, devices)
		answer, err := gw.Escape(ctx, "pbx", []byte("ask"))
		require.NoError(t, err)
		require.Equal(t, "ask", string(answer))
		_, err = gw.Escape(ctx, "nobody", nil)
		require.ErrorIs(t, err, cti.ErrLinkDown)
		port.SetOperations(cti.FullCTI().Without(cti.OpEscape))
		_, err = gw.Escape(ctx, "pbx", nil)
		require.ErrorIs(t, err, ctikit.ErrUnsupported)

		seen := map[cti.Kind]cti.Event{}
		sub := gw.Subscribe(gateway.LinkEvents())
		defer sub.Close()
		read := func() {
			ctx, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			for ev := range sub.Events(ctx) {
				seen[ev.Kind] = ev
			}
		}
		server.Escape([]byte("tell"))
		read()
		require.Equal(t, "tell", seen[cti.Private].Text)
		require.Equal(t, "pbx", seen[cti.Private].Link)

		require.NoError(t, network.Set("4001").Call("4002"))
		server.Report(cstatest.MessagesLost)
		read()
		synctest.Wait()
		require.Equal(t, cti.GapRestarted, seen[cti.GapFound].Gap.Reason)
		for _, n := range numbers {
			got, ok := gw.Snapshot(n)
			require.True(t, ok)
			require.Len(t, got.Calls, 1)
			require.Equal(t, network.Picture(n).Calls[0].State, got.Calls[0].State)
		}
	})
}

// TestGatewayKnowsOfOvertakenStops: a host never believes in a supervision that
// the PBX ended before it answered.
func TestGatewayKnowsOfOvertakenStops(t *testing.T) {
	inBubbles(t, map[string]csta.Profile{"I": csta.Generic1, "A5000": csta.A5000, "III": csta.Generic3, "XML": csta.GenericXML}, func(t *testing.T, p csta.Profile) {
		network := ctitest.NewNetwork(ctitest.Options{})
		e := cti.Extension{Number: "4001", Protocol: cti.CSTA, SetType: cti.Digital}
		network.Add(e)
		port := network.Link("csta", ctitest.LinkOptions{Protocol: cti.CSTA})
		listener := ctitest.Listen(ctitest.PipeOptions{})
		server := cstatest.Serve(listener, port, p)
		defer server.Close()
		slow := network.Inject(ctitest.Fault{Op: cti.OpSupervise, Action: ctitest.DelayAnswer, Delay: time.Second})
		gw, err := gateway.New(gateway.Config{Name: "domain", Company: "acme", Extensions: []cti.Extension{e},
			Links: []gateway.Link{{Name: "pbx", Capacity: 10, Connector: csta.Config{Addr: "pbx", Profile: p, Dial: listener.Dial}}}})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- gw.Run(ctx) }()
		defer func() { cancel(); require.NoError(t, <-ended) }()
		require.NoError(t, slow.Wait(ctx))
		port.StopMonitors("4001")
		require.Empty(t, network.Monitors("4001"))
		time.Sleep(5 * time.Minute)
		require.Equal(t, []string{"csta"}, network.Monitors("4001"), "it was supervised again")
		_, err = network.Dial("0612345678", "4001")
		require.NoError(t, err)
		synctest.Wait()
		got, ok := gw.Snapshot("4001")
		require.True(t, ok)
		require.Len(t, got.Calls, 1)
	})
}
