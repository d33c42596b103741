package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// tolerance is how much worse than the old build the new one may be, in percent.
type tolerance struct{ ratios, times float64 }

// row compares one value of one benchmark.
type row struct {
	name, unit string
	old, new   []float64
	allowed    float64 // in percent; NaN where it is only shown
	falling    bool    // less is worse
}

// quotient is empty where the old value is 0.
func (r row) quotient() string {
	if older := median(r.old); older != 0 {
		return strconv.FormatFloat(median(r.new)/older, 'f', 3, 64)
	}
	return ""
}

// outcome of a comparison.
type outcome int

const (
	alike outcome = iota
	better
	worse
)

func (o outcome) String() string { return [...]string{"", "better", "worse"}[o] }

// judge compares medians. Counts of allocations must be equal; only where a
// count varies from run to run by itself, so that the runs of both builds
// overlap, may their medians differ by 1 %.
func (r row) judge() outcome {
	older, newer := median(r.old), median(r.new)
	allowed := math.Abs(older) * r.allowed / 100
	if r.unit == "allocs/op" && slices.Min(r.new) <= slices.Max(r.old) && slices.Min(r.old) <= slices.Max(r.new) {
		allowed = older / 100
	}
	difference := newer - older
	if r.falling {
		difference = -difference
	}
	switch {
	case difference > allowed:
		return worse
	case difference < -allowed:
		return better
	}
	return alike // also where it is only shown: nothing is more or less than NaN
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// rows are all values that both builds reported, by folder, benchmark and unit,
// and the ratios of figures with a peer.
func (m matching) rows(older, newer samples, tol tolerance) (rows []row) {
	units := []string{"allocs/op", "B/op", "ns/op"} // in front of others, the last one first
	keys := slices.SortedFunc(maps.Keys(newer), func(a, b [3]string) int {
		unit := slices.Index(units, b[2]) - slices.Index(units, a[2])
		return cmp.Or(slices.Compare(a[:2], b[:2]), unit, strings.Compare(a[2], b[2]))
	})
	for _, key := range keys {
		if r := newRow(key, older[key], newer[key], tol); len(r.old) > 0 {
			rows = append(rows, r)
		}
	}
	for _, f := range figures {
		if f.kind != faster && f.kind != within {
			continue
		}
		ours, peer := [3]string{f.in, f.ours, "ns/op"}, [3]string{f.in, f.peer, "ns/op"}
		r := row{name: f.in + "." + f.ours, unit: "beside " + f.peer, allowed: tol.ratios}
		r.old, r.new = divide(older[ours], older[peer]), divide(newer[ours], newer[peer])
		if len(r.old) > 0 && len(r.new) > 0 {
			rows = append(rows, r)
		}
	}
	return rows
}

// divide gives the quotient of each round; both ran in the same process.
func divide(ours, peers []float64) (quotients []float64) {
	for i := range min(len(ours), len(peers)) {
		quotients = append(quotients, ours[i]/peers[i])
	}
	return quotients
}

func newRow(key [3]string, older, newer []float64, tol tolerance) row {
	r := row{name: key[0] + "." + key[1], unit: key[2], old: older, new: newer, allowed: math.NaN()}
	switch {
	case r.unit == "allocs/op":
		r.allowed = 0
	case isRatio(r.unit):
		r.allowed = tol.ratios
	case r.unit == "MB/s" || isPeer(key[0], key[1]): // the former says what ns/op does
	case r.unit == "ns/op" || strings.HasSuffix(r.unit, "-ms"):
		r.allowed = tol.times
	case strings.HasSuffix(r.unit, "/s"):
		r.allowed, r.falling = tol.times, true
	}
	return r
}

// isPeer: what others take is no figure of ours.
func isPeer(folder, name string) bool {
	return slices.ContainsFunc(figures, func(f figure) bool {
		return f.kind == faster && f.in == folder && f.peer == name
	})
}

// report prints all rows. The error names those that are worse, and with strict
// also those that are better: where only names were to change, both are wrong.
func (m matching) report(out io.Writer, older, newer samples, tol tolerance, strict bool) error {
	var refused []error
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "benchmark\tunit\told\tnew\tnew/old\t")
	last := ""
	for _, r := range m.rows(older, newer, tol) {
		name, before, now := r.name, digits(median(r.old)), digits(median(r.new))
		if name == last {
			name = ""
		}
		last = r.name
		o := r.judge()
		if o == worse || o == better && strict {
			refused = append(refused, fmt.Errorf("%s: %s: %s, now %s", r.name, r.unit, before, now))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", name, r.unit, before, now, r.quotient(), o)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, p := range m.pairs {
		had, has := older.measured(p.new), newer.measured(p.new)
		switch {
		case !had && !has:
			fmt.Fprintf(out, "%v: not measured: it was skipped\n", p.new)
		case had != has:
			refused = append(refused, fmt.Errorf("%v: measured in one build only", p.new))
		}
	}
	for _, b := range m.added {
		fmt.Fprintf(out, "%v: new\n", b)
	}
	for _, b := range m.gone {
		refused = append(refused, fmt.Errorf("%v: not in the new build; if it was renamed, say so with -map", b))
	}
	return errors.Join(refused...)
}

// measured reports whether a benchmark, or a part of it, gave a value.
func (s samples) measured(b benchmark) bool {
	for key := range s {
		if first, _, _ := strings.Cut(key[1], "/"); key[0] == b.Folder && first == b.Name {
			return true
		}
	}
	return false
}
