package dialplan

import (
	"fmt"
	"strings"
)

// Mistake is one thing that is wrong with a configuration.
type Mistake struct {
	Path    string // of the field: "InternalLength", "Rules[2].Pattern"; "line 3, Value" in CSV
	Problem string // what is wrong, where in the field, and what to do
}

// String is the path, a colon and the message.
func (m Mistake) String() string {
	if m.Path == "" {
		return m.Problem
	}
	return m.Path + ": " + m.Problem
}

// Mistakes is the error of everything that checks a configuration: all
// mistakes at once.
type Mistakes []Mistake

// Error lists the mistakes, one per line.
func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i, mistake := range m {
		lines[i] = mistake.String()
	}
	return "dialplan: " + strings.Join(lines, "\n")
}

func (m *Mistakes) addf(path, format string, args ...any) {
	*m = append(*m, Mistake{Path: path, Problem: fmt.Sprintf(format, args...)})
}

// err is m as an error, nil where there is none.
func (m Mistakes) err() error {
	if len(m) == 0 {
		return nil
	}
	return m
}

func index(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}
