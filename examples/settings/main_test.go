package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit/examples/internal/setup"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/provisioning"
	"github.com/ctikit/ctikit/provisioning/ipoffice"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func call(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out strings.Builder
	err := runCommands(args, &out, io.Discard)
	return out.String(), err
}

// site writes both files of a system to a folder and returns their names.
func site(t *testing.T) (file, specials string) {
	t.Helper()
	cfg := ipoffice.Defaults()
	cfg.Release, cfg.System.IP500V2 = provisioning.NewVersion(11, 1, 3), true
	cfg.Address, cfg.Country, cfg.Language = "192.0.2.7", "France", "fr_FR"
	cfg.Client.ConferenceName = "Conférence"
	cfg.SourceNumbers = []string{`SET_CDNL="15","17","18","112"`}
	cfg.Specials = &ipoffice.Specials{Groups: map[int][]ipoffice.Setting{2: {{Name: "DSCPAUD", Value: "40"}}}}
	dir := t.TempDir()
	file, specials = filepath.Join(dir, ipoffice.SettingsFile), filepath.Join(dir, ipoffice.SpecialsFile)
	text, err := cfg.Settings(ipoffice.Requester{})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, text, 0o600))
	text, err = cfg.SpecialsText()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(specials, text, 0o600))
	return file, specials
}

func TestEvalExplainLintFormat(t *testing.T) {
	file, specials := site(t)
	out, err := call(t, "eval", file, "-var", "MODEL4=acw", "-var", "GROUP=2")
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.IsNonDecreasing(t, lines, "sorted by name")
	require.Contains(t, lines, "COUNTRY\tFrance\t27")
	require.Contains(t, lines, "CELLULAR_DIRECT_NUMBER_LIST\t\"15\",\"17\",\"18\",\"112\"\t108")
	require.Contains(t, lines, "DSCPAUD\t40\t46xxspecials.txt:52")
	require.Contains(t, lines, "IPO_ADHOC_CONFERENCE_NAME\tConférence\t101")

	out, err = call(t, "explain", file, "-var", "MODEL4=acw", "-var", "GROUP=2", "DSCPAUD")
	require.NoError(t, err)
	require.Contains(t, out, "DSCPAUD = 40\n  set at 46xxspecials.txt:52:1\n  overrides DSCPAUD = 46 at 46xxsettings.txt:21:1\n")

	out, err = call(t, "lint", file)
	require.NoError(t, err, "our own file has no errors")
	require.NotContains(t, out, "unknown-parameter: ENABLE")
	_, err = call(t, "lint", specials)
	require.NoError(t, err)

	out, err = call(t, "fmt", file)
	require.NoError(t, err)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(text), out, "our own file is in form already")
}

func TestEvalRepeatable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.txt")
	require.NoError(t, os.WriteFile(path, []byte("SET PHONEKEY \"Key=1;Type=line\"\nSET A 1\nSET A 2\nSET PHONEKEY \"Key=2;Type=feature\"\n"), 0o600))
	out, err := call(t, "eval", path)
	require.NoError(t, err)
	require.Equal(t, "A\t2\t3\nPHONEKEY\tKey=1;Type=line\t1\nPHONEKEY\tKey=2;Type=feature\t4\n", out)
}

func TestRealFiles(t *testing.T) {
	ipo := testenv.Vectors(t, "settings", "ipoffice-11.0.4.0.txt")
	out, err := call(t, "matrix", ipo)
	require.NoError(t, err)
	rows := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	require.Len(t, strings.Split(rows[0], "\t"), 1+22+1, "22 models and the others")
	for _, row := range rows {
		require.Equal(t, strings.Count(rows[0], "\t"), strings.Count(row, "\t"))
	}
	out, err = call(t, "lint", ipo, "-template", testenv.Vectors(t, "settings", "vendor-template-2022-07-22.txt"), "-http")
	require.ErrorContains(t, err, "ipoffice-11.0.4.0.txt has errors")
	require.Contains(t, out, ipo+":254:5: value-on-next-line: ", "the path as it was given, for editors to follow")
}

func TestMerge(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	base, next := write("base", "## SET A 1\n## SET B 1\n"), write("next", "## SET A 2\n## SET B 1\n")
	out, err := call(t, "merge", base, next, write("local", "## SET A 1\nSET B 5\n"))
	require.NoError(t, err)
	require.Equal(t, "## SET A 2\nSET B 5\n", out)
	out, err = call(t, "merge", base, next, write("clash", "SET A 5\n## SET B 1\n"))
	require.EqualError(t, err, "clash:1:1: the vendor and the site changed the same line: SET A")
	require.Equal(t, "SET A 5\n## SET B 1\n", out)
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"dance"}, {"eval"}, {"eval", "a", "b"}, {"explain", "a"}, {"eval", "a", "-var", "x"}, {"fmt"}, {"lint"}, {"merge", "a"}, {"matrix"}, {"fmt", "-no"}, {"lint", "-by", "GROUP", "a"}} {
		_, err := call(t, args...)
		var usage setup.Mistake
		require.True(t, errors.As(err, &usage), "%v: %v", args, err)
	}
	_, err := call(t, "eval", "no-such-file")
	require.ErrorIs(t, err, os.ErrNotExist)
	for args, want := range map[string]string{"-h": "settings merge BASE NEW LOCAL", "lint -h": "-template file"} {
		var help strings.Builder
		err := runCommands(strings.Fields(args), io.Discard, &help)
		require.Zero(t, setup.Exit("settings", err, io.Discard))
		require.Contains(t, help.String(), want)
	}
}
