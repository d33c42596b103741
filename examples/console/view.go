package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// drawFrame writes one picture.
func drawFrame(out io.Writer, gw *gateway.Gateway, now time.Time) {
	stats := gw.Stats()
	fmt.Fprintf(out, "%s  %d of %d links up, %d extensions, %d events, %d reconnects, %d moves\n\n",
		now.Format(time.TimeOnly), stats.LinksUp, stats.Links, stats.Extensions,
		stats.EventsIn, stats.Reconnects, stats.Moves)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "LINK\tPROTOCOL\tSTATE\tSINCE\tUSED\tEXPL+OVER+IMPL\tROUND TRIP")
	links := gw.Links()
	for _, l := range links {
		fmt.Fprintf(w, "%s\t%v\t%v\t%s\t%d/%d\t%d+%d+%d\t%v\n", l.Name, l.Protocol, l.State, ageOf(l.Since, now),
			l.Used, l.Capacity, l.Explicit, l.Overflow, l.Implicit, l.RoundTrip.Round(time.Microsecond))
	}
	w.Flush()
	for _, l := range links {
		if l.State != gateway.LinkIsUp && l.LastError != "" {
			fmt.Fprintf(out, "%s: %.60s\n", l.Name, printable(l.LastError))
		}
	}
	fmt.Fprintln(out)
	drawExtensions(out, gw.Extensions(), now)
}

// drawExtensions shows how many are in which state, and those with a call, the
// newest first.
func drawExtensions(out io.Writer, list []gateway.ExtensionStatus, now time.Time) {
	count := map[string]int{}
	var busy []gateway.ExtensionStatus
	for _, e := range list {
		state := e.State.String()
		if e.Reason != cti.ReasonNone {
			state += " (" + e.Reason.String() + ")"
		}
		count[state]++
		if e.Calls > 0 {
			busy = append(busy, e)
		}
	}
	most := func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) }
	for _, state := range slices.SortedFunc(maps.Keys(count), most) {
		fmt.Fprintf(out, "%6d %s\n", count[state], state)
	}
	slices.SortFunc(busy, func(a, b gateway.ExtensionStatus) int { return b.LastEvent.Compare(a.LastEvent) })
	fmt.Fprintf(out, "%6d with a call\n", len(busy))
	if len(busy) == 0 {
		return
	}
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "EXTENSION\tSITE.CLUSTER\tLINK\tMODE\tCALLS\tLAST EVENT")
	for _, e := range busy[:min(len(busy), 8)] {
		fmt.Fprintf(w, "%s\t%v\t%s\t%v\t%d\t%s ago\n", e.Number, e.Location, e.Link, e.Mode, e.Calls, ageOf(e.LastEvent, now))
	}
	w.Flush()
}

// printable keeps what a PBX wrote from steering the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, s)
}

func ageOf(t, now time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return now.Sub(t).Round(time.Second).String()
}
