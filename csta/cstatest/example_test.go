package cstatest_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

type deaf struct{}

func (deaf) Event(*cti.Event) {}

// The server breaks its wire where a fault says so: here it sends bytes that are
// no CSTA in place of an answer.
func ExampleServe() {
	ctx := context.Background()
	network := ctitest.NewNetwork(ctitest.Options{})
	network.Add(cti.Extension{Number: "4001"})
	port := network.Link("csta", ctitest.LinkOptions{Protocol: cti.CSTA})
	listener := ctitest.Listen(ctitest.PipeOptions{})
	server := cstatest.Serve(listener, port, csta.Generic3)
	defer server.Close()

	network.Inject(ctitest.Fault{Op: cti.OpSupervise, Action: ctitest.Break, Mangle: ctitest.Garbage})
	session, err := csta.Config{Addr: "pbx.example", Profile: csta.Generic3, Dial: listener.Dial}.Open(ctx, deaf{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer session.Close()
	_, err = session.Supervise(ctx, cti.Extension{Number: "4001"})
	fmt.Println("supervised:", err == nil)
	<-session.Done()
	fmt.Println("protocol violation:", errors.Is(session.Err(), cti.ErrProtocol))
	// Output:
	// supervised: false
	// protocol violation: true
}
