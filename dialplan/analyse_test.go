package dialplan_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/dialplan"
	"github.com/ctikit/ctikit/internal/testenv"
)

func finding(findings []dialplan.Finding, code, rule string) *dialplan.Finding {
	for i, f := range findings {
		if string(f.Code) == code && f.Rule == rule {
			return &findings[i]
		}
	}
	return nil
}

func analyse(t *testing.T, change func(*dialplan.Config)) []dialplan.Finding {
	t.Helper()
	config, ok := dialplan.Preset("FR")
	require.True(t, ok)
	change(&config)
	plan, err := dialplan.New(config)
	require.NoError(t, err)
	return plan.Analyse()
}

func rules(rules ...dialplan.Rule) func(*dialplan.Config) {
	return func(c *dialplan.Config) { c.Rules = rules }
}

func TestUnreachable(t *testing.T) {
	findings := analyse(t, rules(
		dialplan.Rule{Name: "low", Priority: 5, Pattern: `[4[0-4]]`, Value: "1"},
		dialplan.Rule{Name: "high", Priority: 6, Pattern: `[4[5-9]\d*|4$]`, Value: "2"},
		dialplan.Rule{Name: "rest", Priority: 7, Pattern: `[4[#*]]`, Value: "3"},
		dialplan.Rule{Name: "four", Priority: 8, Pattern: "4", Value: "4"},
		dialplan.Rule{Name: "bracket", Priority: 9, Pattern: "+33(1)", Value: "5"},
		dialplan.Rule{Name: "long", Priority: 9, Pattern: "[5{9}$]", Value: "5", MaxLength: 8},
	))
	union := finding(findings, "unreachable", "four")
	require.NotNil(t, union, "hidden by two rules together")
	require.Equal(t, []string{"low", "high"}, union.Others)
	require.Equal(t, ctikit.SeverityError, union.Severity)
	require.NotNil(t, finding(findings, "unreachable", "rest"), "no number holds # inside")
	require.NotNil(t, finding(findings, "unreachable", "long"), "its length excludes its pattern")
	require.Nil(t, finding(findings, "unreachable", "low"))
	require.Nil(t, finding(findings, "unreachable", "bracket"))

	// +33(0)… is +330… without parentheses, which an earlier rule takes.
	findings = analyse(t, rules(dialplan.Rule{Name: "strict", Priority: 5, Pattern: "+330", Value: "1"}))
	require.Equal(t, []string{"strict"}, finding(findings, "unreachable", "std+cc(n)").Others)
}

func TestOverlap(t *testing.T) {
	findings := analyse(t, rules(
		dialplan.Rule{Name: "a", Priority: 5, Pattern: `[0[67]]`, Value: "1"},
		dialplan.Rule{Name: "b", Priority: 5, Pattern: `[0[78]]`, Value: "2"},
	))
	overlap := finding(findings, "overlap", "b")
	require.Equal(t, []string{"a"}, overlap.Others)
	require.Equal(t, "07", overlap.Number)
	require.Equal(t, ctikit.SeverityWarning, overlap.Severity, "only the order decides")
	require.Nil(t, finding(findings, "overlap", "a"))
}

func TestRuleFindings(t *testing.T) {
	findings := analyse(t, rules(
		dialplan.Rule{Name: "seed", Priority: 30, Pattern: `[(\+|[-InternationalPrefix-])?([^\)]+)\([^\]]+\)]`, Value: "[-ExternalPrefix-][-InternationalPrefix-]$2"},
		dialplan.Rule{Name: "better", Priority: 31, Pattern: `[(\+|[-InternationalPrefix-])?(\d+)\(0\)]`, Value: "[-ExternalPrefix-][-InternationalPrefix-]$2"},
		dialplan.Rule{Name: "plus", Priority: 9, Pattern: "+44", Value: "+44"},
		dialplan.Rule{Name: "gone", Priority: 9, Pattern: `[88\d*]`, Value: ""},
		dialplan.Rule{Name: "optional", Priority: 9, Pattern: `[77(8)?(\d*)]`, Value: "0$1$2"},
		dialplan.Rule{Name: "turns", Priority: 9, Pattern: `[66(\d)+]`, Value: "0$1"},
		dialplan.Rule{Name: "long", Priority: 9, Pattern: "55", Value: "000000000000000000000000000000"},
		dialplan.Rule{Name: "rescue", Priority: 9, Pattern: "999", Value: "112"},
		dialplan.Rule{Name: "star", Priority: 9, Pattern: "98", Value: "9*8"},
		dialplan.Rule{Name: "one", Priority: 9, Pattern: "1", Value: "91"},
	))
	for _, want := range []struct {
		code, rule string
		severity   ctikit.Severity
	}{
		{"deletes-digits", "seed", ctikit.SeverityWarning}, {"undiallable", "plus", ctikit.SeverityError}, {"nothing-left", "gone", ctikit.SeverityWarning},
		{"group-empty", "optional", ctikit.SeverityInfo}, {"deletes-digits", "turns", ctikit.SeverityWarning}, {"too-long", "long", ctikit.SeverityWarning},
		{"emergency-reached", "rescue", ctikit.SeverityWarning}, {"undiallable", "star", ctikit.SeverityInfo}, {"emergency-protected", "one", ctikit.SeverityInfo},
		{"prefix-alone", "std00cc", ctikit.SeverityInfo}, {"unstable", "std+cc", ctikit.SeverityInfo},
	} {
		f := finding(findings, want.code, want.rule)
		require.NotNil(t, f, "%s %s", want.code, want.rule)
		require.Equal(t, want.severity, f.Severity, f)
	}
	require.Nil(t, finding(findings, "deletes-digits", "better"))
	require.Nil(t, finding(findings, "deletes-digits", "optional"))
	for i := 1; i < len(findings); i++ {
		require.LessOrEqual(t, findings[i].Severity, findings[i-1].Severity)
	}
}

func TestParameterFindings(t *testing.T) {
	findings := analyse(t, func(c *dialplan.Config) {
		c.Emergency = nil
		c.InternalLength = 2
		c.Remove = "0"
		c.Rules = []dialplan.Rule{{Name: "std+", Disabled: true}}
		c.Rules[0].Pattern, c.Rules[0].Value = "+", "00"
	})
	require.NotNil(t, finding(findings, "emergency-none", ""))
	unlisted := finding(findings, "emergency-unlisted", "")
	require.NotNil(t, unlisted)
	require.Equal(t, "112", unlisted.Number)
	require.Equal(t, ctikit.SeverityError, finding(findings, "plus-unhandled", "").Severity)

	findings = analyse(t, func(c *dialplan.Config) { c.Emergency = []string{"116117"} })
	require.Equal(t, "0116117", finding(findings, "emergency-prefix", "").Number)

	// Remove takes the trunk prefix off where the PBX does not put the external one in front.
	findings = analyse(t, func(c *dialplan.Config) { c.Add = "9" })
	require.NotNil(t, finding(findings, "round-trip", ""))
}

// Every number a random plan transforms must agree with what the analysis says
// about reachability, and every witness must be one.
func TestAnalysisHoldsOnNumbers(t *testing.T) {
	seeds := testenv.Rand(t)
	unreachable := 0
	for range 60 {
		plan, r := randomPlan(t, seeds.Uint64())
		dead := map[string]bool{}
		for _, f := range plan.Analyse() {
			if f.Code == "unreachable" {
				dead[f.Path] = true
				unreachable++
			}
		}
		for _, w := range plan.Witnesses() {
			e := plan.Explain(w.Number)
			require.NoError(t, e.Err)
			require.Equal(t, w.Rule, e.Rule)
			require.Equal(t, w.Result, e.Result)
			require.False(t, dead[e.Path])
		}
		for range 200 {
			e := plan.Explain(r.number())
			require.False(t, e.Err == nil && dead[e.Path], "%s was called unreachable: %q", e.Path, e.Number)
		}
	}
	require.Positive(t, unreachable, "random plans must have unreachable rules for the test to mean something")
}

// randomPlan is a plan without its refused rules.
func randomPlan(t testing.TB, seed uint64) (*dialplan.Plan, randomPatterns) {
	r := randomPatterns{rand.New(rand.NewPCG(seed, 1))}
	config := r.config(1 + r.IntN(6))
	return withoutRefused(t, config), r
}

// What Equivalent proves holds on random numbers, and its witnesses differ.
func TestEquivalentHoldsOnNumbers(t *testing.T) {
	seeds := testenv.Rand(t)
	equal, different := 0, 0
	for range 150 {
		a, r := randomPlan(t, seeds.Uint64())
		changed := a.Config()
		if len(changed.Rules) == 0 {
			continue
		}
		i := r.IntN(len(changed.Rules))
		switch r.IntN(4) {
		case 0:
			changed.Rules[i].Disabled = true
		case 1:
			changed.Rules[i].Priority = r.IntN(70)
		case 2:
			changed.Rules[i].Value += r.of("0", "")
		case 3:
			changed.InternalLength = r.IntN(6)
		}
		b, err := dialplan.New(changed)
		require.NoError(t, err)
		c := dialplan.Equivalent(a, b)
		if !c.Equal {
			different++
			x, errX := a.Outgoing(c.Number)
			y, errY := b.Outgoing(c.Number)
			require.True(t, x != y || (errX == nil) != (errY == nil), "%+v", c)
			continue
		}
		if !c.Proved {
			continue
		}
		equal++
		for range 300 {
			number := r.number()
			x, errX := a.Outgoing(number)
			y, errY := b.Outgoing(number)
			require.Equal(t, x, y, "%q", number)
			require.Equal(t, errX == nil, errY == nil, "%q", number)
		}
	}
	require.Positive(t, equal)
	require.Positive(t, different)
}

// Plans that try the same rules with the same parameters are equal, also where
// no automaton could prove it.
func TestEquivalentWrittenAlike(t *testing.T) {
	build := func(value, comment string) *dialplan.Plan {
		config, _ := dialplan.Preset("FR")
		config.Rules = []dialplan.Rule{{Name: "look", Priority: 5, Pattern: `[(?!060)06(\d+)]`, Value: value, Description: comment}, {Priority: 6, Pattern: "07", Value: "7"}}
		plan, err := dialplan.New(config)
		require.NoError(t, err)
		return plan
	}
	require.Equal(t, dialplan.Comparison{Equal: true, Proved: true}, dialplan.Equivalent(build("9$1", ""), build("9$1", "another comment")))
	c := dialplan.Equivalent(build("9$1", ""), build("8$1", ""))
	require.False(t, c.Equal, "%+v", c)
	require.Equal(t, []string{"look", "look"}, []string{c.RuleA, c.RuleB})
}

// Rules that no automaton expresses have witnesses too.
func TestWitnessesOfRulesApart(t *testing.T) {
	config, _ := dialplan.Preset("FR")
	for name, pattern := range map[string]string{
		"ahead": `(?!060)06(\d+)`, "behind": `07(?<=7)8`, "atomic": `(?>91|92)3`, "balance": `(?<a>81)(?<-a>2)`,
	} {
		config.Rules = append(config.Rules, dialplan.Rule{Name: name, Priority: 5, Pattern: "[" + pattern + "]", Value: "0"})
	}
	plan, err := dialplan.New(config)
	require.NoError(t, err)
	found := map[string]string{}
	for _, w := range plan.Witnesses() {
		found[w.Rule] = w.Number
		e := plan.Explain(w.Number)
		require.Equal(t, []string{w.Rule, w.Result}, []string{e.Rule, e.Result})
	}
	for _, rule := range config.Rules {
		require.NotEmpty(t, found[rule.Name], "%s: %v", rule.Name, found)
	}
}

func TestEquivalentWithoutBeingWrittenAlike(t *testing.T) {
	build := func(change func(*dialplan.Config)) *dialplan.Plan {
		config, _ := dialplan.Preset("FR")
		change(&config)
		plan, err := dialplan.New(config)
		require.NoError(t, err)
		return plan
	}
	plain := build(rules())
	// 20 and 21 written with digits, 50 split in two, and a rule that no number reaches.
	other := build(func(c *dialplan.Config) {
		c.Rules = []dialplan.Rule{
			{Name: "std+ccn", Priority: 20, Pattern: "+330", Value: "00"}, {Name: "extra", Priority: 45, Pattern: "+331", Value: "001"},
			{Name: "never", Priority: 95, Pattern: "+33", Value: "7"},
		}
		c.Rules[0].Value = "[-ExternalPrefix-]0"
		c.Rules[1].Value = "[-ExternalPrefix-]01"
	})
	require.Equal(t, dialplan.Comparison{Equal: true, Proved: true}, dialplan.Equivalent(plain, other))

	one := build(rules(dialplan.Rule{Priority: 5, Pattern: `[0[67]]`, Value: "9"}))
	two := build(rules(dialplan.Rule{Priority: 5, Pattern: "06", Value: "9"}, dialplan.Rule{Priority: 5, Pattern: "07", Value: "9"}))
	require.Equal(t, dialplan.Comparison{Equal: true, Proved: true}, dialplan.Equivalent(one, two))

	three := build(rules(dialplan.Rule{Name: "six", Priority: 5, Pattern: "06", Value: "9"}))
	c := dialplan.Equivalent(two, three)
	require.False(t, c.Equal)
	require.True(t, c.Proved)
	require.Equal(t, "07", c.Number)
	require.Equal(t, "", c.RuleB)

	// Written differently, with groups: no difference, and no proof.
	x := build(rules(dialplan.Rule{Name: "x", Priority: 5, Pattern: `[06(\d*)]`, Value: "9$1"}))
	y := build(rules(dialplan.Rule{Name: "y", Priority: 5, Pattern: `[06(\d*)$]`, Value: "9$1"}))
	c = dialplan.Equivalent(x, y)
	require.True(t, c.Equal)
	require.False(t, c.Proved)
	require.Equal(t, [][2]string{{"x", "y"}}, c.Open)
}

// The number of a finding is told once: it may stand in the message, but not as a
// part of another number.
func TestFindingTellsItsNumber(t *testing.T) {
	for _, test := range []struct{ message, number, want string }{
		{"gives 023456, which becomes 0023456", "23456", " (for example 23456)"},
		{"gives 023456, which becomes 0023456", "023456", ""},
		{"before it come rest (+33(0)) and more", "+33(0)", ""},
		{"112 is listed", "112", ""},
		{"becomes 1123", "112", " (for example 112)"},
	} {
		f := dialplan.Finding{Problem: ctikit.Problem{Code: dialplan.Unstable, Message: test.message}, Number: test.number}
		require.Equal(t, "info unstable: "+test.message+test.want, f.String())
	}
}
