// Gateway shows ctikit at work, with nothing installed: it starts a PBX network
// in memory behind sockets on the loopback interface, supervises all its
// extensions over four links, makes and takes calls, loses a link and gets
// through. The configuration is examples/internal/setup/gateway.json; its schema
// lies beside it.
//
//	go run ./examples/gateway
//	go run ./examples/gateway -json
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

func main() { os.Exit(run()) }

// run returns the exit status: 1 for a step that went wrong, 2 for a mistake of
// the caller's.
func run() int {
	asJSON := flag.Bool("json", false, "print one JSON object and nothing else")
	path := flag.String("config", "", "configuration `file`; the one built in by default")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "gateway: unexpected argument %q\n", flag.Arg(0))
		flag.Usage()
		return 2
	}
	pbx := setup.NewNetwork()
	s, err := setup.Read(*path, pbx.Connect)
	if err != nil {
		fmt.Fprintf(os.Stderr, "gateway: the configuration has mistakes, nothing was started:\n%s\n", lines(err))
		return 2
	}
	r := newReport(*asJSON)
	if err := demonstrate(context.Background(), r, s, pbx); err != nil {
		fmt.Fprintf(os.Stderr, "gateway: %v\n", err)
		return 1
	}
	if *asJSON {
		if err := r.json(); err != nil {
			fmt.Fprintf(os.Stderr, "gateway: %v\n", err)
			return 1
		}
	}
	return 0
}

// demonstrate runs the gateway and the scenes.
func demonstrate(ctx context.Context, r *report, s *setup.Settings, pbx *setup.Network) (err error) {
	if err := pbx.Start(s.File, s.CTI); err != nil {
		return err
	}
	defer pbx.Stop()
	gw, err := cti.New(s.CTI)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- gw.Run(ctx) }()
	d := &demo{report: r, Settings: s, pbx: pbx, gw: gw, watcher: watch(context.WithoutCancel(ctx), gw, s.Names)}
	defer func() {
		cancel()
		err = errors.Join(err, <-ended)
		d.watcher.done.Wait()
	}()
	for _, scene := range []func(context.Context) error{
		d.plan, d.supervision, d.signIn, d.outgoingCall, d.incomingCall, d.transfer, d.conference, d.forward, d.callBack,
		d.loss, d.more, d.comeback, d.settingsFiles, d.summary,
	} {
		if err := scene(ctx); err != nil {
			return err
		}
	}
	return nil
}

// lines sets an error of many lines in for a person to read.
func lines(err error) string { return "  " + strings.ReplaceAll(err.Error(), "\n", "\n  ") }
