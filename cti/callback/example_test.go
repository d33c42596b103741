package callback_test

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/callback"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
)

// The agent's own set calls a visitor, who is busy: the error names the leg.
func Example() {
	pbx := ctitest.NewNetwork(ctitest.Options{})
	port := pbx.Link("paris", ctitest.LinkOptions{SnapshotAtomic: true, ReportsExistingCalls: true})
	cfg := gateway.Config{
		Links:      []gateway.Link{{Name: "paris", Capacity: 10, Connector: port.Connector(ctitest.ConnectorOptions{})}},
		Extensions: []cti.Extension{{Number: "4001", Protocol: cti.VTIXML}},
	}
	pbx.Add(cfg.Extensions...)
	gw, err := gateway.New(cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	running.Go(func() { _ = gw.Run(ctx) })
	if err := gw.Settled(ctx); err != nil {
		fmt.Println(err)
		return
	}
	service, err := callback.New(gw, callback.Options{}) // Via: a pool of devices that call both
	if err != nil {
		fmt.Println(err)
		return
	}
	visitor := pbx.Outside("0612345678")
	visitor.Behaves(ctitest.Answers)
	result, err := service.Call(ctx, "4001", "00612345678")
	fmt.Println("direct:", result.Direct, err)
	if err := gw.Line("4001").Drop(ctx, result.Call); err != nil {
		fmt.Println(err)
		return
	}

	visitor.Behaves(ctitest.Busy)
	_, err = service.Call(ctx, "4001", "00612345678")
	var leg *callback.LegError
	fmt.Println(errors.As(err, &leg), leg.Leg, errors.Is(err, callback.ErrNotReached))
	// Output:
	// direct: true <nil>
	// true visitor true
}
