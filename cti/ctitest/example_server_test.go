package ctitest_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// serve speaks a protocol of lines in front of a link: "watch 4001",
// "call 4001 4002". It is what the test server of every driver does.
func serve(ctx context.Context, c net.Conn, link *ctitest.Link) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer c.Close()
	assoc, err := link.Open(ctx, "", "")
	if err != nil {
		return
	}
	defer assoc.Close()
	go func() { // the writer
		defer c.Close()
		for {
			m, err := assoc.Next(ctx)
			switch {
			case err != nil:
				return
			case m.Kind == ctitest.MangledMessage:
				fmt.Fprintln(c, "\x00\xff")
			case m.Kind == ctitest.EventMessage:
				fmt.Fprintln(c, "event", m.Event)
			case m.Err != nil:
				fmt.Fprintln(c, "error", m.Tag, m.Err)
			default:
				fmt.Fprintln(c, "done", m.Tag, m.Answer)
			}
		}
	}()
	for lines, id := bufio.NewScanner(c), 1; lines.Scan(); id++ {
		switch word := strings.Fields(lines.Text()); word[0] {
		case "watch":
			device := cti.DeviceID(word[1])
			assoc.Serve(cti.OpSupervise, device, id, func(s *ctitest.Switch) (any, error) {
				return s.StartMonitor(device, ctikit.Secret{})
			})
		case "call":
			device, number := cti.DeviceID(word[1]), word[2]
			assoc.Serve(cti.OpMakeCall, device, id, func(s *ctitest.Switch) (any, error) {
				return s.MakeCall(device, number)
			})
		}
	}
}

func ExampleAssociation() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	network := ctitest.NewNetwork(ctitest.Options{})
	network.Add(cti.Extension{Number: "4001"}, cti.Extension{Number: "4002"})
	link := network.Link("paris", ctitest.LinkOptions{})
	client, server := ctitest.Pipe(ctitest.PipeOptions{})
	defer client.Close()
	go serve(ctx, server, link)

	fmt.Fprint(client, "watch 4002\ncall 4001 77\ncall 4001 4002\n")
	lines := bufio.NewScanner(client)
	for range 4 {
		lines.Scan()
		fmt.Println(lines.Text())
	}
	// Output:
	// done 1 1
	// error 2 make call 4001: invalid destination: unknown number
	// event Delivered 4002 call 1 alerting 4001 → 4002 (new call)
	// done 3 1/4001
}
