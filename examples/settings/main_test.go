package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit/examples/internal/setup"
	"github.com/ctikit/ctikit/internal/testenv"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func call(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out strings.Builder
	err := run(context.Background(), args, &out, io.Discard)
	return out.String(), err
}

// site writes both generated files to a folder and returns their names.
func site(t *testing.T) (file, specials string) {
	t.Helper()
	dir := t.TempDir()
	file, specials = filepath.Join(dir, "46xxsettings.txt"), filepath.Join(dir, "46xxspecials.txt")
	text, err := call(t, "generate", "-config", "site.json")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	text, err = call(t, "generate", "-config", "site.json", "-specials")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(specials, []byte(text), 0o600))
	return file, specials
}

func TestGenerateAndEval(t *testing.T) {
	file, specials := site(t)
	out, err := call(t, "eval", file, "-var", "MODEL4=acw", "-var", "GROUP=2")
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.IsNonDecreasing(t, lines, "sorted by name")
	require.Contains(t, lines, "COUNTRY\tFrance\t27")
	require.Contains(t, lines, "CELLULAR_DIRECT_NUMBER_LIST\t\"15\",\"17\",\"18\",\"112\"\t108")
	require.Contains(t, lines, "DSCPAUD\t40\t46xxspecials.txt:53")
	require.Contains(t, lines, "IPO_ADHOC_CONFERENCE_NAME\tConférence\t101")

	out, err = call(t, "explain", file, "-var", "MODEL4=acw", "-var", "GROUP=2", "DSCPAUD")
	require.NoError(t, err)
	require.Contains(t, out, "DSCPAUD = 40\n  set at 46xxspecials.txt:53:1\n  overrides DSCPAUD = 46 at 46xxsettings.txt:21:1\n")

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
	require.ErrorContains(t, err, "ipoffice-11.0.4.0.txt: ")
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

// A link in the folder of static files leads nowhere outside it.
func TestServeKeepsToItsFolder(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "outside.txt")
	require.NoError(t, os.WriteFile(outside, []byte("secret"), 0o600))
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "link.txt")))
	url := serving(t, "-static", dir)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := client.Get(strings.Replace(url, "46xxsettings.txt", "link.txt", 1))
	require.NoError(t, err)
	text, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.NoError(t, r.Body.Close())
	require.NotEqual(t, http.StatusOK, r.StatusCode)
	require.NotContains(t, string(text), "secret")
}

// serving runs the command until the test ends and returns what it printed.
func serving(t *testing.T, args ...string) (url string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	read, write := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, append([]string{"serve", "-config", "site.json", "-listen", "127.0.0.1:0"}, args...), write, io.Discard)
	}()
	url, err := bufio.NewReader(read).ReadString('\n')
	require.NoError(t, err)
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-done)
	})
	return strings.TrimSpace(url)
}

func TestServe(t *testing.T) {
	url := serving(t, "-static", t.TempDir())
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := client.Get(url)
	require.NoError(t, err)
	text, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.NoError(t, r.Body.Close())
	want, err := call(t, "generate", "-config", "site.json")
	require.NoError(t, err)
	require.Equal(t, want, string(text))
	_, err = call(t, "serve", "-config", "site.json", "-static", filepath.Join(t.TempDir(), "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"dance"}, {"eval"}, {"eval", "a", "b"}, {"explain", "a"}, {"eval", "a", "-var", "x"}, {"fmt"}, {"lint"}, {"merge", "a"}, {"matrix"}, {"generate"}, {"serve"}, {"fmt", "-no"}} {
		_, err := call(t, args...)
		var usage setup.Mistake
		require.True(t, errors.As(err, &usage), "%v: %v", args, err)
		require.Contains(t, err.Error(), "settings")
	}
	_, err := call(t, "eval", "no-such-file")
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = call(t, "generate", "-config", "main.go")
	require.Equal(t, 2, setup.Exit("settings", err, io.Discard), "a wrong configuration")
	for _, args := range [][]string{{"-h"}, {"lint", "-h"}} {
		_, err := call(t, args...)
		require.Zero(t, setup.Exit("settings", err, io.Discard))
	}
}
