package forwardrules

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

func checked(t *testing.T, c Calendar) calendar {
	rules, err := validateRules("1", []Rule{{Name: "r", To: "2", Calendar: c}})
	require.NoError(t, err)
	return rules[0].calendar
}

func TestCalendar(t *testing.T) {
	evening := Calendar{Zone: "Europe/Paris", Weekly: []Period{{Days: WorkDays(), From: At(18, 0), To: At(8, 0)}},
		From: Date{2026, 3, 2}, Until: Date{2026, 3, 12}, Except: []Date{{2026, 3, 4}}}
	for at, want := range map[string]bool{
		"2026-03-02T17:59:59+01:00": false, // Monday
		"2026-03-02T18:00:00+01:00": true,
		"2026-03-02T17:00:00Z":      true, // the same in UTC
		"2026-03-03T07:59:59+01:00": true,
		"2026-03-03T08:00:00+01:00": false,
		"2026-03-04T07:00:00+01:00": true,  // began the day before
		"2026-03-04T19:00:00+01:00": false, // excepted
		"2026-03-05T07:00:00+01:00": false, // would have begun then
		"2026-03-07T07:00:00+01:00": true,  // Saturday morning, began on Friday
		"2026-03-07T19:00:00+01:00": false,
		"2026-03-02T07:00:00+01:00": false, // before the first day
		"2026-03-13T07:00:00+01:00": true,  // after the last, begun on it
		"2026-03-13T19:00:00+01:00": false,
	} {
		moment, err := time.Parse(time.RFC3339, at)
		require.NoError(t, err)
		c := checked(t, evening)
		require.Equal(t, want, c.isActive(moment), at)
	}
	always := checked(t, Calendar{})
	require.True(t, always.isActive(time.Now()))
}

// TestNextIsNeverLate walks through random calendars minute by minute, also
// where clocks are put forward and back.
func TestNextIsNeverLate(t *testing.T) {
	r := testenv.Rand(t)
	for range 60 {
		c := Calendar{Zone: []string{"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", ""}[r.IntN(5)]}
		for range r.IntN(3) {
			c.Weekly = append(c.Weekly, Period{Days: []time.Weekday{time.Weekday(r.IntN(7)), time.Weekday(r.IntN(7))}, From: At(r.IntN(5), r.IntN(60)), To: At(r.IntN(25), 0)})
		}
		if r.IntN(2) == 0 {
			c.Except = []Date{{2026, 3, 29}}
		}
		cal := checked(t, c)
		days := []string{"2026-03-28", "2026-10-24", "2026-03-07", "2026-10-31", "2026-04-04", "2026-10-03", "2018-11-03", "2018-02-17"}
		at, err := time.Parse(time.DateOnly, days[r.IntN(len(days))])
		require.NoError(t, err)
		next, before := cal.nextEdge(at), cal.isActive(at)
		require.True(t, next.After(at))
		for range 3 * 24 * 60 {
			at = at.Add(time.Minute)
			if !at.Before(next) {
				next, before = cal.nextEdge(at), cal.isActive(at)
				require.True(t, next.After(at))
				continue
			}
			require.Equal(t, before, cal.isActive(at), "%+v changes at %v, unannounced", c, at)
		}
	}
}

// TestChange compares with a walk minute by minute.
func TestChange(t *testing.T) {
	r := testenv.Rand(t)
	found := 0
	for range 60 {
		c := Calendar{Zone: []string{"Europe/Paris", "Australia/Lord_Howe", "America/Sao_Paulo", ""}[r.IntN(4)]}
		at := time.Date(2018, time.Month(1+r.IntN(12)), 1+r.IntN(28), r.IntN(24), r.IntN(60), 0, 0, time.UTC)
		day := func() Date { return dateOf(at.AddDate(0, 0, r.IntN(20)-5)) }
		for range r.IntN(3) {
			c.Weekly = append(c.Weekly, Period{Days: []time.Weekday{time.Weekday(r.IntN(7))}, From: At(r.IntN(25), 0), To: At(r.IntN(24), r.IntN(60))})
		}
		for range r.IntN(3) {
			c.Except = append(c.Except, day())
		}
		if r.IntN(3) == 0 {
			c.From = day()
		}
		if until := day(); r.IntN(3) == 0 && !until.precedes(c.From) {
			c.Until = until
		}
		cal := checked(t, c)
		next, changes := cal.nextChange(at)
		before := cal.isActive(at)
		limit := at.AddDate(0, 0, 30)
		for walk := at; walk.Before(limit); walk = walk.Add(time.Minute) {
			if cal.isActive(walk) != before {
				require.True(t, changes, "%+v changes at %v", c, walk)
				require.True(t, next.Equal(walk), "%+v from %v changes at %v, not %v", c, at, walk, next)
				found++
				limit = at
			}
		}
		if limit.After(at) && changes {
			require.True(t, !next.Before(limit), "%+v does not change at %v", c, next)
		}
	}
	require.Greater(t, found, 20)

	far := checked(t, Calendar{From: Date{2400, 2, 29}})
	next, changes := far.nextChange(noon)
	require.True(t, changes)
	require.Equal(t, "2400-02-29T00:00:00Z", next.Format(time.RFC3339))
	_, changes = far.nextChange(next)
	require.False(t, changes)
}

func TestRulesSayEveryMistake(t *testing.T) {
	_, err := validateRules("4001", []Rule{
		{Name: "a", To: "4001", Type: 9, Origin: 9},
		{Name: "a", Calendar: Calendar{Zone: "Mars", Weekly: []Period{{}, {Days: []time.Weekday{7}, From: -1, To: 2000}}, From: Date{2026, 2, 1}, Until: Date{2026, 1, 1}}},
		{To: "1", Rings: -1, Callers: []string{"06*", "", "abc", "1+2", strings.Repeat("9", 100)}, Calendar: Calendar{Except: []Date{{}}}},
	})
	require.ErrorIs(t, err, ctikit.ErrInvalid)
	var e ctikit.Problems
	require.ErrorAs(t, err, &e)
	var paths []string
	for _, p := range e {
		rest, ours := strings.CutPrefix(p.Path, "4001.")
		require.True(t, ours, p.Path)
		paths = append(paths, rest)
	}
	require.ElementsMatch(t, []string{"rules[0].type", "rules[0].origin", "rules[0].to", "rules[1].name", "rules[1].to",
		"rules[1].calendar.zone", "rules[1].calendar.weekly[0].days", "rules[1].calendar.weekly[1].days", "rules[1].calendar.weekly[1].from",
		"rules[1].calendar.weekly[1].to", "rules[1].calendar.until", "rules[2].name",
		"rules[2].rings", "rules[2].callers[1]", "rules[2].callers[2]", "rules[2].callers[3]", "rules[2].callers[4]", "rules[2].calendar.except[0]"}, paths)
	_, err = validateRules("1", make([]Rule, maxRules+1))
	require.ErrorContains(t, err, "1.rules: must be at most 1000, got 1001")
	_, err = validateRules("1", []Rule{{Name: "a", To: "2", Callers: make([]string, maxRules+1)}})
	require.ErrorContains(t, err, "1.rules[0].callers: must be at most 1000, got 1001")
	require.Contains(t, "\n"+e.Error(), "\n4001.rules[0].type: unknown forward type 9\n")
}

func TestJSON(t *testing.T) {
	rules := []Rule{{Name: "a", Priority: 2, Type: cti.ForwardBusy, Origin: cti.ExternalCalls, To: "1", Calendar: Calendar{
		Zone: "Europe/Paris", Weekly: []Period{{Days: WorkDays(), From: At(18, 30), To: At(24, 0)}}, From: Date{2026, 1, 2}, Except: []Date{{2026, 12, 25}}}}, {Name: "b", To: "2"}}
	text, err := json.Marshal(rules)
	require.NoError(t, err)
	require.Contains(t, string(text), `"from":"18:30","to":"24:00"`)
	require.Contains(t, string(text), `"except":["2026-12-25"]`)
	var back []Rule
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, rules, back)
	for _, bad := range []string{`{"from":"25:00"}`, `{"from":"1"}`, `{"from":"10:60"}`, `{"from":"24:01"}`, `{"from":"10:00x"}`} {
		require.Error(t, json.Unmarshal([]byte(bad), new(Period)), bad)
	}
	require.Error(t, json.Unmarshal([]byte(`{"from":"2026-13-01"}`), new(Calendar)))
	require.True(t, slices.IsSorted(WorkDays()))
}

// FuzzTimes reads times and dates; what is accepted is written as it was read.
func FuzzTimes(f *testing.F) {
	for _, s := range []string{"00:00", "24:00", "-1:30", "1:05", "23:60", "2026-02-29", "2024-02-29", "", "0000-00-00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var c Clock
		if c.UnmarshalText([]byte(s)) == nil {
			require.Equal(t, s, c.String())
			require.True(t, c >= 0 && c <= endOfDay)
		}
		var d Date
		if d.UnmarshalText([]byte(s)) == nil {
			text, err := d.MarshalText()
			require.NoError(t, err)
			require.Equal(t, s, string(text))
		}
	})
}
