package settings

import (
	"slices"
	"strings"
)

// lintAssignment looks at one SET or ADD.
func (p *pass) lintAssignment(n *Node) {
	p.lintName(n)
	value := n.Value.Text
	switch {
	case value == "" && p.f.valueBelow(n) != "":
		p.errorAt(ValueOnNextLine, n.Name.Offset, "the value of %s is on the next line; a statement is one line", n.Name.Text)
		return
	case value == "":
		p.errorAt(ValueMissing, n.Name.Offset, "%s has no value; write \"\" for the empty one", n.Name.Text)
		return
	case n.Trailing.Text != "" && !strings.HasPrefix(n.Trailing.Text, "#"):
		p.errorAt(UnbalancedQuote, n.Trailing.Offset, "text after the closing quote: %.40q", n.Trailing.Text)
	case n.Trailing.Text != "":
		p.warnAt(TrailingText, n.Trailing.Offset, "a comment after a value; not every telephone ignores it")
	}
	if strings.HasPrefix(value, `"`) {
		p.lintQuotedValue(n, value)
	} else {
		value = p.lintBareValue(n, value)
	}
	if len(value) > p.MaxValue {
		p.warnAt(TooLong, n.Value.Offset,
			"%s must be at most %d bytes for most telephones, got %d", n.Name.Text, p.MaxValue, len(value))
	}
	p.lintMeaning(n, value)
}

func (p *pass) lintName(n *Node) {
	name := n.Name.Text
	for i := 0; i < len(name); i++ {
		if !isNameByte(name[i]) {
			p.errorAt(InvalidName, n.Name.Offset+i, "name must be of A-Z, 0-9 and _, got %.40q", name)
			return
		}
	}
	if p.Vocabulary == nil {
		return
	}
	if nearest, known := p.Vocabulary.Nearest(foldKey(name)); known {
		return
	} else if nearest != "" {
		p.warnAt(UnknownParameter, n.Name.Offset, "unknown parameter %s; did you mean %s?", name, nearest)
	} else {
		p.warnAt(UnknownParameter, n.Name.Offset, "unknown parameter %s; telephones ignore it", name)
	}
}

func (p *pass) lintQuotedValue(n *Node, value string) {
	if strings.Count(value, `"`)%2 != 0 || !strings.HasSuffix(value, `"`) {
		p.errorAt(UnbalancedQuote, n.Value.Offset, "unbalanced quotes in the value of %s: %.40s", n.Name.Text, value)
	}
}

// lintBareValue looks at a value without quotes and returns it without a comment.
func (p *pass) lintBareValue(n *Node, value string) string {
	if i := commentIndex(value); i >= 0 {
		p.warnAt(TrailingText, n.Value.Offset+i, "text after an unquoted value; telephones may take it as part of the value")
		value = strings.TrimRight(value[:i], blanks)
	}
	blank := strings.IndexAny(value, blanks)
	switch {
	case strings.Contains(value, `"`):
		p.errorAt(UnbalancedQuote, n.Value.Offset+strings.Index(value, `"`), "a quote inside an unquoted value")
	case blank > 0 && value[blank-1] == ',' && !strings.ContainsAny(strings.ReplaceAll(value, ", ", ","), blanks):
		p.errorAt(ListWithSpaces, n.Value.Offset+blank, "a list is written without blanks, or in quotes")
	case blank >= 0:
		p.errorAt(BlankInValue, n.Value.Offset+blank, "a value with blanks needs quotes")
	}
	return value
}

// lintMeaning asks the vocabulary, the profile and the list of secrets.
func (p *pass) lintMeaning(n *Node, value string) {
	name := foldKey(n.Name.Text)
	if p.Vocabulary != nil && n.Kind == Set {
		for _, problem := range p.Vocabulary.Check(name, value) {
			p.reportAt(problem.Code, problem.Severity, n.Value.Offset, "%s", problem.Message)
		}
	}
	if want, ok := p.Require[name]; ok && !slices.Contains(want, Unquote(value)) {
		p.errorAt(ContradictsProfile, n.Value.Offset, "%s must be %s here", name, strings.Join(want, " or "))
	}
	if p.IsSecret == nil || !p.IsSecret(name) || Unquote(value) == "" {
		return
	}
	p.warnAt(SecretInClear, n.Name.Offset, "%s is a password; whoever can fetch the file can read it", name)
	if p.OverHTTP {
		p.errorAt(SecretOverHTTP, n.Name.Offset, "%s travels without TLS", name)
	}
}
