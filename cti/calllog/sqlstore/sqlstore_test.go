package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/calllog"
	"github.com/ctikit/ctikit/cti/calllog/sqlstore"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/internal/testenv/postgres"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"
)

// each runs a test on every database.
func each(t *testing.T, test func(t *testing.T, store *sqlstore.Store)) {
	t.Run("SQLite", func(t *testing.T) { test(t, open(t, "sqlite", filepath.Join(t.TempDir(), "calls.db"))) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, open(t, "pgx", postgres.Start(t))) })
}

func open(t *testing.T, driver, source string) *sqlstore.Store {
	db, err := sql.Open(driver, source)
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	_, err = sqlstore.New(context.Background(), db)
	require.NoError(t, err)
	store, err := sqlstore.New(context.Background(), db)
	require.NoError(t, err, "the table may be there")
	return store
}

var begin = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func TestEntriesComeBackWhole(t *testing.T) { each(t, comeBackWhole) }

func comeBackWhole(t *testing.T, store *sqlstore.Store) {
	ctx := context.Background()
	e := calllog.Entry{
		ID: "1", Kind: calllog.Incoming, User: "o'hara", Device: "4001", Number: "0612345678", Lookup: "0612345678", E164: "+33612345678",
		Name: "Ada", Internal: true, Withheld: true, Redirection: "4002", Outcome: calllog.Diverted, Cause: cti.CauseBusy,
		Transferred: true, Transfer: "4003", Conference: true, Begin: begin, Answer: begin.Add(time.Second), End: begin.Add(time.Minute),
		Duration: 59000, Incomplete: true,
	}
	odd := calllog.Entry{ID: "2", Kind: calllog.Unobserved, Begin: begin.Add(-time.Hour), End: begin, Cause: 200}
	require.NoError(t, store.Append(ctx, []calllog.Entry{e, odd}))
	e.Name = "Ada Lovelace"
	require.NoError(t, store.Append(ctx, []calllog.Entry{e}), "the same again replaces")
	found, err := store.Find(ctx, calllog.Filter{})
	require.NoError(t, err)
	require.Equal(t, []calllog.Entry{e, odd}, found)
}

// TestAgainstMemory gives both stores the same life and asks them the same.
func TestAgainstMemory(t *testing.T) { each(t, againstMemory) }

func againstMemory(t *testing.T, store *sqlstore.Store) {
	r, ctx := testenv.Rand(t), context.Background()
	memory := &calllog.Memory{PerUser: 10_000}
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	when := func() time.Time {
		if r.IntN(2) == 0 {
			return time.Time{}
		}
		return begin.Add(time.Duration(r.IntN(100))*time.Second + time.Duration(r.IntN(2)))
	}
	for i := range 300 {
		e := calllog.Entry{
			ID: fmt.Sprint(r.IntN(200)), Device: cti.DeviceID(pick("1", "2")), Kind: calllog.Kind(1 + r.IntN(3)),
			Outcome: calllog.Outcome(r.IntN(8)), Number: pick("", "a", "b", "%"), Lookup: pick("", "c"), E164: pick("", "d"),
			Redirection: pick("", "a"), Transfer: pick("", "b"), Begin: begin.Add(time.Duration(i%97) * time.Second),
		}
		e.User = "u" + e.ID[:1]
		require.NoError(t, store.Append(ctx, []calllog.Entry{e}))
		require.NoError(t, memory.Append(ctx, []calllog.Entry{e}))
		f := calllog.Filter{
			User: pick("", "", "u1", "u2", "' OR 1=1 --"), Device: cti.DeviceID(pick("", "", "1")), Number: pick("", "", "a", "b", "c", "d", "%"),
			Kind: calllog.Kind(r.IntN(4)), Outcome: calllog.Outcome(r.IntN(3)), Since: when(), Before: when(), Limit: r.IntN(5),
		}
		if i%20 == 0 {
			want, err := memory.Delete(ctx, f)
			require.NoError(t, err)
			got, err := store.Delete(ctx, f)
			require.NoError(t, err)
			require.Equal(t, want, got, "%+v", f)
		}
		want, err := memory.Find(ctx, f)
		require.NoError(t, err)
		got, err := store.Find(ctx, f)
		require.NoError(t, err)
		require.Equal(t, len(want), len(got), "%+v", f)
		for i := range want {
			require.Equal(t, want[i], got[i], "%+v", f)
		}
	}
}

// TestWhatAPBXMaySend: bytes that are no text keep nothing out.
func TestWhatAPBXMaySend(t *testing.T) {
	each(t, func(t *testing.T, store *sqlstore.Store) {
		ctx := context.Background()
		require.NoError(t, store.Append(ctx, []calllog.Entry{{ID: "1\x00", User: "\xff", Number: "06\x0012", Name: "\x00\xfe", Begin: begin}, {ID: "2", Begin: begin}}))
		found, err := store.Find(ctx, calllog.Filter{})
		require.NoError(t, err)
		require.Len(t, found, 2)
	})
}

func TestCanceled(t *testing.T) { each(t, canceled) }

func canceled(t *testing.T, store *sqlstore.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, store.Append(ctx, []calllog.Entry{{ID: "1"}}), context.Canceled)
	_, err := store.Find(ctx, calllog.Filter{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = store.Delete(ctx, calllog.Filter{})
	require.ErrorIs(t, err, context.Canceled)
}
