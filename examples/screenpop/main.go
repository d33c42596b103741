// Screenpop shows a contact card when a call comes in: who calls, as far as the
// directory knows, and what becomes of the call. Without a configuration file it
// starts the PBX network of the examples and has somebody call.
//
//	go run ./examples/screenpop
//	go run ./examples/screenpop -json
//	go run ./examples/screenpop -config gateway.json -extensions 2000,2001
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit status: 1 for what went wrong, 2 for a mistake of the
// caller's.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("screenpop", flag.ContinueOnError)
	flags.SetOutput(errs)
	asJSON := flags.Bool("json", false, "print one JSON object for each card")
	path := flags.String("config", "", "configuration `file` of real links; by default the PBX network of the examples")
	extensions := flags.String("extensions", "2000", "`numbers` to show calls of, separated by commas")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(errs, "screenpop: unexpected argument %q\n", flags.Arg(0))
		return 2
	}
	draw := printText
	if *asJSON {
		draw = printJSON
	}
	if err := show(ctx, *path, strings.Split(*extensions, ","), func(c card) error { return draw(out, c) }); err != nil {
		fmt.Fprintf(errs, "screenpop: %v\n", err)
		return 1
	}
	return 0
}

// show runs a gateway and prints cards until ctx ends or the demonstration is over.
func show(ctx context.Context, path string, extensions []string, print func(card) error) (err error) {
	r, err := setup.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := &popper{gw: r.Gateway, view: r.Names, print: print, lines: map[cti.DeviceID]*cti.CallModel{}, shown: map[cti.ConnectionID]card{}}
	devices := make([]cti.DeviceID, len(extensions))
	for i, number := range extensions {
		devices[i] = cti.DeviceID(strings.TrimSpace(number))
		if _, known := r.Gateway.Extension(devices[i]); !known {
			return fmt.Errorf("extension %q is not in the configuration", devices[i])
		}
	}
	sub := r.Gateway.Subscribe(cti.Devices(devices...))
	defer sub.Close()
	var reading sync.WaitGroup
	var failed error
	reading.Go(func() {
		defer cancel()
		failed = p.read(ctx, sub)
	})
	if r.PBX != nil {
		err = demonstrate(ctx, r, devices[0])
		cancel()
	}
	reading.Wait()
	return errors.Join(err, failed)
}
