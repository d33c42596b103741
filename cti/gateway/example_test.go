package gateway_test

import (
	"context"
	"fmt"
	"sync"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
)

// run starts a gateway over a PBX in memory, and returns a function that ends it.
func run(numbers ...cti.DeviceID) (*ctitest.Network, *gateway.Gateway, func(), error) {
	pbx := ctitest.NewNetwork(ctitest.Options{})
	port := pbx.Link("paris", ctitest.LinkOptions{SnapshotAtomic: true, ReportsExistingCalls: true})
	cfg := gateway.Config{Links: []gateway.Link{{Name: "paris", Capacity: 10, Connector: port.Connector(ctitest.ConnectorOptions{})}}}
	for _, n := range numbers {
		cfg.Extensions = append(cfg.Extensions, cti.Extension{Number: n, Protocol: cti.VTIXML})
	}
	pbx.Add(cfg.Extensions...)
	gw, err := gateway.New(cfg)
	if err != nil {
		return nil, nil, nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = gw.Run(ctx) })
	return pbx, gw, func() { cancel(); running.Wait() }, gw.Settled(ctx)
}

// A caller is answered and hung up on.
func Example() {
	ctx := context.Background()
	pbx, gw, end, err := run("4001")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer end()
	sub := gw.Subscribe(gateway.Devices("4001"), gateway.WithoutInitial())
	defer sub.Close()
	if _, err := pbx.Dial("0612345678", "4001"); err != nil {
		fmt.Println(err)
		return
	}
	line := gw.Line("4001")
	for ev, err := range sub.Events(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(&ev)
		switch ev.Kind {
		case cti.Delivered:
			err = line.Answer(ctx, ev.Call)
		case cti.Established:
			err = line.Drop(ctx, ev.Call)
		case cti.ConnectionCleared:
			return
		}
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	// Output:
	// Delivered 4001 call 1 alerting 0612345678 → 4001 (new call)
	// Established 4001 call 1 connected 0612345678 → 4001 (new call)
	// ConnectionCleared 4001 call 1 null 0612345678 → 4001 (normal clearing)
}

// New reports every problem of a configuration at once, each with its path.
func ExampleNew() {
	_, err := gateway.New(gateway.Config{
		Links:      []gateway.Link{{Name: "paris", Capacity: -1}},
		Extensions: []cti.Extension{{Number: "4001", Protocol: cti.VTIXML}, {Number: "4001", Protocol: cti.VTIXML}},
	})
	fmt.Println(err)
	// Output:
	// links[0].capacity: must be at least 1, got -1
	// links[0].connector: missing; set a csta.Config or vtixml.Config
	// extensions[1].number: duplicate number "4001": already used by extensions[0]
}

// What a line may do can be limited, and errors name the operation.
func ExampleAllow() {
	_, gw, end, err := run("4001")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer end()
	line := gw.Line("4001", gateway.Allow(cti.OperationsOf(cti.OpMakeCall)))
	err = line.SetDoNotDisturb(context.Background(), true)
	fmt.Println(err)
	fmt.Println("safe to retry:", cti.SafeToRetry(err))
	// Output:
	// set do not disturb 4001 on link "paris": operation not permitted on this line
	// safe to retry: true
}

// Plan tells what a changed configuration would do, Apply does it while the
// gateway runs.
func ExampleGateway_Apply() {
	ctx := context.Background()
	_, gw, end, err := run("4001", "4002")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer end()
	cfg := gw.Config()
	cfg.Extensions = cfg.Extensions[:1]
	change, err := gw.Plan(cfg)
	fmt.Println(change, err)
	change, err = gw.Apply(ctx, cfg, gateway.IfVersion(gw.Version()))
	fmt.Println(change.DevicesRemoved, err)
	// Output:
	// links +0 -0 reopened 0 updated 0, extensions +0 -1 restarted 0 updated 0 <nil>
	// [4002] <nil>
}
