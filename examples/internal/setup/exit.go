package setup

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
)

// Mistake is an error of the caller's: a flag, a configuration. Nothing was
// started.
type Mistake struct{ Err error }

// Error is that of Err.
func (m Mistake) Error() string { return m.Err.Error() }

// Unwrap gives Err.
func (m Mistake) Unwrap() error { return m.Err }

// Status is an end with an exit status of its own.
type Status struct {
	Code int
	Err  error
}

// Error is that of Err.
func (s Status) Error() string { return s.Err.Error() }

// Unwrap gives Err.
func (s Status) Unwrap() error { return s.Err }

// ParseFlags reads the flags of a program. Whoever asks for help gets the list
// of the flags; whoever makes a mistake is told the mistake alone.
func ParseFlags(flags *flag.FlagSet, args []string) error {
	errs := flags.Output()
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	flags.SetOutput(errs)
	switch {
	case errors.Is(err, flag.ErrHelp):
		flags.Usage()
		return err
	case err != nil:
		return Mistake{fmt.Errorf("%w (-h lists the flags)", err)}
	}
	return nil
}

// Parse reads the flags of a program that takes no arguments.
func Parse(flags *flag.FlagSet, args []string) error {
	if err := ParseFlags(flags, args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return Mistake{fmt.Errorf("unexpected argument %q", flags.Arg(0))}
	}
	return nil
}

// Main runs a program until it ends or is interrupted, and exits with its status.
func Main(program string, run func(ctx context.Context, args []string, out, errs io.Writer) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(Exit(program, err, os.Stderr))
}

// Exit says what went wrong and returns the exit status: 2 for a mistake of the
// caller's, that of a [Status], 1 for everything else.
func Exit(program string, err error, errs io.Writer) int {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted; what was done by then stays")
	}
	fmt.Fprintf(errs, "%s: %s\n", program, shortenList(err.Error()))
	if _, ok := errors.AsType[Mistake](err); ok {
		return 2
	}
	if own, ok := errors.AsType[Status](err); ok {
		return own.Code
	}
	return 1
}

// shortenList leaves out most of a thousand mistakes of the same kind.
func shortenList(text string) string {
	const shown = 20
	lines := strings.Split(text, "\n")
	if len(lines) > shown+1 {
		lines = append(lines[:shown], fmt.Sprintf("... and %d lines more", len(lines)-shown))
	}
	return strings.Join(lines, "\n")
}
