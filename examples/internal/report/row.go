package report

import (
	"fmt"
	"io"
	"strings"
)

// Row writes columns with tabs between, for other programs to read; a tab inside
// one becomes a blank.
func Row(w io.Writer, columns ...string) {
	row := make([]string, len(columns))
	for i, column := range columns {
		row[i] = strings.ReplaceAll(column, "\t", " ")
	}
	fmt.Fprintln(w, strings.Join(row, "\t"))
}
