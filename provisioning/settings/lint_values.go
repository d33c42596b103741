package settings

import (
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
)

// lintAssignment looks at one SET or ADD.
func (p *pass) lintAssignment(n *Node) {
	p.lintName(n)
	value := n.Value.Text
	switch {
	case value == "" && p.f.valueBelow(n) != "":
		p.reportAt(ValueOnNextLine, ctikit.SeverityError, n.Name.Offset, "the value of %s stands on the next line; a statement is one line", n.Name.Text)
		return
	case value == "":
		p.reportAt(ValueMissing, ctikit.SeverityError, n.Name.Offset, "%s has no value; write \"\" for the empty one", n.Name.Text)
		return
	case n.Trailing.Text != "" && !strings.HasPrefix(n.Trailing.Text, "#"):
		p.reportAt(UnbalancedQuote, ctikit.SeverityError, n.Trailing.Offset, "text after the closing quote: %.40q", n.Trailing.Text)
	case n.Trailing.Text != "":
		p.reportAt(TrailingText, ctikit.SeverityWarning, n.Trailing.Offset, "a comment after a value; not every telephone leaves it out")
	}
	if strings.HasPrefix(value, `"`) {
		p.lintQuotedValue(n, value)
	} else {
		value = p.lintBareValue(n, value)
	}
	if len(value) > p.MaxValue {
		p.reportAt(TooLong, ctikit.SeverityWarning, n.Value.Offset, "%s has %d bytes; most telephones take at most %d", n.Name.Text, len(value), p.MaxValue)
	}
	p.lintMeaning(n, value)
}

func (p *pass) lintName(n *Node) {
	name := n.Name.Text
	for i := 0; i < len(name); i++ {
		if !isNameByte(name[i]) {
			p.reportAt(InvalidName, ctikit.SeverityError, n.Name.Offset+i, "the name %.40q: only A-Z, 0-9 and _", name)
			return
		}
	}
	if p.Vocabulary == nil {
		return
	}
	if nearest, known := p.Vocabulary.Nearest(foldKey(name)); known {
		return
	} else if nearest != "" {
		p.reportAt(UnknownParameter, ctikit.SeverityWarning, n.Name.Offset, "%s is not known; did you mean %s?", name, nearest)
	} else {
		p.reportAt(UnknownParameter, ctikit.SeverityWarning, n.Name.Offset, "%s is not known; telephones ignore it", name)
	}
}

func (p *pass) lintQuotedValue(n *Node, value string) {
	if strings.Count(value, `"`)%2 != 0 || !strings.HasSuffix(value, `"`) {
		p.reportAt(UnbalancedQuote, ctikit.SeverityError, n.Value.Offset, "the quotes of %s do not pair: %.40s", n.Name.Text, value)
	}
}

// lintBareValue looks at a value without quotes and returns it without a comment.
func (p *pass) lintBareValue(n *Node, value string) string {
	if i := commentIndex(value); i >= 0 {
		p.reportAt(TrailingText, ctikit.SeverityWarning, n.Value.Offset+i, "text after an unquoted value; telephones may take it as part of the value")
		value = strings.TrimRight(value[:i], blanks)
	}
	blank := strings.IndexAny(value, blanks)
	switch {
	case strings.Contains(value, `"`):
		p.reportAt(UnbalancedQuote, ctikit.SeverityError, n.Value.Offset+strings.Index(value, `"`), "a quote inside an unquoted value")
	case blank > 0 && value[blank-1] == ',' && !strings.ContainsAny(strings.ReplaceAll(value, ", ", ","), blanks):
		p.reportAt(ListWithSpaces, ctikit.SeverityError, n.Value.Offset+blank, "a list is written without blanks, or in quotes")
	case blank >= 0:
		p.reportAt(BlankInValue, ctikit.SeverityError, n.Value.Offset+blank, "a value with blanks needs quotes")
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
		p.reportAt(ContradictsProfile, ctikit.SeverityError, n.Value.Offset, "%s must be %s here", name, strings.Join(want, " or "))
	}
	if p.IsSecret == nil || !p.IsSecret(name) || Unquote(value) == "" {
		return
	}
	p.reportAt(SecretInClear, ctikit.SeverityWarning, n.Name.Offset, "%s is a password; whoever can fetch the file can read it", name)
	if p.OverHTTP {
		p.reportAt(SecretOverHTTP, ctikit.SeverityError, n.Name.Offset, "%s travels without TLS", name)
	}
}
