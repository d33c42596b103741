package main

import (
	"errors"
	"flag"
	"io"
	"strings"
)

// arguments are what stands on the command line.
type arguments struct {
	words                                      []string
	vars                                       map[string]string
	config, listen, static, template, by       string
	specials, remote, include, http, avayaOnly bool
}

// parse takes flags before and after words.
func (a *arguments) parse(args []string) error {
	a.vars = map[string]string{}
	flags := flag.NewFlagSet("settings", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&a.config, "config", "", "")
	flags.StringVar(&a.listen, "listen", "127.0.0.1:8080", "")
	flags.StringVar(&a.static, "static", "", "")
	flags.StringVar(&a.template, "template", "", "")
	flags.StringVar(&a.by, "by", "MODEL4", "")
	flags.BoolVar(&a.specials, "specials", false, "")
	flags.BoolVar(&a.remote, "remote", false, "")
	flags.BoolVar(&a.include, "include", false, "")
	flags.BoolVar(&a.http, "http", false, "")
	flags.BoolVar(&a.avayaOnly, "avaya-only", false, "")
	flags.Func("var", "", func(s string) error {
		name, value, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return errors.New("want NAME=VALUE")
		}
		a.vars[strings.ToUpper(strings.TrimPrefix(name, "$"))] = value
		return nil
	})
	for rest := args; len(rest) > 0; {
		if err := flags.Parse(rest); err != nil {
			return err
		}
		if rest = flags.Args(); len(rest) > 0 {
			a.words, rest = append(a.words, rest[0]), rest[1:]
		}
	}
	return nil
}
