package settings

import (
	"strings"

	"github.com/ctikit/ctikit"
)

// Redact returns the file with the value of every parameter that isSecret names
// replaced by "[redacted]", also where the SET is in a comment ("## SET
// ADMIN_PASSWORD ..."), and in a value on the line below. Everything
// else stays byte for byte.
func (f *File) Redact(isSecret func(name string) bool) *File {
	var b strings.Builder
	b.Grow(len(f.src))
	below := false
	for number := 1; number <= f.Lines(); number++ {
		line := f.Line(number)
		text := line.Text
		if below && strings.HasPrefix(strings.TrimLeft(text, blanks), `"`) {
			text = ctikit.Redacted
		}
		name, value := cutAssignment(text)
		below = false
		if name != "" && isSecret(foldKey(name)) {
			below = strings.Trim(value, " \t\r") == ""
			if !below && value != `""` {
				text = text[:len(text)-len(value)] + ctikit.Redacted
			}
		}
		b.WriteString(text)
		b.WriteString(line.End)
	}
	return parseText(f.Name, b.String())
}

// cutAssignment finds a SET or ADD at the start of a line, after "#" and blanks,
// and returns its name and all that follows.
func cutAssignment(line string) (name, rest string) {
	text := strings.TrimPrefix(line, bom)
	text = strings.TrimLeft(text, "# \t")
	verb, after, ok := strings.Cut(strings.ReplaceAll(text, "\t", " "), " ")
	if !ok || !strings.EqualFold(verb, "SET") && !strings.EqualFold(verb, "ADD") {
		return "", ""
	}
	after = text[len(text)-len(after):]
	after = strings.TrimLeft(after, blanks)
	end := strings.IndexAny(after, blanks)
	if end < 0 {
		return after, ""
	}
	return after[:end], strings.TrimLeft(after[end:], blanks)
}
