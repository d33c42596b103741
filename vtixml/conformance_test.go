package vtixml_test

import (
	"context"
	"crypto/tls"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/driver/drivertest"
	"github.com/ctikit/ctikit/vtixml"
	"github.com/ctikit/ctikit/vtixml/vtixmltest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// link is the port of the tests: what our dialect can say, it says.
var link = ctitest.LinkOptions{AnnounceLimit: true, GlobalCallIDs: true}

// harness puts a server on listen, which returns how to reach it.
func harness(t testing.TB, o ctitest.LinkOptions, cfg vtixml.Config, listener net.Listener) drivertest.Harness {
	network := ctitest.NewNetwork(ctitest.Options{})
	port := network.Link("vtixml", o)
	server := vtixmltest.Serve(listener, port, vtixmltest.Options{Codec: cfg.Codec, Framer: cfg.Framer})
	t.Cleanup(func() { server.Close() })
	other, raw, clearing, framed := cfg, cfg, cfg, cfg
	other.Addr = "pbx2"
	raw.KeepRaw = true
	clearing.ClearLateCalls = !cfg.ClearLateCalls
	framed.MaxMessage = 1 << 16
	secure, trusting, dialled := cfg, cfg, cfg
	secure.TLS, trusting.TLS = &tls.Config{}, &tls.Config{InsecureSkipVerify: true}
	dialled.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, net.ErrClosed }
	return drivertest.Harness{Network: network, Link: port, Connector: cfg, Same: cfg,
		Different: []driver.Connector{other, raw, clearing, framed, secure, trusting, dialled}}
}

func inMemory(o ctitest.LinkOptions, cfg vtixml.Config) func(testing.TB) drivertest.Harness {
	return func(t testing.TB) drivertest.Harness {
		listener := ctitest.Listen(ctitest.PipeOptions{})
		cfg.Addr, cfg.Dial = "pbx", listener.Dial
		return withSettings(harness(t, o, cfg, listener), cfg)
	}
}

func TestConformance(t *testing.T) {
	for name, test := range map[string]struct {
		link ctitest.LinkOptions
		cfg  vtixml.Config
	}{
		"length":         {link, vtixml.Config{}},
		"NUL":            {ctitest.LinkOptions{HideLimit: true}, vtixml.Config{Framer: vtixml.NULTerminated{}}},
		"atomic, clears": {ctitest.LinkOptions{SnapshotAtomic: true, ReportsExistingCalls: true}, vtixml.Config{ClearLateCalls: true}},
	} {
		t.Run(name, func(t *testing.T) { drivertest.TestConnector(t, inMemory(test.link, test.cfg)) })
	}
	t.Run("TCP", func(t *testing.T) {
		drivertest.TestConnectorInRealTime(t, func(t testing.TB) drivertest.Harness {
			listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
			require.NoError(t, err)
			cfg := vtixml.Config{Addr: listener.Addr().String()}
			return withSettings(harness(t, link, cfg, listener), cfg)
		})
	})
}

// withSettings adds to a harness how its configuration may be changed.
func withSettings(h drivertest.Harness, cfg vtixml.Config) drivertest.Harness {
	h.TLS = func(c *tls.Config) driver.Connector {
		other := cfg
		other.TLS = c
		return other
	}
	nowhere, huge := cfg, cfg
	nowhere.Addr = ""
	huge.MaxMessage = -1
	h.Invalid = map[string]driver.Connector{"addr": nowhere, "maxMessage": huge}
	return h
}

// do performs a request whose reply does not matter.
func do(ctx context.Context, s driver.Session, r driver.Request) error {
	_, err := s.Do(ctx, r)
	return err
}
