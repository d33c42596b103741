// Package sqlstore keeps a directory in a database: SQLite as the embedded
// default, or PostgreSQL. It works on database/sql; the application links the driver
// (tested with modernc.org/sqlite, pure Go, and github.com/jackc/pgx/v5):
//
//	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN("people.db"))
//	store, err := sqlstore.Open(ctx, db, sqlstore.SQLite)
//
// Open creates and migrates its tables, which begin with "directory_". A commit
// is one transaction: what it changed survives a crash of the process and, with
// the settings of [SQLiteDSN] or PostgreSQL's own, of the machine.
package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/ctikit/ctikit/directory"
)

// Dialect is the database's kind.
type Dialect int

// The dialects.
const (
	SQLite Dialect = iota
	PostgreSQL
)

// SQLiteDSN returns the data source name of a file for modernc.org/sqlite: with
// a write-ahead log, every commit on disk before it returns, waiting for other
// writers up to 10 s, and transactions that take the write lock at their start.
func SQLiteDSN(path string) string {
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	return "file:" + escaped + "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_txlock=immediate"
}

// Store is a [directory.Store] in a database.
type Store struct {
	db      *sql.DB
	dialect Dialect
}

// Open creates or migrates the tables. The application closes db after the last use of
// the store. The error is that of the database, or says that a newer release has
// changed its schema.
func Open(ctx context.Context, db *sql.DB, dialect Dialect) (*Store, error) {
	if dialect != SQLite && dialect != PostgreSQL {
		return nil, fmt.Errorf("open store: unknown dialect %d", dialect)
	}
	s := &Store{db: db, dialect: dialect}
	if err := s.migrate(ctx); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return s, nil
}

const columns = "id, company, import, source_key, hash, version, names"

// pageSize is how many rows are read at a time: no row set stays open while the
// caller's loop runs, so that it may use the store itself.
const pageSize = 1000

// Objects yields the selected objects, page by page, in the order of IDs. If ctx
// has ended the error wraps that of ctx.
func (s *Store) Objects(ctx context.Context, q directory.Query) iter.Seq2[directory.Object, error] {
	return func(yield func(directory.Object, error) bool) {
		if q.IDs != nil && len(q.IDs) == 0 || q.Keys != nil && len(q.Keys) == 0 || q.Names != nil && len(q.Names) == 0 {
			return
		}
		for after := ""; ; {
			page, err := s.readPage(ctx, q, after)
			if err != nil {
				yield(directory.Object{}, fmt.Errorf("read %s objects: %w", q.Kind, err))
				return
			}
			for _, o := range page {
				if !yield(o, nil) {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
			after = page[len(page)-1].ID
		}
	}
}

func (s *Store) readPage(ctx context.Context, q directory.Query, after string) ([]directory.Object, error) {
	data := "data"
	if q.Headers {
		data = "NULL"
	}
	var where builder
	where.addText("SELECT " + columns + ", " + data + " FROM directory_objects WHERE kind = ").addValue(q.Kind)
	where.addText(" AND id > ").addValue(after)
	if q.Company != "" {
		where.addText(" AND company = ").addValue(q.Company)
	}
	if q.Import != "" {
		where.addText(" AND import = ").addValue(q.Import)
	}
	where.addCondition("id", q.IDs, s.dialect)
	where.addCondition("source_key", q.Keys, s.dialect)
	if q.Names != nil {
		where.addText(" AND id IN (SELECT id FROM directory_names WHERE kind = ").addValue(q.Kind)
		where.addCondition("name", q.Names, s.dialect)
		where.addText(")")
	}
	where.addText(fmt.Sprintf(" ORDER BY id LIMIT %d", pageSize))
	rows, err := s.db.QueryContext(ctx, where.String(), where.args...)
	if err != nil {
		return nil, nameCancellation(ctx, err)
	}
	defer rows.Close()
	var out []directory.Object
	for rows.Next() {
		o := directory.Object{Kind: q.Kind}
		var hash []byte
		var names string
		if err := rows.Scan(&o.ID, &o.Company, &o.Import, &o.Key, &hash, &o.Version, &names, &o.Data); err != nil {
			return nil, err
		}
		copy(o.Hash[:], hash)
		o.Names = splitNames(names)
		out = append(out, o)
	}
	return out, nameCancellation(ctx, rows.Err())
}

// nameCancellation makes the end of ctx recognisable whatever the driver calls it.
func nameCancellation(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil && !errors.Is(err, ctx.Err()) {
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return err
}

// Names are also kept with the object, so that reading takes one table. They
// are joined with a character that no login and no number has.
const nameSeparator = "\x1f"

func splitNames(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, nameSeparator)
}

// builder makes a statement; values are always parameters.
type builder struct {
	strings.Builder
	args []any
}

func (b *builder) addText(s string) *builder { b.WriteString(s); return b }

// addValue adds a parameter. "$1" is understood by both dialects.
func (b *builder) addValue(v any) *builder {
	b.args = append(b.args, v)
	fmt.Fprintf(b, "$%d", len(b.args))
	return b
}

// addCondition adds a condition on a list, nil for none. The list is one parameter, a JSON
// array: there is no limit to its length, and one statement for all lengths.
func (b *builder) addCondition(column string, list []string, d Dialect) {
	if list == nil {
		return
	}
	array, _ := json.Marshal(list) // strings always can
	b.addText(" AND " + column + " IN (SELECT ")
	if d == PostgreSQL {
		b.addText("jsonb_array_elements_text(").addValue(string(array)).addText("::jsonb))")
		return
	}
	b.addText("value FROM json_each(").addValue(string(array)).addText("))")
}
