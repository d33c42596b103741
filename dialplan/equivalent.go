package dialplan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ctikit/ctikit/dialplan/internal/automaton"
)

// Equivalent compares what two plans make of outgoing numbers: of all numbers,
// not of a sample. Plans with the same rules and parameters are equal. Else it
// follows both automata through all numbers at once; where literal rules win, or
// both plans have the same expression and value, equal results on one number of
// a length are equal on all; for other pairs of expressions, and for those that
// no automaton expresses, it tries numbers and proves nothing.
func Equivalent(a, b *Plan) Comparison {
	if a.hasSameRules(b) {
		return Comparison{Equal: true, Proved: true}
	}
	c := comparer{a: a, b: b, open: map[[2]string]bool{}}
	c.result = Comparison{Equal: true, Proved: len(a.apart)+len(b.apart) == 0}
	s := newSearch(a.classifier, b.classifier)
	s.visitPoints(func(at int32, length int, winners []int) bool {
		number := s.numberAt(at, length)
		if !c.compareNumber(number) {
			return false
		}
		pair := [2]*rule{a.rankRule(winners[0]), b.rankRule(winners[1])}
		return c.isDecided(pair[0], pair[1]) || c.compareVariants(number, a.rankName(winners[0]), b.rankName(winners[1]))
	})
	for _, p := range []*Plan{a, b} {
		p.tryUnmerged(func(_ int, number string) bool { return c.result.Equal && c.compareNumber(number) })
	}
	if c.result.Equal {
		c.result.Proved = c.result.Proved && !s.incomplete && len(c.open) == 0
		for pair := range c.open {
			c.result.Open = append(c.result.Open, pair)
		}
		slices.SortFunc(c.result.Open, func(x, y [2]string) int { return slices.Compare(x[:], y[:]) })
	}
	return c.result
}

// EquivalentIncoming compares what two plans make of presented numbers. The
// parameters decide it: where those that matter are the same, the plans are
// equal on all numbers; else numbers of every form and length are tried.
func EquivalentIncoming(a, b *Plan) Comparison {
	if x, y := &a.config, &b.config; x.ReverseInternalLength == y.ReverseInternalLength &&
		x.Add == y.Add && x.Remove == y.Remove && x.InternationalPrefix == y.InternationalPrefix &&
		x.CountryPrefix == y.CountryPrefix && x.NationalPrefix == y.NationalPrefix &&
		equalSets(x.NationalLength, y.NationalLength) {
		return Comparison{Equal: true, Proved: true}
	}
	const digits = "23456789012345678901234567890123"
	var starts []string
	for _, c := range []*Config{&a.config, &b.config} {
		for _, remove := range []string{"", c.Remove} {
			for _, prefix := range []string{
				"", c.InternationalPrefix, c.NationalPrefix, c.CountryPrefix, "+" + c.CountryPrefix, "+",
			} {
				starts = append(starts, remove+prefix)
			}
		}
	}
	for length := range maxDialable {
		for _, start := range starts {
			number := start + digits[:length]
			if x, y := a.Identify(number), b.Identify(number); x != y {
				return Comparison{Proved: true, Number: number, A: x.String(), B: y.String()}
			}
		}
	}
	return Comparison{Equal: true}
}

// hasSameRules reports that two plans try the same rules in the same order, with the
// same parameters.
func (p *Plan) hasSameRules(other *Plan) bool {
	return p.external == other.external && p.config.InternalLength == other.config.InternalLength &&
		equalSets(p.emergency, other.emergency) &&
		slices.EqualFunc(p.rules, other.rules, func(x, y rule) bool {
			return x.MinLength == y.MinLength && x.MaxLength == y.MaxLength && x.hasSameEffect(&y)
		})
}

type comparer struct {
	a, b   *Plan
	open   map[[2]string]bool
	result Comparison
}

// compareNumber dials a number with both plans and keeps a difference as the witness.
func (c *comparer) compareNumber(number string) bool {
	a, errA := c.a.Outgoing(number)
	b, errB := c.b.Outgoing(number)
	if a == b && (errA == nil) == (errB == nil) {
		return true
	}
	if errA != nil {
		a = errA.Error()
	}
	if errB != nil {
		b = errB.Error()
	}
	c.result = Comparison{
		Proved: true, Number: number, A: a, B: b,
		RuleA: c.a.Explain(number).Rule, RuleB: c.b.Explain(number).Rule,
	}
	return false
}

// compareVariants tries numbers that begin alike and end differently.
func (c *comparer) compareVariants(number, ruleA, ruleB string) bool {
	c.open[[2]string{ruleA, ruleB}] = true
	for i := 0; i <= len(number); i++ {
		for _, digit := range "0192" {
			if !c.compareNumber(number[:i] + string(digit) + number[i:]) {
				return false
			}
		}
	}
	return true
}

// rankRule gives the rule of a rank of the automaton; nil is none, or an emergency number.
func (p *Plan) rankRule(rank int) *rule {
	if rank == automaton.None || rank < len(p.emergency) {
		return nil
	}
	return &p.rules[rank-len(p.emergency)]
}

func (p *Plan) rankName(rank int) string {
	switch {
	case rank == automaton.None:
		return p.ruleName(noRule)
	case rank < len(p.emergency):
		return p.ruleName(isEmergency)
	}
	return p.ruleName(rank - len(p.emergency))
}

// isDecided reports that equal results on one number at a point of the search
// prove equal results on all numbers of its length there.
//
// Rules that take a known beginning off the number and put a known text in its
// place leave results that differ at the beginning, the same for all numbers,
// or nowhere. The beginning is known where the pattern is literal, or where
// the other rule's literal pattern covers it; it does not matter where both
// rules take equally much.
func (c *comparer) isDecided(a, b *rule) bool {
	lengthA, literalA := takenLength(a)
	lengthB, literalB := takenLength(b)
	if lengthA >= 0 && lengthB >= 0 {
		return lengthA == lengthB || literalA && literalB || literalA && lengthA > lengthB || literalB && lengthB > lengthA
	}
	if a == nil || b == nil || !a.hasSameEffect(b) { // never two literal ones: their length is known
		return false
	}
	// The same expression and value: the same result, but for the external
	// prefix, which depends on the length of what the groups give.
	return a.value.external || c.a.external == c.b.external && c.a.config.InternalLength == c.b.config.InternalLength
}

// takenLength gives how many dialable characters a rule without groups takes, -1 for
// a varying number, and whether they are always the same ones.
func takenLength(r *rule) (length int, literal bool) {
	switch {
	case r == nil:
		return 0, true
	case r.pattern.expression == nil:
		return len(r.pattern.literal) - strings.Count(r.pattern.literal, "(") - strings.Count(r.pattern.literal, ")"), true
	case len(r.value.groups) > 0 || r.pattern.node == nil || r.pattern.node.Takes(automaton.SetOf("()")):
		return -1, false
	}
	return r.pattern.fixed, false
}

// hasSameEffect reports that two rules do the same to every number that both apply to.
func (r *rule) hasSameEffect(other *rule) bool {
	return r.pattern.expression.hasSameSource(other.pattern.expression) && r.pattern.literal == other.pattern.literal &&
		r.value.external == other.value.external && slices.Equal(r.value.groups, other.value.groups) &&
		slices.EqualFunc(r.value.tokens, other.value.tokens, func(x, y token) bool {
			return x.text == y.text && x.group == y.group
		})
}

// equalSets compares two lists whatever their order.
func equalSets[T cmp.Ordered](a, b []T) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func (x *expression) hasSameSource(other *expression) bool {
	return x == other || x != nil && other != nil && x.source == other.source
}

// Comparison is the result of [Equivalent].
type Comparison struct {
	// Equal reports that no number was found that the plans dial differently.
	Equal bool
	// Proved reports that Equal holds for all numbers. It is true wherever Equal
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

// String returns the result on one line, or with one more for each pair of Open:
// "differ: 1889 gives 1889 (no rule) and 21889 (rule out)".
func (c Comparison) String() string {
	switch {
	case !c.Equal:
		return fmt.Sprintf("differ: %s gives %s (%s) and %s (%s)",
			c.Number, c.A, ruleOrNone(c.RuleA), c.B, ruleOrNone(c.RuleB))
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
