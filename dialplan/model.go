package dialplan

import (
	"errors"
	"regexp"
	"strings"

	"github.com/dlclark/regexp2/v2"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/dialplan/internal/automaton"
)

// placeholderForm is what a placeholder looks like, [-Name-].
var placeholderForm = regexp.MustCompile(`\[-[A-Za-z]+-\]`)

// pattern is a rule's Pattern, understood.
type pattern struct {
	literal    string          // expanded text, where it is not an expression
	expression *expression     // else nil
	node       *automaton.Node // nil where it has no automaton
	fixed      int             // the length of every match where all have the same, else -1
}

// isLimited reports that the pattern matches texts of limited length only.
func (p *pattern) isLimited() bool {
	_, longest := p.node.Lengths()
	return longest != automaton.Unlimited
}

// isExpression reports whether text is a .NET expression: it starts with [ and
// ends with ], neither of which belongs to a placeholder.
func isExpression(text string) bool {
	if len(text) < 2 || text[0] != '[' || text[len(text)-1] != ']' {
		return false
	}
	for _, at := range placeholderForm.FindAllStringIndex(text, -1) {
		if at[0] == 0 || at[1] == len(text) {
			return false
		}
	}
	return true
}

// expandPlaceholders puts the parameters in the place of the placeholders.
func (p *Parameters) expandPlaceholders(path, text string, escape func(string) string, ps *ctikit.Problems) string {
	return placeholderForm.ReplaceAllStringFunc(text, func(found string) string {
		value, ok := p.placeholderText(found[2 : len(found)-2])
		if !ok {
			ps.Add(path, "character %d: unknown placeholder %s; use [-InternationalPrefix-], [-CountryPrefix-], "+
				"[-NationalPrefix-] or [-ExternalPrefix-]", strings.Index(text, found)+1, found)
		}
		return escape(value)
	})
}

// compilePattern understands a rule's Pattern and adds its problems to ps.
func (p *Parameters) compilePattern(path, text string, ps *ctikit.Problems) pattern {
	if isExpression(text) {
		source := p.expandPlaceholders(path, text[1:len(text)-1], regexp2.Escape, ps)
		compiled, err := compileExpression(source)
		if err != nil {
			ps.Add(path, "%v", err)
			return pattern{}
		}
		fixed := -1
		if compiled.node != nil {
			if shortest, longest := compiled.node.Lengths(); shortest == longest {
				fixed = shortest
			}
		}
		return pattern{expression: compiled, node: compiled.node, fixed: fixed}
	}
	before := len(*ps)
	literal := p.expandPlaceholders(path, text, func(s string) string { return s }, ps)
	if len(*ps) > before {
		return pattern{}
	}
	if literal == "" {
		ps.Add(path, "empty; it would match every number")
		return pattern{}
	}
	for i, r := range literal {
		if !strings.ContainsRune(automaton.Alphabet, r) {
			ps.Add(path, "character %d: %q cannot occur in a number; put expressions in square brackets", i+1, string(r))
			return pattern{}
		}
	}
	return pattern{literal: literal, node: automaton.Literal(literal), fixed: len(literal)}
}

// explainRefusal explains an error of the automaton in terms of the pattern.
func explainRefusal(err error) error {
	switch {
	case errors.Is(err, automaton.ErrEmptyLoop):
		return errors.New("refused: a quantifier repeats something that may be empty, as in (\\d*)*; " +
			"a match could take exponentially long. Let the repeated part match at least one character")
	case errors.Is(err, automaton.ErrTooLarge):
		return errors.New("refused: the expression is " + strings.TrimPrefix(err.Error(), "too large: "))
	}
	return err
}
