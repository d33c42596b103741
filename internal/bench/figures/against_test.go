package main

import (
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMatchBenchmarks(t *testing.T) {
	list := func(names string) (out []benchmark) {
		for name := range strings.FieldsSeq(names) {
			i := strings.LastIndexByte(name, '.')
			out = append(out, benchmark{name[:i], name[i+1:]})
		}
		return out
	}
	for _, test := range []struct{ name, old, new, renamed, pairs, gone, added string }{
		{"same folder", "a.X b.X", "b.X a.X", "", "a.X=a.X b.X=b.X", "", ""},
		{"a package has moved", "a.X a.Y b.Y", "a/c.X a/c.Y b.Y", "", "a.X=a/c.X a.Y=a/c.Y b.Y=b.Y", "", ""},
		{"two of a name have moved", "a.X b.X", "c.X d.X", "", "", "a.X b.X", "c.X d.X"},
		{"one is split into two", "a.X", "c.X d.X", "", "", "a.X", "c.X d.X"},
		{"the folders are given", "a.X b.X", "c.X d.X", "a=c,b=d", "a.X=c.X b.X=d.X", "", ""},
		{"the benchmark is given", "a.X a.Y", "c.Z c.Y", "a.X=c.Z", "a.Y=c.Y a.X=c.Z", "", ""},
		{"gone and new", "a.X", "a.Y", "", "", "a.X", "a.Y"},
	} {
		renamed, err := parseRenamed(test.renamed)
		require.NoError(t, err)
		m := matchBenchmarks(list(test.old), list(test.new), renamed)
		pairs := []string{}
		for _, p := range m.pairs {
			pairs = append(pairs, p.old.String()+"="+p.new.String())
		}
		require.Equal(t, strings.Fields(test.pairs), pairs, test.name)
		require.ElementsMatch(t, list(test.gone), m.gone, test.name)
		require.ElementsMatch(t, list(test.added), m.added, test.name)
	}
	for _, wrong := range []string{"a", "a=", "=b", "a.X=b", "a=b.X"} {
		_, err := parseRenamed(wrong)
		require.ErrorContains(t, err, "-map: ", wrong)
	}
}

func TestRowJudge(t *testing.T) {
	tol := tolerance{ratios: 5, times: 10}
	of := func(v ...float64) []float64 { return v }
	for _, test := range []struct {
		unit     string
		old, new []float64
		want     outcome
	}{
		{"ns/op", of(100), of(109), alike},
		{"ns/op", of(100), of(111), worse},
		{"ns/op", of(100, 100, 900), of(50, 105, 104), alike}, // medians
		{"ns/op", of(100), of(80), better},
		{"again-ms", of(100), of(111), worse},
		{"events/s", of(100), of(80), worse},
		{"events/s", of(100), of(120), better},
		{"MB/s", of(100), of(80), alike},
		{"B/op", of(100), of(200), alike},
		{"resident-MiB", of(100), of(200), alike},
		{"of-walk", of(2), of(2.09), alike},
		{"of-walk", of(2), of(2.11), worse},
		{"allocs/op", of(0, 0), of(1, 1), worse},
		{"allocs/op", of(1, 1), of(0, 0), better},
		{"allocs/op", of(3, 3), of(3, 3), alike},
		{"allocs/op", of(5000, 5010, 5020), of(5005, 5015, 5030), alike}, // the count itself varies
		{"allocs/op", of(5000, 5010, 5020), of(5018, 5100, 5100), worse},
		{"allocs/op", of(5000, 5000, 5000), of(5001, 5001, 5001), worse},
	} {
		r := newRow([3]string{"p", "X", test.unit}, test.old, test.new, tol)
		require.Equal(t, test.want, r.judge(), "%+v", test)
	}
	peer := newRow([3]string{"internal/bench", "Can/casbin", "ns/op"}, of(1), of(2), tol)
	require.Equal(t, alike, peer.judge(), "what others take is no figure of ours")
	require.True(t, math.IsNaN(median(nil)))
	require.InDelta(t, 2.5, median(of(4, 1, 2, 3)), 0)
}

// TestRatios: a figure beside a peer is the quotient of both.
func TestRatios(t *testing.T) {
	older, newer := samples{}, samples{}
	older.read("internal/bench", "BenchmarkCan/rights 10 10 ns/op\n")
	older.read("internal/bench", "BenchmarkCan/casbin 10 1000 ns/op\n")
	newer.read("internal/bench", "BenchmarkCan/rights 10 10.8 ns/op\n")
	newer.read("internal/bench", "BenchmarkCan/casbin 10 1000 ns/op\n")
	var out strings.Builder
	err := matching{}.report(&out, older, newer, tolerance{5, 10}, false)
	require.EqualError(t, err, "internal/bench.Can/rights: beside Can/casbin: 0.01, now 0.0108")
	require.Regexp(t, `beside Can/casbin +0.01 +0.0108 +1.080 +worse`, out.String())
}

func TestIsSlow(t *testing.T) {
	require.True(t, isSlow(benchmark{"internal/soak", "Idle"}))
	require.False(t, isSlow(benchmark{"dialplan", "New"}))
	require.False(t, isSlow(benchmark{"dialplan", "Reference"}), "no figure at all")
}

// TestAgainst compares two commits of a small module, in which the package has
// moved and one benchmark allocates more than before.
func TestAgainst(t *testing.T) {
	root := filepath.Join(t.TempDir(), "m")
	write := func(name, text string) {
		file := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	run := func(args ...string) {
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	source := strings.ReplaceAll(`package a

import (
	"os"
	"testing"
)

var kept []byte

func TimeMore(b *testing.B) {
	for b.Loop() {
		kept = make([]byte, 10)
	}
	b.ReportMetric(7, "of-walk")
}

func TimeFile(b *testing.B) {
	if _, err := os.ReadFile("testdata/input"); err != nil {
		b.Fatal(err)
	}
	b.Run("part", func(b *testing.B) {
		for b.Loop() {
		}
	})
}
`, "func Time", "func Benchmark") // so that none is found in this file
	write("go.mod", "module example.org/m\n\ngo 1.26\n")
	write("a/a_test.go", source)
	write("a/testdata/input", "x")
	run("init", "-q")
	run("add", ".")
	run("-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qm", "x")
	require.NoError(t, os.MkdirAll(filepath.Join(root, "b"), 0o755))
	run("mv", "a", "b/a")
	write("b/a/a_test.go", strings.Replace(source, "make([]byte, 10)", "append(make([]byte, 10), make([]byte, len(os.Args))...)", 1))

	file := filepath.Join(t.TempDir(), "old.bench")
	require.NoError(t, writeBundle(t.Context(), root, "HEAD", file, []int{1}, regexp.MustCompile("")))
	c := comparison{root: root, old: file, rounds: 2, benchtime: "10x", only: regexp.MustCompile(""), tolerance: tolerance{5, 1e9}}
	var out strings.Builder
	err := runComparison(t.Context(), c, &out)
	require.EqualError(t, err, "b/a.More: allocs/op: 1, now 2")
	require.Regexp(t, `(?m)^b/a\.More +ns/op .*\n +B/op .*\n +allocs/op +1 +2 +2\.000 +worse$`, out.String())
	require.Regexp(t, `(?m)^ +of-walk +7 +7 +1\.000 +$`, out.String())
	require.Contains(t, out.String(), "b/a.File/part")

	c.only = regexp.MustCompile("File")
	require.NoError(t, runComparison(t.Context(), c, &out))
	c.only = regexp.MustCompile("nothing")
	require.ErrorContains(t, runComparison(t.Context(), c, &out), "no benchmark matches")
	require.ErrorContains(t, writeBundle(context.Background(), root, "nonsense", file, []int{1}, c.only), "nonsense")
	require.NoError(t, os.WriteFile(file, []byte("nonsense"), 0o644))
	require.ErrorContains(t, runComparison(t.Context(), c, &out), "old.bench: ")
}
