package dialplan_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/dialplan"
	"github.com/ctikit/ctikit/internal/testenv"
)

// randomPatterns writes patterns and numbers that meet often: few digits, short texts.
type randomPatterns struct{ *rand.Rand }

func (r randomPatterns) of(choices ...string) string { return choices[r.IntN(len(choices))] }

func (r randomPatterns) digits(n int) string {
	text := ""
	for range r.IntN(n + 1) {
		text += r.of("0", "0", "1", "2", "3", "3")
	}
	return text
}

// piece is an expression of limited depth; groups counts the unnamed groups.
func (r randomPatterns) piece(depth int, groups *int) string {
	if depth == 0 {
		return r.of("0", "1", "3", `\d`, `\+`, `\(`, `\)`, "[0-2]", "[^0]", ".", `[^\)]`, "[0-9-[12]]", `\#`, `\*`, "33", "[-InternationalPrefix-]")
	}
	switch r.IntN(9) {
	case 0, 1, 2:
		return r.piece(depth-1, groups) + r.piece(depth-1, groups)
	case 3:
		*groups++
		return "(" + r.piece(depth-1, groups) + "|" + r.piece(depth-1, groups) + ")"
	case 4:
		return "(?:" + r.piece(depth-1, groups) + ")" + r.of("?", "*", "+", "{2}", "{1,3}", "{2,}", "??", "*?", "+?", "{0}")
	case 5:
		*groups++
		return "(" + r.piece(depth-1, groups) + ")"
	case 6:
		return r.of(`\d`, "[12]", ".", "0") + r.of("?", "*", "+", "{2,4}", "*?", "+?")
	case 7:
		return r.of("^", "$", `\b`, "(?=0)", `(?!\d3)`, "(?<=1)", "(?>0|03)", `\A`, `\z`, "(?:)", "(?<n>3)") + r.piece(depth-1, groups)
	default:
		return r.piece(depth-1, groups)
	}
}

func (r randomPatterns) rule() dialplan.Rule {
	rule := dialplan.Rule{Priority: r.IntN(70)}
	if r.IntN(3) == 0 {
		rule.MinLength = r.IntN(6)
	}
	if r.IntN(3) == 0 {
		rule.MaxLength = rule.MinLength + r.IntN(6)
	}
	if r.IntN(3) == 0 {
		rule.Pattern = r.of("+", "", "", "#", "*", "(", "[-InternationalPrefix-]", "+[-CountryPrefix-]") + r.digits(3) + r.of("0", "1", "(0)")
		rule.Value = r.of("", "0", "[-ExternalPrefix-]", "[-ExternalPrefix-][-NationalPrefix-]") + r.digits(2) + r.of("", "$0")
		return rule
	}
	groups := 0
	rule.Pattern = "[" + r.piece(1+r.IntN(4), &groups) + "]"
	rule.Value = r.of("", "0", "[-ExternalPrefix-]", "$0", "+1") + r.digits(2)
	if groups > 0 {
		rule.Value += fmt.Sprintf("${%d}", 1+r.IntN(groups)) + r.digits(2)
	}
	return rule
}

func (r randomPatterns) config(rules int) dialplan.Config {
	c := dialplan.Config{
		Parameters: dialplan.Parameters{
			InternationalPrefix: r.of("00", "011", "0"), CountryPrefix: r.of("33", "1"), NationalPrefix: r.of("0", "1", ""), ExternalPrefix: r.of("0", "9", ""),
			InternalLength: r.IntN(6), NationalLength: dialplan.Lengths{3 + r.IntN(4)}, Emergency: []string{"112", "03", "1"},
		},
		NoStandardRules: r.IntN(3) == 0,
	}
	for range rules {
		c.Rules = append(c.Rules, r.rule())
	}
	return c
}

func (r randomPatterns) number() string {
	var b strings.Builder
	if r.IntN(3) == 0 {
		b.WriteString(r.of("+33", "+33(0)", "0033", "+1", "00", "(+", "#", "*", "33", "112", "+"))
	}
	for range r.IntN(12) {
		b.WriteString(r.of("0", "1", "2", "3", "3", "0", "1", "(", ")", " ", "+", "#", "*", "x", "０"))
	}
	return b.String()
}

// withoutRefused builds a plan without the rules that are refused.
func withoutRefused(t testing.TB, config dialplan.Config) *dialplan.Plan {
	for {
		plan, err := dialplan.New(config)
		if err == nil {
			return plan
		}
		var m ctikit.Problems
		require.ErrorAs(t, err, &m)
		var at int
		_, scanErr := fmt.Sscanf(m[0].Path, "Rules[%d]", &at)
		require.NoError(t, scanErr, "%v in %+v", err, config)
		config.Rules = append(config.Rules[:at:at], config.Rules[at+1:]...)
	}
}

// comparePlan compares a random plan with the reference on random numbers. It
// tells how many rules of the plan were left after the refused ones.
func comparePlan(t testing.TB, seed uint64, numbers int) (rules int) {
	r := randomPatterns{rand.New(rand.NewPCG(seed, 1))}
	plan := withoutRefused(t, r.config(1+r.IntN(8)))
	config := plan.Config()
	ref := newReference(config)
	for range numbers {
		number := r.number()
		want, rule, ok := ref.outgoing(number)
		got, err := plan.Outgoing(number)
		if !ok {
			require.Error(t, err, "seed %d: %q gives %q; reference: rule %d, error\n%+v", seed, number, got, rule, config)
			require.False(t, errors.Is(err, dialplan.ErrRule))
			continue
		}
		require.NoError(t, err, "seed %d: %q\n%+v", seed, number, config)
		require.Equal(t, want, got, "seed %d: %q, rule %d\n%+v", seed, number, rule, config)
	}
	return len(config.Rules)
}

func TestPlanEqualsReference(t *testing.T) {
	r := testenv.Rand(t)
	rules := 0
	for range 400 {
		rules += comparePlan(t, r.Uint64(), 60)
	}
	require.Greater(t, rules, 800, "most random rules must be usable")
}

// The same for many rules, and for a plan whose expressions together are too
// large for one automaton.
func TestLargePlanEqualsReference(t *testing.T) {
	many := manyRules(t, 1000)
	large := manyRules(t, 30)
	large.Rules = append(large.Rules,
		dialplan.Rule{Name: "last but twenty", Priority: 4, Pattern: `[\d*1\d{20}$]`, Value: "7"},
		dialplan.Rule{Name: "limited", Priority: 3, Pattern: `[0[67](\d{2})]`, Value: "9$1"},
	)
	r := randomPatterns{testenv.Rand(t)}
	for _, config := range []dialplan.Config{many, large} {
		plan, err := dialplan.New(config)
		require.NoError(t, err)
		ref := newReference(config)
		for range 300 {
			number := r.number()
			if r.IntN(2) == 0 {
				number = r.of("+3314", "06", "1", "0033") + fmt.Sprintf("%06d", r.IntN(1000)*37) + r.digits(20)
			}
			want, _, ok := ref.outgoing(number)
			got, err := plan.Outgoing(number)
			require.Equal(t, ok, err == nil, "%q", number)
			require.Equal(t, want, got, "%q", number)
		}
	}
	plan, err := dialplan.New(large)
	require.NoError(t, err)
	findings := plan.Analyse()
	require.NotNil(t, finding(findings, "unproved", "last but twenty"))
	require.Nil(t, finding(findings, "unproved", "limited"), "only what is too large stays apart")
}

func FuzzPlanEqualsReference(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { comparePlan(t, seed, 40) })
}

// FuzzPattern: whatever stands in the brackets is refused, or means what the
// expression engine says, within a bounded time.
func FuzzPattern(f *testing.F) {
	for _, pattern := range []string{
		`(\+|[-InternationalPrefix-])?([^\)]+)\([^\]]+\)`, `(?<a>\d)\k<a>`, `0[67]\d{8}$`, `(?>0|03)5`, `(?(1)2|3)`, `(?i-s:0.)`, `[0-9-[5]]{2,}?`,
		`(?<=0)\B1`, `\p{Nd}\D?`, `(?:0|1(?:2|3)*)+?\z`, `(?x) 0 #`, `\x30\u0031[\d-[1]]`, `(?<n>0)(?<-n>1)`, `^(?m)^0$`,
	} {
		f.Add(pattern, "+33(0)155")
	}
	f.Fuzz(func(t *testing.T, pattern, number string) {
		config := dialplan.Config{
			Parameters:      dialplan.Parameters{InternationalPrefix: "00", ExternalPrefix: "9", InternalLength: 2},
			Rules:           []dialplan.Rule{{Pattern: "[" + pattern + "]", Value: "7$0"}},
			NoStandardRules: true,
		}
		plan, err := dialplan.New(config)
		if err != nil {
			return
		}
		want, _, ok := newReference(config).outgoing(number)
		got, err := plan.Outgoing(number)
		require.False(t, errors.Is(err, dialplan.ErrRule), "%q on %q: %v", pattern, number, err)
		require.Equal(t, ok, err == nil, "%q on %q", pattern, number)
		require.Equal(t, want, got, "%q on %q", pattern, number)
	})
}
