package settings

import (
	"strings"
	"unicode/utf8"

	"github.com/ctikit/ctikit"
)

// lintEncoding looks at the file as bytes.
func (p *pass) lintEncoding() {
	f := p.f
	if strings.HasPrefix(f.src, bom) {
		p.warnAt(ByteOrderMark, 0, "starts with a byte order mark, which telephones may not accept")
	}
	crlf := strings.Count(f.src, "\r\n")
	if lf := strings.Count(f.src, "\n"); crlf > 0 && crlf < lf {
		p.infoAt(MixedLineEnds, 0, "%d lines end in CR LF, %d in LF alone", crlf, lf-crlf)
	}
	if utf8.ValidString(f.src) {
		return
	}
	first, lines := -1, 0
	for number := 1; number <= f.Lines(); number++ {
		line := f.Line(number)
		if utf8.ValidString(line.Text) {
			continue
		}
		lines++
		if first < 0 {
			first = line.Offset + invalidIndex(line.Text)
		}
	}
	p.warnAt(NotUTF8, first,
		"not UTF-8 on %d lines, this is the first; settings files are UTF-8 (Vantage guide, p. 53)", lines)
}

func invalidIndex(s string) int {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(s)
}

// lintLines looks at every line, comments too.
func (p *pass) lintLines() {
	f, next := p.f, 0
	for number := 1; number <= f.Lines(); number++ {
		line := f.Line(number)
		statement := next < len(f.Nodes) && f.Nodes[next].Line == number
		if statement {
			if n := &f.Nodes[next]; n.Kind == Invalid {
				p.lintInvalid(n, line)
			}
			next++
		}
		p.lintSmartQuotes(line, statement)
		if i := controlIndex(line.Text); i >= 0 {
			severity := ctikit.SeverityInfo
			if statement {
				severity = ctikit.SeverityError
			}
			p.reportAt(ControlCharacter, severity, line.Offset+i, "the control character 0x%02X", line.Text[i])
		}
		if !statement {
			p.lintComment(line)
		}
	}
}

func (p *pass) lintInvalid(n *Node, line Line) {
	code := BadStatement
	verb, _, _ := strings.Cut(strings.ReplaceAll(line.Text, "\t", " "), " ")
	if strings.EqualFold(strings.TrimPrefix(verb, bom), "IF") {
		code = BadIf
	}
	p.errorAt(code, line.Offset, "ignored by telephones: %s", n.Why)
}

// lintSmartQuotes finds typographic quotes in UTF-8 and, on lines that are not
// UTF-8, in Windows-1252. In a comment they do harm as soon as the line is
// copied or enabled.
func (p *pass) lintSmartQuotes(line Line, statement bool) {
	at := strings.IndexAny(line.Text, "\u201C\u201D\u201E")
	if !utf8.ValidString(line.Text) {
		at = strings.IndexFunc(line.Text, func(r rune) bool { return r == utf8.RuneError })
		for at >= 0 && at < len(line.Text) && (line.Text[at] < 0x93 || line.Text[at] > 0x94) {
			at++
		}
	}
	if at < 0 || at == len(line.Text) {
		return
	}
	switch name, _ := cutAssignment(line.Text); {
	case statement:
		p.errorAt(SmartQuote, line.Offset+at, "a typographic quote; only the ASCII quote is one for telephones")
	case name != "":
		p.warnAt(SmartQuote, line.Offset+at, "a typographic quote in a %s that is commented out", name)
	default:
		p.infoAt(SmartQuote, line.Offset+at, "a typographic quote in a comment")
	}
}

func controlIndex(s string) int {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7F {
			return i
		}
	}
	return -1
}

// lintComment looks at a line that is no statement, for what its author may have
// thought one.
func (p *pass) lintComment(line Line) {
	text := strings.TrimRight(strings.TrimPrefix(line.Text, bom), " \t\r")
	word, _, _ := strings.Cut(strings.TrimLeft(strings.ReplaceAll(text, "\t", " "), " "), " ")
	switch {
	case text == "" || strings.HasPrefix(text, "##"):
	case strings.HasPrefix(text, "# ") && !strings.HasPrefix(text, "#  "):
		if tag := text[2:]; p.isMissingTarget(strings.ReplaceAll(tag, " ", "_")) || p.isMissingTarget(word) {
			p.warnAt(LabelWithBlanks, line.Offset, "a label has no blanks in its tag, so this is a comment")
		}
	case strings.HasPrefix(text, "#"):
		if tag := strings.TrimLeft(text, "# \t"); !strings.ContainsAny(tag, blanks) && p.isMissingTarget(tag) {
			p.warnAt(LabelWithoutBlank, line.Offset, "a label has exactly one blank after #, so this is a comment")
		}
	case isVerb(word) && (text[0] == ' ' || text[0] == '\t'):
		p.warnAt(IndentedStatement, line.Offset,
			"a statement starts in the first column, so this %s is a comment", strings.ToUpper(word))
	case isVerb(word):
		p.errorAt(BadStatement, line.Offset, "ignored by telephones: nothing follows %s", strings.ToUpper(word))
	case strings.HasPrefix(text, `"`) && p.isBelowEmptySet(line.Number):
		// reported with the SET that lacks the value
	default:
		p.warnAt(UnknownVerb, line.Offset, "%.30q is not a statement, so this line is a comment; write ## before it", word)
	}
}

func isVerb(word string) bool {
	switch foldKey(word) {
	case "SET", "ADD", "IF", "GOTO", "GET":
		return true
	}
	return false
}

// isBelowEmptySet reports whether the line above is a SET without a value.
func (p *pass) isBelowEmptySet(number int) bool {
	name, value := "", ""
	if number > 1 {
		name, value = cutAssignment(p.f.Line(number - 1).Text)
	}
	return name != "" && strings.Trim(value, " \t\r") == ""
}
