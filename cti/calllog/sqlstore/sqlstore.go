// Package sqlstore keeps a call log in a database: a [calllog.Store] over
// database/sql. Its statements work with SQLite (3.24 or later) and PostgreSQL (9.5
// or later). The application provides the driver, and opens SQLite with a busy
// timeout if several gateways are followed.
package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/ctikit/ctikit/cti/calllog"
)

// Store is a [calllog.Store] in a database.
type Store struct{ db *sql.DB }

// New returns a store in db, and creates its table call_log if it does not exist.
// The caller closes the database.
func New(ctx context.Context, db *sql.DB) (*Store, error) {
	for _, statement := range []string{
		// The complete entry is in the column entry; the others are for searching.
		// Times are microseconds since 1970.
		`CREATE TABLE IF NOT EXISTS call_log (
			id TEXT PRIMARY KEY, user_name TEXT NOT NULL, device TEXT NOT NULL,
			kind INTEGER NOT NULL, outcome INTEGER NOT NULL, began BIGINT NOT NULL,
			number TEXT NOT NULL, lookup TEXT NOT NULL, e164 TEXT NOT NULL,
			redirection TEXT NOT NULL, transfer TEXT NOT NULL, entry TEXT NOT NULL)`,
		`CREATE INDEX IF NOT EXISTS call_log_user ON call_log (user_name, began)`,
		`CREATE INDEX IF NOT EXISTS call_log_began ON call_log (began)`,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return nil, fmt.Errorf("call log: create table: %w", err)
		}
	}
	return &Store{db}, nil
}

const insert = `INSERT INTO call_log
	(id, user_name, device, kind, outcome, began, number, lookup, e164, redirection, transfer, entry)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
	ON CONFLICT (id) DO UPDATE SET user_name = excluded.user_name, device = excluded.device,
		kind = excluded.kind, outcome = excluded.outcome, began = excluded.began,
		number = excluded.number, lookup = excluded.lookup, e164 = excluded.e164,
		redirection = excluded.redirection, transfer = excluded.transfer, entry = excluded.entry`

// Append implements [calllog.Store]: all entries or none.
func (s *Store) Append(ctx context.Context, entries []calllog.Entry) (err error) {
	defer wrapError("append", &err)
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // without effect after a commit
	for i := range entries {
		if err := insertEntry(ctx, tx, &entries[i]); err != nil {
			return fmt.Errorf("%s: %w", entries[i].ID, err)
		}
	}
	return tx.Commit()
}

func insertEntry(ctx context.Context, tx *sql.Tx, e *calllog.Entry) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, insert, sanitizeText(e.ID), sanitizeText(e.User), sanitizeText(string(e.Device)),
		int(e.Kind), int(e.Outcome), e.Begin.UnixMicro(), sanitizeText(e.Number), sanitizeText(e.Lookup),
		sanitizeText(e.E164), sanitizeText(e.Redirection), sanitizeText(e.Transfer), string(text))
	return err
}

// wrapError adds the operation to an error.
func wrapError(operation string, err *error) {
	if *err != nil {
		*err = fmt.Errorf("call log: %s: %w", operation, *err)
	}
}

// Find implements [calllog.Store].
func (s *Store) Find(ctx context.Context, f calllog.Filter) (found []calllog.Entry, err error) {
	defer wrapError("find", &err)
	where, args := whereClause(f)
	query := `SELECT entry FROM call_log` + where + ` ORDER BY began DESC, id`
	if f.Limit > 0 {
		args = append(args, f.Limit)
		query += fmt.Sprintf(` LIMIT $%d`, len(args))
	}
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		var e calllog.Entry
		if err := json.Unmarshal(text, &e); err != nil {
			return nil, fmt.Errorf("invalid entry: %w", err)
		}
		found = append(found, e)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return found, nil
}

// Delete implements [calllog.Store].
func (s *Store) Delete(ctx context.Context, f calllog.Filter) (n int, err error) {
	defer wrapError("delete", &err)
	where, args := whereClause(f)
	result, err := s.db.ExecContext(ctx, `DELETE FROM call_log`+where, args...)
	if err != nil {
		return 0, err
	}
	deleted, err := result.RowsAffected()
	return int(deleted), err
}

// whereClause is [calllog.Filter.Match] in SQL; values are always parameters.
func whereClause(f calllog.Filter) (where string, args []any) {
	var terms []string
	add := func(term string, value any) {
		args = append(args, value)
		terms = append(terms, strings.ReplaceAll(term, "?", fmt.Sprintf("$%d", len(args))))
	}
	if f.User != "" {
		add("user_name = ?", f.User)
	}
	if f.Device != "" {
		add("device = ?", string(f.Device))
	}
	if f.Number != "" {
		add("(number = ? OR lookup = ? OR e164 = ? OR redirection = ? OR transfer = ?)", f.Number)
	}
	if f.Kind != 0 {
		add("kind = ?", int(f.Kind))
	}
	if f.Outcome != 0 {
		add("outcome = ?", int(f.Outcome))
	}
	if !f.Since.IsZero() {
		add("began >= ?", ceilMicros(f.Since))
	}
	if !f.Before.IsZero() {
		add("began < ?", ceilMicros(f.Before))
	}
	if len(terms) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(terms, " AND "), args
}

// sanitizeText replaces bytes that a PBX may send and PostgreSQL refuses: one bad
// number must not prevent all other entries from being stored.
func sanitizeText(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
}

// ceilMicros rounds up, so that a bound selects the same entries by the stored
// microseconds as by the exact time.
func ceilMicros(t time.Time) int64 { return t.Add(time.Microsecond - 1).UnixMicro() }
