package planning

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

// bruteForce tries every assignment and returns how many extensions the best places.
func bruteForce(x *index, rows []int, free []int) int {
	if len(rows) == 0 {
		return 0
	}
	best := bruteForce(x, rows[1:], free)
	for link := range free {
		if free[link] > 0 && x.canSupervise(rows[0], link) {
			free[link]--
			best = max(best, 1+bruteForce(x, rows[1:], free))
			free[link]++
		}
	}
	return best
}

// small returns a table of at most three links and six extensions.
func small(r *rand.Rand) *Table {
	t := &Table{ReserveExplicit: r.IntN(2) == 0}
	names := []string{"a", "b", "c"}[:1+r.IntN(3)]
	for i, name := range names {
		t.Links = append(t.Links, Link{Name: name, Site: cti.Location{Site: i + 1, Cluster: 1}, Capacity: 1 + r.IntN(3)})
	}
	for site := range 3 {
		row := Row{Pattern: cti.Pattern{Site: site + 1, Cluster: cti.Any}, Planned: map[string]int{}, Implicit: r.IntN(3)}
		for _, name := range names {
			if r.IntN(3) == 0 {
				row.Planned[name] = 0
			}
		}
		t.Rows = append(t.Rows, row)
	}
	for _, between := range [][2]int{{1, 2}, {1, 3}, {2, 3}} {
		if r.IntN(3) == 0 {
			t.Paths = append(t.Paths, Path{Between: between, Unreachable: true})
		}
	}
	return t
}

// TestAgainstBruteForce holds the perfect assignment to a search of all, and
// planning to its word: where the rules leave out somebody who could be placed,
// it says so and names changes; and these help.
func TestAgainstBruteForce(t *testing.T) {
	r := testenv.Rand(t)
	short, advised, healed := 0, 0, 0
	for range 3000 {
		table := small(r)
		x := table.buildIndex()
		var rows, free []int
		for i := range table.Rows {
			for range table.Rows[i].countExtensions() {
				rows = append(rows, i)
			}
		}
		for _, l := range table.Links {
			free = append(free, l.Capacity)
		}
		best := len(rows) - bruteForce(x, rows, free)
		require.Equal(t, best, len(rows)-x.countPlaceable(), "%+v", table)

		a, err := table.Allocate()
		require.NoError(t, err)
		require.GreaterOrEqual(t, a.Unsupervised, best)
		if !table.ReserveExplicit && len(table.Paths) == 0 {
			require.Equal(t, best, a.Unsupervised, "without restrictions the rules are perfect: %+v", table)
		}
		told := false
		for _, f := range table.Check() {
			told = told || f.Code == NotPerfect
		}
		require.Equal(t, a.Unsupervised > best, told, "%+v", table)
		if !told {
			continue
		}
		short++
		better, changes, left := x.improveLists(a.Unsupervised, best)
		if !better {
			continue
		}
		advised++
		require.NotEmpty(t, changes)
		require.Less(t, left, a.Unsupervised)
		if left == best {
			healed++
		}
	}
	require.NotZero(t, short, "no case where the rules fall short was tried")
	require.Greater(t, advised*100, short*95, "changes that help were found in %d of %d cases", advised, short)
	require.Greater(t, healed*100, short*90)
	t.Logf("the rules fell short %d times; changes of lists help %d times, fully %d times", short, advised, healed)
}

func TestAdvice(t *testing.T) {
	table := &Table{
		Links: []Link{
			{Name: "a", Site: cti.Location{Site: 1, Cluster: 1}, Capacity: 10},
			{Name: "b", Site: cti.Location{Site: 2, Cluster: 1}, Capacity: 10},
		},
		Rows: []Row{
			{Pattern: cti.Pattern{Site: 1, Cluster: cti.Any}, Planned: map[string]int{"a": 12}},
			{Pattern: cti.Pattern{Site: 2, Cluster: cti.Any}, Planned: map[string]int{"b": 5}},
		},
		ReserveExplicit: true,
	}
	fs := table.Check()
	last := fs[len(fs)-1]
	require.Equal(t, NotPerfect, last.Code)
	require.Equal(t, `2 extensions that could be placed stay unsupervised; it would help to put 1.* on the list of link "b", and to put 2.* on the list of link "a": then 0 stay unsupervised`, last.Message)
}
