package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// result is a figure as measured. Without Error it has a value.
type result struct {
	Figure   string  `json:"figure"`
	Wanted   string  `json:"wanted"`   // with its sign and unit
	Measured float64 `json:"measured"` // a ratio, or in the unit
	Unit     string  `json:"unit"`     // "×" for a ratio
	Ours     float64 `json:"ours"`
	Peer     float64 `json:"peer,omitempty"`
	Kept     bool    `json:"kept"`
	Gated    bool    `json:"gated"`  // a ratio or a count: true on every machine
	Passes   bool    `json:"passes"` // the gate, which leaves room for noise
	Command  string  `json:"command"`
	Error    string  `json:"error,omitempty"`
}

// slack is how much worse than wanted a ratio may be before the gate closes:
// machines that run it do other work as well.
const slack = 2.0

// judge compares the best of the samples with what is wanted: noise only makes
// times longer. Of ratios it takes the middle one.
func judge(f figure, s samples) result {
	unit := f.unit
	if unit == "" {
		unit = "ns/op"
	}
	r := result{Figure: f.name, Unit: unit, Command: command(f)}
	ours := s[[3]string{f.in, f.ours, unit}]
	if len(ours) == 0 {
		r.Error = fmt.Sprintf("%s reported no %s", f.ours, unit)
		return r
	}
	r.Ours = slices.Min(ours)
	if isRatio(unit) {
		slices.Sort(ours)
		r.Ours = ours[len(ours)/2]
	}
	if f.peer != "" {
		theirs := s[[3]string{f.in, f.peer, unit}]
		if len(theirs) == 0 {
			r.Error = fmt.Sprintf("%s reported no %s", f.peer, unit)
			return r
		}
		r.Peer, r.Unit = slices.Min(theirs), "×"
	}
	switch f.kind {
	case faster:
		r.Measured, r.Wanted = r.Peer/r.Ours, "≥ "
		r.Kept, r.Passes = r.Measured >= f.want, r.Measured*slack >= f.want
	case within:
		r.Measured, r.Wanted = r.Ours/r.Peer, "≤ "
		r.Kept, r.Passes = r.Measured <= f.want, r.Measured <= f.want*slack
	case below:
		r.Measured, r.Wanted = r.Ours, "≤ "
		r.Kept = r.Measured <= f.want
		r.Passes = r.Kept || isRatio(unit) && r.Measured <= f.want*slack
	case above:
		r.Ours = slices.Max(ours)
		r.Measured, r.Wanted = r.Ours, "≥ "
		r.Kept = r.Measured >= f.want
	}
	r.Wanted += quantity(f.want, r.Unit)
	r.Gated = r.Unit == "×" || unit == "allocs/op" || isRatio(unit)
	r.Passes = r.Passes || !r.Gated
	return r
}

// isRatio: what the benchmark itself compares, by turns.
func isRatio(unit string) bool { return strings.HasPrefix(unit, "of-") }

// command reproduces a figure, from the root of the repository.
func command(f figure) string {
	return fmt.Sprintf("(cd %s && go test -run '^$' -bench '%s' -benchmem .)", f.in, pattern([]figure{f}))
}

// quantity is a value with its unit, as people read it.
func quantity(v float64, unit string) string {
	switch unit {
	case "×":
		return digits(v) + "×"
	case "of-map":
		return digits(v) + "× a map"
	case "of-walk":
		return digits(v) + "× a walk"
	case "of-bytes":
		return digits(v) + "× the bytes"
	case "ns/op":
		switch {
		case v >= second:
			return digits(v/second) + " s"
		case v >= millisecond:
			return digits(v/millisecond) + " ms"
		case v >= microsecond:
			return digits(v/microsecond) + " µs"
		}
		return digits(v) + " ns"
	case "allocs/op":
		return digits(v) + " allocations"
	case "peak-MiB", "resident-MiB":
		return digits(v) + " MiB"
	case "supervised-ms", "again-ms", "trip-ms":
		return digits(v) + " ms"
	case "B/extension":
		return digits(v) + " B"
	}
	return digits(v) + " " + unit
}

// digits: three that count.
func digits(v float64) string {
	if v >= 100 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
