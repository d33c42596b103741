package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit/provisioning/catalogue"
	"github.com/ctikit/ctikit/provisioning/settings"
)

func eval(_ context.Context, a *arguments, out io.Writer) error {
	if err := a.need(1); err != nil {
		return err
	}
	f, err := read(a.files[0])
	if err != nil {
		return err
	}
	res, err := a.evaluation(a.files[0]).Run(f)
	if err != nil {
		return err
	}
	show := func(name, value string, at settings.Position) {
		line := strconv.Itoa(at.Line)
		if at.File != f.Name {
			line = at.File + ":" + line
		}
		fmt.Fprintf(out, "%s\t%s\t%s\n", name, settings.Unquote(value), line)
	}
	for _, s := range res.Settings {
		if settings.Repeatable(s.Name) { // every line counts, not the last one alone
			for _, o := range s.Overrides {
				show(s.Name, o.Value, o.Position)
			}
		}
		show(s.Name, s.Value, s.Position)
	}
	return nil
}

func explain(_ context.Context, a *arguments, out io.Writer) error {
	if err := a.need(2); err != nil {
		return err
	}
	f, err := read(a.files[0])
	if err != nil {
		return err
	}
	e := a.evaluation(a.files[0])
	e.Trace = true
	res, err := e.Run(f)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, res.Explain(a.files[1]))
	return err
}

func lint(_ context.Context, a *arguments, out io.Writer) error {
	if err := a.need(1); err != nil {
		return err
	}
	f, err := read(a.files[0])
	if err != nil {
		return err
	}
	known := catalogue.Workplace()
	if a.template != "" {
		template, err := read(a.template)
		if err != nil {
			return err
		}
		known = catalogue.Join(known, catalogue.Parse(template))
	}
	linter := settings.Linter{Vocabulary: known, IsSecret: known.IsSecret, OverHTTP: a.http, Require: catalogue.IPOffice()}
	f.Name = a.files[0] // findings are for editors, which follow the path
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

func format(_ context.Context, a *arguments, out io.Writer) error {
	if err := a.need(1); err != nil {
		return err
	}
	f, err := read(a.files[0])
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, f.Format().String())
	return err
}

func merge(_ context.Context, a *arguments, out io.Writer) error {
	if err := a.need(3); err != nil {
		return err
	}
	var files [3]*settings.File
	for i, path := range a.files {
		f, err := read(path)
		if err != nil {
			return err
		}
		files[i] = f
	}
	merged, conflicts, err := settings.Merge(files[0], files[1], files[2])
	if err != nil {
		return err
	}
	if _, err := io.WriteString(out, merged.String()); err != nil {
		return err
	}
	var errs []error
	for _, c := range conflicts {
		errs = append(errs, errors.New(c.String()))
	}
	return errors.Join(errs...)
}

func matrix(_ context.Context, a *arguments, out io.Writer) error {
	if err := a.need(1); err != nil {
		return err
	}
	f, err := read(a.files[0])
	if err != nil {
		return err
	}
	cases, err := f.Cases(strings.Split(a.by, ",")...)
	if err != nil {
		return err
	}
	m, err := a.evaluation(a.files[0]).Matrix(f, cases)
	if err != nil {
		return err
	}
	row := []string{"parameter"}
	for _, c := range m.Cases {
		row = append(row, c.Name)
	}
	fmt.Fprintln(out, strings.Join(row, "\t"))
	for _, name := range m.Names {
		row = append(row[:0], name)
		for i := range m.Cases {
			value, _ := m.Value(i, name)
			row = append(row, settings.Unquote(value))
		}
		fmt.Fprintln(out, strings.Join(row, "\t"))
	}
	return nil
}
