package dialplan_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/dialplan"
	"github.com/ctikit/ctikit/internal/testenv"
)

// vectorRows reads a table of the test vectors: tab-separated, # for the heading.
func vectorRows(t testing.TB, name string, columns int) (rows [][]string) {
	t.Helper()
	data, err := os.ReadFile(testenv.Vectors(t, "dialplan", name))
	require.NoError(t, err)
	for i, line := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		if i == 0 || line == "" {
			continue // heading; "#" alone is an input, so it cannot mark comments
		}
		row := strings.Split(line, "\t")
		require.GreaterOrEqual(t, len(row), columns, "%s line %d", name, i+1)
		rows = append(rows, row)
	}
	require.NotEmpty(t, rows)
	return rows
}

func france(t testing.TB) *dialplan.Plan {
	t.Helper()
	data, err := os.ReadFile(testenv.Vectors(t, "dialplan", "france.json"))
	require.NoError(t, err)
	plan, err := dialplan.Parse(data)
	require.NoError(t, err)
	return plan
}

func TestOutgoingVectors(t *testing.T) {
	plan := france(t)
	for _, row := range vectorRows(t, "outgoing.tsv", 4) {
		got, err := plan.Outgoing(row[0])
		if row[1] == "error" {
			require.ErrorIs(t, err, dialplan.ErrEmpty, "%q", row[0])
			continue
		}
		require.NoError(t, err, "%q", row[0])
		require.Equal(t, row[1], got, "%q", row[0])
	}
}

func TestIncomingVectors(t *testing.T) {
	config := france(t).Config()
	for _, row := range vectorRows(t, "incoming.tsv", 6) {
		config.Add, config.Remove = row[0], row[1]
		plan, err := dialplan.New(config)
		require.NoError(t, err)
		caller := plan.Identify(row[2])
		require.Equal(t, row[3], caller.Lookup, "%q", row)
		require.Equal(t, row[4], caller.Kind.String(), "%q", row)
		require.Equal(t, row[5], caller.E164, "%q", row)
		same, steps := plan.ExplainIncoming(row[2])
		require.Equal(t, caller, same)
		if caller.Kind == dialplan.External {
			require.Contains(t, steps, "look up "+row[3])
		}
		require.NotEmpty(t, steps)
		lookup, e164, internal := plan.Incoming(row[2])
		require.Equal(t, []any{row[3], row[5], row[4] == "internal"}, []any{lookup, e164, internal}, "%q", row)
	}
}

func TestExplainVectors(t *testing.T) {
	plan := france(t)
	for _, row := range vectorRows(t, "outgoing.tsv", 4) {
		e := plan.Explain(row[0])
		if row[1] == "error" {
			require.ErrorIs(t, e.Err, dialplan.ErrEmpty, "%q", row[0])
			continue
		}
		require.NoError(t, e.Err)
		require.Equal(t, row[1], e.Result, "%q", row[0])
		require.Equal(t, row[2], e.Rule, "%q", row[0])
		require.Equal(t, row[3], strconv.FormatBool(e.ExternalPrefix), "%q", row[0])
		require.Equal(t, "result "+row[1], e.Steps[len(e.Steps)-1])
	}
}

func TestSpacesVectors(t *testing.T) {
	data, err := os.ReadFile(testenv.Vectors(t, "dialplan", "spaces-profiles.json"))
	require.NoError(t, err)
	profiles, err := dialplan.ParseSpaces(data)
	require.NoError(t, err)
	for _, row := range vectorRows(t, "spaces.tsv", 4) {
		profile := profiles[row[0]]
		require.NotNil(t, profile, row[0])
		e := profile.Explain(row[1])
		require.NoError(t, e.Err)
		require.Equal(t, row[2], e.Result, "%q", row)
		require.Equal(t, dialplan.SpacesClass(row[3]), e.Class, "%q", row)
	}
}
