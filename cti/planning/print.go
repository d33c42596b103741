package planning

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/ctikit/ctikit/cti"
)

// Print writes the table as TWP guide 4.2 prints it: links as columns, places
// as rows.
func (t *Table) Print(w io.Writer) error {
	x := t.buildIndex()
	column := func(cell func(i int, l Link) string) string {
		var b strings.Builder
		for i, l := range t.Links {
			b.WriteString("\t" + cell(i, l))
		}
		return b.String()
	}
	return writeAligned(w, func(tw *tabwriter.Writer) {
		fmt.Fprintf(tw, "\t%s\n", column(func(i int, _ Link) string { return "Link " + strconv.Itoa(i) }))
		fmt.Fprintf(tw, "Name\t%s\n", column(func(_ int, l Link) string { return l.Name }))
		fmt.Fprintf(tw, "Protocol\t%s\n", column(func(_ int, l Link) string { return protocolOf(l.Protocol).String() }))
		fmt.Fprintf(tw, "Centre\t%s\n", column(func(_ int, l Link) string {
			return formatNonZero(x.centreOf(l.Centre, l.Site.Site))
		}))
		fmt.Fprintf(tw, "Site\t%s\n", column(func(_ int, l Link) string {
			if l.Site.IsZero() {
				return ""
			}
			return l.Site.String()
		}))
		fmt.Fprintf(tw, "Capacity\t%s\n", column(func(_ int, l Link) string { return strconv.Itoa(l.Capacity) }))
		fmt.Fprintf(tw, "Address\t%s\n", column(func(_ int, l Link) string { return l.Address }))
		fmt.Fprintf(tw, "Site\tCentre%s\n", column(func(int, Link) string { return "" }))
		for i := range t.Rows {
			r := &t.Rows[i]
			name := r.Pattern.String()
			if protocolOf(r.Protocol) == cti.CSTA {
				name += " CSTA"
			}
			planned := column(func(_ int, l Link) string {
				if n, listed := r.Planned[l.Name]; listed {
					return strconv.Itoa(n)
				}
				return ""
			})
			fmt.Fprintf(tw, "%s\t%s%s", name, formatNonZero(x.centreOf(r.Centre, r.Pattern.Site)), planned)
			if r.Implicit > 0 {
				fmt.Fprintf(tw, "\t%d on any link", r.Implicit)
			}
			fmt.Fprintln(tw)
		}
	})
}

// Print writes the use of the links, and the number of unsupervised extensions.
func (a *Allocation) Print(w io.Writer) error {
	err := writeAligned(w, func(tw *tabwriter.Writer) {
		fmt.Fprintln(tw, "Link\tCapacity\tUsed\tExplicit\tOverflow\tImplicit\tFree")
		for _, l := range a.Links {
			free := strconv.Itoa(l.Capacity - l.Used)
			if l.Lost {
				free = "lost"
			}
			fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t%d\t%s\n", l.Name, l.Capacity, l.Used, l.Explicit, l.Overflow, l.Implicit, free)
		}
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "Unsupervised: %d\n", a.Unsupervised)
	return err
}

// writeAligned writes aligned columns, without blanks at the ends of lines.
func writeAligned(w io.Writer, fill func(tw *tabwriter.Writer)) error {
	var b bytes.Buffer
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fill(tw)
	if err := tw.Flush(); err != nil {
		return err
	}
	for line := range bytes.Lines(b.Bytes()) {
		if _, err := fmt.Fprintf(w, "%s\n", bytes.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

func formatNonZero(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
