package vtixmltest_test

import (
	"context"
	"fmt"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/vtixml"
	"github.com/ctikit/ctikit/vtixml/vtixmltest"
)

type deaf struct{}

func (deaf) Event(*cti.Event) {}

// A PBX in memory behind a listener in memory; net.Listen does as well. The
// driver under test dials the listener.
func ExampleServe() {
	ctx := context.Background()
	network := ctitest.NewNetwork(ctitest.Options{})
	network.Add(cti.Extension{Number: "4001"}, cti.Extension{Number: "4002"})
	port := network.Link("paris", ctitest.LinkOptions{MaxSupervisions: 1})
	listener := ctitest.Listen(ctitest.PipeOptions{})
	server := vtixmltest.Serve(listener, port, vtixmltest.Options{})
	defer server.Close()

	session, err := vtixml.Config{Addr: "pbx.example", Dial: listener.Dial}.Open(ctx, deaf{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer session.Close()
	for _, number := range []cti.DeviceID{"4001", "4002"} {
		_, err := session.Supervise(ctx, cti.Extension{Number: number})
		fmt.Println(number, err)
	}
	fmt.Println("used:", port.Used())
	// Output:
	// 4001 <nil>
	// 4002 supervise 4002: supervision capacity exhausted: capacity
	// used: 1
}
