package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/directory/sqlstore"
)

func openRegistry(ctx context.Context, store string) (*directory.Registry, func(), error) {
	file, ok := strings.CutPrefix(store, "sqlite:")
	if !ok || file == "" {
		return nil, nil, fmt.Errorf("-store %q is not sqlite:FILE", store)
	}
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(file))
	if err != nil {
		return nil, nil, err
	}
	s, err := sqlstore.Open(ctx, db, sqlstore.SQLite)
	if err != nil {
		db.Close()
		return nil, nil, err
	}
	// No secrets are stored here, so there is no key to seal them.
	return directory.NewRegistry(s, nil), func() { db.Close() }, nil
}

// define saves the company, the domain, the directory and the import definition
// that this program works with.
func define(ctx context.Context, r *directory.Registry, o options) (directory.Import, error) {
	imp := directory.Import{
		ID: "dirsync", Company: "company", Domain: "domain", Directory: "imported",
		Type: sourceType(o), Target: directory.Target(o.target), Mode: directory.Mode(o.mode), Base: o.base, Filter: o.filter, Key: o.key,
	}
	var err error
	if imp.Mapping, err = mapping(o); err != nil {
		return imp, err
	}
	for _, save := range []func() error{
		func() error { return r.Companies.Save(ctx, directory.Company{ID: imp.Company, Name: "Company"}) },
		func() error {
			return r.Domains.Save(ctx, directory.Domain{ID: imp.Domain, Company: imp.Company, Name: "Domain"})
		},
		func() error {
			return r.Directories.Save(ctx, directory.Directory{ID: imp.Directory, Company: imp.Company, Name: "Imported", Import: imp.ID})
		},
		func() error { return r.Imports.Save(ctx, imp) },
	} {
		if err := save(); err != nil {
			return imp, err
		}
	}
	return imp, nil
}

// bar draws a progress bar of 40 characters on one line.
func bar(w io.Writer) func(directory.Progress) {
	last := ""
	return func(p directory.Progress) {
		full := 40
		if p.Of > 0 {
			full = min(40, 40*p.Done/p.Of)
		}
		line := fmt.Sprintf("\r%-8s [%-40s] %d", p.Phase, strings.Repeat("#", full), p.Done)
		if line != last {
			fmt.Fprint(w, line)
		}
		if last = line; p.Done == p.Of {
			fmt.Fprintln(w)
		}
	}
}
