package dialplan

import (
	"cmp"
	"slices"
)

// Rule transforms numbers that start in a certain way (TWP guide 5).
type Rule struct {
	Name        string // for people, Explain and the findings; two rules do not share one
	Description string
	Priority    int  // the lowest is tried first; equal ones in order of declaration
	Disabled    bool // checked, but never tried

	// Pattern is what the number must start with: literal text with
	// placeholders, or a .NET regular expression in square brackets.
	Pattern string
	// Value replaces it: digits, +, # and *, placeholders, and for expressions
	// the groups $1, ${1}, ${name}; $0 is all that was matched.
	Value string

	// MinLength and MaxLength bound the digits (with # and *, without a leading
	// +) of the numbers that the rule is for; 0 is no bound.
	MinLength, MaxLength int
}

// Config is what a [Plan] is built from.
type Config struct {
	Parameters

	// Rules are the host's own. One with the name of a standard rule stands in
	// its place, which is how a standard rule is edited or disabled.
	Rules []Rule

	// NoStandardRules leaves the standard rules out: Rules are all there is.
	NoStandardRules bool
}

// placedRule is a rule and where it was declared.
type placedRule struct {
	Rule
	path     string // "Rules[2]", "StandardRules[std+]"
	standard bool
}

// all gives the standard rules with the host's own, best priority first.
func (c *Config) all() []placedRule {
	var rules []placedRule
	if !c.NoStandardRules {
		for _, rule := range StandardRules(c.Parameters) {
			if !slices.ContainsFunc(c.Rules, func(own Rule) bool { return own.Name == rule.Name }) {
				rules = append(rules, placedRule{Rule: rule, path: "StandardRules[" + rule.Name + "]", standard: true})
			}
		}
	}
	for i, rule := range c.Rules {
		rules = append(rules, placedRule{Rule: rule, path: index("Rules", i)})
	}
	slices.SortStableFunc(rules, func(a, b placedRule) int { return cmp.Compare(a.Priority, b.Priority) })
	return rules
}

func (r *placedRule) check(m *Mistakes) {
	if r.MinLength < 0 || r.MinLength > maxDialable {
		m.addf(r.path+".MinLength", "%d is not between 0 and %d", r.MinLength, maxDialable)
	}
	if r.MaxLength < 0 || r.MaxLength > maxDialable {
		m.addf(r.path+".MaxLength", "%d is not between 0 and %d", r.MaxLength, maxDialable)
	}
	if r.MaxLength > 0 && r.MinLength > r.MaxLength {
		m.addf(r.path+".MinLength", "%d is more than MaxLength, %d", r.MinLength, r.MaxLength)
	}
	if len(r.Pattern) > maxPattern {
		m.addf(r.path+".Pattern", "has %d characters; at most %d", len(r.Pattern), maxPattern)
	}
	if len(r.Value) > maxPattern {
		m.addf(r.path+".Value", "has %d characters; at most %d", len(r.Value), maxPattern)
	}
}

// maxPattern bounds a pattern and a value, in bytes.
const maxPattern = 1000
