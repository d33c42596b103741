package directory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
)

// Operator is how a field is compared with a value. Accents, case and
// punctuation never count, in numbers not even blanks.
type Operator string

// The operators.
const (
	Contains Operator = "contains"
	Begins   Operator = "begins"
	Ends     Operator = "ends"
	Equals   Operator = "equals"
	Differs  Operator = "differs"
)

// Condition is one test of a field. A field with several values, or the empty
// field name, which means all text and numbers of the card, matches when one
// value does; with Differs, when none equals.
type Condition struct {
	Field    Field
	Operator Operator
	Value    string
}

type compiledCondition struct {
	Condition
	folded string
	digits string // of a value that is a number, "" of any other
}

func compileConditions(list []Condition, ps *ctikit.Problems) []compiledCondition {
	var out []compiledCondition
	for i, c := range list {
		at := fmt.Sprintf("where[%d]", i)
		requireOneOf(ps, at+".operator", c.Operator, Contains, Begins, Ends, Equals, Differs)
		_, private := strings.CutPrefix(string(c.Field), attrPrefix)
		if c.Field != "" && !private && !slices.Contains(single, c.Field) && !slices.Contains(several, c.Field) {
			ps.Add(at+".field", "unknown field %.80q", c.Field)
		}
		q := compiledCondition{c, foldText(c.Value), digitsOf(c.Value)}
		if strings.ReplaceAll(q.folded, " ", "") != q.digits {
			q.digits = ""
		}
		out = append(out, q)
	}
	return out
}

// digitsOf leaves the digits of a number.
func digitsOf(number string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
}

// searched are the fields whose text a search goes through.
var searched = []Field{FieldDisplayName, FieldFirstName, FieldLastName, FieldOrganisation, FieldEmail}

// scanTexts are texts that the searched text of a card must hold if the conditions
// do: a scan for one of them finds the few cards that are worth a closer look.
func scanTexts(list []compiledCondition) (out []string) {
	for i := range list {
		q, needle := &list[i], ""
		switch {
		case q.Operator == Differs:
		case slices.Contains(several, q.Field):
			needle = q.digits
		case slices.Contains(searched, q.Field), q.Field == "" && (q.digits == "" || q.digits == q.folded):
			needle = q.folded
		}
		if needle != "" {
			out = append(out, needle)
		}
	}
	return out
}

func matchesAll(list []compiledCondition, c *Contact) bool {
	for i := range list {
		if !list[i].matchesCard(c) {
			return false
		}
	}
	return true
}

func (q *compiledCondition) matchesCard(c *Contact) bool {
	found := false
	switch {
	case q.Field == "":
		inText := func(f Field) bool { return q.matchesText(c.fieldValues(f)) }
		found = q.matchesNumbers(c) || slices.ContainsFunc(searched, inText)
	case slices.Contains(several, q.Field):
		found = q.matchesNumbers(c)
	default:
		found = q.matchesText(c.fieldValues(q.Field))
	}
	return found != (q.Operator == Differs)
}

func (q *compiledCondition) matchesText(values []string) bool {
	return slices.ContainsFunc(values, func(v string) bool { return q.compareValue(foldText(v), q.folded) })
}

func (q *compiledCondition) matchesNumbers(c *Contact) bool {
	if q.digits == "" {
		return false
	}
	for _, nf := range numberFields {
		if q.Field != "" && q.Field != nf.field {
			continue
		}
		for _, n := range c.Numbers {
			if n.Kind == nf.kind && q.compareValue(digitsOf(n.Value), q.digits) {
				return true
			}
		}
	}
	return false
}

// compareValue compares one value; with Differs it reports whether it is the same.
func (q *compiledCondition) compareValue(v, with string) bool {
	switch q.Operator {
	case Contains:
		return strings.Contains(v, with)
	case Begins:
		return strings.HasPrefix(v, with)
	case Ends:
		return strings.HasSuffix(v, with)
	}
	return v == with
}
