package gateway

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/internal/alloc"
)

// control decides which extension is supervised on which link and carries out the
// decisions. Every input is a short function that runs under the mutex. It starts
// goroutines for slow work, and adds calls of application code to effects, which
// run after the mutex is released. The mutex is locked before a gateway's and a
// device's, and never held across I/O.
type control struct {
	gw       *Gateway
	stopping atomic.Bool

	mu      sync.Mutex
	effects []func()
	waiters []chan struct{} // of Settled

	alloc   *alloc.State
	moves   []alloc.Move // buffer
	links   []*link      // in order of configuration
	byID    map[int32]*link
	exts    map[cti.DeviceID]*ext
	extByID []*ext                // by identifier, from 1; nil where one is free
	leaving map[cti.DeviceID]*ext // removed, and a monitor of theirs is still to be stopped
	nextID  int32                 // of links
	freeIDs []int32               // of extensions that are gone: the allocator wants small ones
	random  *rand.Rand
	version uint64
	applied chan struct{} // closed when the next configuration has been applied

	ctx     context.Context // of the runners; nil before Run
	cancel  context.CancelFunc
	wg      sync.WaitGroup // runners and tasks
	timers  map[*time.Timer]bool
	pending int // timers that Settled waits for
	tasks   int // under way
	closing int // sessions of removed links that are being closed
}

// link is one configured link.
type link struct {
	id int32
	// name and connector never change, so that goroutines of the link may read
	// them: another Connector makes another link. cfg is under the mutex.
	name      string
	connector driver.Connector
	cfg       Link
	runner    *runner
	stop      context.CancelFunc // ends the runner
	live      *liveLink          // nil while down
	state     LinkState
	since     time.Time
	lastErr   error
	opened    int // sessions so far
	reached   bool
	lost      bool // down, and its supervisions were or will be given to others
	drained   bool
	returning *time.Timer // when overflow may return to it
	learnt    int         // capacity learnt from a refusal, 0 if none

	queue    []*ext
	inFlight int
	nextSlot time.Time // StartRate: when the next supervision may start
	pausing  bool
}

// ext is one configured extension. There are many: it fills 160 bytes.
type ext struct {
	cfg      cti.Extension
	dev      *device
	link     *link         // where allocation wants it, nil for nowhere
	at       *liveLink     // where its monitor is, or is being started or stopped
	features *featureWatch // nil while none was ever wanted
	retry    *time.Timer
	stale    *time.Timer
	id       int32
	refusals uint16     // in a row
	mode     Mode       // by which rule it is on link
	blocked  cti.Reason // refused for good, or until the retry

	busy        bool // a task is under way
	ended       bool // the PBX ended the monitor while the task that starts it is under way
	queued      bool
	allocated   bool // known to the allocator
	unreachable bool // no link that has room reached its site so far
	removed     bool
	waits       bool // for the one of the same number that is leaving
}

func newControl(g *Gateway) *control {
	return &control{
		gw:    g,
		alloc: alloc.New(),
		byID:  make(map[int32]*link), exts: make(map[cti.DeviceID]*ext), extByID: make([]*ext, 1),
		leaving: make(map[cti.DeviceID]*ext),
		timers:  make(map[*time.Timer]bool), applied: make(chan struct{}),
		random: rand.New(rand.NewPCG(g.seed, 0)),
	}
}

// eachExtension yields the configured extensions, always in the same order.
func (c *control) eachExtension(yield func(*ext) bool) {
	for _, e := range c.extByID {
		if e != nil && !e.removed && !yield(e) {
			return
		}
	}
}

// post runs one input.
func (c *control) post(f func()) {
	c.mu.Lock()
	f()
	effects := c.effects
	c.effects = nil
	if len(c.waiters) > 0 && c.isQuiet() {
		for _, w := range c.waiters {
			close(w)
		}
		c.waiters = nil
	}
	c.mu.Unlock()
	for _, effect := range effects {
		effect()
	}
}

// runUnlocked runs an effect once the mutex is free.
func (c *control) runUnlocked(f func()) { c.effects = append(c.effects, f) }

// postAfter posts f in d, unless the gateway ends first. With counted, Settled
// waits for it.
func (c *control) postAfter(d time.Duration, counted bool, f func()) *time.Timer {
	if c.ctx == nil || c.stopping.Load() {
		return nil
	}
	var t *time.Timer
	t = time.AfterFunc(d, func() {
		c.post(func() {
			if c.cancelTimer(t, counted) && !c.stopping.Load() {
				f()
			}
		})
	})
	c.timers[t] = counted
	if counted {
		c.pending++
	}
	return t
}

// cancelTimer forgets a timer; it reports whether it was still to run.
func (c *control) cancelTimer(t *time.Timer, counted bool) bool {
	if t == nil {
		return false
	}
	if _, known := c.timers[t]; !known {
		return false
	}
	t.Stop()
	delete(c.timers, t)
	if counted {
		c.pending--
	}
	return true
}

// runLinks starts the runners, waits for ctx and ends everything.
func (c *control) runLinks(ctx context.Context) {
	c.post(func() {
		c.ctx, c.cancel = context.WithCancel(context.WithoutCancel(ctx))
		for _, l := range c.links {
			c.startLink(l)
		}
		c.startQueued()
	})
	<-ctx.Done()
	c.stopLinks()
}

// stopLinks stops monitors and closes sessions, for at most StopTimeout.
func (c *control) stopLinks() {
	c.stopping.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), c.gw.timing().StopTimeout)
	defer cancel()
	c.post(func() {
		for t := range c.timers {
			t.Stop()
		}
		clear(c.timers)
		c.pending = 0
		for _, l := range c.links {
			l.queue = nil
		}
		for e := range c.eachExtension {
			e.queued = false
			e.link = nil
			c.advanceExtension(e)
		}
		c.startQueuedOnAll()
	})
	released := c.whenQuiet()
	select {
	case <-released:
	case <-ctx.Done():
	}
	c.cancel() // the runners close their sessions, which ends every task
	c.wg.Wait()
	c.post(func() {
		for e := range c.eachExtension {
			c.unsupervise(e, cti.ReasonClosing, cti.NoGap)
			e.at = nil
		}
		for _, l := range c.links {
			c.setLinkState(l, LinkStopped, nil)
			l.live = nil
		}
	})
}

// isQuiet reports whether nothing is under way; see [Gateway.Settled].
func (c *control) isQuiet() bool {
	if c.tasks > 0 || c.pending > 0 || c.closing > 0 {
		return false
	}
	for _, l := range c.links {
		if l.state == LinkConnecting && !l.lost && !c.stopping.Load() || l.live != nil && len(l.queue) > 0 {
			return false
		}
	}
	return c.ctx != nil
}

// whenQuiet returns a channel that is closed once nothing is under way.
func (c *control) whenQuiet() chan struct{} {
	done := make(chan struct{})
	c.post(func() { c.waiters = append(c.waiters, done) })
	return done
}

func (c *control) waitSettled(ctx context.Context) error {
	select {
	case <-c.whenQuiet():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
