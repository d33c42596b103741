package setup

import (
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/ctikit/ctikit/examples/internal/report"
)

// Flags starts a set of flags for a program; -h says what it does, then lists them.
func Flags(program, does string, errs io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet(program, flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), report.Wrap(program+" ", "    ", does))
		flags.VisitAll(func(f *flag.Flag) { fmt.Fprint(flags.Output(), flagHelp(f)) })
	}
	return flags
}

// flagHelp is what -h says of a flag.
func flagHelp(f *flag.Flag) string {
	kind, text := flag.UnquoteUsage(f)
	if f.DefValue != "" && f.DefValue != "0" && f.DefValue != "0s" && f.DefValue != "false" {
		text += " (default " + f.DefValue + ")"
	}
	return strings.TrimRight("  -"+f.Name+" "+kind, " ") + "\n" + report.Wrap("        ", "        ", text) + "\n"
}
