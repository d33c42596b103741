// Command settings works with the settings files of Avaya telephones and
// Workplace clients; -h lists what it does. A file that GET names is read from
// the folder of FILE. The exit status is 0; 1 where lint has an error among its
// findings, merge has conflicts or a file is wrong; 2 for wrong arguments or a
// wrong configuration.
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
	"syscall"

	"github.com/ctikit/ctikit/examples/internal/setup"
	"github.com/ctikit/ctikit/provisioning/settings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(setup.Exit("settings", run(ctx, os.Args[1:], os.Stdout, os.Stderr), os.Stderr))
}

type command func(ctx context.Context, a *arguments, out io.Writer) error

var commands = []struct {
	name, arguments, does string
	words                 int // of arguments that are no flags
	run                   command
}{
	{"generate", "-config FILE [-specials] [-remote]", "46xxsettings.txt, or 46xxspecials.txt", 0, onSystem(generate)},
	{"eval", "FILE [-var NAME=VALUE]... [-include]", "what a client has: NAME<TAB>VALUE<TAB>line", 1, onFile(eval)},
	{"explain", "FILE [-var NAME=VALUE]... NAME", "where a value comes from", 2, onFile(explain)},
	{"lint", "FILE [-template FILE] [-http]", "file:line:col: code: message", 1, onFile(lint)},
	{"fmt", "FILE", "the file in one form", 1, onFile(format)},
	{"merge", "BASE NEW LOCAL", "local changes carried over to a new vendor file", 3, onFile(merge)},
	{"matrix", "FILE [-by MODEL4,GROUP]", "one column for each case", 1, onFile(matrix)},
	{"serve", "-config FILE [-listen ADDR] [-static DIR] [-avaya-only]", "the generated files over HTTP", 0, onSystem(serve)},
}

// onFile reads the first FILE for a command.
func onFile(do func(a *arguments, f *settings.File, out io.Writer) error) command {
	return func(_ context.Context, a *arguments, out io.Writer) error {
		f, err := read(a.words[0])
		if err != nil {
			return err
		}
		return do(a, f, out)
	}
}

func run(ctx context.Context, args []string, out, errs io.Writer) error {
	var usage strings.Builder
	for _, c := range commands {
		if len(args) > 0 && args[0] == c.name {
			var a arguments
			err := a.parse(args[1:])
			switch {
			case errors.Is(err, flag.ErrHelp):
				fmt.Fprintf(errs, "settings %s %s\n", c.name, c.arguments)
				return err
			case err == nil && len(a.words) != c.words:
				err = errors.New("wrong number of arguments")
			case err == nil && c.words == 0 && a.config == "":
				err = errors.New("-config is missing")
			}
			if err != nil {
				return setup.Mistake{Err: fmt.Errorf("%w\nusage: settings %s %s", err, c.name, c.arguments)}
			}
			return c.run(ctx, &a, out)
		}
		fmt.Fprintf(&usage, "  settings %s %s\n        %s\n", c.name, c.arguments, c.does)
	}
	var a arguments
	if err := a.parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(errs, usage.String())
		return err
	}
	return setup.Mistake{Err: errors.New("which command?\n" + usage.String())}
}
