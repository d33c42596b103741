// Command settings works with the settings files of Avaya telephones and
// Workplace clients.
//
//	settings generate -config FILE [-specials] [-remote]   46xxsettings.txt, or 46xxspecials.txt
//	settings eval FILE [-var NAME=VALUE]... [-include]     what a client has: NAME<TAB>VALUE<TAB>line
//	settings explain FILE [-var NAME=VALUE]... NAME        where a value comes from
//	settings lint FILE [-template FILE] [-http]            file:line:col: code: message
//	settings fmt FILE                                      the file in one form
//	settings merge BASE NEW LOCAL                          local changes carried over to a new vendor file
//	settings matrix FILE [-by MODEL4,GROUP]                one column for each case
//	settings serve -config FILE [-listen ADDR] [-static DIR] [-avaya-only]
//
// A file that GET names is read from the folder of FILE. The exit status is 0; 1
// where lint has an error among its findings, merge has conflicts or a file is
// wrong; 2 for wrong arguments.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	var usage usageError
	switch {
	case err == nil:
	case errors.As(err, &usage):
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// usageError is a mistake in the arguments.
type usageError string

func (e usageError) Error() string { return string(e) }

// command is one sub-command.
type command struct {
	usage string
	run   func(ctx context.Context, a *arguments, out io.Writer) error
}

var commands = map[string]command{
	"generate": {"generate -config FILE [-specials] [-remote]", generate},
	"eval":     {"eval FILE [-var NAME=VALUE]... [-include]", eval},
	"explain":  {"explain FILE [-var NAME=VALUE]... NAME", explain},
	"lint":     {"lint FILE [-template FILE] [-http]", lint},
	"fmt":      {"fmt FILE", format},
	"merge":    {"merge BASE NEW LOCAL", merge},
	"matrix":   {"matrix FILE [-by MODEL4,GROUP]", matrix},
	"serve":    {"serve -config FILE [-listen ADDR] [-static DIR] [-avaya-only]", serve},
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return usageError("usage: settings generate|eval|explain|lint|fmt|merge|matrix|serve ...")
	}
	c, ok := commands[args[0]]
	if !ok {
		return usageError(fmt.Sprintf("settings: no command %q", args[0]))
	}
	a, err := parse(args[1:])
	if err == nil {
		err = c.run(ctx, a, out)
	}
	var usage usageError
	if errors.As(err, &usage) {
		return usageError(fmt.Sprintf("%s\nusage: settings %s", usage, c.usage))
	}
	return err
}
