// Port rewrites a program that uses this module from the names before the
// redesign of its packages to those after it:
//
//	go run ./internal/port DIR
//
// All Go files below DIR are rewritten in place: imports, qualified names, methods,
// fields, and the few calls whose new shape follows from the old (a key became a
// keyring, the parameters of Section.Import a struct). DIR is in a module whose
// go.mod requires or replaces this module; it need not be tidy, and stays as it
// is. Methods and fields are renamed where the type they belong to is known, so
// the program is type-checked against the new API.
//
// The command prints a line for each changed file, and then the places that need a
// hand: what does not compile yet, and calls that mean something else now.
// Without a usable go.mod it lists methods and fields that may have been renamed,
// and renames none: run it again when there is one.
// A second run changes nothing. The table of names is names.txt.
package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

func main() {
	const usage = `usage: port DIR

Rewrites the Go files below DIR, in place, from the names before the redesign of the
packages to those after it, and lists what needs a hand.
`
	switch {
	case len(os.Args) == 2 && (os.Args[1] == "-h" || os.Args[1] == "-help" || os.Args[1] == "--help"):
		fmt.Print(usage)
		return
	case len(os.Args) != 2 || strings.HasPrefix(os.Args[1], "-"):
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	if err := portProgram(os.Stdout, os.Args[1], namesText); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func portProgram(out io.Writer, root, text string) error {
	names, err := parseTable(text)
	if err != nil {
		return err
	}
	p, err := openProgram(root)
	if err != nil {
		return err
	}
	p.qualifyAll(names)
	p.renameMembers(names)
	if err := p.save(); err != nil {
		return err
	}
	p.printChanges(out)
	return nil
}

func (p *program) printChanges(out io.Writer) {
	for _, f := range p.files {
		if f.changed {
			fmt.Fprintf(out, "changed %s\n", f.path)
		}
	}
	var lines []string
	slices.SortStableFunc(p.hands, func(a, b hand) int {
		return cmp.Or(strings.Compare(a.path, b.path), a.line()-b.line())
	})
	for _, h := range p.hands {
		line := fmt.Sprintf("%s: %s\n", h.path, h.text)
		if h.file != nil {
			line = fmt.Sprintf("%s:%d: %s\n", h.path, h.line(), h.text)
		}
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	if len(lines) > 0 {
		fmt.Fprintf(out, "%d places need a hand:\n%s", len(lines), strings.Join(lines, ""))
	}
}
