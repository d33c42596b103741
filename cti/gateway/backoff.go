package gateway

import (
	"math/rand/v2"
	"time"
)

// backoff yields pauses with full jitter: a random time up to a bound that
// doubles with every failure, so that many gateways do not return in step.
type backoff struct {
	first, most time.Duration
	random      *rand.Rand
	failures    int
}

func (b *backoff) nextPause() time.Duration {
	bound := b.most
	if shift := b.failures; shift < 32 && b.first<<shift < b.most && b.first<<shift > 0 {
		bound = b.first << shift
	}
	b.failures++
	// Never less than a tenth: a peer that refuses at once is not hammered.
	return bound/10 + time.Duration(b.random.Int64N(int64(bound-bound/10)+1))
}

func (b *backoff) forgetFailures() { b.failures = 0 }
