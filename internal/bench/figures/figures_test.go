package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBenchmarksExist: a figure whose benchmark was renamed would never be measured again.
func TestBenchmarksExist(t *testing.T) {
	for _, f := range figures {
		files, err := filepath.Glob(filepath.Join("../../..", f.in, "*_test.go"))
		require.NoError(t, err)
		var source strings.Builder
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			source.Write(text)
		}
		for _, name := range []string{f.ours, f.peer} {
			if first, _, _ := strings.Cut(name, "/"); first != "" {
				require.Regexp(t, regexp.MustCompile(`func Benchmark`+first+`\(`), source.String(), "%s: %s", f.in, f.name)
			}
		}
		require.Equal(t, f.kind == faster || f.kind == within, f.peer != "", "%s: only a ratio has a peer", f.name)
	}
}

func TestJudge(t *testing.T) {
	s := samples{}
	for line := range strings.Lines(`goos: linux
BenchmarkX/ours-2   	 1000	 110.0 ns/op	 0 B/op	 1 allocs/op
BenchmarkX/ours-2   	 1000	 100.0 ns/op	 0 B/op	 1 allocs/op
BenchmarkX/peer     	 1000	 1500 ns/op	 7.5 of-map
BenchmarkX/ours-2   	 1000	 2.8 of-walk
BenchmarkX/ours-2   	 1000	 2.2 of-walk
BenchmarkX/ours-2   	 1000	 2.5 of-walk
PASS
`) {
		s.read("p", line)
	}
	for _, test := range []struct {
		kind                kind
		unit                string
		want                float64
		wanted              string
		measured            float64
		kept, gated, passes bool
	}{
		{faster, "", 10, "≥ 10×", 15, true, true, true},
		{faster, "", 20, "≥ 20×", 15, false, true, true},
		{faster, "", 40, "≥ 40×", 15, false, true, false},
		{within, "", 0.1, "≤ 0.1×", 1. / 15, true, true, true},
		{within, "", 0.01, "≤ 0.01×", 1. / 15, false, true, false},
		{below, "", 200, "≤ 200 ns", 100, true, false, true},
		{below, "", 50, "≤ 50 ns", 100, false, false, true},
		{below, "allocs/op", 1, "≤ 1 allocations", 1, true, true, true},
		{below, "allocs/op", 0, "≤ 0 allocations", 1, false, true, false},
		{below, "of-walk", 3, "≤ 3× a walk", 2.5, true, true, true},
		{below, "of-walk", 2.4, "≤ 2.4× a walk", 2.5, false, true, true},
		{below, "of-walk", 1, "≤ 1× a walk", 2.5, false, true, false},
		{above, "", 50, "≥ 50 ns", 110, true, false, true},
	} {
		f := figure{in: "p", ours: "X/ours", kind: test.kind, unit: test.unit, want: test.want}
		if test.kind == faster || test.kind == within {
			f.peer = "X/peer"
		}
		r := judge(f, s)
		require.Empty(t, r.Error)
		require.InDelta(t, test.measured, r.Measured, 1e-9, "%+v", test)
		require.Equal(t, test.wanted, r.Wanted)
		require.Equal(t, [3]bool{test.kept, test.gated, test.passes}, [3]bool{r.Kept, r.Gated, r.Passes}, "%+v", test)
		require.Equal(t, test.passes, verdict([]result{r}, true) == nil)
		require.NoError(t, verdict([]result{r}, false))
	}
	missing := judge(figure{in: "p", ours: "X/gone"}, s)
	require.Error(t, verdict([]result{missing}, false), "what was not measured is no success")
}

// TestWrite: the pages have a place for the tables, and what is beside it stays.
func TestWrite(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "docs"), 0o755))
	for _, page := range []string{"README.md", "docs/figures.md"} {
		text, err := os.ReadFile(filepath.Join("../../..", page))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(root, page), text, 0o644))
	}
	require.NoError(t, write(root, []result{
		{Figure: "a time", Wanted: "≤ 2 ms", Measured: 3e6, Unit: "ns/op"},
		{Figure: "a ratio", Wanted: "≥ 12×", Measured: 15, Unit: "×", Ours: 100, Peer: 1500, Kept: true},
	}))
	for page, want := range map[string]string{
		"README.md":       "| a ratio | ≥ 12× | 15× | 100 ns | 1.5 µs |\n",
		"docs/figures.md": "| a time | ≤ 2 ms | 3 ms (missed) |  |  |\n| a ratio |",
	} {
		text, err := os.ReadFile(filepath.Join(root, page))
		require.NoError(t, err)
		before, rest, _ := strings.Cut(string(text), begin)
		require.Contains(t, rest, want)
		require.True(t, strings.HasPrefix(before, "# "), page)
	}
	require.ErrorContains(t, replace(filepath.Join(root, "docs"), ""), "docs")
}
