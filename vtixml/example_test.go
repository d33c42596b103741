package vtixml_test

import (
	"context"
	"fmt"
	"net"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/vtixml"
	"github.com/ctikit/ctikit/vtixml/vtixmltest"
)

// A gateway supervises an extension over VTI-XML. The PBX is a network in
// memory behind a test server on the loopback interface.
func Example() {
	network := ctitest.NewNetwork(ctitest.Options{})
	extension := cti.Extension{Number: "4001", Protocol: cti.VTIXML, Password: ctikit.NewSecret("1234"), Location: cti.Location{Site: 1, Cluster: 1}}
	network.Add(extension)
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	server := vtixmltest.Serve(listener, network.Link("paris", ctitest.LinkOptions{}), vtixmltest.Options{})
	defer server.Close()

	gw, err := gateway.New(gateway.Config{
		Links: []gateway.Link{{Name: "paris", Location: extension.Location, Capacity: 500,
			Connector: vtixml.Config{Addr: server.Addr().String()}}},
		Extensions: []cti.Extension{extension},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- gw.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	sub := gw.Subscribe(gateway.Devices("4001"))
	if err := gw.Settled(ctx); err != nil {
		fmt.Println(err)
		return
	}
	_, _ = network.Dial("0612345678", "4001") // somebody calls
	_ = network.Set("4001").Answer()
	_ = network.Set("4001").HangUp()
	for ev, err := range sub.Events(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(ev.Kind, ev.State, ev.Calling)
		if ev.Kind == cti.ConnectionCleared {
			break
		}
	}
	// Output:
	// Snapshot unknown -
	// Delivered alerting 0612345678
	// Established connected 0612345678
	// ConnectionCleared null 0612345678
}
