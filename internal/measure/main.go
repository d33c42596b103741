// Measure prints figures of a Go module's source code, one line per package:
//
//	go run ./internal/measure [flags] [DIR]
//
// DIR is the root of the module, "." by default. Test files, testdata, vendor
// and nested modules are not measured. The columns:
//
//   - lines of all files;
//   - exported names: types, functions, methods of exported types, constants and
//     variables, but neither fields nor methods of interfaces;
//   - functions, and those longer than 60 lines, literals in variables included;
//   - lines longer than 120 characters (a tab is one): "tables" counts rows of
//     tables, that is composite literals of three elements or more with one
//     element a line, "others" the rest;
//   - shared: the percentage of unexported functions whose name three or more
//     receivers or packages of the module have too;
//   - aliases: exported names that are only another name for one in an internal
//     package, are made of one, or mention its type in a signature or a field;
//   - tokens of hand-written product code: without comments, without the
//     semicolons that the scanner inserts, without generated files and without
//     internal/measure and internal/port, which are tools.
//
// The flags:
//
//	-total       print the two lines of totals only
//	-names       also print the shared names, the aliases, and where the long
//	             functions and the long lines outside tables are
//	-limits      compare the totals with internal/measure/limits.txt instead, and
//	             end with status 1 if a figure has risen
//	-lower       write figures that have fallen into limits.txt
//	-path event  print the files that an event passes on its way from the socket
//	             to the subscriber (see path.txt)
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	err := runMeasure(os.Args[1:], os.Stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var errUsage = errors.New("wrong usage")

func runMeasure(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("measure", flag.ContinueOnError)
	total := flags.Bool("total", false, "print the totals only")
	names := flags.Bool("names", false, "also print shared names, aliases and positions")
	compare := flags.Bool("limits", false, "compare the totals with limits.txt")
	lower := flags.Bool("lower", false, "write fallen figures into limits.txt")
	way := flags.String("path", "", "print the files on a path: event")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return errUsage
	}
	if flags.NArg() > 1 {
		flags.Usage()
		return errUsage
	}
	root := cmp.Or(flags.Arg(0), ".")
	if *way != "" {
		return printPath(out, root, *way)
	}
	m, err := measureModule(root)
	if err != nil {
		return err
	}
	limits := filepath.Join(root, filepath.FromSlash(limitsFile))
	switch {
	case *lower:
		return lowerLimits(limits, m)
	case *compare:
		return compareLimits(out, limits, m)
	}
	m.printTable(out, *total)
	if *names {
		m.printNames(out)
	}
	return nil
}
