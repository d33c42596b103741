package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/planning"
)

// result is what -json prints.
type result struct {
	PlanFindings []planning.Finding `json:"planFindings"`
	Supervised   int                `json:"supervised"`
	Links        []linkResult       `json:"links"`
	Calls        []callResult       `json:"calls"`
	Forward      string             `json:"forward"`
	Transfer     string             `json:"transfer"`
	Conference   string             `json:"conference"`
	SignIn       string             `json:"signIn"`
	Settings     map[string]int     `json:"settings"` // parameters by model
	Callback     string             `json:"callback"`
	Failover     failover           `json:"failover"`
}

type linkResult struct {
	Name     string        `json:"name"`
	Protocol cti.Protocol  `json:"protocol"`
	Capacity int           `json:"capacity"`
	Used     int           `json:"used"`
	Explicit int           `json:"explicit"`
	Overflow int           `json:"overflow"`
	Implicit int           `json:"implicit"`
	State    cti.LinkState `json:"state"`
}

type callResult struct {
	Dialled string `json:"dialled"`
	Sent    string `json:"sent"`
	Name    string `json:"name"`
	State   string `json:"state"`
}

type failover struct {
	LostLink     string `json:"lostLink"`
	Unsupervised int    `json:"unsupervised"`
	MovedByApply int    `json:"movedByApply"`
	Returned     int    `json:"returned"`
	Gaps         int    `json:"gaps"`
	Snapshots    int    `json:"snapshots"`
}

// report tells a person what happens; with -json it keeps silent until the end.
type report struct {
	out      io.Writer
	terminal bool // the output is one: a progress bar can move
	result   result
}

func newReport(asJSON bool) *report {
	if asJSON {
		return &report{out: io.Discard}
	}
	info, err := os.Stdout.Stat()
	return &report{out: os.Stdout, terminal: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

func (r *report) json() error {
	enc := json.NewEncoder(os.Stdout)
	return enc.Encode(r.result)
}

func (r *report) heading(text string) {
	fmt.Fprintf(r.out, "\n%s\n%s\n", text, strings.Repeat("─", len([]rune(text))))
}

func (r *report) line(format string, args ...any) { fmt.Fprintf(r.out, format+"\n", args...) }

// table prints rows in columns; the first row is the heading.
func (r *report) table(rows ...[]any) {
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				fmt.Fprint(w, "\t")
			}
			fmt.Fprint(w, cell)
		}
		fmt.Fprintln(w)
	}
	w.Flush()
}

// links prints the status of connections.
func (r *report) links(links []cti.LinkStatus) {
	rows := [][]any{{"link", "protocol", "address", "site", "serves", "state", "capacity", "used", "explicit", "overflow", "implicit", "free"}}
	r.result.Links = nil
	for _, l := range links {
		serves := make([]string, len(l.Serves))
		for i, p := range l.Serves {
			serves[i] = p.String()
		}
		place := "-"
		if !l.Location.IsZero() {
			place = l.Location.String()
		}
		rows = append(rows, []any{l.Name, l.Protocol, l.Address, place, strings.Join(serves, " "), l.State,
			l.Capacity, l.Used, l.Explicit, l.Overflow, l.Implicit, l.Free})
		r.result.Links = append(r.result.Links, linkResult{l.Name, l.Protocol, l.Capacity, l.Used, l.Explicit, l.Overflow, l.Implicit, l.State})
	}
	r.table(rows...)
}

// progress shows how far something is until done, or the time is over.
func (r *report) progress(what string, total int, count func() int, limit time.Duration) error {
	const width = 40
	deadline := time.Now().Add(limit)
	for last := -1; ; time.Sleep(20 * time.Millisecond) {
		n := count()
		if r.terminal {
			full := width * n / max(total, 1)
			fmt.Fprintf(r.out, "\r%s [%s%s] %d/%d", what, strings.Repeat("█", full), strings.Repeat("·", width-full), n, total)
		} else if n != last && (n >= total || last < 0 || n-last >= total/4) {
			r.line("%s: %d of %d", what, n, total)
			last = n
		}
		if n >= total {
			if r.terminal {
				fmt.Fprintln(r.out)
			}
			return nil
		}
		if time.Now().After(deadline) {
			fmt.Fprintln(r.out)
			return fmt.Errorf("%s: only %d of %d after %v", what, n, total, limit)
		}
	}
}
