// Gateway shows ctikit at work. Without flags it needs nothing installed: it
// starts a PBX network in memory behind sockets on the loopback interface,
// supervises all its extensions over four links, makes and takes calls, loses a
// link and gets through. With a configuration file (as setup/gateway.json, its
// schema beside it) it opens the links that stand there, and shows events until
// it is interrupted.
//
//	go run ./examples/gateway [-json]
//	go run ./examples/gateway -config site.json [-json]
//	go run ./examples/gateway -export all.json -key FILE         # the whole configuration
//	go run ./examples/gateway -import all.json -key FILE [-yes]  # a dry run without -yes
package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/signal"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/examples/internal/demo"
	"github.com/ctikit/ctikit/examples/internal/report"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(showGateway(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are the flags.
type options struct {
	json, yes            bool
	config, export, read string
	key                  *ctikit.Keyring
}

// showGateway returns the exit status.
func showGateway(ctx context.Context, args []string, out, errs io.Writer) int {
	o, err := parseFlags(args, errs)
	if err == nil {
		err = dispatchCommand(ctx, o, out)
	}
	return setup.Exit("gateway", err, errs)
}

func dispatchCommand(ctx context.Context, o options, out io.Writer) error {
	pbx := setup.NewNetwork() // where the configuration that is built in leads
	dial := pbx.Connect
	if o.config != "" {
		dial = nil
	}
	s, err := setup.Read(o.config, dial)
	if err != nil {
		return err
	}
	r := report.New(out, o.json)
	var result any
	switch {
	case o.export != "":
		result, err = exportDocument(ctx, r, s, o)
	case o.read != "":
		result, err = importDocument(ctx, r, s, pbx, o)
	case o.config != "":
		result, err = showEvents(ctx, r, s, o)
	default:
		result, err = demo.Run(ctx, r)
	}
	if err == nil && o.json {
		err = json.NewEncoder(out).Encode(result)
	}
	return err
}

func parseFlags(args []string, errs io.Writer) (o options, err error) {
	flags := setup.Flags("gateway", "shows ctikit at work: calls, failover, import and export of a configuration.", errs)
	flags.BoolVar(&o.json, "json", false, "print one JSON object; with -config or -import, the status once settled")
	flags.StringVar(&o.config, "config", "", "configuration `file` of real links")
	flags.StringVar(&o.export, "export", "", "write the whole configuration to this `file`")
	flags.StringVar(&o.read, "import", "", "read the whole configuration from this `file`; without -yes only check it")
	flags.BoolVar(&o.yes, "yes", false, "with -import, replace the existing data")
	key := flags.String("key", "", "`file` of 64 hexadecimal digits that seal passwords; without, they are omitted")
	if err := setup.Parse(flags, args); err != nil {
		return o, err
	}
	if o.export != "" && o.read != "" {
		return o, setup.Mistake{Err: errors.New("-export and -import exclude each other")}
	}
	o.key, err = setup.ReadKey(*key)
	return o, err
}
