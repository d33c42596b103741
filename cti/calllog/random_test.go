package calllog_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/calllog"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/stretchr/testify/require"
)

// truth is what the people did in one call from outside.
type truth struct {
	device             cti.DeviceID
	number             string
	begin, answer, end time.Time
}

// TestEveryEntryIsRightOrMarked lets people call at random while the link comes
// and goes. Every entry that is not marked must be exactly what they did, and
// every call that was seen whole must have its entry.
func TestEveryEntryIsRightOrMarked(t *testing.T) {
	first := testenv.Seed(t)
	seen, marked := 0, 0
	for i := range 40 {
		seed := first + uint64(i)
		ok := t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, m := randomCalls(t, rand.New(rand.NewPCG(seed, 2)))
				seen, marked = seen+s, marked+m
			})
		})
		require.True(t, ok, "repeat with CTIKIT_SEED=%d", seed)
	}
	require.Greater(t, seen, 100, "entries that could be checked")
	require.Greater(t, marked, 10, "entries that are marked")
}

func randomCalls(t *testing.T, r *rand.Rand) (seen, marked int) {
	numbers := []cti.DeviceID{"4001", "4002", "4003"}
	f := open(t, calllog.Options{}, numbers...)
	calls := &people{office: f, Rand: r, open: map[cti.DeviceID]*truth{}, party: map[cti.DeviceID]*ctitest.Party{}}
	down := false
	for range 60 {
		f.wait(time.Duration(1+r.IntN(5000)) * time.Millisecond)
		switch n := r.IntN(24); {
		case n == 0 && !down:
			f.port.Down()
			down = true
		case n == 0:
			f.port.Up()
			down = false
		case n == 1:
			f.port.Drop()
		default:
			calls.act(numbers[r.IntN(len(numbers))])
		}
	}
	f.port.Up()
	f.wait(2 * time.Minute)
	f.settle()
	for _, number := range numbers {
		calls.end(number)
	}
	f.wait(time.Second)
	f.stop()
	entries, err := f.log.Find(context.Background(), calllog.Filter{})
	require.NoError(t, err)
	return checked(t, entries, calls.done)
}

// checked compares entries with the truth.
func checked(t *testing.T, entries []calllog.Entry, done []truth) (seen, marked int) {
	const delay = 50 * time.Millisecond // of the wire
	near := func(a, b time.Time) bool {
		return a.IsZero() == b.IsZero() && a.Sub(b).Abs() <= delay
	}
	matched := make([]bool, len(done))
	for _, e := range entries {
		if e.Incomplete {
			marked++
			continue
		}
		i := slices.IndexFunc(done, func(c truth) bool {
			return c.device == e.Device && c.number == e.Number && near(c.begin, e.Begin) && near(c.end, e.End) && near(c.answer, e.Answer)
		})
		require.GreaterOrEqual(t, i, 0, "nobody made this call: %+v", e)
		require.Equal(t, e.Answer.IsZero(), e.Outcome == calllog.Missed)
		matched[i] = true
		seen++
	}
	for i, c := range done {
		if matched[i] {
			continue
		}
		require.True(t, slices.ContainsFunc(entries, func(e calllog.Entry) bool { // marked, or in a marked period
			return e.Incomplete && e.Device == c.device && !e.Begin.After(c.end.Add(delay)) && !e.End.Before(c.begin.Add(-delay))
		}), "the log says nothing of %+v", c)
	}
	return seen, marked
}

// people call extensions from outside; each extension has one call at a time.
type people struct {
	*office
	*rand.Rand
	open  map[cti.DeviceID]*truth
	party map[cti.DeviceID]*ctitest.Party
	done  []truth
	last  int
}

func (p *people) act(number cti.DeviceID) {
	c := p.open[number]
	switch {
	case c == nil:
		p.last++
		from := fmt.Sprintf("06%08d", p.last)
		p.open[number] = &truth{device: number, number: from, begin: time.Now()}
		p.party[number] = p.dial(cti.DeviceID(from), number)
	case c.answer.IsZero() && p.IntN(2) == 0:
		c.answer = time.Now()
		require.NoError(p.t, p.net.Set(number).Answer())
	default:
		p.end(number)
	}
}

func (p *people) end(number cti.DeviceID) {
	c := p.open[number]
	if c == nil {
		return
	}
	c.end = time.Now()
	require.NoError(p.t, p.party[number].HangUp())
	p.done = append(p.done, *c)
	delete(p.open, number)
}
