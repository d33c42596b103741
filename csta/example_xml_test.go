package csta_test

import (
	"context"
	"fmt"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// A call from one extension to another. The PBX is one of the test support's;
// with a real one only Addr, User and Password differ.
func ExampleConfig_xml() {
	network := ctitest.NewNetwork(ctitest.Options{})
	network.Add(cti.Extension{Number: "4001"}, cti.Extension{Number: "4002"})
	profile, _ := csta.ProfileByName("OpenScape Business XML")
	listener := ctitest.Listen(ctitest.PipeOptions{})
	port := network.Link("pbx", ctitest.LinkOptions{Protocol: cti.CSTA, User: "app", Password: "s3cret"})
	defer cstatest.Serve(listener, port, profile).Close()

	cfg := csta.Config{Addr: "pbx", Profile: profile, User: "app", Password: ctikit.NewSecret("s3cret"), Dial: listener.Dial}
	ctx := context.Background()
	s, err := cfg.Open(ctx, printer{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	if _, err := s.Supervise(ctx, cti.Extension{Number: "4002"}); err != nil {
		fmt.Println(err)
		return
	}
	made, err := s.Do(ctx, driver.Request{Op: cti.OpMakeCall, Device: "4001", Number: "4002"})
	fmt.Println("calling:", made.Connection.Device, err)
	_, err = s.Do(ctx, driver.Request{Op: cti.OpMakeCall, Device: "4999", Number: "4002"})
	fmt.Println(err)
	// Output:
	// 4002 Delivered from 4001
	// calling: 4001 <nil>
	// make call 4999: unknown device: operation invalidDeviceID (12)
}

type printer struct{}

func (printer) Event(ev *cti.Event) { fmt.Println(ev.Device, ev.Kind, "from", ev.Calling.Number) }
