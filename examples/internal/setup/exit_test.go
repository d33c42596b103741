package setup

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestExit(t *testing.T) {
	for _, test := range []struct {
		err  error
		want int
		says string
	}{
		{nil, 0, ""},
		{flag.ErrHelp, 0, ""},
		{errors.New("broken"), 1, "p: broken\n"},
		{fmt.Errorf("start: %w", Mistake{errors.New("no file")}), 2, "p: start: no file\n"},
		{Status{3, errors.New("held")}, 3, "p: held\n"},
		{errors.New(strings.Repeat("x\n", 21) + "x"), 1, "p: " + strings.Repeat("x\n", 20) + "... and 2 lines more\n"},
		{errors.New(strings.Repeat("x\n", 20) + "x"), 1, "p: " + strings.Repeat("x\n", 21)},
	} {
		var errs strings.Builder
		require.Equal(t, test.want, Exit("p", test.err, &errs))
		require.Equal(t, test.says, errs.String())
	}
}

// The help fits a terminal of 80 columns.
func TestHelp(t *testing.T) {
	var out strings.Builder
	flags := Flags("p", "does what a program does that is described in more words than fit on one line of a terminal.", &out)
	flags.String("config", "site.json", "read this `file`")
	flags.Duration("ring", 20*time.Second, "`time` between calls")
	flags.Duration("for", 0, "end after this `time`")
	flags.Bool("json", false, "print one object")
	require.ErrorIs(t, ParseFlags(flags, []string{"-h"}), flag.ErrHelp)
	require.Equal(t, `p does what a program does that is described in more words than fit on one line
    of a terminal.
  -config file
        read this file (default site.json)
  -for time
        end after this time
  -json
        print one object
  -ring time
        time between calls (default 20s)
`, out.String())
}

func TestCommands(t *testing.T) {
	list := []Command{{Name: "add", Words: "A B", Does: "both", Flags: func(flags *flag.FlagSet) func([]string, io.Writer) error {
		twice := flags.Bool("twice", false, "do it twice")
		return func(words []string, out io.Writer) error {
			_, err := fmt.Fprint(out, words, *twice)
			return err
		}
	}}}
	for args, want := range map[string]string{"add 1 -twice 2": "[1 2] true", "add 1 2": "[1 2] false"} {
		var out strings.Builder
		require.NoError(t, Commands("p", list, strings.Fields(args), &out, io.Discard))
		require.Equal(t, want, out.String())
	}
	for args, want := range map[string]string{"": "which command?", "subtract": `no command "subtract"; there are`, "add 1": "1 arguments; it is p add [flags] A B", "add -no": "-no"} {
		err := Commands("p", list, strings.Fields(args), io.Discard, io.Discard)
		require.ErrorContains(t, err, want)
		require.Equal(t, 2, Exit("p", err, io.Discard))
	}
}
