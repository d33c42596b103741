// Console shows the status of connections and of extensions (TWP guide 10.4 and
// 10.5) as a live view in the terminal:
//
//	go run ./examples/console              # against a PBX network of its own, where calls and failures happen
//	go run ./examples/console -real -config gateway.json
//	go run ./examples/console -once        # one picture, for a pipe
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

func main() { os.Exit(run()) }

func run() int {
	path := flag.String("config", "", "configuration `file`; the one built in by default")
	real := flag.Bool("real", false, "connect to the addresses in the configuration, not to a PBX network of our own")
	once := flag.Bool("once", false, "print one picture and end")
	length := flag.Duration("for", 0, "end after this `time`; 0 is never")
	flag.Parse()
	if flag.NArg() > 0 || *length < 0 {
		flag.Usage()
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *length > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, *length)
		defer cancel()
	}
	network := setup.NewNetwork()
	var dial setup.Dialer
	if !*real {
		dial = network.Connect
	}
	s, err := setup.Read(*path, dial)
	if err != nil {
		fmt.Fprintf(os.Stderr, "console: %v\n", err)
		return 2
	}
	if !*real {
		if err := network.Start(s.File, s.CTI); err != nil {
			fmt.Fprintf(os.Stderr, "console: %v\n", err)
			return 1
		}
		defer network.Stop()
	}
	if err := show(ctx, s, network, *once, *real); err != nil {
		fmt.Fprintf(os.Stderr, "console: %v\n", err)
		return 1
	}
	return 0
}

// show runs the gateway and draws until ctx ends.
func show(ctx context.Context, s *setup.Settings, network *setup.Network, once, real bool) error {
	gw, err := cti.New(s.CTI)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- gw.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	if once {
		settling, done := context.WithTimeout(ctx, 30*time.Second)
		defer done()
		if err := gw.Settled(settling); err != nil {
			return err
		}
		draw(os.Stdout, gw, time.Now())
		return nil
	}
	if !real {
		go live(ctx, s, network)
	}
	screen := terminal(os.Stdout)
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		screen.draw(func(f *frame) { draw(f, gw, time.Now()) })
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}
