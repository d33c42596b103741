package dialplan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/dialplan"
)

func TestComparisonString(t *testing.T) {
	for want, c := range map[string]dialplan.Comparison{
		"differ: 1889 gives 1889 (no rule) and 21889 (rule out)": {Proved: true, Number: "1889", A: "1889", B: "21889", RuleB: "out"},
		"equivalent: proved for all numbers":                     {Equal: true, Proved: true},
		"no difference found, without proof\nopen: rule a and no rule\nopen: rule a and rule b": {
			Equal: true, Open: [][2]string{{"a", ""}, {"a", "b"}}},
	} {
		require.Equal(t, want, c.String())
	}
}
