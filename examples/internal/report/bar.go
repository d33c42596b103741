package report

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/ctikit/ctikit/directory"
)

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// drawBar draws how far something is; a total of 0 is not known, and draws nothing.
func drawBar(what string, n, total int) string {
	const width = 40
	full := 0
	if total > 0 {
		full = min(width, width*n/total)
	}
	return fmt.Sprintf("%s [%s%s]", what, strings.Repeat("█", full), strings.Repeat("·", width-full))
}

// Progress shows how far something is until it is complete or ctx ends, and
// tells whether it is complete.
func (r *Report) Progress(ctx context.Context, what string, total int, count func() int) bool {
	for shown := -1; ; {
		over := ctx.Err() != nil // before counting: the last count stands
		n := count()
		ended := over || n >= total
		if r.terminal {
			fmt.Fprintf(r.Out, "\r%s %d/%d", drawBar(what, n, total), n, total)
			if ended {
				fmt.Fprintln(r.Out)
			}
		} else if n != shown && (ended || shown < 0 || n-shown >= total/4) {
			r.Line("%s: %d of %d", what, n, total)
			shown = n
		}
		if ended {
			return n >= total
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Synchronisation draws the progress of one on a single line of w. Where w is no
// terminal there is nothing to draw on, and draw is nil. end goes to the next
// line, where the bar was left in the middle of one.
func Synchronisation(w io.Writer) (draw func(directory.Progress), end func()) {
	if !isTerminal(w) {
		return nil, func() {}
	}
	return progressDrawer(w)
}

func progressDrawer(w io.Writer) (draw func(directory.Progress), end func()) {
	last, open := "", false
	draw = func(p directory.Progress) {
		line := fmt.Sprintf("\r%s %d", drawBar(fmt.Sprintf("%-8s", p.Phase), p.Done, p.Of), p.Done)
		if line != last {
			fmt.Fprint(w, line)
			open = true
		}
		if last = line; p.Done == p.Of {
			fmt.Fprintln(w)
			open = false
		}
	}
	return draw, func() {
		if open {
			fmt.Fprintln(w)
			open = false
		}
	}
}
