package csta_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// aloud is a sink that prints what a session reads.
type aloud struct{ read chan struct{} }

func (a aloud) Event(ev *cti.Event) {
	fmt.Println(ev)
	a.read <- struct{}{}
}

// A link of CSTA III in BER, here to a PBX in memory. A program gives the
// Config to a cti.Link and leaves the session to the gateway.
func ExampleConfig() {
	ctx := context.Background()
	pbx := ctitest.NewNetwork(ctitest.Options{})
	pbx.Add(cti.Extension{Number: "4001"})
	listener := ctitest.Listen(ctitest.PipeOptions{})
	server := cstatest.Serve(listener, pbx.Link("csta", ctitest.LinkOptions{Protocol: cti.CSTA}), csta.Generic3)
	defer server.Close()

	link := csta.Config{Addr: "pbx.example", Profile: csta.Generic3, Dial: listener.Dial}
	fmt.Println(link.Address())
	sink := aloud{make(chan struct{})}
	session, err := link.Open(ctx, sink)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer session.Close()
	if _, err := session.Supervise(ctx, cti.Extension{Number: "4001"}); err != nil {
		fmt.Println(err)
		return
	}
	if _, err := pbx.Dial("0612345678", "4001"); err != nil {
		fmt.Println(err)
		return
	}
	<-sink.read
	// Output:
	// pbx.example:3211
	// Delivered 4001 call 1 alerting 0612345678 → 4001 (new call)
}

// Each profile tells what its values rest on.
func ExampleProfileByName() {
	p, ok := csta.ProfileByName("alcatel omnipcx office")
	fmt.Println(ok, p.Name, p.Port, strings.HasPrefix(p.Basis, "sourced"))
	// Output: true Alcatel OmniPCX Office 2555 true
}
