// Settings works with the settings files of Avaya telephones and Workplace
// clients (46xxsettings.txt, 46xxspecials.txt):
//
//	go run ./examples/provision > 46xxsettings.txt                                   a file to try it with
//	go run ./examples/settings eval -var MODEL4=acw 46xxsettings.txt                 what a Windows client receives
//	go run ./examples/settings explain -var MODEL4=acw 46xxsettings.txt SSOENABLED   and why
//	go run ./examples/settings lint 46xxsettings.txt                                 findings, with their lines
//	go run ./examples/settings -h                                                    everything else
//
// A file that GET names is read from the folder of FILE. The exit status is 0; 1
// where lint has an error among its findings, merge has conflicts or a file
// cannot be read; 2 for wrong arguments.
package main

import (
	"io"
	"os"

	"github.com/ctikit/ctikit/examples/internal/setup"
	"github.com/ctikit/ctikit/provisioning/settings"
)

func main() {
	os.Exit(setup.Exit("settings", runCommands(os.Args[1:], os.Stdout, os.Stderr), os.Stderr))
}

func runCommands(args []string, out, errs io.Writer) error {
	return setup.Commands("settings", []setup.Command{
		{Name: "eval", Words: "FILE", Does: "what a client receives: NAME<TAB>VALUE<TAB>line", Flags: evaluateFile},
		{Name: "explain", Words: "FILE NAME", Does: "where a value comes from", Flags: explainValue},
		{Name: "matrix", Words: "FILE", Does: "what each model receives, a column for each", Flags: compareModels},
		{Name: "lint", Words: "FILE", Does: "mistakes: file:line:col: code: message", Flags: lintFile},
		{Name: "fmt", Words: "FILE", Does: "the file in one form", Flags: formatFile},
		{Name: "merge", Words: "BASE NEW LOCAL", Does: "what the site changed in BASE, carried over to NEW", Flags: mergeFiles},
	}, args, out, errs)
}

// action is what a command does with its words.
type action = func(words []string, out io.Writer) error

// onFile reads FILE, the first word, for a command.
func onFile(do func(f *settings.File, words []string, out io.Writer) error) action {
	return func(words []string, out io.Writer) error {
		f, err := settings.ReadFile(words[0])
		if err != nil {
			return err
		}
		return do(f, words, out)
	}
}
