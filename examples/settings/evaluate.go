package main

import (
	"errors"
	"flag"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit/examples/internal/report"
	"github.com/ctikit/ctikit/provisioning/settings"
)

// evaluationFlags defines the flags that say for whom a file is evaluated, and how.
func evaluationFlags(flags *flag.FlagSet) *settings.Evaluation {
	e := &settings.Evaluation{Vars: map[string]string{}}
	flags.BoolVar(&e.Dialect.Include, "include", false, "after a GET, return to the file that it stands in")
	flags.Func("var", "`NAME=VALUE` that an IF of the file looks at; may be repeated", func(s string) error {
		name, value, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return errors.New("must be NAME=VALUE")
		}
		e.Vars[strings.ToUpper(strings.TrimPrefix(name, "$"))] = value
		return nil
	})
	return e
}

// onResult evaluates FILE for a command.
func onResult(flags *flag.FlagSet, do func(r *settings.Result, words []string, out io.Writer) error) action {
	e := evaluationFlags(flags)
	e.Trace = true
	return onFile(func(f *settings.File, words []string, out io.Writer) error {
		e.Fetch = settings.FetchBeside(words[0])
		result, err := e.Run(f)
		if err != nil {
			return err
		}
		return do(result, words, out)
	})
}

func evaluateFile(flags *flag.FlagSet) action {
	return onResult(flags, func(r *settings.Result, words []string, out io.Writer) error {
		for name, a := range r.Effective() {
			line := strconv.Itoa(a.Position.Line)
			if a.Position.File != filepath.Base(words[0]) {
				line = a.Position.File + ":" + line
			}
			report.Row(out, name, settings.Unquote(a.Value), line)
		}
		return nil
	})
}

func explainValue(flags *flag.FlagSet) action {
	return onResult(flags, func(r *settings.Result, words []string, out io.Writer) error {
		_, err := io.WriteString(out, r.Explain(words[1]))
		return err
	})
}

func compareModels(flags *flag.FlagSet) action {
	e := evaluationFlags(flags)
	by := flags.String("by", "MODEL4", "`VARIABLES` that tell clients apart, separated by commas")
	return onFile(func(f *settings.File, words []string, out io.Writer) error {
		e.Fetch = settings.FetchBeside(words[0])
		cases, err := f.Cases(strings.Split(*by, ",")...)
		if err != nil {
			return err
		}
		m, err := e.Matrix(f, cases)
		if err != nil {
			return err
		}
		for row := range m.Rows() {
			report.Row(out, row...)
		}
		return nil
	})
}
