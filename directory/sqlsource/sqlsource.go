// Package sqlsource reads directory entries with a query of a database, over
// database/sql: PostgreSQL, MySQL, SQLite, SQL Server, or anything with an ODBC
// driver. The host links the driver. ODBC, for example, is
//
//	import _ "github.com/alexbrainman/odbc"
//	db, err := sql.Open("odbc", "DSN=people;UID=reader;PWD=...")
//
// The query is the host's own text and runs as it stands; nothing is put into it
// but parameters. Give the account the right to read and no other.
package sqlsource

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/directory"
)

// Source is a [directory.Source] over a query. Every field but Args and Columns
// must be set.
type Source struct {
	DB    *sql.DB
	Query string // "SELECT id, name, phone FROM people WHERE site = ?"
	Args  []any  // parameters of the query
	// Key names the column that identifies a row for ever: a primary key.
	Key string
	// Columns must be in the result: Mapping.Attributes(). A query that lacks one
	// would clear the field of everybody, so it is an error.
	Columns []string
	Name    string // stands in errors
	// MaxValue is the longest value in bytes; 0 is 1 MiB. A longer one is an error.
	MaxValue int
}

// Read yields one entry per row; it has no bookmarks. It waits for the database as
// long as ctx lasts: give Run a deadline. NULL and the empty text are
// absent attributes. Times are written as RFC 3339, in UTC.
func (s *Source) Read(ctx context.Context, _ directory.Bookmark) iter.Seq2[directory.Item, error] {
	return func(yield func(directory.Item, error) bool) {
		err := s.read(ctx, func(e *directory.Entry) bool { return yield(directory.Item{Entry: e}, nil) })
		switch {
		case errors.Is(err, errStopped):
		case err != nil:
			yield(directory.Item{}, fmt.Errorf("read %s: %w", s.Name, err))
		default:
			yield(directory.Item{End: &directory.End{Full: true}}, nil)
		}
	}
}

var errStopped = errors.New("loop was left")

func (s *Source) read(ctx context.Context, yield func(*directory.Entry) bool) error {
	if s.DB == nil || s.Query == "" || s.Key == "" {
		return fmt.Errorf("%w: DB, Query and Key must be set", ctikit.ErrInvalid)
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
	key, err := s.columns(names)
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
			text := value(v)
			if len(text) > max {
				return fmt.Errorf("row %d: column %q has %d bytes, more than MaxValue %d", entry.Line, names[i], len(text), max)
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
		if !yield(&entry) {
			return errStopped
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return ctx.Err() // some drivers end the rows quietly
}

// columns checks that the result has what is needed, and returns the key's place.
func (s *Source) columns(names []string) (key int, err error) {
	at := map[string]int{}
	for i, name := range names {
		low := strings.ToLower(name)
		if _, twice := at[low]; twice {
			return 0, fmt.Errorf("two columns are called %q: name them apart with AS", name)
		}
		at[low] = i
	}
	var missing []string
	for _, name := range append([]string{s.Key}, s.Columns...) {
		if _, ok := at[strings.ToLower(name)]; !ok {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		return 0, fmt.Errorf("the query's result lacks the columns %q; it has %q", missing, names)
	}
	return at[strings.ToLower(s.Key)], nil
}

// value turns what drivers return into text.
func value(v any) []byte {
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
