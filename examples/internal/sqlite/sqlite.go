// Package sqlite opens what the arguments of the examples name with sqlite:FILE.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	_ "modernc.org/sqlite" // the driver

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/directory/sqlsource"
	"github.com/ctikit/ctikit/directory/sqlstore"
)

// Prefix of names.
const Prefix = "sqlite:"

// Registry opens the directory in sqlite:FILE. With dry a file that is not there
// is not made: the directory is in memory then. No secrets are stored, so there
// is no key to seal them. The error is [ctikit.ErrInvalid] for another name.
func Registry(ctx context.Context, name string, dry bool) (*directory.Registry, func(), error) {
	file, ok := strings.CutPrefix(name, Prefix)
	if !ok || file == "" {
		return nil, nil, fmt.Errorf("%w: %q is not sqlite:FILE", ctikit.ErrInvalid, name)
	}
	if _, err := os.Stat(file); dry && errors.Is(err, os.ErrNotExist) {
		return directory.NewRegistry(directory.NewMemory(), nil), func() {}, nil
	}
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(file))
	if err != nil {
		return nil, nil, err
	}
	s, err := sqlstore.Open(ctx, db, sqlstore.SQLite)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("%s: %w", name, err), db.Close())
	}
	return directory.NewRegistry(s, nil), func() { db.Close() }, nil
}

// Source reads sqlite:FILE?query=…, the query plain or escaped as in an address.
func Source(name, key string, columns []string) (*sqlsource.Source, func(), error) {
	file, query, ok := strings.Cut(strings.TrimPrefix(name, Prefix), "?query=")
	if !ok {
		return nil, nil, fmt.Errorf("%w: %s has no ?query=…", ctikit.ErrInvalid, name)
	}
	if plain, err := url.QueryUnescape(query); err == nil && !strings.Contains(query, " ") {
		query = plain
	}
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		return nil, nil, err
	}
	return &sqlsource.Source{DB: db, Query: query, Key: key, Columns: columns, Name: file}, func() { db.Close() }, nil
}
