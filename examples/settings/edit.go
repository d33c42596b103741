package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/ctikit/ctikit/provisioning/catalogue"
	"github.com/ctikit/ctikit/provisioning/settings"
)

func lintFile(flags *flag.FlagSet) action {
	template := flags.String("template", "", "the vendor's template, a `file`: its parameters are known as well")
	overHTTP := flags.Bool("http", false, "the file is served without TLS")
	return onFile(func(f *settings.File, words []string, out io.Writer) error {
		known := catalogue.Workplace()
		if *template != "" {
			vendor, err := settings.ReadFile(*template)
			if err != nil {
				return err
			}
			known = catalogue.Join(known, catalogue.Parse(vendor))
		}
		f.Name = words[0] // findings are for editors, which follow the path
		linter := settings.Linter{
			Vocabulary: known, IsSecret: known.IsSecret, OverHTTP: *overHTTP, Require: catalogue.IPOffice(),
		}
		findings := linter.Lint(f)
		for _, finding := range findings {
			fmt.Fprintln(out, finding)
		}
		if findings.Errors() {
			return fmt.Errorf("%s has errors", f.Name)
		}
		return nil
	})
}

func formatFile(*flag.FlagSet) action {
	return onFile(func(f *settings.File, _ []string, out io.Writer) error {
		_, err := io.WriteString(out, f.Format().String())
		return err
	})
}

func mergeFiles(*flag.FlagSet) action {
	return func(words []string, out io.Writer) error {
		var files [3]*settings.File // BASE, NEW, LOCAL
		for i, path := range words {
			f, err := settings.ReadFile(path)
			if err != nil {
				return err
			}
			files[i] = f
		}
		merged, conflicts, err := settings.Merge(files[0], files[1], files[2])
		if err != nil {
			return err
		}
		_, err = io.WriteString(out, merged.String())
		for _, c := range conflicts {
			err = errors.Join(err, errors.New(c.String()))
		}
		return err
	}
}
