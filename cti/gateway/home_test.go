package gateway_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
)

func TestOverflowReturnsWhenTheConfigurationMakesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 10, 4, 30)
		w.run()
		require.Equal(t, map[string]int{"a explicit": 4, "b explicit": 10, "b overflow": 6}, w.where())
		w.apply(func(c *gateway.Config) { c.Links[0].Capacity = 20 })
		w.settle()
		require.Equal(t, map[string]int{"a explicit": 10, "b explicit": 10}, w.where())
	})
}

func TestOverflowReturnsToALinkThatNamesItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 5, 2, 30)
		spare := w.net.Link("spare", ctitest.LinkOptions{SnapshotAtomic: true, ReportsExistingCalls: true})
		w.run()
		require.Equal(t, map[string]int{"a explicit": 2, "b explicit": 5, "b overflow": 3}, w.where())
		w.apply(func(c *gateway.Config) {
			c.Links = append(c.Links, gateway.Link{Name: "c", Capacity: 10, Connector: spare.Connector(ctitest.ConnectorOptions{}),
				Serves: []cti.Pattern{{Site: 1, Cluster: cti.Any}}})
		})
		w.settle()
		require.Equal(t, map[string]int{"a explicit": 2, "b explicit": 5, "c explicit": 3}, w.where())
	})
}

// TestRemovedWhileItsModeChanges: an extension that is being removed is
// released, whatever the allocator decides meanwhile.
func TestRemovedWhileItsModeChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 3, 10)
		w.cfg.Links[0].MaxInFlight = 1
		w.run()
		w.net.Inject(ctitest.Fault{Op: cti.OpRelease, Action: ctitest.DelayAnswer, Delay: time.Second})
		w.apply(func(c *gateway.Config) { c.Extensions = c.Extensions[:1] }) // the second release waits for the first
		w.apply(func(c *gateway.Config) { c.Links[0].Serves = nil })         // and here all become implicit
		w.settle()
		require.Equal(t, map[string]int{"a implicit": 1}, w.where())
		require.Empty(t, w.net.Monitors("1001"))
		require.Empty(t, w.net.Monitors("1002"))
		require.Equal(t, 1, w.gw.Links()[0].Used)
	})
}
