// Command figures measures all that the product promises of its speed and
// memory, peers beside it in the same run, and prints a table:
//
//	cd internal/bench && go run ./figures [-quick] [-json] [-run REGEXP] [-gate] [-write]
//
// Times depend on the machine and are only shown. Ratios and counts of
// allocations do not: with -gate the command fails where one is missed by more
// than noise explains.
//
// It also compares two commits:
//
//	go run ./figures -build old.bench -at REV [-run REGEXP]
//	go run ./figures -against old.bench [-with new.bench] [-run REGEXP] [-rounds 16]
//		[-benchtime 100ms] [-ratios 5] [-times 10] [-strict] [-slow] [-map cti=cti/gateway]
//
// -build writes a bundle: the test binaries of all packages with benchmarks,
// each linked with four random layouts of its functions, since where the linker
// puts a function moves its time by up to 8 %. With -at it builds that commit in
// a temporary git worktree, so that the commit need not know of this command,
// without it the working tree. A bundle of everything takes some minutes and 400 MB.
//
// -against compares a bundle with the working tree, or with another bundle. Each
// benchmark runs in both by turns, round after round and layout after layout, so
// that other work of the machine meets both; the table gives the medians. The
// command ends with status 1 where allocations, a ratio (by more than 5 %) or a
// time (by more than 10 %) are worse, or a benchmark is gone; with -strict also
// where they are better: a change of names only must change neither. Benchmarks are
// matched by their folder and name, and in a package that has moved by their name
// alone; -map tells of others: folder=folder or folder.Name=folder.Name, separated
// by commas. -run matches folder.Name here. Those that take long or need a real
// server run with -slow only.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"text/tabwriter"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("figures", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print JSON")
	quick := flags.Bool("quick", false, "leave out what takes long or needs a real server; shorter runs")
	gate := flags.Bool("gate", false, "fail where a ratio or a count of allocations is missed")
	only := flags.String("run", "", "only the figures whose name matches this regular expression")
	pages := flags.Bool("write", false, "put the table into the pages; not with -run or -quick")
	root := flags.String("root", "../..", "the root of the repository")
	build := flags.String("build", "", "write a bundle of test binaries to this file, for -against")
	at := flags.String("at", "", "with -build: the commit, instead of the working tree")
	c := comparison{}
	c.defineFlags(flags)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *pages && (*only != "" || *quick) {
		return errors.New("-write wants all figures: leave -run and -quick out")
	}
	match, err := regexp.Compile(*only)
	if err != nil {
		return fmt.Errorf("-run: %w", err)
	}
	switch {
	case *build != "":
		return writeBundle(ctx, *root, *at, *build, layoutSeeds, match)
	case c.old != "":
		c.root, c.only = *root, match
		return runComparison(ctx, c, out)
	}
	var wanted []figure
	for _, f := range figures {
		if match.MatchString(f.name) && !(*quick && f.slow) {
			wanted = append(wanted, f)
		}
	}
	h := how{root: *root, benchtime: "1s", count: 3}
	if *quick {
		h.benchtime = "100ms"
	}
	results := measureAll(ctx, h, wanted)
	if *asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(results)
	} else {
		err = table(out, results)
	}
	if err != nil {
		return err
	}
	if err := verdict(results, *gate); err != nil || !*pages {
		return err
	}
	return write(*root, results)
}

// measureAll runs one folder after the other, what is slow once only.
func measureAll(ctx context.Context, h how, wanted []figure) (results []result) {
	seen := samples{}
	failures := map[[2]any]error{}
	for _, f := range wanted {
		part := [2]any{f.in, f.slow}
		if _, done := failures[part]; done {
			continue
		}
		var same []figure
		for _, other := range wanted {
			if other.in == f.in && other.slow == f.slow {
				same = append(same, other)
			}
		}
		once := h
		if f.slow {
			once.count = 1
		}
		failures[part] = seen.measure(ctx, once, f.in, same)
	}
	for _, f := range wanted {
		r := judge(f, seen)
		if err := failures[[2]any{f.in, f.slow}]; err != nil && r.Error != "" {
			r.Error = err.Error()
		}
		results = append(results, r)
	}
	return results
}

func table(out io.Writer, results []result) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "figure\twanted\tmeasured\tours\tbeside\t")
	for _, r := range results {
		if r.Error != "" {
			fmt.Fprintf(w, "%s\t\tnot measured\t\t\t\n", r.Figure)
			continue
		}
		ours, peer, missed := "", "", ""
		if r.Peer != 0 {
			ours, peer = quantity(r.Ours, "ns/op"), quantity(r.Peer, "ns/op")
		}
		if !r.Kept {
			missed = "missed"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Figure, r.Wanted, quantity(r.Measured, r.Unit), ours, peer, missed)
	}
	return w.Flush()
}

// verdict is an error for what could not be measured, and for what the gate refuses.
func verdict(results []result, gate bool) error {
	for _, r := range results {
		switch {
		case r.Error != "":
			return fmt.Errorf("%s: %s", r.Figure, r.Error)
		case gate && !r.Passes:
			return fmt.Errorf("%s: wanted %s, measured %s", r.Figure, r.Wanted, quantity(r.Measured, r.Unit))
		}
	}
	return nil
}
