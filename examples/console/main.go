// Console shows the status of connections and of extensions (TWP guide 10.4 and
// 10.5) as a live view in the terminal:
//
//	go run ./examples/console          # against a PBX network of its own, where calls and failures happen
//	go run ./examples/console -real -config examples/pbx/site.json   # beside go run ./examples/pbx
//	go run ./examples/console -once    # one picture, for a pipe
package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/examples/internal/report"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

func main() { setup.Main("console", showStatus) }

func showStatus(ctx context.Context, args []string, out, errs io.Writer) error {
	flags := setup.Flags("console", "shows the status of links and extensions, live in the terminal.", errs)
	path := flags.String("config", "", "configuration `file`; the one built in by default")
	real := flags.Bool("real", false, "connect to the addresses in the configuration, not to a PBX network of our own")
	once := flags.Bool("once", false, "print one picture and end")
	length := flags.Duration("for", 0, "end after this `time`; 0 is never")
	if err := setup.Parse(flags, args); err != nil {
		return err
	}
	if *length < 0 {
		return setup.Mistake{Err: errors.New("-for is negative")}
	}
	if *length > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, *length)
		defer cancel()
	}
	network := setup.NewNetwork()
	defer network.Stop()
	var dial setup.Dialer
	if !*real {
		dial = network.Connect
	}
	s, err := setup.Read(*path, dial)
	if err != nil {
		return setup.Mistake{Err: err}
	}
	if !*real {
		if err := network.Start(s.File, s.CTI); err != nil {
			return err
		}
	}
	gw, err := gateway.New(s.CTI)
	if err != nil {
		return setup.Mistake{Err: err}
	}
	return setup.While(ctx, gw, func() error {
		if *once {
			return drawOnce(ctx, gw, out)
		}
		ctx, cancel := context.WithCancel(ctx)
		var people sync.WaitGroup
		if !*real {
			people.Go(func() { network.Live(ctx, s.CTI.Extensions, s.File.Links) })
		}
		err := drawLive(ctx, gw, out)
		cancel()
		people.Wait()
		return err
	})
}

// drawOnce shows what the gateway has once it is at rest, or after half a minute.
func drawOnce(ctx context.Context, gw *gateway.Gateway, out io.Writer) error {
	settling, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	_ = gw.Settled(settling)
	drawFrame(out, gw, time.Now())
	return nil
}

// drawLive draws until ctx ends.
func drawLive(ctx context.Context, gw *gateway.Gateway, out io.Writer) error {
	screen := report.NewScreen(out)
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		var frame bytes.Buffer
		drawFrame(&frame, gw, time.Now())
		if err := screen.Draw(frame.Bytes()); err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}
