package dialplan

import (
	"testing"
	"time"

	"github.com/dlclark/regexp2/v2"
	"github.com/stretchr/testify/require"
)

// An expression that takes too long in spite of all fails with the rule's
// name and a typed error, and the number is not dialled in another way.
func TestExpressionGivesUp(t *testing.T) {
	t.Cleanup(regexp2.StopTimeoutClock)
	plan, err := New(Config{Rules: []Rule{{Name: "slow", Pattern: `[(?<=0)?1(?<a>1)(?<-a>2)]`, Value: "0"}}})
	require.NoError(t, err)
	slow := regexp2.MustCompile(`\A(?:(\d+)+\+)`) // never let in: put in place of what was
	slow.MatchTimeout = time.Millisecond
	plan.rules[plan.apart[0]].pattern.expression.re = slow

	_, err = plan.Outgoing("11111111111111111111111111111111")
	require.ErrorIs(t, err, ErrRule)
	var named *NumberError
	require.ErrorAs(t, err, &named)
	require.Equal(t, "slow", named.Rule)
}
