package report

import (
	"fmt"
	"io"
	"strings"
)

// width of a box, within its border.
const width = 46

// Box draws lines with a border; too long ones are cut.
func Box(w io.Writer, lines []string) error {
	var b strings.Builder
	b.WriteString("┌" + strings.Repeat("─", width) + "┐\n")
	for _, line := range lines {
		if text := []rune(line); len(text) > width-2 {
			line = string(text[:width-3]) + "…"
		}
		fmt.Fprintf(&b, "│ %-*s│\n", width-1, line)
	}
	b.WriteString("└" + strings.Repeat("─", width) + "┘\n")
	_, err := io.WriteString(w, b.String())
	return err
}
