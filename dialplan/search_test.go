package dialplan

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// A search that is cut short says so, and what it did not see is not called
// unreachable.
func TestSearchCutShort(t *testing.T) {
	config, _ := Preset("FR")
	config.Rules = []Rule{{Name: "hidden", Priority: 90, Pattern: "+331"}}
	plan, err := New(config)
	require.NoError(t, err)
	codes := func(points int) (codes []string) {
		for _, f := range plan.analyseUpTo(points) {
			codes = append(codes, string(f.Code))
		}
		return codes
	}
	require.NotContains(t, codes(maxPoints), "incomplete")
	require.Equal(t, []string{"unreachable"}, slices.DeleteFunc(codes(maxPoints), func(code string) bool { return code != "unreachable" }))
	short := codes(2)
	require.Contains(t, short, "incomplete")
	require.NotContains(t, short, "unreachable")
}

// A thousand direct numbers beside an expression that the light form of a number
// may match long after the strict one has found its rule: the points that differ
// in what can no longer win are one, and what is known of a rule is not looked
// for again. Told apart, they are more than half a million.
func TestSearchOfManyRules(t *testing.T) {
	config, _ := Preset("FR")
	config.Rules = []Rule{{Name: "parentheses", Priority: 30, Pattern: `[(\+|[-InternationalPrefix-])?([^\)]+)\([^\]]+\)]`, Value: "[-ExternalPrefix-][-InternationalPrefix-]$2"}}
	for i := range 1000 {
		config.Rules = append(config.Rules, Rule{Name: fmt.Sprintf("ddi-%d", i), Priority: 6, Pattern: fmt.Sprintf("+3314%06d", i*37), Value: fmt.Sprintf("4%03d", i)})
	}
	plan, err := New(config)
	require.NoError(t, err)
	for _, f := range plan.analyseUpTo(1 << 16) {
		require.NotEqual(t, Incomplete, f.Code, f.String())
		require.NotEqual(t, Unreachable, f.Code, f.String())
	}
}
