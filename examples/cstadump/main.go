// Cstadump prints CSTA messages: hexadecimal lines, a raw stream, XML documents
// or a recorded link, from files or standard input. It finds the framing, the
// phase and the encoding by itself.
//
//	go run ./examples/cstadump examples/cstadump/link.txt    # a call, as csta.Config.Record wrote it down
//	go run ./examples/cstadump [-json] [file ...]
//
// The exit status is 1 where a message or a file cannot be read, and 2 for wrong
// flags.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/ctikit/ctikit/csta/dissect"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

func main() {
	os.Exit(setup.Exit("cstadump", dumpFiles(os.Args[1:], os.Stdin, os.Stdout), os.Stderr))
}

func dumpFiles(args []string, in io.Reader, out io.Writer) error {
	flags := setup.Flags("cstadump", "[file ...] prints CSTA messages as trees, from hexadecimal lines, "+
		"a raw stream, XML or a recorded link.", os.Stderr)
	asJSON := flags.Bool("json", false, "one JSON object a line")
	if err := setup.ParseFlags(flags, args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return dumpMessages(in, out, *asJSON)
	}
	var mistakes []error
	for _, name := range flags.Args() {
		f, err := os.Open(name)
		if err != nil {
			mistakes = append(mistakes, err)
			continue
		}
		if err := dumpMessages(f, out, *asJSON); err != nil {
			mistakes = append(mistakes, fmt.Errorf("%s: %w", name, err))
		}
		f.Close()
	}
	return errors.Join(mistakes...)
}

func dumpMessages(in io.Reader, out io.Writer, asJSON bool) error {
	r, err := dissect.NewReader(in)
	if err != nil {
		return err
	}
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for all, bad := 0, 0; ; all++ {
		p, err := r.Next()
		switch {
		case errors.Is(err, io.EOF) && bad > 0:
			return fmt.Errorf("%d of %d messages cannot be read", bad, all)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case p.Err != nil:
			bad++ // it is shown as far as it can be read
		}
		if asJSON {
			err = lines.Encode(p)
		} else {
			err = p.WriteTree(out)
		}
		if err != nil {
			return err
		}
	}
}
