package gateway_test

import (
	"expvar"
	"fmt"

	"github.com/ctikit/ctikit/cti/gateway"
)

// A gateway counts; how the counters leave the program is the host's choice,
// here expvar, which serves them under /debug/vars.
func ExampleGateway_Stats() {
	gw, err := gateway.New(gateway.Config{Name: "paris"})
	if err != nil {
		fmt.Println(err)
		return
	}
	expvar.Publish("cti.paris", expvar.Func(func() any { return gw.Stats() }))
	fmt.Println(expvar.Get("cti.paris"))
	// Output: {"EventsIn":0,"Unexpected":0,"Dropped":0,"Requests":0,"RequestErrors":0,"Supervised":0,"Moves":0,"Reconnects":0,"HookPanics":0,"HooksDropped":0,"Links":0,"LinksUp":0,"Extensions":0,"Subscriptions":0}
}
