package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/ctikit/ctikit/cti"
)

// draw writes one picture.
func draw(out io.Writer, gw *cti.Gateway, now time.Time) {
	stats := gw.Stats()
	fmt.Fprintf(out, "%s  %d of %d links up, %d extensions, %d events, %d reconnects, %d moves\n\n",
		now.Format(time.TimeOnly), stats.LinksUp, stats.Links, stats.Extensions, stats.EventsIn, stats.Reconnects, stats.Moves)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "LINK\tPROTOCOL\tSTATE\tSINCE\tCAPACITY\tUSED\tEXPLICIT\tOVERFLOW\tIMPLICIT\tROUND TRIP\tLAST ERROR")
	for _, l := range gw.Links() {
		fmt.Fprintf(w, "%s\t%v\t%v\t%s\t%d\t%d\t%d\t%d\t%d\t%v\t%.60s\n", l.Name, l.Protocol, l.State, since(l.Since, now),
			l.Capacity, l.Used, l.Explicit, l.Overflow, l.Implicit, l.RoundTrip.Round(time.Microsecond), printable(l.LastError))
	}
	w.Flush()
	fmt.Fprintln(out)
	extensions(out, gw.Extensions(), now)
}

// extensions shows how many are in which state, and those with a call, the
// newest first.
func extensions(out io.Writer, list []cti.ExtensionStatus, now time.Time) {
	count := map[string]int{}
	var busy []cti.ExtensionStatus
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
	for _, state := range sortedKeys(count) {
		fmt.Fprintf(out, "%6d %s\n", count[state], state)
	}
	slices.SortFunc(busy, func(a, b cti.ExtensionStatus) int { return b.LastEvent.Compare(a.LastEvent) })
	fmt.Fprintf(out, "%6d with a call\n\n", len(busy))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "EXTENSION\tSITE.CLUSTER\tLINK\tMODE\tCALLS\tLAST EVENT")
	for _, e := range busy[:min(len(busy), 12)] {
		fmt.Fprintf(w, "%s\t%v\t%s\t%v\t%d\t%s ago\n", e.Number, e.Location, e.Link, e.Mode, e.Calls, since(e.LastEvent, now))
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

func sortedKeys(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a, b)) })
	return keys
}

func since(t, now time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return now.Sub(t).Round(time.Second).String()
}

// frame collects one picture.
type frame = bytes.Buffer

// screen draws pictures over one another on a terminal, and one after the other
// elsewhere.
type screen struct {
	out      *os.File
	terminal bool
}

func terminal(out *os.File) *screen {
	info, err := out.Stat()
	return &screen{out, err == nil && info.Mode()&os.ModeCharDevice != 0}
}

func (s *screen) draw(f func(*frame)) {
	var picture frame
	if s.terminal {
		picture.WriteString("\x1b[H\x1b[2J") // home, clear
	}
	f(&picture)
	s.out.Write(picture.Bytes())
}
