package calllog_test

import (
	"context"
	"fmt"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/calllog"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
)

// One missed call, in the log of the user who missed it.
func Example() {
	net := ctitest.NewNetwork(ctitest.Options{})
	alice := cti.Extension{Number: "4001", User: "alice", Protocol: cti.VTIXML}
	net.Add(alice)
	link := net.Link("paris", ctitest.LinkOptions{})
	gw, err := gateway.New(gateway.Config{
		Links:      []gateway.Link{{Name: "paris", Capacity: 10, Connector: link.Connector(ctitest.ConnectorOptions{})}},
		Extensions: []cti.Extension{alice},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	log := calllog.New(calllog.Options{Retention: 90 * 24 * time.Hour})
	go gw.Run(ctx)
	go log.Follow(ctx, gw)
	_ = gw.Settled(ctx)
	for gw.Stats().Subscriptions == 0 { // Follow is only beginning
		time.Sleep(time.Millisecond)
	}

	caller, err := net.Dial("0612345678", "4001")
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = caller.HangUp()

	for {
		missed, err := log.Find(ctx, calllog.Filter{User: "alice", Outcome: calllog.Missed})
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, e := range missed {
			fmt.Println(e.Kind, e.Number, e.Outcome)
			return
		}
		time.Sleep(time.Millisecond)
	}
	// Output: incoming 0612345678 missed
}
