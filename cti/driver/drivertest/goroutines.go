package drivertest

import (
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
)

// goroutines are the stacks of the goroutines that run beside this one, by
// their number: in a bubble those of the bubble, else all.
type goroutines map[string]string

var goroutineHead = regexp.MustCompile(`^goroutine (\d+) .*?\[[^\]]*?(synctest bubble \d+)?\]`)

func runningGoroutines() goroutines {
	found, bubble := goroutines{}, ""
	for i, stack := range strings.Split(allStacks(), "\n\n") {
		head := goroutineHead.FindStringSubmatch(stack)
		switch {
		case head == nil:
		case i == 0: // this one
			bubble = head[2]
		case head[2] == bubble || bubble == "":
			found[head[1]] = stack
		}
	}
	return found
}

func allStacks() string {
	for size := 256 << 10; ; size *= 2 {
		text := make([]byte, size)
		if n := runtime.Stack(text, true); n < size {
			return string(text[:n])
		}
	}
}

// startedSince returns the goroutines that were not there before.
func (before goroutines) startedSince() goroutines {
	now := runningGoroutines()
	for number := range before {
		delete(now, number)
	}
	return now
}

// requireNoneSince waits until only those goroutines run that did before.
func (s *suite) requireNoneSince(before goroutines) {
	s.Helper()
	var left goroutines
	s.awaitCondition(func() bool {
		left = before.startedSince()
		return len(left) == 0
	}, "the session's goroutines end:\n%s", &left)
	time.Sleep(s.tick)
	left = before.startedSince()
	require.Empty(s, left, "goroutines that came later")
}

// String is the stacks.
func (g *goroutines) String() string {
	var s strings.Builder
	for _, stack := range *g {
		s.WriteString(stack + "\n\n")
	}
	return s.String()
}
