package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit/examples/internal/report"
	"github.com/ctikit/ctikit/provisioning/catalogue"
	"github.com/ctikit/ctikit/provisioning/settings"
)

func read(path string) (*settings.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return settings.Read(filepath.Base(path), f)
}

// evaluation is for FILE; what GET names is in the same folder.
func (a *arguments) evaluation(trace bool) settings.Evaluation {
	return settings.Evaluation{
		Vars: a.vars, Dialect: settings.Dialect{Include: a.include}, Trace: trace,
		Fetch: settings.FetchFS(os.DirFS(filepath.Dir(a.words[0]))),
	}
}

func eval(a *arguments, f *settings.File, out io.Writer) error {
	result, err := a.evaluation(false).Run(f)
	if err != nil {
		return err
	}
	show := func(name, value string, at settings.Position) {
		line := strconv.Itoa(at.Line)
		if at.File != f.Name {
			line = at.File + ":" + line
		}
		report.Row(out, name, settings.Unquote(value), line)
	}
	for _, s := range result.Settings {
		if settings.Repeatable(s.Name) { // every line counts, not the last one alone
			for _, o := range s.Overrides {
				show(s.Name, o.Value, o.Position)
			}
		}
		show(s.Name, s.Value, s.Position)
	}
	return nil
}

func explain(a *arguments, f *settings.File, out io.Writer) error {
	result, err := a.evaluation(true).Run(f)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, result.Explain(a.words[1]))
	return err
}

func lint(a *arguments, f *settings.File, out io.Writer) error {
	known := catalogue.Workplace()
	if a.template != "" {
		template, err := read(a.template)
		if err != nil {
			return err
		}
		known = catalogue.Join(known, catalogue.Parse(template))
	}
	linter := settings.Linter{Vocabulary: known, IsSecret: known.IsSecret, OverHTTP: a.http, Require: catalogue.IPOffice()}
	f.Name = a.words[0] // findings are for editors, which follow the path
	mistakes := 0
	for _, finding := range linter.Lint(f) {
		fmt.Fprintln(out, finding)
		if finding.Severity == settings.Error {
			mistakes++
		}
	}
	if mistakes > 0 {
		return fmt.Errorf("%s: %d errors", f.Name, mistakes)
	}
	return nil
}

func format(_ *arguments, f *settings.File, out io.Writer) error {
	_, err := io.WriteString(out, f.Format().String())
	return err
}

func merge(a *arguments, base *settings.File, out io.Writer) error {
	next, err := read(a.words[1])
	if err != nil {
		return err
	}
	local, err := read(a.words[2])
	if err != nil {
		return err
	}
	merged, conflicts, err := settings.Merge(base, next, local)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, merged.String())
	for _, c := range conflicts {
		err = errors.Join(err, errors.New(c.String()))
	}
	return err
}

func matrix(a *arguments, f *settings.File, out io.Writer) error {
	cases, err := f.Cases(strings.Split(a.by, ",")...)
	if err != nil {
		return err
	}
	m, err := a.evaluation(false).Matrix(f, cases)
	if err != nil {
		return err
	}
	row := []string{"parameter"}
	for _, c := range m.Cases {
		row = append(row, c.Name)
	}
	report.Row(out, row...)
	for _, name := range m.Names {
		row = append(row[:0], name)
		for i := range m.Cases {
			value, _ := m.Value(i, name)
			row = append(row, settings.Unquote(value))
		}
		report.Row(out, row...)
	}
	return nil
}
