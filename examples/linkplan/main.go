// Linkplan checks a planning table of PBX links and shows where the gateway
// would supervise its extensions, also after the loss of a link:
//
//	go run ./examples/linkplan                           the table of the TWP guide, ch. 4.2
//	go run ./examples/linkplan -plan table.json          a table of your own; see cti/planning/table.schema.json
//	go run ./examples/linkplan -fail link1               and what happens when link1 is lost
//	go run ./examples/linkplan -json                     for programs
//
// It exits with status 0, with 1 when the table breaks a rule, and with 2 when
// it cannot be read.
package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti/planning"
	"github.com/ctikit/ctikit/examples/internal/report"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

//go:embed twp.json
var guide []byte

func main() { os.Exit(checkPlan(os.Args[1:], os.Stdout, os.Stderr)) }

const (
	exitFine = iota
	exitFindings
	exitUnreadable
)

// answer is what -json prints.
type answer struct {
	Findings     ctikit.Problems    `json:"findings"`
	Links        []planning.LinkUse `json:"links"`
	Unsupervised int                `json:"unsupervised"`
	Failed       *failed            `json:"failed,omitempty"`
}

// failed is the allocation after a link is lost.
type failed struct {
	Link string `json:"link"`
	*planning.Allocation
}

func checkPlan(args []string, out, errs io.Writer) int {
	flags := setup.Flags("linkplan", "checks a planning table and shows which link supervises what.", errs)
	file := flags.String("plan", "", "planning table, JSON `file`; without it, that of the TWP guide")
	asJSON := flags.Bool("json", false, "print one JSON object")
	lost := flags.String("fail", "", "show also the allocation after this `link` is lost")
	if err := setup.Parse(flags, args); err != nil {
		return setup.Exit("linkplan", err, errs)
	}
	table, err := readTable(*file)
	if err == nil {
		err = requireLink(table, *lost)
	}
	if err != nil {
		fmt.Fprintln(errs, "linkplan:", err)
		return exitUnreadable
	}
	r := checkAndAllocate(table, *lost)
	if *asJSON {
		err = printJSON(out, r)
	} else {
		err = printText(out, table, r)
	}
	switch {
	case err != nil:
		fmt.Fprintln(errs, "linkplan:", err)
		return exitUnreadable
	case r.Findings.Err() != nil:
		return exitFindings
	}
	return exitFine
}

func readTable(file string) (*planning.Table, error) {
	if file == "" {
		return planning.Read(bytes.NewReader(guide))
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	table, err := planning.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return table, nil
}

// requireLink checks the name given with -fail.
func requireLink(table *planning.Table, link string) error {
	if link == "" {
		return nil
	}
	for _, l := range table.Links {
		if l.Name == link {
			return nil
		}
	}
	return fmt.Errorf("-fail: unknown link %q", link)
}

// checkAndAllocate checks and allocates. A table that makes no sense has no
// allocation: its findings say why.
func checkAndAllocate(table *planning.Table, lost string) answer {
	r := answer{Findings: table.Check(), Links: []planning.LinkUse{}}
	if r.Findings == nil {
		r.Findings = ctikit.Problems{}
	}
	now, err := table.Allocate()
	if err != nil {
		return r
	}
	r.Links, r.Unsupervised = now.Links, now.Unsupervised
	if lost != "" {
		if after, err := table.Allocate(lost); err == nil {
			r.Failed = &failed{lost, after}
		}
	}
	return r
}

func printJSON(out io.Writer, r answer) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

func printText(out io.Writer, table *planning.Table, r answer) error {
	if err := table.Print(out); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nFindings: %d\n", len(r.Findings))
	for _, f := range r.Findings {
		fmt.Fprintln(out, report.Wrap("  ", "      ", fmt.Sprint(f.Severity, " ", f)))
	}
	if len(r.Links) == 0 {
		return nil
	}
	fmt.Fprintln(out, "\nAllocation")
	now := &planning.Allocation{Links: r.Links, Unsupervised: r.Unsupervised}
	if err := now.Print(out); err != nil || r.Failed == nil {
		return err
	}
	fmt.Fprintf(out, "\nAfter the loss of %s\n", r.Failed.Link)
	return r.Failed.Print(out)
}
