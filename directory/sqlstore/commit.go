package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ctikit/ctikit/directory"
)

// Commit executes a batch in one transaction. The error wraps [ctikit.ErrConflict] or
// [*directory.Taken], that of ctx if it has ended, or is the database's.
func (s *Store) Commit(ctx context.Context, b directory.Batch) error {
	if err := s.commitBatch(ctx, b); err != nil {
		return fmt.Errorf("commit: %w", nameCancellation(ctx, err))
	}
	return nil
}

func (s *Store) commitBatch(ctx context.Context, b directory.Batch) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // without effect after a commit
	if err := s.writeBatch(ctx, tx, b); err != nil {
		return err
	}
	return tx.Commit()
}

// writeBatch first takes all names of the batch's objects away, so that they can pass
// from one to another. Objects are locked in one order, so that two batches do
// not wait for each other.
func (s *Store) writeBatch(ctx context.Context, tx *sql.Tx, b directory.Batch) error {
	w := &writer{ctx: ctx, tx: tx, statements: map[string]*sql.Stmt{}}
	puts := slices.Clone(b.Put)
	slices.SortFunc(puts, byKindAndID)
	deletes := slices.Clone(b.Delete)
	slices.SortFunc(deletes, byKindAndID)
	for _, o := range deletes {
		if err := w.deleteObject(o); err != nil {
			return err
		}
	}
	for _, o := range puts {
		if err := w.putObject(o); err != nil {
			return err
		}
	}
	for _, o := range puts {
		for _, name := range o.Names {
			if err := w.claimName(o, name); err != nil {
				return err
			}
		}
	}
	return nil
}

func byKindAndID(a, b directory.Object) int {
	if a.Kind != b.Kind {
		return strings.Compare(a.Kind, b.Kind)
	}
	return strings.Compare(a.ID, b.ID)
}

// writer prepares each statement once per transaction.
type writer struct {
	ctx        context.Context
	tx         *sql.Tx
	statements map[string]*sql.Stmt
}

func (w *writer) execPrepared(query string, args ...any) (rows int64, err error) {
	stmt := w.statements[query]
	if stmt == nil {
		if stmt, err = w.tx.PrepareContext(w.ctx, query); err != nil {
			return 0, err
		}
		w.statements[query] = stmt // closed with the transaction
	}
	result, err := stmt.ExecContext(w.ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (w *writer) deleteObject(o directory.Object) error {
	n, err := w.execPrepared("DELETE FROM directory_objects WHERE kind = $1 AND id = $2 AND version = $3",
		o.Kind, o.ID, int64(o.Version))
	if err == nil && n == 0 {
		err = w.conflictError(o)
	}
	if err != nil {
		return err
	}
	return w.releaseNames(o)
}

func (w *writer) putObject(o directory.Object) error {
	var n int64
	var err error
	names := strings.Join(o.Names, nameSeparator)
	if o.Version == 0 {
		n, err = w.execPrepared(`INSERT INTO directory_objects
			(kind, id, company, import, source_key, hash, version, names, data)
			VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8) ON CONFLICT DO NOTHING`,
			o.Kind, o.ID, o.Company, o.Import, o.Key, o.Hash[:], names, o.Data)
	} else {
		n, err = w.execPrepared(`UPDATE directory_objects SET company = $1, import = $2, source_key = $3, hash = $4,
			version = version + 1, names = $5, data = $6
			WHERE kind = $7 AND id = $8 AND version = $9`,
			o.Company, o.Import, o.Key, o.Hash[:], names, o.Data, o.Kind, o.ID, int64(o.Version))
	}
	if err == nil && n == 0 {
		err = w.conflictError(o)
	}
	if err != nil || o.Version == 0 {
		return err
	}
	return w.releaseNames(o)
}

func (w *writer) releaseNames(o directory.Object) error {
	_, err := w.execPrepared("DELETE FROM directory_names WHERE kind = $1 AND id = $2", o.Kind, o.ID)
	return err
}

func (w *writer) claimName(o directory.Object, name string) error {
	n, err := w.execPrepared("INSERT INTO directory_names (kind, name, id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
		o.Kind, name, o.ID)
	if err != nil || n == 1 {
		return err
	}
	var by string
	const owner = "SELECT id FROM directory_names WHERE kind = $1 AND name = $2"
	if err := w.tx.QueryRowContext(w.ctx, owner, o.Kind, name).Scan(&by); err != nil {
		return err
	}
	if by == o.ID {
		return nil // the same name twice in one object
	}
	return &directory.Taken{Kind: o.Kind, Name: name, By: by}
}

func (w *writer) conflictError(o directory.Object) error {
	var has int64
	const version = "SELECT version FROM directory_objects WHERE kind = $1 AND id = $2"
	err := w.tx.QueryRowContext(w.ctx, version, o.Kind, o.ID).Scan(&has)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return directory.ConflictError(o.Kind, o.ID, uint64(has), o.Version)
}
