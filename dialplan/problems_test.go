package dialplan_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/dialplan"
)

// problems gives path and problem of every mistake in an error.
func problems(t *testing.T, err error) (paths []string, text string) {
	t.Helper()
	var m ctikit.Problems
	require.ErrorAs(t, err, &m)
	for _, mistake := range m {
		paths = append(paths, mistake.Path)
	}
	return paths, err.Error()
}

func TestAllMistakesAtOnce(t *testing.T) {
	_, err := dialplan.Parse([]byte(`{
		"InternationalPrefix": "0x", "CountryPrefix": "0033", "ExternalPrefix": "a", "InternalLength": "four",
		"ReverseInternalLength": 99, "NationalLength": [9, 9, 0], "Emergency": ["15", "", "15", "help"], "Add": "x", "Remove": 7,
		"Colour": 1,
		"Rules": [
			{"Name": "a", "Pattern": "", "Value": "1"},
			{"Name": "a", "Pattern": "[(]", "Value": "1"},
			{"Pattern": "12 34", "Value": "x"},
			{"Pattern": "12", "Value": "$1${name}${", "MinLength": 40, "MaxLength": -1},
			{"Pattern": "[-CountryPreffix-]", "Value": "[-Nothing-]"},
			{"Pattern": "[(\\d)]", "Value": "$20", "Enabled": "yes", "Pattern": "1"},
			{"Pattern": "12", "Value": "$$"},
			17
		]}`))
	paths, text := problems(t, err)
	for _, want := range []string{
		"InternationalPrefix", "CountryPrefix", "ExternalPrefix", "InternalLength", "ReverseInternalLength", "NationalLength[1]", "NationalLength[2]",
		"Emergency[1]", "Emergency[2]", "Emergency[3]", "Add", "Remove", "Colour",
		"Rules[0].Pattern", "Rules[1].Name", "Rules[1].Pattern", "Rules[2].Pattern", "Rules[3].Value", "Rules[3].MinLength", "Rules[3].MaxLength",
		"Rules[4].Pattern", "Rules[5].Enabled", "Rules[5].Pattern", "Rules[6].Value", "Rules[7]",
	} {
		require.Contains(t, paths, want, text)
	}
	require.Contains(t, text, `Rules[2].Pattern: character 3: " " cannot occur in a number`)
	require.Contains(t, text, `character 1: unknown group $1`)
	require.Contains(t, text, `character 1: unknown placeholder [-CountryPreffix-]`)
}

func TestSyntaxErrorHasPosition(t *testing.T) {
	_, err := dialplan.Parse([]byte("{\n \"Rules\": [}\n"))
	_, text := problems(t, err)
	require.Regexp(t, `^line 2, column 12: [^\n]*$`, text)
}

func TestGroupHint(t *testing.T) {
	_, err := dialplan.New(dialplan.Config{Rules: []dialplan.Rule{{Pattern: `[(\d)(\d)]`, Value: "$20"}}})
	require.ErrorContains(t, err, "${2}0")
}

// Hostile patterns are refused when the plan is built, with the reason.
func TestHostilePatterns(t *testing.T) {
	for _, pattern := range []string{
		`(\d*)*`, `(\d+)+`, `(\d|\d\d)+$`, `(\d?)+9`, `(\d*)*9`, `(.*)(.*)(.*)(.*)(.*)\+`, `((0|00)*)+1`, `(\d+|1)*#`,
		`(?=(\d+)+9)0`, `(?!(\d*)*9)0`, `(?>(\d+)+)9`, `(\d+)\1(\d+)+9`, `(\d{1,48}){1,48}9`, `(?<=(\d+)+9)0`, strings.Repeat(`(\d?)`, 30) + "9",
	} {
		_, err := dialplan.New(dialplan.Config{Rules: []dialplan.Rule{{Pattern: "[" + pattern + "]", Value: "0"}}})
		require.ErrorContains(t, err, "refused", pattern)
		require.ErrorContains(t, err, "Rules[0].Pattern", pattern)
	}
}

// Expressions that are harmless one by one are refused where all of them
// together could keep one number waiting.
func TestHostilePlan(t *testing.T) {
	var many []dialplan.Rule
	for i := range 1000 {
		many = append(many, dialplan.Rule{Priority: i, Pattern: `[(?=1)(\d*)(\d*)(\d*)#]`, Value: "0"})
	}
	_, err := dialplan.New(dialplan.Config{Rules: many})
	paths, text := problems(t, err)
	require.Equal(t, []string{"Rules"}, paths)
	require.Contains(t, text, "refused: the expressions that are tried one by one")
	_, err = dialplan.New(dialplan.Config{Rules: many[:50]})
	require.NoError(t, err)
}

// Useful patterns are not refused.
func TestUsefulPatterns(t *testing.T) {
	for _, pattern := range []string{
		`(\+|[-InternationalPrefix-])?([^\)]+)\([^\]]+\)`, `(\+|[-InternationalPrefix-])?(\d+)\(0\)`, `0[67]\d{8}$`, `^\+?(\d+)`,
		`(\d{2})(\d{2})(\d{2})`, `(?:\+33|0033)(\d+)`, `(\d+)#(\d+)`, `(?<area>0[1-5])(?<rest>\d*)`, `(?:0[1-9]|1[0-9])+`, `(?!0)\d+`, `(\d)\1+`, `[0-9-[5]]+`,
		`(?i)0`, `(?# a comment)0`, `0(?<=0)`, `(\d+?)9`, `.*`,
	} {
		_, err := dialplan.New(dialplan.Config{Rules: []dialplan.Rule{{Pattern: "[" + pattern + "]", Value: "0"}}})
		require.NoError(t, err, pattern)
	}
}

// .NET means by these what the standard library's regexp does not.
func TestDotNetSemantics(t *testing.T) {
	for _, test := range []struct{ pattern, value, number, want string }{
		{`[0-9-[5]]`, "9$0", "5", "5"},       // subtraction of classes
		{`[0-9-[5]]`, "9$0", "4", "94"},      //
		{`(?<n>1)(2)`, "$1$2", "12", "21"},   // named groups are numbered after the others
		{`(?<n>1)(2)`, "${n}$1", "12", "12"}, //
		{`(\d)\1`, "9$1", "334", "934"},      // back-reference
		{`(\d)\1`, "9$1", "344", "344"},      //
		{`(?!34)3`, "9", "34", "34"},         // look-ahead
		{`(?!34)3`, "9", "35", "95"},         //
		{`(?>3|34)5`, "9", "345", "345"},     // atomic group
		{`1(2)?`, "9$1", "13", "93"},         // a group that took no part is empty
		{`(1)(2)?`, "${1}0$2", "13", "103"},  // ${1}0, not $10
		{`3\b`, "9", "3#", "9"},              // # is dropped inside: 3 and the end
		{`(1|12)(3|)`, "$1", "123", "123"},   // the first alternative first
		{`(\d)+`, "9$1", "1234", "94"},       // the last turn of a loop
		{`\d+?`, "9", "1234", "9234"},        // lazy
		{`[12][^1]`, "9", "1234", "934"},     // a class at the start of the expression
	} {
		plan, err := dialplan.New(dialplan.Config{
			Parameters:      dialplan.Parameters{InternalLength: 16},
			Rules:           []dialplan.Rule{{Pattern: "[" + test.pattern + "]", Value: test.value}},
			NoStandardRules: true,
		})
		require.NoError(t, err, test.pattern)
		got, err := plan.Outgoing(test.number)
		require.NoError(t, err, test.pattern)
		require.Equal(t, test.want, got, "%s on %s", test.pattern, test.number)
	}
}

// TestCommentThatSwallowsOurParenthesis: it is refused, not misunderstood.
func TestCommentThatSwallowsOurParenthesis(t *testing.T) {
	_, err := dialplan.New(dialplan.Config{Rules: []dialplan.Rule{{Pattern: `[(?x) 1 2 # comment]`, Value: "9"}}})
	require.ErrorContains(t, err, "Rules[0].Pattern: not a .NET regular expression")
}

func TestTimeoutIsSaid(t *testing.T) {
	plan, err := dialplan.New(dialplan.Config{Rules: []dialplan.Rule{{Name: "odd", Pattern: `[(?<=0)?\d(?<a>1)(?<-a>2)]`, Value: "0"}}})
	require.NoError(t, err)
	codes := map[string]bool{}
	for _, finding := range plan.Analyse() {
		if finding.Rule == "odd" {
			codes[string(finding.Code)] = true
		}
	}
	require.True(t, codes["timeout"] && codes["unproved"], codes)
}

func TestTooManyRulesAreRefused(t *testing.T) {
	_, err := dialplan.Parse([]byte(`{"Rules": [` + strings.Repeat(`{},`, 30_000) + `{}]}`))
	require.ErrorContains(t, err, "at most")
	require.False(t, errors.Is(err, dialplan.ErrTooLong))
}
