package ctitest_test

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/driver/drivertest"
)

// memory is the harness of the driver without a wire.
func memory(link ctitest.LinkOptions, latency time.Duration) func(testing.TB) drivertest.Harness {
	return driven(link, ctitest.ConnectorOptions{Latency: latency})
}

// driven is memory with options of the driver.
func driven(link ctitest.LinkOptions, o ctitest.ConnectorOptions) func(testing.TB) drivertest.Harness {
	return func(testing.TB) drivertest.Harness {
		net := ctitest.NewNetwork(ctitest.Options{})
		link.User, link.Password = "us", "the-link-password"
		l := net.Link("a", link)
		o.User, o.Password = "us", ctikit.NewSecret("the-link-password")
		wrong, clearing := o, o
		wrong.Password = ctikit.NewSecret("wrong-password")
		clearing.ClearLateCalls = !o.ClearLateCalls
		backwards := o
		backwards.Latency = -time.Second
		return drivertest.Harness{
			Network: net, Link: l, Connector: l.Connector(o), Same: l.Connector(o),
			Different: []driver.Connector{l.Connector(wrong), l.Connector(clearing), net.Link("b", link).Connector(o)},
			TLS:       func(c *tls.Config) driver.Connector { return wired{Connector: l.Connector(o), tls: c} },
			Recorded:  wired{Connector: l.Connector(o), recorded: true},
			Invalid:   map[string]driver.Connector{"latency": l.Connector(backwards)},
			Refused:   l.Connector(wrong),
			Secrets:   []string{"the-link-password"},
		}
	}
}

// wired is the driver without a wire with what a driver with a wire has beside:
// TLS and a recording. Only its Identity knows of them.
type wired struct {
	*ctitest.Connector
	tls      *tls.Config
	recorded bool
}

func (w wired) Identity() string {
	id := fmt.Sprint(w.Connector.Identity(), w.recorded)
	if c := w.tls; c != nil {
		id += fmt.Sprintf(" %q %t %p %d %d %v %p %p", c.ServerName, c.InsecureSkipVerify, c.RootCAs,
			c.MinVersion, c.MaxVersion, c.CipherSuites, c.VerifyConnection, c.KeyLogWriter)
		for _, own := range c.Certificates {
			id += fmt.Sprintf(" %x", sha256.Sum256(slices.Concat(own.Certificate...)))
		}
	}
	return id
}

func echo(data []byte) ([]byte, error) { return append([]byte("!"), data...), nil }

func TestConformance(t *testing.T) {
	for name, link := range map[string]ctitest.LinkOptions{
		"VTI-XML": {},
		"CSTA":    {Protocol: cti.CSTA, ReportsExistingCalls: true, SnapshotAtomic: true, GlobalCallIDs: true, AnnounceLimit: true, Escape: echo},
		"narrow":  {Operations: cti.OperationsOf(cti.OpSupervise, cti.OpRelease, cti.OpSnapshotDevice), HideLimit: true},
	} {
		t.Run(name, func(t *testing.T) { drivertest.TestConnector(t, memory(link, 0)) })
	}
	t.Run("latency", func(t *testing.T) { drivertest.TestConnector(t, memory(ctitest.LinkOptions{}, 3*time.Millisecond)) })
	t.Run("clearing", func(t *testing.T) {
		drivertest.TestConnector(t, driven(ctitest.LinkOptions{}, ctitest.ConnectorOptions{ClearLateCalls: true}))
	})
	t.Run("real time", func(t *testing.T) {
		drivertest.TestConnectorInRealTime(t, memory(ctitest.LinkOptions{Protocol: cti.CSTA}, 0))
	})
}
