// Package sqlsource reads directory entries with a query of a database, over
// database/sql: PostgreSQL, MySQL, SQLite, SQL Server, or anything with an ODBC
// driver. The application links the driver. ODBC, for example, is
//
//	import _ "github.com/alexbrainman/odbc"
//	db, err := sql.Open("odbc", "DSN=people;UID=reader;PWD=...")
//
// The query runs unchanged; only parameters are added to it. Give the account the
// right to read and no other.
package sqlsource

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/directory/internal/tabular"
)

// Source is a [directory.Source] over a query. Every field but Args and Columns
// must be set.
type Source struct {
	DB    *sql.DB
	Query string // "SELECT id, name, phone FROM people WHERE site = ?"
	Args  []any  // parameters of the query
	// Key names the column that identifies a row permanently: a primary key.
	Key string
	// Columns must be in the result: Mapping.Attributes(). A missing column is an error,
	// since it would clear the field of every object.
	Columns []string
	Name    string // the source's name in errors
	// MaxValue is the longest value in bytes; 0 is 1 MiB. A longer one is an error.
	MaxValue int
}

// Read yields one entry per row; it has no bookmarks. It waits for the database as
// long as ctx lasts: give Run a deadline. NULL and the empty text are absent
// attributes. Times are written as RFC 3339, in UTC. If a field that must be set is
// not, the error wraps [ctikit.ErrInvalid].
func (s *Source) Read(ctx context.Context, _ directory.Bookmark) iter.Seq2[directory.Item, error] {
	return tabular.ReadAll(s.Name, func(visit func(*directory.Entry) error) error { return s.readRows(ctx, visit) })
}

func (s *Source) readRows(ctx context.Context, visit func(*directory.Entry) error) error {
	if err := s.checkRequired(); err != nil {
		return err
	}
	rows, err := s.DB.QueryContext(ctx, s.Query, s.Args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	key, err := tabular.KeyColumn(names, s.Key, s.Columns)
	if err != nil {
		return err
	}
	values, into := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	max := s.MaxValue
	if max <= 0 {
		max = 1 << 20
	}
	var entry directory.Entry
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("row %d: %w", entry.Line+1, err)
		}
		entry = directory.Entry{Line: entry.Line + 1, Attrs: entry.Attrs[:0]}
		for i, v := range values {
			text := formatValue(v)
			if len(text) > max {
				return fmt.Errorf("row %d: column %q: value of %d bytes exceeds MaxValue %d", entry.Line, names[i], len(text), max)
			}
			if i == key {
				entry.Key = strings.TrimSpace(string(text))
			}
			if len(text) > 0 {
				entry.Attrs = append(entry.Attrs, directory.Attr{Name: []byte(names[i]), Values: [][]byte{text}})
			}
		}
		if entry.Key == "" {
			return fmt.Errorf("row %d: no value in the key column %q", entry.Line, s.Key)
		}
		if err := visit(&entry); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return ctx.Err() // some drivers end the rows quietly
}

func (s *Source) checkRequired() error {
	var ps ctikit.Problems
	if s.DB == nil {
		ps.Add("db", "missing")
	}
	if s.Query == "" {
		ps.Add("query", "missing")
	}
	if s.Key == "" {
		ps.Add("key", "missing")
	}
	return ps.Err()
}

// formatValue turns what drivers return into text.
func formatValue(v any) []byte {
	switch v := v.(type) {
	case nil:
		return nil
	case []byte:
		return v
	case string:
		return []byte(v)
	case int64:
		return strconv.AppendInt(nil, v, 10)
	case bool:
		return strconv.AppendBool(nil, v)
	case time.Time:
		return v.UTC().AppendFormat(nil, time.RFC3339Nano)
	}
	return fmt.Append(nil, v)
}
