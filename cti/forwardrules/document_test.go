package forwardrules

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

const twoLines = `{
	"4001": [
		{"name": "evening", "priority": 0, "type": "immediate", "origin": "external", "to": "+33612345678",
		 "calendar": {"zone": "Europe/Paris", "weekly": [{"days": [1, 2, 3, 4, 5], "from": "18:00", "to": "08:00"}], "except": ["2026-12-24"]}},
		{"name": "boss", "priority": 1, "type": "no answer", "origin": "all", "callers": ["4000", "withheld"], "to": "4002", "rings": 5}
	],
	"4002": [{"name": "busy", "priority": 0, "type": "busy", "origin": "all", "to": "4003"}]
}`

func idle(t testing.TB) *Manager {
	gw, err := gateway.New(gateway.Config{Company: "ACME"})
	require.NoError(t, err)
	return New(gw, Options{})
}

func TestParse(t *testing.T) {
	rules, err := Parse([]byte(twoLines))
	require.NoError(t, err)
	require.Equal(t, Rule{Name: "boss", Priority: 1, Type: cti.ForwardNoAnswer, Callers: []string{"4000", "withheld"}, To: "4002", Rings: 5}, rules["4001"][1])
	text, err := json.Marshal(rules)
	require.NoError(t, err)
	require.JSONEq(t, twoLines, string(text))
}

func TestParseNamesEveryMistake(t *testing.T) {
	_, err := Parse([]byte(`{"4001": [{"name": "a", "type": "sometimes", "origin": "mars", "to": "4001", "callers": ["x"],
		"calendar": {"zone": "Mars", "from": "yesterday", "weekly": [{"days": [], "from": "8", "to": "25:00"}], "except": ["x"]}}], "": []}`))
	require.ErrorIs(t, err, ctikit.ErrInvalid)
	var e ctikit.Problems
	require.ErrorAs(t, err, &e)
	var paths []string
	for _, p := range e {
		paths = append(paths, p.Path)
	}
	require.Subset(t, paths, []string{`[""]`, "4001.rules[0].type", "4001.rules[0].origin", "4001.rules[0].to", "4001.rules[0].callers[0]",
		"4001.rules[0].calendar.zone", "4001.rules[0].calendar.from", "4001.rules[0].calendar.weekly[0].days",
		"4001.rules[0].calendar.weekly[0].from", "4001.rules[0].calendar.weekly[0].to", "4001.rules[0].calendar.except[0]"})
	require.Contains(t, err.Error(), "4001.rules[0].to: 4001 cannot forward to itself\n")
	for _, bad := range []string{"", "[]", `{"1": [{"color": 1}]}`, `{} {}`, `{"1": [{"priority": "high"}]}`} {
		_, err := Parse([]byte(bad))
		require.Error(t, err, bad)
	}
}

func TestSection(t *testing.T) {
	m := idle(t)
	require.NoError(t, m.SetRules("9", []Rule{{Name: "old", To: "8"}}))
	kept := errors.New("disk full")
	s := m.Section(func(_ context.Context, rules map[cti.DeviceID][]Rule) error {
		require.Len(t, rules, 2)
		return kept
	})
	n, err := s.Import(t.Context(), ctikit.Import{Data: []byte(twoLines), DryRun: true})
	require.NoError(t, err)
	require.Equal(t, 3, n)
	_, err = s.Import(t.Context(), ctikit.Import{Data: []byte(twoLines)})
	require.ErrorIs(t, err, kept)
	_, err = s.Import(t.Context(), ctikit.Import{Data: []byte(`{"1": [{}]}`)})
	require.Error(t, err)
	require.Len(t, m.Rules("9"), 1, "nothing changed")
	kept = nil
	_, err = s.Import(t.Context(), ctikit.Import{Data: []byte(twoLines)})
	require.NoError(t, err)
	require.Empty(t, m.Rules("9"))
	data, items, err := s.Export(t.Context())
	require.NoError(t, err)
	require.Equal(t, 3, items)
	require.JSONEq(t, twoLines, string(data))
}

// FuzzParse: what is accepted comes back the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(twoLines))
	f.Fuzz(func(t *testing.T, data []byte) {
		rules, err := Parse(data)
		if err != nil {
			return
		}
		text, err := json.Marshal(rules)
		require.NoError(t, err)
		again, err := Parse(text)
		require.NoError(t, err)
		back, err := json.Marshal(again)
		require.NoError(t, err)
		require.JSONEq(t, string(text), string(back))
	})
}
