package sqlsource

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/internal/testenv/postgres"
)

var ctx = context.Background()

func database(t *testing.T, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	for _, q := range []string{
		"CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, phone TEXT, active BOOLEAN, since TIMESTAMP)",
		"INSERT INTO people VALUES (1, 'Élise', '0155', TRUE, '2026-01-02 03:04:05')",
		"INSERT INTO people VALUES (2, '', NULL, FALSE, NULL)",
		"INSERT INTO people VALUES (3, '''; DROP TABLE people; --', '4003', NULL, NULL)",
	} {
		_, err := db.Exec(q)
		require.NoError(t, err, q)
	}
	return db
}

func read(s *Source) (out []string, end *directory.End, err error) {
	for item, err := range s.Read(ctx, "") {
		if err != nil {
			return out, nil, err
		}
		if item.End != nil {
			end = item.End
			continue
		}
		line := fmt.Sprintf("%d:%s", item.Entry.Line, item.Entry.Key)
		for _, a := range item.Entry.Attrs {
			line += fmt.Sprintf(" %s=%s", a.Name, a.Values[0])
		}
		out = append(out, line)
	}
	return out, end, nil
}

func TestRead(t *testing.T) {
	for driver, dsn := range map[string]func(*testing.T) string{
		"sqlite": func(t *testing.T) string { return "file:" + t.TempDir() + "/x.db" },
		"pgx":    func(t *testing.T) string { return postgres.Start(t) },
	} {
		t.Run(driver, func(t *testing.T) {
			db := database(t, driver, dsn(t))
			s := &Source{DB: db, Query: "SELECT id, name, phone, since FROM people WHERE id < $1 ORDER BY id", Args: []any{9}, Key: "ID", Columns: []string{"Name", "phone"}, Name: "people"}
			got, end, err := read(s)
			require.NoError(t, err)
			require.Equal(t, &directory.End{Full: true}, end)
			require.Equal(t, []string{
				"1:1 id=1 name=Élise phone=0155 since=2026-01-02T03:04:05Z",
				"2:2 id=2",
				"3:3 id=3 name='; DROP TABLE people; -- phone=4003",
			}, got)
			for _, err := range s.Read(ctx, "") {
				require.NoError(t, err)
				break
			}
			ended, cancel := context.WithCancel(ctx)
			cancel()
			for _, err := range s.Read(ended, "") {
				require.Error(t, err)
			}
		})
	}
}

func TestRefuses(t *testing.T) {
	db := database(t, "sqlite", "file:"+t.TempDir()+"/x.db")
	for query, want := range map[string]string{
		"SELECT id, phone FROM people":                     `missing columns ["name"], got ["id" "phone"]`,
		"SELECT name FROM people":                          `missing columns ["id"], got ["name"]`,
		"SELECT id, name, id FROM people":                  `duplicate column "id"`,
		"SELECT NULL AS id, name FROM people":              `row 1: no value in the key column`,
		"SELECT id, nam FROM people":                       "nam",
		"SELECT id, zeroblob(2000000) AS name FROM people": "exceeds MaxValue",
		"": "read people: query: missing",
	} {
		_, end, err := read(&Source{DB: db, Query: query, Key: "id", Columns: []string{"name"}, Name: "people"})
		require.Nil(t, end)
		require.ErrorContains(t, err, want, query)
		require.True(t, strings.HasPrefix(err.Error(), "read people: "))
	}
}
