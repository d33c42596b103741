// Dirsync brings users of another directory into a database, and says what it
// does first.
//
//	dirsync -source ldaps://dc1.example.test -base DC=example,DC=test -login reader@example.test -type ad -dry-run
//	dirsync -source people.csv -key id -mapping mapping.json -store sqlite:people.db
//	dirsync -source 'sqlite:hr.db?query=SELECT * FROM people' -key id -mapping mapping.json
//
// The password of the source comes from the file named by -password-file. The
// mapping file is a JSON array of directory.Rule. Exit status: 0 done, 1 failed,
// 2 wrong use, 3 removals were held by a threshold.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/examples/internal/report"
	"github.com/ctikit/ctikit/examples/internal/setup"
	"github.com/ctikit/ctikit/examples/internal/sqlite"
)

// errHeld is an end without the removals; the report tells of them.
var errHeld = setup.Status{Code: 3, Err: errors.New("a threshold held removals")}

func main() { setup.Main("dirsync", synchronise) }

// options are the command line.
type options struct {
	directory.Import
	source, store, mapping, passwordFile, caFile string
	plaintext, dryRun, approve, quiet            bool
	maxChanges                                   int
}

func parseOptions(args []string, stderr io.Writer) (o options, err error) {
	o.Import = directory.Import{ID: "dirsync", Company: "company", Domain: "domain", Directory: "imported"}
	f := setup.Flags("dirsync", "imports users or contacts from LDAP, SQL or CSV: plan, then apply.", stderr)
	f.StringVar(&o.source, "source", "",
		"read from `address`: ldap://… (StartTLS), ldaps://…, FILE.csv, or sqlite:FILE?query=…")
	f.StringVar((*string)(&o.Type), "type", string(directory.LDAP), "`kind` of LDAP server: ldap, ad or a5000")
	f.StringVar((*string)(&o.Mode), "mode", string(directory.InsertUpdateDelete),
		"`changes` to make: insert-update-delete, insert-update-disable, insert-update or update")
	f.StringVar(&o.store, "store", "sqlite:directory.db", "keep the users at this `address`: sqlite:FILE")
	f.StringVar(&o.mapping, "mapping", "", "JSON `file` with the mapping of fields; LDAP types have one of their own")
	f.StringVar((*string)(&o.Target), "target", string(directory.ToUsers), "import `users` or contacts")
	f.StringVar(&o.Base, "base", "", "base `DN`")
	f.StringVar(&o.Filter, "filter", "", "LDAP `filter`; the type has one of its own")
	f.StringVar(&o.Login, "login", "", "bind `DN`, user@domain or DOMAIN\\user")
	f.StringVar(&o.passwordFile, "password-file", "", "`file` that holds the password")
	f.StringVar(&o.caFile, "ca", "", "PEM `file` of the authorities that the server's certificate is checked with")
	f.StringVar(&o.Key, "key", "", "`attribute` or column that identifies an entry for ever")
	f.BoolVar(&o.plaintext, "plaintext", false, "ldap:// without StartTLS")
	f.BoolVar(&o.dryRun, "dry-run", false, "show the plan only; an existing store keeps the import's definition")
	f.BoolVar(&o.approve, "approve", false, "carry out removals that a threshold would hold")
	f.IntVar(&o.maxChanges, "max-changes", 0, "`number` of entries that one plan may create or update; 0 is the default")
	f.BoolVar(&o.quiet, "quiet", false, "no progress bar")
	if err = setup.Parse(f, args); err == nil && o.source == "" {
		err = setup.Mistake{Err: errors.New("-source is missing")}
	}
	return o, err
}

// synchronise plans, prints and applies.
func synchronise(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parseOptions(args, stderr)
	if err != nil {
		return err
	}
	source, closeSource, err := o.openSource()
	if err != nil {
		return setup.Mistake{Err: err}
	}
	defer closeSource()
	registry, closeStore, err := sqlite.Registry(ctx, o.store, o.dryRun)
	if err == nil {
		defer closeStore()
		imported := directory.Directory{ID: o.Directory, Company: o.Company, Name: "Imported", Import: o.ID}
		err = errors.Join(setup.Organisation(ctx, registry, o.Domain, imported), registry.Imports.Save(ctx, o.Import))
	}
	if err != nil {
		return setup.Mistake{Err: err}
	}
	sync := &directory.Sync{Registry: registry, Import: o.ID, Source: source, MaxChanges: o.maxChanges}
	if !o.quiet {
		var end func()
		sync.Progress, end = report.Synchronisation(stderr)
		defer end()
	}
	for more := true; more && err == nil; {
		more, err = o.applyPlan(ctx, sync, stdout)
	}
	return err
}

// applyPlan makes one plan, shows it and carries it out; it tells whether another one
// is to follow.
func (o *options) applyPlan(ctx context.Context, sync *directory.Sync, stdout io.Writer) (more bool, err error) {
	plan, err := sync.Plan(ctx)
	if err != nil {
		return false, err
	}
	if o.approve {
		plan.Approve()
	}
	fmt.Fprint(stdout, plan)
	report := plan.Report()
	if !o.dryRun {
		report, _, err = sync.Apply(ctx, plan) // also on an error there is a report: of what was done
	}
	fmt.Fprint(stdout, report)
	more = !o.dryRun && report.Left > 0 // a second dry plan would be the first one
	if err == nil && !more && report.Held > 0 {
		err = errHeld
	}
	return more, err
}
