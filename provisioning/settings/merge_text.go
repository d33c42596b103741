package settings

import (
	"fmt"
	"strings"
)

// mergedText puts the merged file together.
func (m *merger) mergedText() string {
	var b strings.Builder
	b.Grow(len(m.next.src) + len(m.local.src)/8)
	was, end := usualLineEnd(m.base), usualLineEnd(m.next)
	write := func(text, lineEnd string) {
		if b.Len() > 0 && !strings.HasSuffix(b.String(), "\n") {
			b.WriteString(end) // the last line of a file came to stand before another
		}
		b.WriteString(text)
		b.WriteString(lineEnd)
	}
	site := func(l int) {
		line := m.local.Line(l + 1)
		if line.End == was && was != end {
			line.End = end // the vendor changed the line ends, the site did not
		}
		write(line.Text, line.End)
	}
	inserted := func(n int) {
		for _, l := range m.insert[n] {
			site(l)
		}
	}
	endOf := m.mergedLineEnds()
	inserted(-1)
	for n := range m.nextText {
		switch l, ok := m.replace[n]; {
		case m.drop[n]:
		case ok:
			site(l)
		default:
			write(m.nextText[n], endOf[n])
		}
		inserted(n)
	}
	return b.String()
}

// mergedLineEnds returns the line ends of next's lines, changed where the site changed them.
func (m *merger) mergedLineEnds() []string {
	ends := make([]string, len(m.nextText))
	for n := range ends {
		ends[n] = m.next.Line(n + 1).End
	}
	for i, n := range m.toNext {
		if l := m.toLocal[i]; n >= 0 && l >= 0 {
			if end := m.local.Line(l + 1).End; end != m.base.Line(i+1).End {
				ends[n] = end
			}
		}
	}
	return ends
}

func usualLineEnd(f *File) string {
	if strings.Contains(f.src, "\r\n") {
		return "\r\n"
	}
	return "\n"
}

// nameLines names every line that is a statement, in a comment or not, by its section
// (the label above it), verb, name and how many of these came before in it.
func (m *merger) nameLines() {
	if m.nextByKey != nil {
		return
	}
	m.baseKeys, m.nextKeys, m.localKeys = lineKeys(m.base), lineKeys(m.next), lineKeys(m.local)
	m.nextByKey = make(map[string]int, len(m.nextKeys))
	for n, key := range m.nextKeys {
		m.nextByKey[key] = n
	}
}

func lineKeys(f *File) []string {
	keys := make([]string, f.Lines())
	seen := map[string]int{}
	section := ""
	next := 0
	for i := range keys {
		if next < len(f.Nodes) && f.Nodes[next].Line == i+1 {
			if n := &f.Nodes[next]; n.Kind == Label {
				section = foldKey(n.Name.Text) + " "
			}
			next++
		}
		name := statementName(f.Line(i + 1).Text)
		if name == "" {
			continue
		}
		key := section + name
		seen[key]++
		if again := seen[key]; again > 1 {
			key = fmt.Sprintf("%s (%d)", key, again)
		}
		keys[i] = key
	}
	return keys
}

// statementName names the statement on a line: "SET NAME" also in a comment, "IF $A SEQ
// b", "GET file", "GOTO", "# TAG"; "" for every other line.
func statementName(line string) string {
	if name, _ := cutAssignment(line); name != "" {
		return "SET " + foldKey(name)
	}
	words := strings.Fields(line)
	switch {
	case len(words) >= 4 && strings.EqualFold(words[0], "IF"):
		return fmt.Sprintf("IF %s SEQ %s", foldKey(words[1]), words[3])
	case len(words) >= 2 && strings.EqualFold(words[0], "GET"):
		return "GET " + words[1]
	case len(words) >= 2 && strings.EqualFold(words[0], "GOTO"):
		return "GOTO"
	case isLabel(line):
		return "# " + foldKey(words[1])
	}
	return ""
}

// isComment: the line is no statement and no label.
func isComment(line string) bool { return strings.HasPrefix(line, "#") && !isLabel(line) }
