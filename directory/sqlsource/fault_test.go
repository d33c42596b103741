package sqlsource

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/internal/testenv/faultproxy"
	"github.com/ctikit/ctikit/internal/testenv/postgres"
)

// Wherever the connection to the database breaks, and also where its answer is
// empty, nobody is removed and the next run completes.
func TestFaultsRemoveNobody(t *testing.T) {
	rng := testenv.Rand(t)
	url := postgres.Start(t)
	address := strings.TrimSuffix(strings.TrimPrefix(url, "postgres://postgres@"), "/postgres?sslmode=disable")
	proxy := faultproxy.New(t, address)
	admin, err := sql.Open("pgx", url)
	require.NoError(t, err)
	t.Cleanup(func() { admin.Close() })
	const people = 2000
	_, err = admin.Exec(`CREATE TABLE people AS SELECT i AS id, 'u' || i AS login, '+331' || (10000000 + i) AS phone FROM generate_series(1, $1::int) AS i`, people)
	require.NoError(t, err)

	r := directory.NewRegistry(directory.NewMemory(), nil)
	require.NoError(t, r.Companies.Save(ctx, directory.Company{ID: "c", Name: "C"}))
	require.NoError(t, r.Domains.Save(ctx, directory.Domain{ID: "d", Company: "c", Name: "D"}))
	require.NoError(t, r.Directories.Save(ctx, directory.Directory{ID: "dir", Company: "c", Name: "Dir"}))
	require.NoError(t, r.Imports.Save(ctx, directory.Import{ID: "sql", Company: "c", Domain: "d", Directory: "dir", Type: directory.SQL, Key: "id",
		Target: directory.ToUsers, Mode: directory.InsertUpdateDelete, Mapping: directory.Mapping{
			{Field: directory.FieldLogin, From: []string{"login"}}, {Field: directory.FieldWork, From: []string{"phone"}}}}))
	run := func(ctx context.Context, query string) (directory.Report, error) {
		db, err := sql.Open("pgx", strings.Replace(url, address, proxy.Address, 1)) // a connection of its own, spoilt or not
		require.NoError(t, err)
		defer db.Close()
		s := &directory.Sync{Registry: r, Import: "sql", Source: &Source{DB: db, Query: query, Key: "id", Columns: []string{"login", "phone"}, Name: "people"}}
		return s.Run(ctx)
	}
	report, err := run(ctx, "SELECT * FROM people")
	require.NoError(t, err)
	require.Equal(t, people, report.Created)
	users := func() (n int) {
		for _, err := range r.Users.All(ctx) {
			require.NoError(t, err)
			n++
		}
		return n
	}
	for _, how := range []faultproxy.How{faultproxy.Cut, faultproxy.Reset, faultproxy.Stall} {
		for range 4 {
			proxy.Set(faultproxy.Fault{After: rng.Int64N(50_000), How: how}) // of an answer twice as long
			short, cancel := context.WithTimeout(ctx, time.Second)           // for a connection that says nothing any more
			_, err := run(short, "SELECT * FROM people")
			cancel()
			require.Error(t, err)
			require.Equal(t, people, users(), fmt.Sprint(how))
		}
	}
	proxy.Set(faultproxy.Fault{})
	report, err = run(ctx, "SELECT * FROM people WHERE FALSE")
	require.NoError(t, err)
	require.Equal(t, people, report.Held)
	require.Equal(t, people, users())
	report, err = run(ctx, "SELECT * FROM people")
	require.NoError(t, err)
	require.Equal(t, people, report.Unchanged)
}
