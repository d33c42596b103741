package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// migrations are carried out in order, each once, each in a transaction of its
// own. They are never changed; the next one is added at the end.
var migrations = []string{
	`CREATE TABLE directory_objects (
		kind       TEXT NOT NULL COLLATE BINARY,
		id         TEXT NOT NULL COLLATE BINARY,
		company    TEXT NOT NULL,
		import     TEXT NOT NULL,
		source_key TEXT NOT NULL,
		hash       BYTES NOT NULL,
		version    BIGINT NOT NULL,
		names      TEXT NOT NULL,
		data       BYTES NOT NULL,
		PRIMARY KEY (kind, id)
	);
	CREATE INDEX directory_objects_import ON directory_objects (kind, import, source_key);
	CREATE TABLE directory_names (
		kind TEXT NOT NULL,
		name TEXT NOT NULL,
		id   TEXT NOT NULL,
		PRIMARY KEY (kind, name)
	);
	CREATE INDEX directory_names_id ON directory_names (kind, id)`,
}

// dialectWords are what the dialects call differently. IDs are compared by byte
// in both, so that pages do not depend on the database's collation.
var dialectWords = map[Dialect]*strings.Replacer{
	SQLite:     strings.NewReplacer("BYTES", "BLOB"),
	PostgreSQL: strings.NewReplacer("BYTES", "BYTEA", "COLLATE BINARY", `COLLATE "C"`),
}

func (s *Store) migrate(ctx context.Context) error {
	const create = "CREATE TABLE IF NOT EXISTS directory_migrations (version INTEGER PRIMARY KEY)"
	if _, err := s.db.ExecContext(ctx, create); err != nil {
		return err
	}
	for i, text := range migrations {
		if err := s.runMigration(ctx, i+1, text); err != nil {
			return fmt.Errorf("migration %d: %w", i+1, err)
		}
	}
	var newest sql.NullInt64
	if err := s.db.QueryRowContext(ctx, "SELECT MAX(version) FROM directory_migrations").Scan(&newest); err != nil {
		return err
	}
	if int(newest.Int64) > len(migrations) {
		return fmt.Errorf("database schema %d is newer than this release supports (%d)", newest.Int64, len(migrations))
	}
	return nil
}

func (s *Store) runMigration(ctx context.Context, version int, text string) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // without effect after a commit
	if s.dialect == PostgreSQL {
		// Two processes that open a fresh database at once: the second waits here.
		if _, err := tx.ExecContext(ctx, "LOCK TABLE directory_migrations IN EXCLUSIVE MODE"); err != nil {
			return err
		}
	}
	var done int
	const count = "SELECT COUNT(*) FROM directory_migrations WHERE version = $1"
	if err := tx.QueryRowContext(ctx, count, version).Scan(&done); err != nil {
		return err
	}
	if done > 0 {
		return nil
	}
	for _, statement := range strings.Split(dialectWords[s.dialect].Replace(text), ";") {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO directory_migrations (version) VALUES ($1)", version); err != nil {
		return err
	}
	return tx.Commit()
}
