package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Where the tables of pages stand.
const (
	begin = "<!-- written by internal/bench/figures: begin -->\n"
	end   = "<!-- end -->\n"
)

// write puts the results of one run into the pages: all into docs/figures.md,
// the ratios, which mean the same on every machine, into README.md.
func write(root string, results []result) error {
	var ratios []result
	for _, r := range results {
		if r.Peer != 0 || isRatio(r.Unit) {
			ratios = append(ratios, r)
		}
	}
	for page, rows := range map[string][]result{"README.md": ratios, "docs/figures.md": results} {
		if err := replace(filepath.Join(root, page), markdown(rows)); err != nil {
			return err
		}
	}
	return nil
}

func replace(file, table string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(data), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return fmt.Errorf("%s: lacks %s and %s", file, strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return os.WriteFile(file, []byte(before+begin+"\n"+table+"\n"+end+after), 0o644)
}

// markdown is a table; what was wanted and missed says so.
func markdown(results []result) string {
	var b strings.Builder
	b.WriteString("| what | wanted | measured | ours | beside |\n|---|---|---|---|---|\n")
	for _, r := range results {
		ours, peer, measured := "", "", quantity(r.Measured, r.Unit)
		if r.Peer != 0 {
			ours, peer = quantity(r.Ours, "ns/op"), quantity(r.Peer, "ns/op")
		}
		if !r.Kept {
			measured += " (missed)"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.Figure, r.Wanted, measured, ours, peer)
	}
	return b.String()
}
