// Package report prints what the gateway example does.
package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/cti/planning"
)

// Link is one link of the status of connections as -json prints it.
type Link struct {
	Name     string            `json:"name"`
	Protocol cti.Protocol      `json:"protocol"`
	Capacity int               `json:"capacity"`
	Used     int               `json:"used"`
	Explicit int               `json:"explicit"`
	Overflow int               `json:"overflow"`
	Implicit int               `json:"implicit"`
	State    gateway.LinkState `json:"state"`
}

// Report tells a person what happens, in tables and with a progress bar that
// moves if the output is a terminal.
type Report struct {
	Out      io.Writer // io.Discard to keep silent
	terminal bool
}

// New reports to out, or to nobody.
func New(out io.Writer, silent bool) *Report {
	if silent {
		return &Report{Out: io.Discard}
	}
	return &Report{Out: out, terminal: isTerminal(out)}
}

// Heading begins a scene.
func (r *Report) Heading(text string) {
	fmt.Fprintf(r.Out, "\n%s\n%s\n", text, strings.Repeat("─", len([]rune(text))))
}

// Line prints one.
func (r *Report) Line(format string, args ...any) { fmt.Fprintf(r.Out, format+"\n", args...) }

// columns is as wide as a terminal is at least.
const columns = 80

// Text prints what may be longer than a line: it is broken between words.
func (r *Report) Text(format string, args ...any) {
	r.Line("%s", Wrap("", "    ", fmt.Sprintf(format, args...)))
}

// Wrap breaks a text between words, so that its lines fit a terminal; they begin
// with first and with rest.
func Wrap(first, rest, text string) string {
	var b strings.Builder
	b.WriteString(first)
	width, blank := utf8.RuneCountInString(first), ""
	for word := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(word)
		if blank != "" && width+1+n > columns {
			b.WriteString("\n" + rest)
			width, blank = utf8.RuneCountInString(rest), ""
		}
		b.WriteString(blank + word)
		width += len(blank) + n
		blank = " "
	}
	return b.String()
}

// Table prints rows in columns; the first row is the heading.
func (r *Report) Table(rows ...[]any) {
	w := tabwriter.NewWriter(r.Out, 0, 0, 2, ' ', 0)
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

// Planning prints a planning table and what the engineering checks say of it.
func (r *Report) Planning(t *planning.Table) (ctikit.Problems, error) {
	if err := t.Print(r.Out); err != nil {
		return nil, err
	}
	r.Line("")
	findings := t.Check()
	for _, f := range findings {
		r.Text("%v %v", f.Severity, f)
	}
	return findings, nil
}

// Links prints the status of connections, and returns it for -json.
func (r *Report) Links(links []gateway.LinkStatus) (out []Link) {
	rows := [][]any{{"link", "protocol", "address", "site", "serves", "state", "used", "expl+over+impl"}}
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
			fmt.Sprintf("%d/%d", l.Used, l.Capacity), fmt.Sprintf("%d+%d+%d", l.Explicit, l.Overflow, l.Implicit)})
		out = append(out, Link{l.Name, l.Protocol, l.Capacity, l.Used, l.Explicit, l.Overflow, l.Implicit, l.State})
	}
	r.Table(rows...)
	return out
}

// Supervised counts the extensions that are.
func Supervised(gw *gateway.Gateway) (n int) {
	for _, e := range gw.Extensions() {
		if e.State == gateway.StateSupervised {
			n++
		}
	}
	return n
}
