package negotiate

import (
	"crypto/sha256"
	"errors"
	"sync"
	"time"
)

// Replays records the authenticators that were seen, so that a copied token is
// refused. Applications with several processes for one service name supply one that
// they share; otherwise the acceptor keeps its own.
type Replays interface {
	// Fresh records key until that time and reports whether it is new, in one
	// step: of any number of callers with the same key, one gets true. On an
	// error the token is refused.
	Fresh(key [sha256.Size]byte, until time.Time) (bool, error)
}

// errReplaysFull refuses tokens rather than forget one that is still good.
var errReplaysFull = errors.New("replay cache is full")

// replayCache is bounded, under one lock, and has no goroutine: what has expired
// goes when something new comes.
type replayCache struct {
	mu    sync.Mutex
	seen  map[[sha256.Size]byte]struct{}
	queue []replayEntry // in the order of coming, which is that of until
	size  int
}

type replayEntry struct {
	key   [sha256.Size]byte
	until time.Time
}

func newReplayCache(size int) *replayCache {
	return &replayCache{seen: make(map[[sha256.Size]byte]struct{}), size: size}
}

func (c *replayCache) Fresh(key [sha256.Size]byte, until time.Time) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	expired := 0
	for expired < len(c.queue) && c.queue[expired].until.Before(now) {
		delete(c.seen, c.queue[expired].key)
		expired++
	}
	c.queue = c.queue[expired:]
	if _, replayed := c.seen[key]; replayed {
		return false, nil
	}
	if len(c.queue) >= c.size {
		return false, errReplaysFull
	}
	c.seen[key] = struct{}{}
	c.queue = append(c.queue, replayEntry{key, until})
	return true, nil
}
