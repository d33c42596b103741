package exchange_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/internal/exchange"
)

const room = 1 << 10

func TestEarlyIsAppliedInOrder(t *testing.T) {
	var e exchange.Early[int, string]
	start := e.Start()
	require.True(t, e.Awaited(7))
	require.True(t, e.Keep(7, "event", 5, room))
	require.True(t, e.Keep(8, "another's", 9, room))
	require.True(t, e.Keep(7, "stop", 4, room))
	require.Equal(t, []string{"event", "stop"}, e.Take(7, start))
	require.Empty(t, e.Take(7, start), "once")
	e.End()
}

// TestEarlyEndsWithTheLastStart: a later start finds nothing of an earlier time.
func TestEarlyEndsWithTheLastStart(t *testing.T) {
	var e exchange.Early[int, string]
	require.False(t, e.Awaited(7), "nothing is being started")
	a, b := e.Start(), e.Start()
	require.True(t, e.Keep(7, "stop", 4, room))
	e.End()
	require.True(t, e.Awaited(7))
	e.End()
	require.False(t, e.Awaited(7))
	require.Empty(t, e.Take(7, a))
	require.Empty(t, e.Take(7, b))
}

// TestEarlyIsNoneOfALaterRequest: what came before a request was sent is not of
// what it starts.
func TestEarlyIsNoneOfALaterRequest(t *testing.T) {
	var e exchange.Early[int, string]
	e.Start() // and its answer never comes
	require.True(t, e.Keep(7, "stop", 4, room))
	later := e.Start()
	require.True(t, e.Keep(7, "event", 5, room))
	require.Equal(t, []string{"event"}, e.Take(7, later))
}

// TestEarlyKnowsWhatLeaves: what is said under a reference that is being given
// up is of the old thing.
func TestEarlyKnowsWhatLeaves(t *testing.T) {
	var e exchange.Early[int, string]
	e.Start()
	first := e.Leave(7)
	require.False(t, e.Awaited(7))
	second := e.Leave(7) // used again, and given up again, before the first answer
	e.Left(7, first)
	require.False(t, e.Awaited(7))
	e.Left(7, second)
	require.True(t, e.Awaited(7))
}

func TestEarlyIsBounded(t *testing.T) {
	var e exchange.Early[int, string]
	e.Start()
	n := 0
	for e.Keep(n, "", 1, room) {
		n++
		require.Less(t, n, room)
	}
	require.NotZero(t, n)
	require.True(t, e.Keep(n, "", 1, 2*room), "there may be room for what matters more")
	e.End()
	e.Start()
	require.True(t, e.Keep(1, "", 1, room))
}
