// Package printable makes text that came from outside safe to show on one line
// of a log or terminal.
package printable

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text returns s with every character that is not printable escaped as in a Go
// string (\n, \x1b, \u202e): control characters, line separators, characters
// that change the direction of text, and bytes that are not UTF-8. A text
// without any is returned unchanged, without allocation.
func Text(s string) string {
	for i, r := range s {
		if !isSafe(r) || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return escape(s)
		}
	}
	return s
}

// isSafe reports whether a character shows as itself. A no-break space does;
// every other space but U+0020 may be a line's end.
func isSafe(r rune) bool { return unicode.IsPrint(r) || r == '\u00A0' }

func escape(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if isSafe(r) && !(r == utf8.RuneError && size == 1) {
			b.WriteString(s[:size])
		} else {
			quoted := strconv.Quote(s[:size])
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		s = s[size:]
	}
	return b.String()
}
