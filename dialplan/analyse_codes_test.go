package dialplan_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/dialplan"
	"github.com/ctikit/ctikit/internal/testenv"
)

// Every code of Analyse with a plan that has the finding and the nearest one
// that has not.
func TestEveryFinding(t *testing.T) {
	one := func(r dialplan.Rule) func(*dialplan.Config) {
		r.Name, r.Priority = "r", 5
		return rules(r)
	}
	two := func(a, b dialplan.Rule) func(*dialplan.Config) {
		a.Name, b.Name = "first", "r"
		return rules(a, b)
	}
	parameters := func(change func(*dialplan.Parameters)) func(*dialplan.Config) {
		return func(c *dialplan.Config) { change(&c.Parameters) }
	}
	disabled := func(names ...string) func(*dialplan.Config) {
		return func(c *dialplan.Config) {
			for _, name := range names {
				c.Rules = append(c.Rules, dialplan.Rule{Name: name, Pattern: "9", Disabled: true})
			}
		}
	}
	cases := []struct {
		code, rule string
		has, not   func(*dialplan.Config)
	}{
		{"unreachable", "r", two(dialplan.Rule{Priority: 5, Pattern: "06"}, dialplan.Rule{Priority: 6, Pattern: "061"}),
			two(dialplan.Rule{Priority: 5, Pattern: "061"}, dialplan.Rule{Priority: 6, Pattern: "06"})},
		{"unreachable", "r", one(dialplan.Rule{Pattern: "061", MaxLength: 2}), one(dialplan.Rule{Pattern: "061", MaxLength: 3})},
		{"overlap", "r", two(dialplan.Rule{Priority: 5, Pattern: "061"}, dialplan.Rule{Priority: 6, Pattern: "06"}),
			two(dialplan.Rule{Priority: 5, Pattern: "061"}, dialplan.Rule{Priority: 6, Pattern: "062"})},
		{"plus-unhandled", "", disabled("std+"), disabled("std#")},
		{"undiallable", "r", one(dialplan.Rule{Pattern: "+1", Value: "+1"}), one(dialplan.Rule{Pattern: "+1", Value: "01"})},
		{"undiallable", "r", one(dialplan.Rule{Pattern: "06", Value: "+336"}), one(dialplan.Rule{Pattern: "06", Value: "336"})},
		{"undiallable", "r", one(dialplan.Rule{Pattern: "06", Value: "0*6"}), one(dialplan.Rule{Pattern: "*6", Value: "0*6"})},
		{"nothing-left", "r", one(dialplan.Rule{Pattern: "06"}), one(dialplan.Rule{Pattern: "06", MinLength: 3})},
		{"too-long", "r", one(dialplan.Rule{Pattern: "06", Value: strings.Repeat("1", 30), MinLength: 5}), one(dialplan.Rule{Pattern: "06", Value: strings.Repeat("1", 30), MaxLength: 4})},
		{"deletes-digits", "r", one(dialplan.Rule{Pattern: `[06\d]`, Value: "9"}), one(dialplan.Rule{Pattern: `[06(\d)]`, Value: "9$1"})},
		{"deletes-digits", "r", one(dialplan.Rule{Pattern: `[06(\d)+]`, Value: "9$1"}), one(dialplan.Rule{Pattern: `[06(\d+)]`, Value: "9$1"})},
		{"group-empty", "r", one(dialplan.Rule{Pattern: `[06(\d*)]`, Value: "9$1"}), one(dialplan.Rule{Pattern: `[06(\d+)]`, Value: "9$1"})},
		{"group-empty", "r", one(dialplan.Rule{Pattern: `[(?:06|(07))]`, Value: "9$1"}), one(dialplan.Rule{Pattern: `[(06|07)]`, Value: "9$1"})},
		{"prefix-alone", "r", one(dialplan.Rule{Pattern: "06", Value: "[-ExternalPrefix-]"}), one(dialplan.Rule{Pattern: "06", Value: "[-ExternalPrefix-]", MinLength: 3})},
		{"unstable", "r", one(dialplan.Rule{Pattern: "06", Value: "0606"}), one(dialplan.Rule{Pattern: "06", Value: "06"})},
		{"round-trip", "", parameters(func(p *dialplan.Parameters) { p.NationalLength = nil }), parameters(func(p *dialplan.Parameters) { p.NationalLength = dialplan.Lengths{9} })},
		{"round-trip", "", parameters(func(p *dialplan.Parameters) { p.Add = "9" }), parameters(func(p *dialplan.Parameters) { p.Remove = "0" })},
		{"round-trip", "", parameters(func(p *dialplan.Parameters) { p.ReverseInternalLength = 10 }), parameters(func(p *dialplan.Parameters) { p.ReverseInternalLength = 9 })},
		{"round-trip", "", parameters(func(p *dialplan.Parameters) { p.NationalLength, p.ReverseInternalLength = dialplan.Lengths{5, 9}, 6 }),
			parameters(func(p *dialplan.Parameters) { p.NationalLength, p.ReverseInternalLength = dialplan.Lengths{6, 9}, 6 })},
		{"round-trip", "", one(dialplan.Rule{Pattern: "0212345", Value: "[-ExternalPrefix-]9"}), one(dialplan.Rule{Pattern: "0399999", Value: "[-ExternalPrefix-]9"})},
		{"emergency-none", "", parameters(func(p *dialplan.Parameters) { p.Emergency = nil }), parameters(func(p *dialplan.Parameters) { p.Emergency = []string{"15"} })},
		{"emergency-unlisted", "", parameters(func(p *dialplan.Parameters) { p.Emergency, p.InternalLength = []string{"15"}, 2 }),
			parameters(func(p *dialplan.Parameters) { p.Emergency, p.InternalLength = []string{"112", "911"}, 2 })},
		{"emergency-unlisted", "r", func(c *dialplan.Config) {
			c.Emergency = []string{"15"}
			one(dialplan.Rule{Pattern: "11", Value: "9"})(c)
		}, one(dialplan.Rule{Pattern: "11", Value: "9"})},
		{"emergency-prefix", "", parameters(func(p *dialplan.Parameters) { p.Emergency = []string{"116117"} }), parameters(func(p *dialplan.Parameters) { p.Emergency = []string{"116117", "0116117"} })},
		{"emergency-protected", "r", one(dialplan.Rule{Pattern: "11", Value: "9"}), one(dialplan.Rule{Pattern: "13", Value: "9"})},
		{"emergency-reached", "r", one(dialplan.Rule{Pattern: "999", Value: "112", MaxLength: 3}), one(dialplan.Rule{Pattern: "999", Value: "113", MaxLength: 3})},
		{"unproved", "r", one(dialplan.Rule{Pattern: `[(?!060)06]`, Value: "06"}), one(dialplan.Rule{Pattern: `[06]`, Value: "06"})},
		{"timeout", "r", one(dialplan.Rule{Pattern: `[(?<a>1)(?<-a>2)]`, Value: "06"}), one(dialplan.Rule{Pattern: `[(?!060)06]`, Value: "06"})},
		{"incomplete", "r", two(dialplan.Rule{Priority: 4, Pattern: `[\d]`, Value: "0"}, dialplan.Rule{Priority: 5, Pattern: `[\d*1\d{20}$]`, Value: "0"}),
			two(dialplan.Rule{Priority: 4, Pattern: `[\d]`, Value: "0"}, dialplan.Rule{Priority: 5, Pattern: `[\d*1\d{2}$]`, Value: "0"})},
	}
	tested := map[string]bool{}
	for _, test := range cases {
		tested[test.code] = true
		has := finding(analyse(t, test.has), test.code, test.rule)
		require.NotNil(t, has, "%s %s", test.code, test.rule)
		require.NotEmpty(t, has.Message)
		require.Nil(t, finding(analyse(t, test.not), test.code, test.rule), "%s %s", test.code, test.rule)
	}
	source, err := os.ReadFile("finding.go")
	require.NoError(t, err)
	for _, found := range regexp.MustCompile(`(?m)^\t\w+ +Code = "([a-z-]+)" +// `).FindAllStringSubmatch(string(source), -1) {
		if found[1] == string(dialplan.LengthAmbiguous) {
			continue // of Spaces, see TestSpacesWarning
		}
		require.True(t, tested[found[1]], "the code %s has no test", found[1])
		delete(tested, found[1])
	}
	require.Empty(t, tested, "codes without a constant")
}

// The number of a finding shows what the finding says, whatever the plan.
func TestFindingsAreShownByTheirNumbers(t *testing.T) {
	seeds := testenv.Rand(t)
	shown := map[string]int{}
	for range 150 {
		plan, _ := randomPlan(t, seeds.Uint64())
		findings := plan.Analyse()
		var apart []string
		for _, f := range findings {
			if f.Code == "unproved" {
				apart = append(apart, f.Rule)
			}
		}
		for _, f := range findings {
			if f.Number == "" {
				shown[string(f.Code)+" without"]++
				continue
			}
			shown[string(f.Code)]++
			show(t, plan, apart, f)
		}
	}
	t.Logf("shown: %v", shown)
	require.Greater(t, len(shown), 13, "%v", shown)
}

// show fails where the number of a finding is no witness of it.
func show(t *testing.T, plan *dialplan.Plan, apart []string, f dialplan.Finding) {
	config := plan.Config()
	e := plan.Explain(f.Number)
	again, _ := plan.Outgoing(e.Result)
	switch f.Code {
	case "unreachable", "overlap": // rules that are not part of the proofs may take it before
		require.NotEqual(t, f.Path, e.Path, "%v", f)
		require.Contains(t, append(apart, f.Others...), e.Rule, "%v", f)
	case "plus-unhandled":
		require.True(t, e.Rule == "" && strings.HasPrefix(e.Strict, "+"), "%v", f)
	case "undiallable":
		require.Regexp(t, `[+*#]`, e.Result, "%v", f)
	case "nothing-left":
		require.ErrorIs(t, e.Err, dialplan.ErrEmpty, "%v", f)
		require.Equal(t, f.Path, e.Path, "%v", f)
	case "too-long":
		require.Greater(t, len(e.Result), 32, "%v", f)
	case "prefix-alone":
		require.Empty(t, e.Rest, "%v", f)
	case "deletes-digits":
		pair := regexp.MustCompile(`\((\S+) and (\S+) both give (\S+)\)`).FindStringSubmatch(f.Message)
		require.NotNil(t, pair, "%v", f)
		require.NotEqual(t, pair[1], pair[2])
		for _, number := range pair[1:3] {
			e := plan.Explain(number)
			require.Equal(t, []string{f.Path, pair[3]}, []string{e.Path, e.Result}, "%v", f)
		}
	case "unstable":
		require.NotEqual(t, e.Result, again, "%v", f)
	case "emergency-reached":
		require.Contains(t, config.Emergency, strings.TrimPrefix(e.Result, config.ExternalPrefix), "%v", f)
		require.NotEqual(t, e.Strict, e.Result, "%v", f)
	case "emergency-protected":
		require.Equal(t, f.Number, e.Result, "%v", f)
		config.Emergency = slices.DeleteFunc(config.Emergency, func(number string) bool { return number == f.Number })
		bare, err := dialplan.New(config)
		require.NoError(t, err)
		require.NotEmpty(t, bare.Explain(f.Number).Rule, "some rule takes it: %v", f)
	case "emergency-unlisted", "emergency-prefix":
		require.NotEqual(t, f.Number, e.Result, "%v", f)
	case "round-trip":
		caller := plan.Identify(f.Number)
		back, err := plan.Outgoing(caller.Lookup)
		if caller.Kind == dialplan.Internal {
			require.Contains(t, f.Message, "taken for an internal number", "%v", f)
		} else if err == nil && caller.E164 != "" {
			told := regexp.MustCompile(`look-up number (\S+) back dials (\S+), but (\S+) dials (\S+)$`).FindStringSubmatch(f.Message)
			require.NotNil(t, told, "%v", f)
			other, _ := plan.Outgoing(told[3])
			require.Equal(t, []string{caller.Lookup, back, other}, []string{told[1], told[2], told[4]}, "%v", f)
			require.NotEqual(t, back, other)
		}
	default:
		t.Errorf("a finding of code %s has a number: %v", f.Code, f)
	}
}
