package dialplan

import (
	"cmp"
	"slices"

	"github.com/ctikit/ctikit"
)

// Rule transforms numbers that start in a certain way (TWP guide 5).
type Rule struct {
	Name        string // for people, Explain and the findings; unique
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
	// +) of the numbers that the rule applies to; 0 means unlimited.
	MinLength, MaxLength int
}

// Config is what a [Plan] is built from.
type Config struct {
	Parameters

	// Rules are the application's own. One with the name of a standard rule
	// replaces it, which is how a standard rule is edited or disabled.
	Rules []Rule

	// NoStandardRules omits the standard rules.
	NoStandardRules bool
}

// placedRule is a rule and where it was declared.
type placedRule struct {
	Rule
	path     string // "Rules[2]", "StandardRules[std+]"
	standard bool
}

// effectiveRules gives the standard rules with the application's own, best priority first.
func (c *Config) effectiveRules() []placedRule {
	var rules []placedRule
	if !c.NoStandardRules {
		for _, rule := range StandardRules(c.Parameters) {
			if !slices.ContainsFunc(c.Rules, func(own Rule) bool { return own.Name == rule.Name }) {
				rules = append(rules, placedRule{Rule: rule, path: "StandardRules[" + rule.Name + "]", standard: true})
			}
		}
	}
	for i, rule := range c.Rules {
		rules = append(rules, placedRule{Rule: rule, path: elementPath("Rules", i)})
	}
	slices.SortStableFunc(rules, func(a, b placedRule) int { return cmp.Compare(a.Priority, b.Priority) })
	return rules
}

func (r *placedRule) checkLimits(ps *ctikit.Problems) {
	if r.MinLength < 0 || r.MinLength > maxDialable {
		ps.Add(r.path+".MinLength", "must be between 0 and %d, got %d", maxDialable, r.MinLength)
	}
	if r.MaxLength < 0 || r.MaxLength > maxDialable {
		ps.Add(r.path+".MaxLength", "must be between 0 and %d, got %d", maxDialable, r.MaxLength)
	}
	if r.MaxLength > 0 && r.MinLength > r.MaxLength {
		ps.Add(r.path+".MinLength", "must be at most MaxLength, %d, got %d", r.MaxLength, r.MinLength)
	}
	if len(r.Pattern) > maxPattern {
		ps.Add(r.path+".Pattern", "must be at most %d characters, got %d", maxPattern, len(r.Pattern))
	}
	if len(r.Value) > maxPattern {
		ps.Add(r.path+".Value", "must be at most %d characters, got %d", maxPattern, len(r.Value))
	}
}

// maxPattern bounds a pattern and a value, in bytes.
const maxPattern = 1000
