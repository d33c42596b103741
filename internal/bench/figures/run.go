package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// samples are the values that benchmarks reported, by folder, benchmark and unit.
type samples map[[3]string][]float64

// how the benchmarks of one folder are run.
type how struct {
	root, benchtime string
	count           int
}

// measure runs the benchmarks of one folder that some figures want.
func (s samples) measure(ctx context.Context, h how, folder string, wanted []figure) error {
	cmd := exec.CommandContext(ctx, "go", arguments(h, wanted)...)
	cmd.Dir = filepath.Join(h.root, folder)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	for line := range strings.Lines(stdout.String()) {
		s.read(folder, line)
	}
	if err != nil {
		return fmt.Errorf("%s: go %s: %w\n%s%s", folder, strings.Join(cmd.Args[1:], " "), err, stdout.String(),
			stderr.String())
	}
	return nil
}

func arguments(h how, wanted []figure) []string {
	return []string{"test", "-run", "^$", "-bench", pattern(wanted), "-benchmem", "-benchtime", h.benchtime, "-count",
		strconv.Itoa(h.count), "."}
}

// pattern matches the benchmarks of some figures: by their first names, since
// a sub-benchmark's name may hold slashes of its own.
func pattern(wanted []figure) string {
	var names []string
	for _, f := range wanted {
		for _, benchmark := range []string{f.ours, f.peer} {
			if first, _, _ := strings.Cut(benchmark, "/"); first != "" && !slices.Contains(names, first) {
				names = append(names, first)
			}
		}
	}
	return "^Benchmark(" + strings.Join(names, "|") + ")$"
}

// processors is what go test appends to a benchmark's name.
var processors = regexp.MustCompile(`-\d+$`)

// read takes the values from one line of go test: name, rounds, and pairs of value and unit.
func (s samples) read(folder, line string) {
	fields := strings.Fields(line)
	if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
		return
	}
	name := processors.ReplaceAllString(strings.TrimPrefix(fields[0], "Benchmark"), "")
	for i := 2; i+1 < len(fields); i += 2 {
		if value, err := strconv.ParseFloat(fields[i], 64); err == nil {
			key := [3]string{folder, name, fields[i+1]}
			s[key] = append(s[key], value)
		}
	}
}
