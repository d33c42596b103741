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
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/ctikit/ctikit/directory"
)

const (
	statusFailed = 1
	statusUsage  = 2
	statusHeld   = 3
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are the command line.
type options struct {
	source, kind, mode, store, mapping        string
	base, filter, login, passwordFile, caFile string
	key, target                               string
	plaintext, dryRun, approve, quiet         bool
	maxChanges                                int
}

func parse(args []string, stderr io.Writer) (o options, err error) {
	f := flag.NewFlagSet("dirsync", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.source, "source", "", "ldap://… (StartTLS), ldaps://…, FILE.csv, or sqlite:FILE?query=…")
	f.StringVar(&o.kind, "type", "ldap", "of an LDAP server: ldap, ad or a5000")
	f.StringVar(&o.mode, "mode", string(directory.InsertUpdateDelete), "insert-update-delete, insert-update-disable, insert-update or update")
	f.StringVar(&o.store, "store", "sqlite:directory.db", "where the users are kept: sqlite:FILE")
	f.StringVar(&o.mapping, "mapping", "", "JSON file with the mapping of fields; LDAP types have one of their own")
	f.StringVar(&o.target, "target", string(directory.ToUsers), "users or contacts")
	f.StringVar(&o.base, "base", "", "base DN")
	f.StringVar(&o.filter, "filter", "", "LDAP filter; the type has one of its own")
	f.StringVar(&o.login, "login", "", "bind DN, user@domain or DOMAIN\\user")
	f.StringVar(&o.passwordFile, "password-file", "", "file that holds the password")
	f.StringVar(&o.caFile, "ca", "", "PEM file of the authorities that the server's certificate is checked with")
	f.StringVar(&o.key, "key", "", "attribute or column that identifies an entry for ever")
	f.BoolVar(&o.plaintext, "plaintext", false, "ldap:// without StartTLS")
	f.BoolVar(&o.dryRun, "dry-run", false, "show the plan and change nobody; only the import's definition is saved")
	f.BoolVar(&o.approve, "approve", false, "carry out removals that a threshold would hold")
	f.IntVar(&o.maxChanges, "max-changes", 0, "entries that one plan creates or updates; 0 is the default of directory.Sync")
	f.BoolVar(&o.quiet, "quiet", false, "no progress bar")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if o.source == "" || f.NArg() > 0 {
		err = errors.New("-source is needed, and nothing may stand behind the flags")
		fmt.Fprintln(stderr, err)
	}
	return o, err
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if err != nil {
		return statusUsage
	}
	held, err := synchronise(ctx, o, stdout, stderr)
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "dirsync:", err)
		return statusFailed
	case held:
		return statusHeld
	}
	return 0
}

// synchronise plans, prints and applies; it tells whether removals were held.
func synchronise(ctx context.Context, o options, stdout, stderr io.Writer) (held bool, err error) {
	registry, closeStore, err := openRegistry(ctx, o.store)
	if err != nil {
		return false, err
	}
	defer closeStore()
	imp, err := define(ctx, registry, o)
	if err != nil {
		return false, err
	}
	source, closeSource, err := open(o, imp)
	if err != nil {
		return false, err
	}
	defer closeSource()
	sync := &directory.Sync{Registry: registry, Import: imp.ID, Source: source, MaxChanges: o.maxChanges}
	if !o.quiet {
		sync.Progress = bar(stderr)
	}
	for {
		report, err := step(ctx, o, sync, stdout)
		if err != nil || report.Left == 0 || report.Created+report.Updated == 0 {
			return report.Held > 0, err
		}
	}
}

// step makes one plan, shows it and carries it out.
func step(ctx context.Context, o options, sync *directory.Sync, stdout io.Writer) (directory.Report, error) {
	plan, err := sync.Plan(ctx)
	if err != nil {
		return directory.Report{}, err
	}
	if o.approve {
		plan.Approve()
	}
	fmt.Fprint(stdout, plan)
	report := plan.Report()
	if !o.dryRun {
		if report, _, err = sync.Apply(ctx, plan); err != nil {
			return report, err
		}
	}
	fmt.Fprint(stdout, report)
	if o.dryRun {
		report.Left = 0 // a second plan would be the same one
	}
	return report, nil
}
