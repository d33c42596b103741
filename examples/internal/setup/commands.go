package setup

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// Command is one of a program that has several.
type Command struct {
	Name  string
	Words string // what follows the flags: "FILE NAME"
	Does  string // in a line
	// Flags defines the flags of the command and returns what it does with as
	// many words as Words names.
	Flags func(flags *flag.FlagSet) func(words []string, out io.Writer) error
}

// Commands runs the command that args name; -h lists all of them, and after a
// command its flags. Flags may stand before and after words.
func Commands(program string, commands []Command, args []string, out, errs io.Writer) error {
	var usage strings.Builder
	for _, c := range commands {
		if len(args) > 0 && args[0] == c.Name {
			return c.runCommand(program, args[1:], out, errs)
		}
		fmt.Fprintf(&usage, "  %-31s %s\n", strings.TrimSpace(program+" "+c.Name+" "+c.Words), c.Does)
	}
	fmt.Fprint(&usage, "A command with -h lists its flags.")
	if len(args) > 0 && (args[0] == "-h" || args[0] == "-help" || args[0] == "--help") {
		fmt.Fprintln(errs, usage.String())
		return flag.ErrHelp
	}
	what := "which command?"
	if len(args) > 0 {
		what = fmt.Sprintf("no command %q; there are", args[0])
	}
	return Mistake{errors.New(what + "\n" + usage.String())}
}

func (c Command) runCommand(program string, args []string, out, errs io.Writer) error {
	line := program + " " + c.Name + " [flags] " + c.Words
	flags := Flags(line+":", c.Does, errs)
	do := c.Flags(flags)
	var words []string
	for rest := args; ; {
		if err := ParseFlags(flags, rest); err != nil {
			return err
		}
		if flags.NArg() == 0 {
			break
		}
		words, rest = append(words, flags.Arg(0)), flags.Args()[1:]
	}
	if len(words) != len(strings.Fields(c.Words)) {
		return Mistake{fmt.Errorf("%d arguments; it is %s", len(words), line)}
	}
	return do(words, out)
}
