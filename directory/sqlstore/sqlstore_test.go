package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/directory/sqlstore"
	"github.com/ctikit/ctikit/directory/storetest"
	"github.com/ctikit/ctikit/internal/testenv/postgres"
)

var ctx = context.Background()

func openSQLite(t testing.TB, path string) *sqlstore.Store {
	t.Helper()
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(path))
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	s, err := sqlstore.Open(ctx, db, sqlstore.SQLite)
	require.NoError(t, err)
	return s
}

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) directory.Store { return openSQLite(t, filepath.Join(t.TempDir(), "a ?#%.db")) })
}

func TestPostgreSQL(t *testing.T) {
	url := postgres.Start(t)
	var count atomic.Int32
	storetest.Run(t, func(t *testing.T) directory.Store {
		admin, err := sql.Open("pgx", url)
		require.NoError(t, err)
		defer admin.Close()
		schema := fmt.Sprint("s", count.Add(1))
		_, err = admin.Exec("CREATE SCHEMA " + schema)
		require.NoError(t, err)
		db, err := sql.Open("pgx", url+"&search_path="+schema)
		require.NoError(t, err)
		t.Cleanup(func() { db.Close() })
		s, err := sqlstore.Open(ctx, db, sqlstore.PostgreSQL)
		require.NoError(t, err)
		return s
	})
}

func TestOpenAgainAndNewer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	s := openSQLite(t, path)
	require.NoError(t, s.Commit(ctx, directory.Batch{Put: []directory.Object{{Kind: "k", ID: "1", Data: []byte("{}")}}}))
	again := openSQLite(t, path)
	n := 0
	for _, err := range again.Objects(ctx, directory.Query{Kind: "k"}) {
		require.NoError(t, err)
		n++
	}
	require.Equal(t, 1, n)
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(path))
	require.NoError(t, err)
	defer db.Close()
	_, err = db.Exec("INSERT INTO directory_migrations VALUES (99)")
	require.NoError(t, err)
	_, err = sqlstore.Open(ctx, db, sqlstore.SQLite)
	require.ErrorContains(t, err, "is newer than this release supports")
	_, err = sqlstore.Open(ctx, db, 7)
	require.ErrorContains(t, err, "unknown dialect")
}
