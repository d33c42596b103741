package main

import (
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/dialplan"
	"github.com/ctikit/ctikit/examples/internal/setup"
	"github.com/ctikit/ctikit/internal/testenv"
)

func vectors(t *testing.T, name string) [][]string {
	data, err := os.ReadFile(testenv.Vectors(t, "dialplan", name))
	require.NoError(t, err)
	var rows [][]string
	for _, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")[1:] {
		rows = append(rows, strings.Split(line, "\t"))
	}
	return rows
}

func program(t *testing.T, input string, args ...string) (lines []string, err error) {
	var out strings.Builder
	err = testPlan(args, strings.NewReader(input), &out, &out)
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n"), err
}

func TestOutgoing(t *testing.T) {
	plan := testenv.Vectors(t, "dialplan", "france.json")
	for _, row := range vectors(t, "outgoing.tsv") {
		lines, err := program(t, row[0]+"\n", "-plan", plan)
		require.NoError(t, err)
		columns := strings.Split(lines[0], "\t")
		require.Equal(t, row[0], columns[0])
		if row[1] == "error" {
			require.True(t, strings.HasPrefix(columns[1], "error: "), columns[1])
			continue
		}
		require.Equal(t, row[:4], columns)
	}
}

func TestIncoming(t *testing.T) {
	data, err := os.ReadFile(testenv.Vectors(t, "dialplan", "france.json"))
	require.NoError(t, err)
	config, err := dialplan.ParseConfig(data)
	require.NoError(t, err)
	for _, row := range vectors(t, "incoming.tsv") {
		config.Add, config.Remove = row[0], row[1]
		lines, err := program(t, row[2]+"\n", "-plan", write(t, config), "-direction", "in")
		require.NoError(t, err)
		require.Equal(t, row[2:6], strings.Split(lines[0], "\t"))
	}
}

// A line that nobody typed ends the program, and says where it stands.
func TestEndlessLine(t *testing.T) {
	lines, err := program(t, "1889\n"+strings.Repeat("1", 2<<20), "-preset", "FR")
	require.ErrorContains(t, err, "line 2")
	require.Equal(t, []string{"1889\t1889\t\tfalse"}, lines)
}

func write(t *testing.T, config dialplan.Config) string {
	data, err := json.Marshal(config)
	require.NoError(t, err)
	name := filepath.Join(t.TempDir(), "plan.json")
	require.NoError(t, os.WriteFile(name, data, 0o600))
	return name
}

func TestSpaces(t *testing.T) {
	profiles := testenv.Vectors(t, "dialplan", "spaces-profiles.json")
	for _, row := range vectors(t, "spaces.tsv") {
		lines, err := program(t, row[1]+"\n", "-spaces", profiles, "-profile", row[0])
		require.NoError(t, err)
		require.Equal(t, []string{row[1], row[2], row[3]}, strings.Split(lines[0], "\t")[:3])
	}
}

func TestExplain(t *testing.T) {
	lines, err := program(t, "+3912334477\n", "-plan", testenv.Vectors(t, "dialplan", "france.json"), "-explain")
	require.NoError(t, err)
	require.Equal(t, "+3912334477\t0003912334477\tstd+\ttrue", lines[0])
	require.Greater(t, len(lines), 3)
	require.Contains(t, strings.Join(lines, "\n"), `external prefix "0" added`)
}

func TestAnalyse(t *testing.T) {
	_, err := program(t, "", "-plan", testenv.Vectors(t, "dialplan", "france.json"), "-analyse")
	require.NoError(t, err, "warnings are no errors")

	config, _ := dialplan.Preset("FR")
	config.Rules = []dialplan.Rule{{Name: "late", Priority: 90, Pattern: "+331", Value: "1"}}
	lines, err := program(t, "", "-plan", write(t, config), "-analyse")
	require.ErrorIs(t, err, errFindings)
	require.Contains(t, lines[0], "error unreachable late: ")
}

func TestDiff(t *testing.T) {
	config, _ := dialplan.Preset("FR")
	same := write(t, config)
	lines, err := program(t, "+33155172090\n", "-preset", "FR", "-diff", same)
	require.NoError(t, err)
	require.Equal(t, []string{"equivalent: proved for all numbers"}, lines)

	config.ExternalPrefix = "9"
	lines, err = program(t, "+33155172090\n1889\n", "-preset", "FR", "-diff", write(t, config))
	require.ErrorIs(t, err, errDifferent)
	require.Equal(t, "+33155172090\t00155172090\t90155172090", lines[0])
	require.Contains(t, lines[1], "differ: ")

	_, err = program(t, "", "-preset", "FR", "-diff", write(t, config), "-direction", "in")
	require.NoError(t, err)
	config.Remove = "0"
	_, err = program(t, "", "-preset", "FR", "-diff", write(t, config), "-direction", "in")
	require.ErrorIs(t, err, errDifferent)
}

func TestArguments(t *testing.T) {
	for _, args := range [][]string{
		{}, {"-plan", "a", "-preset", "FR"}, {"-preset", "FR", "-direction", "up"}, {"-preset", "FR", "0155172090"},
		{"-spaces", "x", "-analyse"}, {"-nothing"}, {"-preset", "Atlantis"}, {"-preset", "FR", "-profile", "US"}, {"-spaces", "x"},
		{"-preset", "FR", "-analyse", "-diff", "x"}, {"-preset", "FR", "-analyse", "-explain"}, {"-preset", "FR", "-diff", "x", "-explain"},
		{"-preset", "FR", "-analyse", "-direction", "in"}, {"-spaces", testenv.Vectors(t, "dialplan", "spaces-profiles.json"), "-profile", "XX"},
	} {
		_, err := program(t, "", args...)
		var usage setup.Mistake
		require.ErrorAs(t, err, &usage, "%q", args)
	}
	_, err := program(t, "", "-spaces", testenv.Vectors(t, "dialplan", "spaces-profiles.json"), "-profile", "XX")
	require.ErrorContains(t, err, "CH, FR, UK")
	help, err := program(t, "", "-help")
	require.ErrorIs(t, err, flag.ErrHelp)
	require.Zero(t, setup.Exit("dialplan", err, io.Discard))
	require.Contains(t, strings.Join(help, "\n"), "-analyse")
	name := filepath.Join(t.TempDir(), "plan.json")
	require.NoError(t, os.WriteFile(name, []byte(`{"InternalLength": "four", "Rules": [{"Pattern": "x"}]}`), 0o600))
	_, err = program(t, "", "-plan", name)
	var mistakes ctikit.Problems
	require.ErrorAs(t, err, &mistakes)
	require.Len(t, mistakes, 2)
	require.Equal(t, 2, setup.Exit("dialplan", err, io.Discard))
	require.Equal(t, 1, setup.Exit("dialplan", errDifferent, io.Discard))
}
