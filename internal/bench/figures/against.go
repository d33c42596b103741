package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// comparison is how two builds are compared.
type comparison struct {
	root         string
	old, new     string // bundles; new is the working tree if empty
	rounds       int
	benchtime    string
	only         *regexp.Regexp
	renamed      string
	slow, strict bool
	tolerance    tolerance
}

func (c *comparison) defineFlags(flags *flag.FlagSet) {
	flags.StringVar(&c.old, "against", "", "compare with the bundle in this file")
	flags.StringVar(&c.new, "with", "", "with -against: the other bundle, instead of the working tree")
	flags.IntVar(&c.rounds, "rounds", 16, "with -against: how often each benchmark runs in both")
	flags.StringVar(&c.benchtime, "benchtime", "100ms", "with -against: how long a benchmark runs each time")
	flags.StringVar(&c.renamed, "map", "", "with -against: folders or benchmarks that were renamed: old=new, with commas")
	flags.BoolVar(&c.slow, "slow", false, "with -against: also what takes long or needs a real server")
	flags.BoolVar(&c.strict, "strict", false, "with -against: fail where something is better, too")
	flags.Float64Var(&c.tolerance.ratios, "ratios", 5, "with -against: how much worse a ratio may be, in percent")
	flags.Float64Var(&c.tolerance.times, "times", 10, "with -against: how much worse a time may be, in percent")
}

// runComparison measures both builds by turns and prints a table. The error
// says what differs.
func runComparison(ctx context.Context, c comparison, out io.Writer) error {
	dir, err := os.MkdirTemp("", "figures-against-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	older, err := openBundle(c.old, filepath.Join(dir, "old"))
	if err != nil {
		return err
	}
	if c.new == "" {
		c.new = filepath.Join(dir, "new.bench")
		if err := writeBundle(ctx, c.root, "", c.new, older.Seeds, c.only); err != nil {
			return err
		}
	}
	newer, err := openBundle(c.new, filepath.Join(dir, "new"))
	if err != nil {
		return err
	}
	renamed, err := parseRenamed(c.renamed)
	if err != nil {
		return err
	}
	m := matchBenchmarks(c.choose(older.Benchmarks), c.choose(newer.Benchmarks), renamed)
	if len(m.pairs) == 0 {
		return errors.New("no benchmark is in both builds")
	}
	if err := c.findVectors(); err != nil {
		return err
	}
	oldSeen, newSeen := samples{}, samples{}
	for round := range c.rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, c.rounds)
		for _, p := range m.pairs {
			first := func() error { return older.measure(ctx, oldSeen, p.old, p.new, round, c.benchtime) }
			second := func() error { return newer.measure(ctx, newSeen, p.new, p.new, round, c.benchtime) }
			if round%2 == 1 {
				first, second = second, first
			}
			if err := errors.Join(first(), second()); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(out, "old %s, new %s: medians of %d rounds over %d layouts\n",
		older.Commit, newer.Commit, c.rounds, len(older.Seeds))
	return m.report(out, oldSeen, newSeen, c.tolerance, c.strict)
}

// findVectors tells the binaries, which run in another folder, where test vectors are.
func (c comparison) findVectors() error {
	const name = "CTIKIT_VECTORS"
	if os.Getenv(name) != "" {
		return nil
	}
	folder, err := filepath.Abs(filepath.Join(c.root, "../shared/vectors"))
	if err != nil {
		return err
	}
	return os.Setenv(name, folder)
}

// choose takes the benchmarks that are asked for: without the slow ones, unless
// they are.
func (c comparison) choose(all []benchmark) []benchmark {
	return slices.DeleteFunc(slices.Clone(all), func(b benchmark) bool {
		return !c.only.MatchString(b.String()) || !c.slow && isSlow(b)
	})
}

// isSlow: no figure but slow ones come from the benchmark.
func isSlow(b benchmark) bool {
	slow := false
	for _, f := range figures {
		if first, _, _ := strings.Cut(f.ours, "/"); f.in == b.Folder && first == b.Name {
			if !f.slow {
				return false
			}
			slow = true
		}
	}
	return slow
}

// measure runs one benchmark once. Its samples are kept as those of as.
func (b *bundle) measure(ctx context.Context, s samples, which, as benchmark, round int, benchtime string) error {
	file, err := filepath.Abs(filepath.Join(b.dir, binary(which.Folder, b.Seeds[round%len(b.Seeds)])))
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, file, "-test.run", "^$", "-test.bench", "^Benchmark"+which.Name+"$",
		"-test.benchmem", "-test.benchtime", benchtime)
	cmd.Dir = filepath.Join(b.dir, "tree", which.Folder)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s of %s: %w\n%s%s", which, b.Commit, err, stdout.String(), stderr.String())
	}
	for line := range strings.Lines(stdout.String()) {
		if rest, ok := strings.CutPrefix(line, "Benchmark"+which.Name); ok {
			s.read(as.Folder, "Benchmark"+as.Name+rest)
		}
	}
	return nil
}

// matching is which benchmark of the old build is which of the new.
type matching struct {
	pairs       []benchmarkPair
	gone, added []benchmark
}

type benchmarkPair struct{ old, new benchmark }

// matchBenchmarks pairs those that were renamed, then those of the same folder
// and name, then those whose name only one of the others on each side has: a
// package that has moved keeps the names of its benchmarks.
func matchBenchmarks(older, newer []benchmark, renamed map[string]string) (m matching) {
	take := func(list *[]benchmark, b benchmark) bool {
		i := slices.Index(*list, b)
		if i >= 0 {
			*list = slices.Delete(slices.Clone(*list), i, i+1)
		}
		return i >= 0
	}
	pairBy := func(target func(benchmark) (benchmark, bool)) {
		for _, b := range slices.Clone(older) {
			if to, ok := target(b); ok && take(&newer, to) {
				take(&older, b)
				m.pairs = append(m.pairs, benchmarkPair{b, to})
			}
		}
	}
	pairBy(func(b benchmark) (benchmark, bool) {
		if to, ok := renamed[b.String()]; ok {
			i := strings.LastIndexByte(to, '.')
			return benchmark{to[:i], to[i+1:]}, true
		}
		folder, ok := renamed[b.Folder]
		return benchmark{folder, b.Name}, ok
	})
	pairBy(func(b benchmark) (benchmark, bool) { return b, true })
	onlyOne := func(list []benchmark, name string) (found benchmark, ok bool) {
		for _, b := range list {
			if b.Name == name {
				if ok {
					return benchmark{}, false
				}
				found, ok = b, true
			}
		}
		return found, ok
	}
	pairBy(func(b benchmark) (benchmark, bool) {
		_, alone := onlyOne(older, b.Name)
		to, ok := onlyOne(newer, b.Name)
		return to, ok && alone
	})
	m.gone, m.added = older, newer
	slices.SortFunc(m.pairs, func(a, b benchmarkPair) int { return strings.Compare(a.new.String(), b.new.String()) })
	return m
}

// parseRenamed reads "folder=folder" and "folder.Name=folder.Name", with commas.
func parseRenamed(list string) (map[string]string, error) {
	renamed := map[string]string{}
	for entry := range strings.SplitSeq(list, ",") {
		if entry == "" {
			continue
		}
		from, to, ok := strings.Cut(entry, "=")
		if !ok || from == "" || to == "" || strings.Contains(from, ".") != strings.Contains(to, ".") {
			return nil, fmt.Errorf("-map: want folder=folder or folder.Name=folder.Name, got %q", entry)
		}
		renamed[from] = to
	}
	return renamed, nil
}
