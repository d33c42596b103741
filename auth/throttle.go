package auth

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"time"
)

// ThrottleOptions of a [Throttle]; zero fields take the default.
type ThrottleOptions struct {
	UserFailures    int           // failures of one user that cost no wait; 5, below the lock-out of usual directories
	AddressFailures int           // the same for one address, shared by many users; 50
	FirstWait       time.Duration // after the first failure beyond; doubles with each more; 1 s
	LongestWait     time.Duration // 15 min
	Forget          time.Duration // without failures, the count halves after each such time; 1 h
}

// Throttle makes guessing slow: each failure beyond a free number doubles the
// wait of that user and of that address. It delays and never locks, so that
// no attacker can shut a user out for good. It is safe for concurrent use.
//
// Counts live in a table of fixed size (384 KiB) under a secret hash, two cells
// per key, of which the lower counts. There is nothing to evict, so a flood of
// invented names neither grows the table nor makes it forget a name under
// attack; the price is that a name shares both cells of another one with a
// chance of one in 67 million.
type Throttle struct {
	opts ThrottleOptions
	seed maphash.Seed

	mu    sync.Mutex
	cells [2][throttleCells]throttleCell
}

const throttleCells = 1 << 13

type throttleCell struct {
	failures float64
	last     int64 // Unix nanoseconds of the last failure
	until    int64 // refused before; Unix nanoseconds
}

// places are the two cells of a key, by row.
type places [2]uint32

func (t *Throttle) places(kind, key string) places {
	var h maphash.Hash
	h.SetSeed(t.seed)
	h.WriteString(kind)
	h.WriteString(key)
	sum := h.Sum64()
	return places{uint32(sum % throttleCells), uint32(sum >> 32 % throttleCells)}
}

// NewThrottle returns a throttle.
func NewThrottle(opts ThrottleOptions) *Throttle {
	if opts.UserFailures <= 0 {
		opts.UserFailures = 5
	}
	if opts.AddressFailures <= 0 {
		opts.AddressFailures = 50
	}
	if opts.FirstWait <= 0 {
		opts.FirstWait = time.Second
	}
	if opts.LongestWait <= 0 {
		opts.LongestWait = 15 * time.Minute
	}
	if opts.Forget <= 0 {
		opts.Forget = time.Hour
	}
	return &Throttle{opts: opts, seed: maphash.MakeSeed()}
}

// outcome of an attempt that [Throttle.beginAttempt] let through.
type outcome int

const (
	undecided outcome = iota // the password was not checked
	failed
	succeeded
)

func outcomeOf(r *Refusal) outcome {
	switch {
	case r == nil, r.Reason == ReasonPasswordChange:
		return succeeded
	case slices.ContainsFunc(r.Trials, func(t Trial) bool { return t.Reason == ReasonAbandoned }):
		return failed
	case r.Reason == ReasonUnavailable, r.Reason == ReasonNoMethod:
		return undecided
	}
	return failed
}

// ticket represents one attempt that was let through.
type ticket struct{ user, address places }

// beginAttempt returns how long to wait, or 0 and counts the attempt as a failure of
// the user until [Throttle.settleAttempt] knows better: a burst of attempts at once shall
// not pass before the first of them has failed.
func (t *Throttle) beginAttempt(user, remote string) (ticket, time.Duration) {
	k := ticket{t.places("u", user), t.places("a", addressKey(remote))}
	now := time.Now().UnixNano()
	t.mu.Lock()
	defer t.mu.Unlock()
	if wait := max(t.remainingWait(k.user, now), t.remainingWait(k.address, now)); wait > 0 {
		return k, wait
	}
	t.countFailure(k.user, now, t.opts.UserFailures)
	return k, 0
}

// settleAttempt corrects the count of an attempt.
func (t *Throttle) settleAttempt(k ticket, o outcome) {
	now := time.Now().UnixNano()
	t.mu.Lock()
	defer t.mu.Unlock()
	switch o {
	case failed:
		t.countFailure(k.address, now, t.opts.AddressFailures)
	case succeeded:
		for row, cell := range k.user {
			t.cells[row][cell] = throttleCell{}
		}
	case undecided:
		for row, i := range k.user {
			cell := &t.cells[row][i]
			cell.failures = max(0, cell.failures-1)
			cell.until = 0
		}
	}
}

func (t *Throttle) remainingWait(p places, now int64) time.Duration {
	return time.Duration(max(0, min(t.cells[0][p[0]].until, t.cells[1][p[1]].until)-now))
}

func (t *Throttle) countFailure(p places, now int64, free int) {
	for row, i := range p {
		cell := &t.cells[row][i]
		if halvings := (now - cell.last) / int64(t.opts.Forget); halvings > 0 {
			cell.failures /= float64(uint64(1) << min(halvings, 62))
		}
		cell.failures++
		cell.last = now
		if beyond := int(cell.failures) - free; beyond > 0 {
			cell.until = now + int64(t.waitAfter(beyond))
		}
	}
}

// waitAfter doubles with each failure beyond the free ones.
func (t *Throttle) waitAfter(beyond int) time.Duration {
	wait := t.opts.FirstWait
	for ; beyond > 1 && wait < t.opts.LongestWait; beyond-- {
		wait *= 2
	}
	return min(wait, t.opts.LongestWait)
}

// addressKey drops the port, and takes an IPv6 network of 64 bits as one: that
// is what one subscriber has.
func addressKey(remote string) string {
	addr, ok := addressOf(remote)
	if !ok {
		return remote
	}
	raw := addr.As16()
	if addr.Is6() {
		return string(raw[:8])
	}
	return string(raw[12:])
}

// throttleKey is the user, however the name was typed; an unknown name stands
// for itself.
func (r Request) throttleKey() string {
	if r.User != "" {
		return "=" + r.User
	}
	return "?" + strings.ToLower(r.Login)
}
