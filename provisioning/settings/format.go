package settings

import "strings"

// Format returns the file in one form: verbs and parameter names in upper case,
// one blank between words, no blanks at line ends, LF line ends, no byte order
// mark. Values, tags and comments stay as they are, and so does what every
// telephone receives. Lines that are no statement keep their words, also where
// they look like one: to repair them is for their author.
func (f *File) Format() *File {
	var b strings.Builder
	b.Grow(len(f.src))
	next := 0
	for number := 1; number <= f.Lines(); number++ {
		text := f.Line(number).Text
		if number == 1 {
			text = strings.TrimPrefix(text, bom)
		}
		if next < len(f.Nodes) && f.Nodes[next].Line == number {
			text = f.Nodes[next].formatStatement(text)
			next++
		} else {
			text = strings.TrimRight(text, " \t\r")
		}
		b.WriteString(text)
		b.WriteByte('\n')
	}
	return parseText(f.Name, b.String())
}

// formatStatement returns the statement; text is its line as written.
func (n *Node) formatStatement(text string) string {
	var words []string
	switch n.Kind {
	case Set, Add:
		words = []string{n.Kind.String(), foldKey(n.Name.Text), n.Value.Text, n.Trailing.Text}
	case Get, Goto:
		words = []string{n.Kind.String(), n.Name.Text, n.Trailing.Text}
	case Label:
		words = []string{"#", n.Name.Text}
	case If:
		words = []string{"IF", n.Left.Text, "SEQ", n.Right.Text, "GOTO", n.Name.Text, n.Trailing.Text}
	default:
		return strings.TrimRight(text, "\r")
	}
	line := words[0]
	for _, w := range words[1:] {
		if w != "" {
			line += " " + w
		}
	}
	return line
}
