package ctitest_test

import (
	"bufio"
	"context"
	"fmt"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// printer is a sink that prints.
type printer struct{ seen chan struct{} }

func (p printer) Event(ev *cti.Event) {
	fmt.Println(ev)
	p.seen <- struct{}{}
}

func Example() {
	ctx := context.Background()
	net := ctitest.NewNetwork(ctitest.Options{})
	net.Add(cti.Extension{Number: "4001"}, cti.Extension{Number: "4002"})
	paris := net.Link("paris", ctitest.LinkOptions{MaxSupervisions: 500})

	events := printer{make(chan struct{})}
	session, err := paris.Connector(ctitest.ConnectorOptions{}).Open(ctx, events)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer session.Close()
	if _, err := session.Supervise(ctx, cti.Extension{Number: "4001"}); err != nil {
		fmt.Println(err)
		return
	}

	caller, err := net.Dial("0612345678", "4001")
	if err != nil {
		fmt.Println(err)
		return
	}
	<-events.seen
	if err := caller.HangUp(); err != nil {
		fmt.Println(err)
		return
	}
	<-events.seen
	<-events.seen
	// Output:
	// Delivered 4001 call 1 alerting 0612345678 → 4001 (new call)
	// ConnectionCleared 4001 call 1 alerting 0612345678 → 4001 (normal clearing)
	// ConnectionCleared 4001 call 1 null 0612345678 → 4001 (call cancelled)
}

func ExampleNetwork_Inject() {
	ctx := context.Background()
	net := ctitest.NewNetwork(ctitest.Options{})
	net.Add(cti.Extension{Number: "4001"}, cti.Extension{Number: "4002"})
	link := net.Link("paris", ctitest.LinkOptions{})
	session, err := link.Connector(ctitest.ConnectorOptions{}).Open(ctx, printer{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer session.Close()

	// The call is made, but its answer is lost.
	lost := net.Inject(ctitest.Fault{Op: cti.OpMakeCall, Action: ctitest.LoseAnswer})
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	_, err = session.Do(short, driver.Request{Op: cti.OpMakeCall, Device: "4001", Number: "4002"})
	fmt.Println(err)
	fmt.Println("safe to retry:", cti.SafeToRetry(err), "struck:", lost.Hits(), "calls:", net.Calls())
	// Output:
	// make call 4001: context deadline exceeded
	// safe to retry: false struck: 1 calls: 1
}

func ExampleListen() {
	// A server that answers one line, behind a listener in memory.
	l := ctitest.Listen(ctitest.PipeOptions{Latency: time.Millisecond})
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		line, _ := bufio.NewReader(c).ReadString('\n')
		fmt.Fprintf(c, "you said: %s", line)
	}()
	c, err := l.Dial(context.Background(), "tcp", "pbx.example:3199")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	fmt.Fprintln(c, "hello")
	line, _ := bufio.NewReader(c).ReadString('\n')
	fmt.Print(line)
	// Output: you said: hello
}
