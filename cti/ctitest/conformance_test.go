package ctitest_test

import (
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
		return drivertest.Harness{
			Network: net, Link: l, Connector: l.Connector(o), Same: l.Connector(o),
			Different: []driver.Connector{l.Connector(wrong), l.Connector(clearing), net.Link("b", link).Connector(o)},
			Refused:   l.Connector(wrong),
			Secrets:   []string{"the-link-password"},
		}
	}
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
