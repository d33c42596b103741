package setup

import (
	"errors"
	"flag"
	"fmt"
	"io"
)

// Mistake is an error of the caller's: a flag, a configuration. Nothing was
// started.
type Mistake struct{ Err error }

// Error is that of Err.
func (m Mistake) Error() string { return m.Err.Error() }

// Unwrap gives Err.
func (m Mistake) Unwrap() error { return m.Err }

// told is a mistake that package flag has printed already.
type told struct{ error }

// Flags starts a set of flags for a program.
func Flags(program string, errs io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet(program, flag.ContinueOnError)
	flags.SetOutput(errs)
	return flags
}

// ParseFlags reads the flags of a program.
func ParseFlags(flags *flag.FlagSet, args []string) error {
	if err := flags.Parse(args); err != nil {
		return told{err}
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

// Exit says what went wrong and returns the exit status: 2 for a mistake of the
// caller's, 1 for everything else.
func Exit(program string, err error, errs io.Writer) int {
	var mistake Mistake
	var before told
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &before):
		return 2
	case errors.As(err, &mistake):
		fmt.Fprintf(errs, "%s: %v\n", program, err)
		return 2
	}
	fmt.Fprintf(errs, "%s: %v\n", program, err)
	return 1
}
