package automaton_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/dialplan/internal/automaton"
	"github.com/ctikit/ctikit/internal/testenv"
)

// random writes a node and, in the standard library's syntax, what it means.
type random struct {
	intn func(int) int
}

func (r random) node(depth int) (*automaton.Node, string) {
	if depth == 0 {
		switch r.intn(5) {
		case 0:
			return automaton.Chars(automaton.SetOf("0123456789")), `[0-9]`
		case 1:
			return automaton.Begin(), `\A`
		case 2:
			return automaton.End(), `\z`
		default:
			text := []string{"0", "1", "01", "+", "(0)", "12"}[r.intn(6)]
			return automaton.Literal(text), regexp.QuoteMeta(text)
		}
	}
	a, x := r.node(depth - 1)
	switch r.intn(4) {
	case 0:
		b, y := r.node(depth - 1)
		return automaton.Sequence(a, b), x + y
	case 1:
		b, y := r.node(depth - 1)
		return automaton.Choice(a, b), `(?:` + x + `|` + y + `)`
	case 2:
		form := []struct {
			low, high int
			text      string
		}{{0, 1, "?"}, {0, automaton.Unlimited, "*"}, {1, automaton.Unlimited, "+"}, {2, 3, "{2,3}"}, {0, 0, "{0}"}, {2, automaton.Unlimited, "{2,}"}}[r.intn(6)]
		return automaton.Repeat(a, form.low, form.high), `(?:` + x + `)` + form.text
	}
	return a, x
}

func (r random) number() string {
	var b strings.Builder
	for range r.intn(9) {
		b.WriteByte("00111+()23"[r.intn(10)])
	}
	return b.String()
}

// TestMatchEqualsRegexp compares the automaton with the standard library's
// engine, which is not the one that the plans use.
func TestMatchEqualsRegexp(t *testing.T) {
	r := random{testenv.Rand(t).IntN}
	compared := 0
	for range 1500 {
		var rules []automaton.Rule
		var expressions []*regexp.Regexp
		for range 1 + r.intn(4) {
			node, text := r.node(1 + r.intn(3))
			rule := automaton.Rule{Model: node}
			if r.intn(3) == 0 {
				rule.MinLength = r.intn(5)
				rule.MaxLength = rule.MinLength + r.intn(4)
			}
			rules = append(rules, rule)
			expressions = append(expressions, regexp.MustCompile(`\A(?:`+text+`)`))
		}
		dfa, err := automaton.Build(rules)
		if err != nil {
			require.ErrorIs(t, err, automaton.ErrEmptyLoop)
			continue
		}
		for range 20 {
			number := r.number()
			want := automaton.None
			for rank, x := range expressions {
				rule := rules[rank]
				fits := len(number) >= rule.MinLength && (rule.MaxLength == 0 || len(number) <= rule.MaxLength)
				if want == automaton.None && fits && x.MatchString(number) {
					want = rank
				}
			}
			if number == "" {
				continue // the end of the empty text is not asked for
			}
			require.Equal(t, want, dfa.Match([]byte(number), len(number)), "%q %v", number, expressions)
			compared++
		}
	}
	require.Greater(t, compared, 10_000)
}

// TestSettled holds a state's word: no character changes its winner.
func TestSettled(t *testing.T) {
	dfa, err := automaton.Build([]automaton.Rule{
		{Model: automaton.Literal("00")}, {Model: automaton.Literal("0")}, {Model: automaton.Sequence(automaton.Literal("1"), automaton.End())},
	})
	require.NoError(t, err)
	settled := 0
	for s := range automaton.State(dfa.States()) {
		if !dfa.Settled(s) {
			continue
		}
		settled++
		for c := range automaton.Symbol(automaton.Symbols) {
			require.Equal(t, dfa.Winner(s), dfa.Winner(dfa.Next(s, c)))
			require.True(t, dfa.Settled(dfa.Next(s, c)))
		}
	}
	require.Positive(t, settled)
	require.Less(t, settled, dfa.States())
}

func TestBuildIsBounded(t *testing.T) {
	digit := automaton.Chars(automaton.SetOf("0123456789"))
	// "The n-th digit from the end is 1": 2^n states.
	rule := automaton.Rule{Model: automaton.Sequence(automaton.Repeat(digit, 0, automaton.Unlimited), automaton.Literal("1"), automaton.Repeat(digit, 24, 24), automaton.End())}
	_, err := automaton.Build([]automaton.Rule{rule})
	require.ErrorIs(t, err, automaton.ErrTooLarge)

	_, err = automaton.Build([]automaton.Rule{{Model: automaton.Repeat(automaton.Repeat(digit, 50, 50), 100, 100)}})
	require.ErrorIs(t, err, automaton.ErrTooLarge)

	_, err = automaton.Build([]automaton.Rule{{Model: automaton.Probe(digit)}})
	require.ErrorIs(t, err, automaton.ErrNoAutomaton)
}

func TestCost(t *testing.T) {
	digit := automaton.Chars(automaton.SetOf("0123456789"))
	many := automaton.Repeat(digit, 1, automaton.Unlimited)
	const length, limit = 48, 100_000
	for _, test := range []struct {
		name string
		node *automaton.Node
		low  int
		high int
	}{
		{"literal", automaton.Literal("0033"), 4, 10},
		{"one loop", many, 48, 200},
		{"two loops", automaton.Sequence(many, many), 1000, 5000},
		{"three loops", automaton.Sequence(many, many, many), 10_000, 90_000},
		{"loops that exclude each other", automaton.Repeat(automaton.Sequence(many, automaton.Literal("+")), 1, automaton.Unlimited), 48, 1000},
		{"a loop of a loop", automaton.Repeat(many, 1, automaton.Unlimited), limit, limit},
		{"choices that overlap", automaton.Repeat(automaton.Choice(digit, automaton.Literal("1")), 1, automaton.Unlimited), limit, limit},
		{"choices that exclude each other", automaton.Repeat(automaton.Choice(automaton.Literal("0"), automaton.Literal("1")), 1, automaton.Unlimited), 48, 500},
		{"many options", automaton.Sequence(automaton.Repeat(automaton.Repeat(digit, 0, 1), 30, 30), automaton.Literal("+")), limit, limit},
	} {
		steps, err := automaton.Cost(test.node, length, limit)
		if test.name == "many options" {
			require.ErrorIs(t, err, automaton.ErrEmptyLoop)
			continue
		}
		require.NoError(t, err, test.name)
		require.GreaterOrEqual(t, steps, test.low, test.name)
		require.LessOrEqual(t, steps, test.high, test.name)
	}
	_, err := automaton.Cost(automaton.Repeat(automaton.Repeat(digit, 0, 1), 0, automaton.Unlimited), length, limit)
	require.ErrorIs(t, err, automaton.ErrEmptyLoop)
}
