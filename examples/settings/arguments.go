package main

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/ctikit/ctikit/provisioning/ipoffice"
	"github.com/ctikit/ctikit/provisioning/settings"
)

// arguments are what stands on the command line, flags before and after files.
type arguments struct {
	files                                      []string
	vars                                       map[string]string
	config, listen, static, template, by       string
	specials, remote, include, http, avayaOnly bool
}

func parse(args []string) (*arguments, error) {
	a := &arguments{vars: map[string]string{}}
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
			return usageError("-var: want NAME=VALUE")
		}
		a.vars[strings.ToUpper(strings.TrimPrefix(name, "$"))] = value
		return nil
	})
	for rest := args; len(rest) > 0; {
		if err := flags.Parse(rest); err != nil {
			return nil, usageError(err.Error())
		}
		if rest = flags.Args(); len(rest) > 0 {
			a.files, rest = append(a.files, rest[0]), rest[1:]
		}
	}
	return a, nil
}

// need checks the number of files.
func (a *arguments) need(n int) error {
	if len(a.files) != n {
		return usageError("settings: wrong number of arguments")
	}
	return nil
}

func read(path string) (*settings.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return settings.Read(filepath.Base(path), f)
}

// evaluation reads the files that GET names from the folder of path.
func (a *arguments) evaluation(path string) settings.Evaluation {
	return settings.Evaluation{
		Vars:    a.vars,
		Dialect: settings.Dialect{Include: a.include},
		Fetch:   settings.FetchFS(os.DirFS(filepath.Dir(path))),
	}
}

func (a *arguments) system() (ipoffice.Config, error) {
	if a.config == "" {
		return ipoffice.Config{}, usageError("settings: -config is missing")
	}
	f, err := os.Open(a.config)
	if err != nil {
		return ipoffice.Config{}, err
	}
	defer f.Close()
	return ipoffice.ReadConfig(f)
}
