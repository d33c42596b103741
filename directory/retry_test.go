package directory

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What failed because of somebody else's name is tried again by every run, also
// an incremental one, until it succeeds, changes or is gone.
func TestFailedIsTriedAgain(t *testing.T) {
	for _, stillOK := range []bool{false, true} {
		s, src := newTown(t, InsertUpdateDelete, NewMemory())
		var from []Bookmark
		s.Source = spying{src, &from}
		src.stillOK = stillOK
		run := func() Report {
			if stillOK {
				src.dropped = len(src.log) + 1 // bookmarks are of no use: Full, with Still
			}
			return run(t, s)
		}
		hand := func(id, login, ext string) {
			require.NoError(t, s.Registry.Users.Save(ctx, User{ID: id, Company: "acme", Domain: "paris", Login: login, Extensions: []Extension{{Number: ext}}}))
		}
		hand("h", "boss", "4000")
		for _, key := range []string{"1", "2", "3", "4", "5"} {
			src.set(key, "ext", "400"+key)
		}
		require.Equal(t, 5, run().Created)
		src.set("1", "uid", "boss", "sn", "New") // an update that fails
		src.set("6", "uid", "BOSS")              // creations that fail
		src.set("7", "ext", "4000")
		src.set("8", "ext", "4000")
		src.set("9", "ext", "4000")
		for range 3 {
			report := run()
			require.Equal(t, 5, report.Failed, report.String())
		}
		src.drop("8")
		src.set("9", "ext", "4009")
		report := run()
		require.Equal(t, 3, report.Failed, report.String())
		require.Equal(t, 1, report.Created)

		require.NoError(t, s.Registry.Users.Delete(ctx, "h"))
		report = run()
		require.Equal(t, []int{1, 1, 1}, []int{report.Created, report.Updated, report.Failed}, report.String())
		require.Equal(t, "New", users(t, s)["town/1"].LastName)
		require.Equal(t, "4000", users(t, s)["town/7"].Extensions[0].Number)
		require.NotContains(t, users(t, s), "town/6", "1 was first")
		require.NotContains(t, users(t, s), "town/8")
		src.set("1", "uid", "1")
		report = run()
		require.Equal(t, []int{1, 1, 0}, []int{report.Created, report.Updated, report.Failed}, "and 6 gets the name that 1 gave up")
		require.NotContains(t, from[1:], Bookmark(""), "all of them incremental")
	}
}

// More failures than the state can hold: the next run reads everything.
func TestManyFailed(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	require.NoError(t, s.Registry.Users.Save(ctx, User{ID: "h", Company: "acme", Domain: "paris", Login: "h", Extensions: []Extension{{Number: "4000"}}}))
	for i := range 100 {
		src.set(fmt.Sprint(i), "ext", "4000", "title", strings.Repeat("x", 1000))
	}
	require.Equal(t, 100, run(t, s).Failed)
	require.Equal(t, 100, run(t, s).Read)
	require.NoError(t, s.Registry.Users.Delete(ctx, "h"))
	require.Equal(t, 1, run(t, s).Created)
}

// Whoever changes what an import asks for wants it for everybody, not only for
// those who change at the source.
func TestChangedImportReadsEverything(t *testing.T) {
	s, src := newTown(t, UpdateOnly, NewMemory())
	src.set("1", "sn", "Lee")
	require.Equal(t, 1, run(t, s).Ignored)
	require.Equal(t, 0, run(t, s).Read)
	require.NoError(t, s.Registry.Imports.Update(ctx, "town", func(i *Import) error { i.Mode = InsertUpdateDelete; return nil }))
	require.Equal(t, 1, run(t, s).Created)
	require.NoError(t, s.Registry.Imports.Update(ctx, "town", func(i *Import) error { i.Mapping[2] = Rule{Field: FieldLastName, Template: "Dr {sn}"}; return nil }))
	require.Equal(t, 1, run(t, s).Updated)
	require.Equal(t, "Dr Lee", users(t, s)["town/1"].LastName)
	require.NoError(t, s.Registry.Imports.Update(ctx, "town", func(i *Import) error { i.Description = "People"; return nil }))
	require.Equal(t, 0, run(t, s).Read, "a description asks for nothing")
}

// Entries that are not stored, without a number, are nothing new to a source that
// lists who has not changed.
func TestOutsidersKeepTheBookmark(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	src.stillOK = true
	var from []Bookmark
	s.Source = spying{src, &from}
	src.set("1")
	src.set("2", "phone", "")
	src.set("3", "sn", "a\x00b")
	for range 3 {
		run(t, s)
		src.dropped = len(src.log) + 1
	}
	src.set("4", "phone", "")
	run(t, s)
	run(t, s)
	require.Equal(t, []Bookmark{"", "3", "3", "3", "4"}, from)
}

// A plan is bounded: a run makes as many as it needs, and removes with the last.
func TestMaxChanges(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	s.MaxChanges = 30
	for i := range 100 {
		src.set(fmt.Sprintf("%03d", i), "ext", fmt.Sprint(1000+i))
	}
	plan, err := s.Plan(ctx)
	require.NoError(t, err)
	require.Len(t, plan.Changes, 30)
	require.Equal(t, 70, plan.Left)
	require.Contains(t, plan.String(), "70 more")
	require.Equal(t, Report{Import: "town", Full: true, Read: 100, Created: 100}, run(t, s))
	for i := range 100 {
		if i < 5 {
			src.drop(fmt.Sprintf("%03d", i))
		} else { // the first ones take names that are given up by the last plan only
			src.set(fmt.Sprintf("%03d", i), "ext", fmt.Sprint(1000+(i+5)%100))
		}
	}
	report := run(t, s)
	require.Equal(t, Report{Import: "town", Read: 95, Updated: 95, Deleted: 5}, report)
	require.Equal(t, Report{Import: "town"}, run(t, s))
}

// What is ignored takes no more room than what changes: beyond, it is only counted.
func TestManyIgnored(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	for i := range maxProblems + 500 {
		src.set(fmt.Sprint(i), "phone", "")
	}
	src.set("x")
	src.set("y")
	s.MaxChanges = 1
	plan, err := s.Plan(ctx)
	require.NoError(t, err)
	require.Len(t, plan.Changes, maxProblems+1)
	require.Equal(t, Unlisted{Ignored: 500}, plan.Unlisted)
	require.Contains(t, plan.String(), "and 500 ignored, 0 failed that are not listed\n")
	require.Equal(t, maxProblems+500, plan.Report().Ignored)
	for i := range 10 {
		src.set(fmt.Sprint("bad", i), "sn", "a\x00b")
	}
	src.set("z")
	report := run(t, s)
	require.Equal(t, []int{3, maxProblems + 500, 10}, []int{report.Created, report.Ignored, report.Failed})
	require.Zero(t, run(t, s).Read, "incremental again")
	s.Registry.Imports.Update(ctx, "town", func(i *Import) error { i.FullEvery = 1; return nil })
	src.set("x", "phone", "") // loses it, and is read after the thousand
	report = run(t, s)
	require.Equal(t, []int{maxProblems + 501, 1, 10, 2}, []int{report.Ignored, report.NumberLost, report.Failed, report.Unchanged})
}

// Entries that fail for good do not keep the others from coming in, and the plans
// of the run stay bounded.
func TestMaxChangesThatFail(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	s.MaxChanges = 3
	for i := range 300 {
		src.set(fmt.Sprintf("%03d", i), "uid", "") // no login
	}
	src.set("x", "ext", "4001")
	most, longest := 0, 0
	s.Progress = func(p Progress) {
		if p.Phase == "compare" {
			most = max(most, p.Of)
		}
	}
	for range 2 {
		report := run(t, s)
		require.Equal(t, []int{300, 0}, []int{report.Failed, report.Left})
		require.LessOrEqual(t, most, maxDoubled*s.MaxChanges, "compared at once")
		require.Contains(t, users(t, s), "town/x")
		longest = max(longest, len(report.Problems))
		for _, p := range report.Problems {
			require.Contains(t, p.Message, "login: missing", "not that it was left out")
		}
	}
	require.Equal(t, 300, longest)
	for i := range 300 {
		src.set(fmt.Sprintf("%03d", i), "uid", fmt.Sprint("u", i))
	}
	report := run(t, s)
	require.Equal(t, []int{300, 0}, []int{report.Created, report.Failed}, "mended at the source")
	require.Zero(t, run(t, s).Read, "and incremental again")
}
