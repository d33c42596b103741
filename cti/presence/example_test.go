package presence_test

import (
	"context"
	"fmt"
	"sync"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/cti/presence"
)

// Alice watches Bob's line while he is called.
func Example() {
	pbx := ctitest.NewNetwork(ctitest.Options{})
	port := pbx.Link("paris", ctitest.LinkOptions{SnapshotAtomic: true, ReportsExistingCalls: true})
	cfg := gateway.Config{Name: "paris", Company: "acme",
		Links: []gateway.Link{{Name: "paris", Capacity: 10, Connector: port.Connector(ctitest.ConnectorOptions{})}},
		Extensions: []cti.Extension{
			{Number: "4001", User: "alice", Protocol: cti.VTIXML}, {Number: "4002", User: "bob", Protocol: cti.VTIXML},
		}}
	pbx.Add(cfg.Extensions...)
	gw, err := gateway.New(cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	board, err := presence.New(presence.Options{
		Company: "acme",
		CanSee:  func(viewer, target string) bool { return viewer == "alice" },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := board.Attach(gw); err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	running.Go(func() { _ = gw.Run(ctx) })
	running.Go(func() { _ = board.Run(ctx) })
	if err := gw.Settled(ctx); err != nil {
		fmt.Println(err)
		return
	}
	watch := board.Watch("alice", "bob")
	defer watch.Close()
	called := false
	for state, err := range watch.States(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		switch {
		case state.Phone == presence.Free && !called:
			called = true
			fmt.Println(state.User, "is", state.Phone)
			if _, err := pbx.Dial("0612345678", "4002"); err != nil {
				fmt.Println(err)
				return
			}
		case state.Phone == presence.Ringing:
			fmt.Println(state.User, "is", state.Phone)
			_, ok := board.See("bob", "alice")
			fmt.Println("bob sees alice:", ok)
			return
		}
	}
	// Output:
	// bob is free
	// bob is ringing
	// bob sees alice: false
}
