package forwardrules

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/internal/testenv"
)

// staffed is a manager of a gateway with extensions, not running.
func staffed(t testing.TB, numbers ...cti.DeviceID) *Manager {
	cfg := gateway.Config{Links: []gateway.Link{}}
	for _, n := range numbers {
		cfg.Extensions = append(cfg.Extensions, cti.Extension{Number: n, Protocol: cti.CSTA})
	}
	gw, err := gateway.New(cfg)
	require.NoError(t, err)
	return New(gw, Options{})
}

func TestExplain(t *testing.T) {
	m := staffed(t, "1", "2")
	require.NoError(t, m.SetRules("1", []Rule{
		{Name: "off", Disabled: true, To: "9"},
		{Name: "later", Calendar: Calendar{From: Date{2030, 1, 1}}, To: "9"},
		{Name: "internal", Origin: cti.InternalCalls, To: "2"},
		{Name: "mobiles", Callers: []string{"06*"}, To: "8"},
		{Name: "rest", To: "7"},
		{Name: "never", To: "6"},
		{Name: "busy", Type: cti.ForwardBusy, To: "5"},
	}))
	require.NoError(t, m.SetRules("2", []Rule{{Name: "back", To: "1", Origin: cti.InternalCalls}}))
	verdicts := func(call Call) (out []string) {
		for _, e := range m.Explain("1", call, noon) {
			text := e.Rule + ": " + string(e.Verdict)
			if e.By != "" {
				text += " by " + e.By
			}
			out = append(out, text)
		}
		return out
	}
	require.Equal(t, []string{"off: disabled", "later: not at this time", "internal: for calls of another origin", "mobiles: holds, the call is deflected",
		"rest: outranked by mobiles", "never: outranked by mobiles", "busy: holds, the PBX forwards"}, verdicts(Call{Number: "0612345678"}))
	require.Equal(t, []string{"off: disabled", "later: not at this time", "internal: for calls of another origin", "mobiles: for other callers",
		"rest: holds, the call is deflected", "never: outranked by rest", "busy: holds, the PBX forwards"}, verdicts(Call{Withheld: true}))
	require.Equal(t, []string{"off: disabled", "later: not at this time", "internal: holds, the PBX forwards", "mobiles: for other callers",
		"rest: outranked by internal", "never: outranked by internal", "busy: holds, the PBX forwards"}, verdicts(Call{Number: "2"}))
	back := m.Explain("2", Call{Number: "1"}, noon)
	require.Equal(t, []Explanation{{Rule: "back", To: "1", Verdict: Circles}}, back)
	require.Equal(t, []cti.Forward{{Active: true, Origin: cti.InternalCalls, To: "2"}, {Active: true, Type: cti.ForwardBusy, To: "5"}}, m.Desired("1", noon))
}

// TestNextIsWhenDesiredChanges walks through random rules minute by minute.
func TestNextIsWhenDesiredChanges(t *testing.T) {
	r := testenv.Rand(t)
	for range 15 {
		m := staffed(t, "1", "2", "3")
		for i := range 3 {
			device := cti.DeviceID(fmt.Sprint(i + 1))
			var rules []Rule
			for j := range 1 + r.IntN(3) {
				hour := r.IntN(24)
				rules = append(rules, Rule{Name: fmt.Sprint("r", j), Priority: r.IntN(2), To: fmt.Sprint(1 + (i+1+r.IntN(2))%3),
					Origin: cti.Origin(r.IntN(3)), Calendar: Calendar{Zone: "Europe/Paris", Weekly: []Period{
						{Days: []time.Weekday{time.Saturday, time.Sunday}, From: At(hour, r.IntN(60)), To: At((hour+r.IntN(12))%24, r.IntN(60))}}}})
			}
			require.NoError(t, m.SetRules(device, rules))
		}
		at := time.Date(2026, 3, 28, r.IntN(24), 0, 0, 0, time.UTC) // clocks go forward in the night
		next, before := m.Next("1", at), m.Desired("1", at)
		require.True(t, next.IsZero() || next.After(at))
		for walk := at; walk.Before(at.Add(48 * time.Hour)); walk = walk.Add(time.Minute) {
			if !next.IsZero() && !walk.Before(next) {
				require.NotEqual(t, before, m.Desired("1", next))
				break
			}
			require.Equal(t, before, m.Desired("1", walk), "at %v, next %v", walk, next)
		}
	}
	m := staffed(t, "1")
	require.NoError(t, m.SetRules("1", []Rule{{Name: "a", To: "2"}, {Name: "hidden", Priority: 1, To: "3", Calendar: Calendar{Weekly: []Period{{Days: WorkDays(), To: At(9, 0)}}}}}))
	require.Zero(t, m.Next("1", noon), "the rule that changes is outranked all the time")
}
