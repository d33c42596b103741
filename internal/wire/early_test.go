package wire

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
)

// keep keeps a frame that is expected to be kept.
func keep(t *testing.T, e *Early[int], k int, frame string, isStop bool) {
	kept, err := e.KeepFrame(k, []byte(frame), isStop)
	require.NoError(t, err)
	require.True(t, kept)
}

// awaited reports whether what comes under a reference is kept; it keeps it.
func awaited(t *testing.T, e *Early[int], k int) bool {
	kept, err := e.KeepFrame(k, []byte("event"), false)
	require.NoError(t, err)
	return kept
}

func frames(texts ...string) (out [][]byte) {
	for _, text := range texts {
		out = append(out, []byte(text))
	}
	return out
}

func TestEarlyIsAppliedInOrder(t *testing.T) {
	var e Early[int]
	start := e.StartRequest()
	keep(t, &e, 7, "event", false)
	keep(t, &e, 8, "another's", false)
	keep(t, &e, 7, "stop", true)
	require.Equal(t, frames("event", "stop"), e.TakeFrames(7, start))
	require.Empty(t, e.TakeFrames(7, start), "once")
	e.EndRequest()
}

// TestEarlyEndsWithTheLastStart: a later start finds nothing of an earlier time.
func TestEarlyEndsWithTheLastStart(t *testing.T) {
	var e Early[int]
	require.False(t, awaited(t, &e, 7), "nothing is being started")
	a, b := e.StartRequest(), e.StartRequest()
	keep(t, &e, 7, "stop", true)
	e.EndRequest()
	require.True(t, awaited(t, &e, 7))
	e.EndRequest()
	require.False(t, awaited(t, &e, 7))
	require.Empty(t, e.TakeFrames(7, a))
	require.Empty(t, e.TakeFrames(7, b))
}

// TestEarlyIsNoneOfALaterRequest: what came before a request was sent does not
// belong to what it starts.
func TestEarlyIsNoneOfALaterRequest(t *testing.T) {
	var e Early[int]
	e.StartRequest() // and its answer never comes
	keep(t, &e, 7, "stop", true)
	later := e.StartRequest()
	keep(t, &e, 7, "event", false)
	require.Equal(t, frames("event"), e.TakeFrames(7, later))
}

// TestEarlyKnowsWhatLeaves: what comes under a reference whose monitor is being
// stopped belongs to the old monitor.
func TestEarlyKnowsWhatLeaves(t *testing.T) {
	var e Early[int]
	e.StartRequest()
	first := e.StopMonitor(7)
	require.False(t, awaited(t, &e, 7))
	second := e.StopMonitor(7) // used again, and stopped again, before the first answer
	first()
	require.False(t, awaited(t, &e, 7))
	second()
	require.True(t, awaited(t, &e, 7))
}

func TestEarlyIsBounded(t *testing.T) {
	var e Early[int]
	e.StartRequest()
	n := 0
	for awaited(t, &e, n) {
		n++
		require.Less(t, n, maxEarly)
	}
	require.NotZero(t, n)
	keep(t, &e, n, "stop", true) // there is room for what matters more
	var err error
	for ; err == nil; n++ {
		_, err = e.KeepFrame(n, []byte("stop"), true)
		require.Less(t, n, maxEarly)
	}
	require.ErrorIs(t, err, cti.ErrProtocol)
	e.EndRequest()
	e.StartRequest()
	require.True(t, awaited(t, &e, 1))
}

// TestReplay: each message is the current one, until one stops the monitor.
func TestReplay(t *testing.T) {
	current := []byte("answer")
	var seen []string
	ReplayFrames(frames("event", "stop", "of another"), &current, func() bool {
		seen = append(seen, string(current))
		return string(current) == "stop"
	})
	require.Equal(t, []string{"event", "stop"}, seen)
	require.Equal(t, "answer", string(current))
}
