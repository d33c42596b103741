package sqlstore_test

import (
	"bufio"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/directory/sqlstore"
	"github.com/ctikit/ctikit/internal/testenv/postgres"
)

const crowd = 1100

// people yields a crowd in one of two states; in the second most have changed,
// some are gone and some are new. Extensions are swapped two by two.
type people struct{ second bool }

func (p people) Read(context.Context, directory.Bookmark) iter.Seq2[directory.Item, error] {
	return func(yield func(directory.Item, error) bool) {
		from, to, swap := 0, crowd, 0
		if p.second {
			from, to, swap = 100, crowd+100, 1
		}
		for i := from; i < to; i++ {
			text := func(format string, n int) [][]byte { return [][]byte{fmt.Appendf(nil, format, n)} }
			e := directory.Entry{Key: fmt.Sprint(i), Attrs: []directory.Attr{
				{Name: []byte("uid"), Values: text("u%d", i)},
				{Name: []byte("ext"), Values: text("%d", 10000+i^swap)},
			}}
			if !yield(directory.Item{Entry: &e}, nil) {
				return
			}
		}
		yield(directory.Item{End: &directory.End{Full: true}}, nil)
	}
}

func newSync(t testing.TB, store directory.Store, second bool) *directory.Sync {
	t.Helper()
	r := directory.NewRegistry(store, nil)
	require.NoError(t, r.Companies.Save(ctx, directory.Company{ID: "c", Name: "C"}))
	require.NoError(t, r.Domains.Save(ctx, directory.Domain{ID: "d", Company: "c", Name: "D"}))
	require.NoError(t, r.Directories.Save(ctx, directory.Directory{ID: "dir", Company: "c", Name: "Dir"}))
	require.NoError(t, r.Imports.Save(ctx, directory.Import{ID: "i", Company: "c", Domain: "d", Directory: "dir", Type: directory.SQL, Key: "id",
		Target: directory.ToUsers, Mode: directory.InsertUpdateDelete, Mapping: directory.Mapping{
			{Field: directory.FieldLogin, From: []string{"uid"}}, {Field: directory.FieldExtension, From: []string{"ext"}}}}))
	return &directory.Sync{Registry: r, Import: "i", Source: people{second}}
}

// content is every user, as text.
func content(t testing.TB, s *directory.Sync) (out []string) {
	t.Helper()
	for u, err := range s.Registry.Users.All(ctx) {
		require.NoError(t, err)
		out = append(out, fmt.Sprintf("%s %s %v", u.ID, u.Login, u.Extensions))
	}
	return out
}

// TestKilledWhileApplying kills a process with SIGKILL in the middle of Apply: just
// before and just after every one of its transactions ends. Each time the store
// holds the transactions that had ended and nothing of the one that had not, and a
// re-run converges.
func TestKilledWhileApplying(t *testing.T) {
	if moment := os.Getenv("SQLSTORE_TEST_MOMENT"); moment != "" {
		victim(t, moment)
		return
	}
	for driver, test := range map[string]struct {
		fresh func(*testing.T) string
		only  int // this transaction; 0: all of them
	}{"sqlite": {fresh: sqliteDSN}, "pgx": {postgresDSN(t), 2}} {
		t.Run(driver, func(t *testing.T) {
			straight, after := once(t, driver, test.fresh(t)), []string(nil)
			if test.only == 0 {
				after = content(t, straight)
			}
			_, err := straight.Run(ctx)
			require.NoError(t, err)
			want := content(t, straight)
			n := max(1, test.only)
			for ; test.only == 0 || n == test.only; n++ {
				s, killed := killedAt(t, driver, test.fresh(t), fmt.Sprint("before ", n))
				if !killed {
					break
				}
				if after != nil {
					require.Equal(t, after, content(t, s), "nothing of transaction %d", n)
				}
				converges(t, s, want)
				s, killed = killedAt(t, driver, test.fresh(t), fmt.Sprint("after ", n))
				require.True(t, killed)
				after = content(t, s)
				converges(t, s, want)
			}
			if test.only == 0 {
				require.Greater(t, n, 4, "several transactions")
				require.Equal(t, want, after, "the last one leaves all of it")
			}
		})
	}
}

func sqliteDSN(t *testing.T) string { return sqlstore.SQLiteDSN(filepath.Join(t.TempDir(), "x.db")) }

// postgresDSN returns a function that makes a schema in one server.
func postgresDSN(t *testing.T) func(*testing.T) string {
	url, schemas := postgres.Start(t), 0
	return func(t *testing.T) string {
		schemas++
		schema := fmt.Sprint("kill", schemas)
		admin, err := sql.Open("pgx", url)
		require.NoError(t, err)
		defer admin.Close()
		_, err = admin.Exec("CREATE SCHEMA " + schema)
		require.NoError(t, err)
		return url + "&search_path=" + schema
	}
}

func dialect(driver string) sqlstore.Dialect {
	if driver == "pgx" {
		return sqlstore.PostgreSQL
	}
	return sqlstore.SQLite
}

// once has synchronised the first state of the crowd, and is about to read the second.
func once(t *testing.T, driver, dsn string) *directory.Sync {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	store, err := sqlstore.Open(ctx, db, dialect(driver))
	require.NoError(t, err)
	s := newSync(t, store, false)
	_, err = s.Run(ctx)
	require.NoError(t, err)
	s.Source = people{second: true}
	return s
}

// killedAt lets another process apply the second state and kills it at the moment;
// it is false where the other one was done before.
func killedAt(t *testing.T, driver, dsn, moment string) (*directory.Sync, bool) {
	t.Helper()
	s := once(t, driver, dsn)
	cmd := exec.Command(os.Args[0], "-test.run", "^TestKilledWhileApplying$", "-test.v")
	cmd.Env = append(os.Environ(), "SQLSTORE_TEST_MOMENT="+moment, "SQLSTORE_TEST_DRIVER="+driver, "SQLSTORE_TEST_DSN="+dsn)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var said []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if said = append(said, lines.Text()); lines.Text() == reached || lines.Text() == applied {
			break
		}
	}
	require.NotEmpty(t, said)
	require.NoError(t, cmd.Process.Kill())
	cmd.Wait()
	last := said[len(said)-1]
	require.Contains(t, []string{reached, applied}, last, said)
	return s, last == reached
}

func converges(t *testing.T, s *directory.Sync, want []string) {
	t.Helper()
	_, err := s.Run(ctx)
	require.NoError(t, err)
	require.Equal(t, want, content(t, s))
	report, err := s.Run(ctx)
	require.NoError(t, err)
	require.Equal(t, crowd, report.Unchanged)
}

// What the victim says.
const (
	reached = "reached the moment"
	applied = "applied all of it"
)

// victim applies the second state and stands still at the moment, "before 2".
func victim(t *testing.T, moment string) {
	driver := os.Getenv("SQLSTORE_TEST_DRIVER")
	stop := &standstill{at: moment, dsn: os.Getenv("SQLSTORE_TEST_DSN")}
	plain, err := sql.Open(driver, stop.dsn)
	require.NoError(t, err)
	stop.driver = plain.Driver()
	store, err := sqlstore.Open(ctx, sql.OpenDB(stop), dialect(driver))
	require.NoError(t, err)
	s := newSync(t, store, true)
	plan, err := s.Plan(ctx)
	require.NoError(t, err)
	stop.armed = true
	_, _, err = s.Apply(ctx, plan)
	require.NoError(t, err)
	fmt.Println(applied)
}

// standstill is a driver that stops for good before or after the n-th commit.
type standstill struct {
	driver  driver.Driver
	dsn, at string
	armed   bool // on the goroutine that applies
	commits int
}

func (s *standstill) Driver() driver.Driver { return s.driver }

func (s *standstill) Connect(context.Context) (driver.Conn, error) {
	c, err := s.driver.Open(s.dsn)
	return stoppingConn{c, s}, err
}

func (s *standstill) moment(when string) {
	if s.armed && s.at == fmt.Sprint(when, " ", s.commits) {
		fmt.Println(reached)
		time.Sleep(time.Hour) // SIGKILL comes first
	}
}

type stoppingConn struct {
	driver.Conn
	stop *standstill
}

func (c stoppingConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.Conn.(driver.ConnBeginTx).BeginTx(ctx, opts)
	return stoppingTx{tx, c.stop}, err
}

type stoppingTx struct {
	driver.Tx
	stop *standstill
}

func (tx stoppingTx) Commit() error {
	if tx.stop.armed {
		tx.stop.commits++
	}
	tx.stop.moment("before")
	err := tx.Tx.Commit()
	tx.stop.moment("after")
	return err
}
