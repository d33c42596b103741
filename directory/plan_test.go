package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/testenv"
)

func TestPlanIsDryAndSurvivesJSON(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	src.set("1", "sn", "Lee")
	src.set("2")
	run(t, s)
	src.set("1", "sn", "Ray")
	src.drop("2")
	src.set("3")
	before := users(t, s)
	plan, err := s.Plan(ctx)
	require.NoError(t, err)
	dry := plan.Report()
	require.True(t, dry.DryRun)
	require.Equal(t, before, users(t, s))

	data, err := json.Marshal(plan)
	require.NoError(t, err)
	var kept Plan
	require.NoError(t, json.Unmarshal(data, &kept))
	require.Equal(t, *plan, kept)
	report, _, err := s.Apply(ctx, &kept)
	require.NoError(t, err)
	dry.DryRun = false
	require.Equal(t, dry, report, "a dry run gives the report of the run")
	_, _, err = s.Apply(ctx, plan)
	require.ErrorIs(t, err, ErrStale)
	require.Equal(t, "update town/1 [cn=1,ou=people] lastName: Lee → Ray\ndelete town/2 [cn=2,ou=people]\ncreate town/3 [cn=3,ou=people] login: 3; work: +33155000003\n", plan.String())
}

// A plan that is not carried out is not reported as if it were.
func TestRefusedPlanReportsNothing(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	src.set("1")
	plan, err := s.Plan(ctx)
	require.NoError(t, err)
	run(t, s)
	report, _, err := s.Apply(ctx, plan)
	require.ErrorIs(t, err, ErrStale)
	require.Equal(t, Report{Import: "town", Full: true, Read: 1}, report)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	report, _, err = s.Apply(ended, plan)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, Report{Import: "town", Full: true, Read: 1}, report)
}

func TestUndo(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	for i := range 5 {
		src.set(fmt.Sprint(i), "sn", "Lee", "ext", fmt.Sprint(4000+i))
	}
	run(t, s)
	before := users(t, s)
	src.drop("0")
	src.set("1", "ext", "4000", "dn", "cn=1,ou=x")
	src.set("2", "uid", "zwei")
	src.set("9")
	plan, err := s.Plan(ctx)
	require.NoError(t, err)
	report, undo, err := s.Apply(ctx, plan)
	require.NoError(t, err)
	require.Equal(t, 4, report.Created+report.Updated+report.Deleted)
	after := users(t, s)
	require.NotEqual(t, before, after)

	data, err := json.Marshal(undo) // kept for later
	require.NoError(t, err)
	undo = nil
	require.NoError(t, json.Unmarshal(data, &undo))
	_, _, err = s.Apply(ctx, undo)
	require.NoError(t, err)
	require.Equal(t, before, users(t, s))
	run(t, s)
	require.Equal(t, after, users(t, s), "the source's changes are found again")
}

// Whatever a plan did, its undo puts back; then the next run does it again.
func TestUndoEqualsBefore(t *testing.T) {
	rng := testenv.Rand(t)
	for _, mode := range []Mode{InsertUpdateDelete, InsertUpdateDisable, InsertUpdate} {
		for range 15 {
			s, src := newTown(t, mode, NewMemory())
			src.full = rng.IntN(2) == 0
			for range 10 {
				for range rng.IntN(8) {
					live(rng, src)
				}
				before := users(t, s)
				plan, err := s.Plan(ctx)
				require.NoError(t, err)
				_, undo, err := s.Apply(ctx, plan)
				require.NoError(t, err)
				after := users(t, s)
				report, _, err := s.Apply(ctx, undo)
				require.NoError(t, err)
				require.Zero(t, report.Failed, report.String())
				require.Equal(t, before, users(t, s))
				run(t, s)
				require.Equal(t, after, users(t, s))
			}
		}
	}
}

// Of two processes that apply at the same time one is refused and nothing is
// done twice.
func TestTwoRunsAtOnce(t *testing.T) {
	store := NewMemory()
	s, src := newTown(t, InsertUpdateDelete, store)
	for i := range 3 * batchSize {
		src.set(fmt.Sprintf("%05d", i))
	}
	var wg sync.WaitGroup
	results := make([]error, 4)
	for i := range results {
		own := *s
		plan, err := own.Plan(ctx)
		require.NoError(t, err)
		wg.Go(func() { _, _, results[i] = own.Apply(ctx, plan) })
	}
	wg.Wait()
	for _, err := range results {
		require.True(t, err == nil || errors.Is(err, ctikit.ErrConflict), err)
	}
	run(t, s)
	require.Len(t, users(t, s), 3*batchSize)
	for _, u := range users(t, s) {
		require.NotEmpty(t, u.Login)
	}
}

func TestDeleteImport(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	src.set("1", "sn", "Lee")
	src.set("2")
	run(t, s)
	require.ErrorIs(t, s.Registry.Imports.Delete(ctx, "town"), ErrInUse)
	require.NoError(t, s.Registry.DeleteImport(ctx, "town"))
	_, err := s.Registry.Imports.Get(ctx, "town")
	require.ErrorIs(t, err, ErrNotFound)
	require.Nil(t, users(t, s)["town/1"].Origin, "kept, as if made by hand")
	require.Equal(t, "Lee", users(t, s)["town/1"].LastName)
	_, err = s.Plan(ctx)
	require.ErrorIs(t, err, ErrNotFound)
}

// However complete the incremental readings are, everything is read now and then.
func TestReconciles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, src := newTown(t, InsertUpdateDelete, NewMemory())
		src.stillOK = true
		src.set("1")
		var from []Bookmark
		s.Source = spying{src, &from}
		for _, wait := range []time.Duration{0, time.Hour, 22 * time.Hour, 2 * time.Hour, time.Hour} {
			time.Sleep(wait)
			src.dropped = len(src.log) + 1 // every bookmark is of no use: Full, with Still
			run(t, s)
		}
		require.Equal(t, []Bookmark{"", "1", "1", "", "1"}, from)
		require.NoError(t, s.Registry.Users.Delete(ctx, "town/1"))
		run(t, s) // says that 1, whom we do not have, has not changed
		require.Equal(t, 1, run(t, s).Created)
	})
}

// spying notes the bookmarks that a source is asked with.
type spying struct {
	Source
	from *[]Bookmark
}

func (s spying) Read(ctx context.Context, from Bookmark) iter.Seq2[Item, error] {
	*s.from = append(*s.from, from)
	return s.Source.Read(ctx, from)
}
