package dialplan

import (
	"fmt"
	"strings"
)

// Comparison is the result of [Equivalent].
type Comparison struct {
	// Equal tells that no number was found that the plans dial differently.
	Equal bool
	// Proved tells that Equal holds for all numbers. It is true wherever Equal
	// is false: the witness is the proof.
	Proved bool

	// Number is a witness: one of the shortest numbers that the plans dial
	// differently. A and B are what they dial, or the text of the error.
	Number, A, B string
	RuleA, RuleB string // the rules at work

	// Open names pairs of rules whose results are the same on all numbers
	// tried, without proof: expressions that are written differently.
	Open [][2]string
}

// String tells the result, in one line, or with one more for each pair of Open:
// "differ: 1889 gives 1889 (no rule) and 21889 (rule out)".
func (c Comparison) String() string {
	switch {
	case !c.Equal:
		return fmt.Sprintf("differ: %s gives %s (%s) and %s (%s)", c.Number, c.A, ruleOrNone(c.RuleA), c.B, ruleOrNone(c.RuleB))
	case c.Proved:
		return "equivalent: proved for all numbers"
	}
	var b strings.Builder
	b.WriteString("no difference found, without proof")
	for _, pair := range c.Open {
		fmt.Fprintf(&b, "\nopen: %s and %s", ruleOrNone(pair[0]), ruleOrNone(pair[1]))
	}
	return b.String()
}

func ruleOrNone(rule string) string {
	if rule == "" {
		return "no rule"
	}
	return "rule " + rule
}
