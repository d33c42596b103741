package dialplan

import (
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
		for _, f := range plan.analyse(points) {
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
