package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/internal/alloc"
)

// The control's inputs about extensions.

// followMoves records the allocator's decisions and moves each extension.
func (c *control) followMoves(moves []alloc.Move) {
	for _, m := range moves {
		e := c.extByID[m.Ext]
		if e == nil || e.removed { // a removed extension is not moved
			continue
		}
		before := e.link
		e.link, e.mode = c.byID[m.To], Mode(m.Mode)
		if before != nil && e.link != nil && before != e.link {
			c.gw.stats.moves.Add(1)
		}
		c.advanceExtension(e)
	}
	c.moves = moves[:0]
}

// startQueued starts what is queued.
func (c *control) startQueued() { c.startQueuedOnAll() }

// advanceExtension compares where an extension is with where it should be, and queues
// what is to be done on the link concerned. Break before make: a monitor is
// stopped on the old link before it is started on the new one.
func (c *control) advanceExtension(e *ext) {
	c.advanceFeatures(e)
	if e.busy || e.queued || e.waits || c.stopping.Load() && e.at == nil {
		return
	}
	switch {
	case e.at != nil && e.at.link.live != e.at: // its session is being closed: linkDown continues
	case e.at != nil && (e.link == nil || e.at.link != e.link):
		c.enqueue(e.at.link, e)
	case e.at == nil && e.link != nil && e.link.live != nil && e.blocked == cti.ReasonNone:
		c.enqueue(e.link, e)
	case e.at == nil && e.link == nil && e.blocked == cti.ReasonNone && !e.removed:
		c.unsupervise(e, c.whyNot(e), cti.NoGap)
	}
}

func (c *control) enqueue(l *link, e *ext) {
	e.queued = true
	l.queue = append(l.queue, e)
}

// whyNot returns the reason why an extension has no link.
func (c *control) whyNot(e *ext) cti.Reason {
	switch {
	case e.cfg.Disabled:
		return cti.ReasonDisabled
	case e.cfg.Protocol == cti.NoProtocol:
		return cti.ReasonNoProtocol
	case e.blocked != cti.ReasonNone:
		return e.blocked
	}
	any, up, room := false, false, false
	for _, l := range c.links {
		if l.connector.Protocol() == e.cfg.Protocol {
			any = true
			up = up || !l.lost
			room = room || !l.lost && int(c.alloc.Use(l.id).Used) < l.effectiveCapacity()
		}
	}
	switch {
	case !any:
		return cti.ReasonNoLink
	case !up:
		return cti.ReasonLinkDown
	case e.unreachable && room:
		return cti.ReasonUnreachable
	}
	return cti.ReasonCapacity
}

// startQueuedOnAll starts as many queued tasks as each link's window allows.
func (c *control) startQueuedOnAll() {
	for _, l := range c.links {
		c.startQueuedOn(l)
	}
}

func (c *control) startQueuedOn(l *link) {
	window := l.cfg.MaxInFlight
	if window == 0 {
		window = defaultMaxInFlight
	}
	for len(l.queue) > 0 && l.inFlight < window {
		e := l.queue[0]
		leaving := e.at != nil && e.at.link == l && e.link != l
		starting := !leaving && e.at == nil && e.link == l && l.live != nil && !e.busy && e.blocked == cti.ReasonNone
		if starting && c.isPaced(l) {
			return
		}
		l.queue = l.queue[1:]
		e.queued = false
		switch {
		case leaving && !e.busy:
			c.stopMonitor(e)
		case starting:
			c.startMonitor(e)
		default:
			c.advanceExtension(e) // things changed while it was queued
		}
	}
}

// isPaced reports whether the link must wait for its StartRate, and if so starts
// the timer.
func (c *control) isPaced(l *link) bool {
	if l.cfg.StartRate == 0 {
		return false
	}
	now := time.Now()
	if wait := l.nextSlot.Sub(now); wait > 0 {
		if !l.pausing {
			l.pausing = true
			c.postAfter(wait, true, func() { l.pausing = false; c.startQueuedOn(l) })
		}
		return true
	}
	l.nextSlot = now.Add(time.Second / time.Duration(l.cfg.StartRate))
	return false
}

// task runs do on a separate goroutine and posts done with its error.
func (c *control) task(l *link, do func(ctx context.Context) error, done func(error)) {
	l.inFlight++
	c.tasks++
	timeout := c.gw.timing().RequestTimeout
	c.wg.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		err := do(ctx)
		c.post(func() {
			l.inFlight--
			c.tasks--
			done(err)
			c.startQueued()
		})
	})
}

// startMonitor starts the monitor of an extension on its link.
func (c *control) startMonitor(e *ext) {
	live := e.link.live
	e.at, e.busy, e.ended = live, true, false
	c.alloc.Started(e.id)
	e.dev.holdEvents(live, time.Now())
	c.reportState(e)
	var snap cti.Snapshot
	cfg := e.cfg
	c.task(e.link, func(ctx context.Context) (err error) {
		snap, err = live.session.Supervise(ctx, cfg)
		return err
	}, func(err error) {
		e.busy = false
		switch {
		case !live.ended && live.link.live != live: // its link was removed: linkDown goes on
		case e.removed && (err != nil || live.ended):
			c.forgetRemoved(e)
		case live.ended: // the session has ended meanwhile
			e.at = nil
			c.unsupervise(e, cti.ReasonLinkDown, cti.GapLinkLost)
			c.advanceExtension(e)
		case err != nil:
			e.at = nil
			c.monitorRefused(e, live, err)
		case e.ended:
			c.monitorEnded(e)
		default:
			c.monitorStarted(e, live, snap)
		}
	})
}

// monitorEnded handles a monitor that the PBX stopped.
func (c *control) monitorEnded(e *ext) {
	e.at = nil
	number := string(e.cfg.Number)
	c.runUnlocked(func() { c.gw.recordWarning("supervision.stopped", number, "the PBX stopped the monitor", nil) })
	if e.removed {
		c.forgetRemoved(e)
		return
	}
	c.unsupervise(e, cti.ReasonRefused, cti.GapRestarted)
	c.retryLater(e, cti.ReasonRefused)
}

func (c *control) monitorStarted(e *ext, live *liveLink, snap cti.Snapshot) {
	if !live.session.Capabilities().ReportsExistingCalls {
		for i := range snap.Calls {
			snap.Calls[i].Stale = true
		}
	}
	now := time.Now()
	if snap.Time.IsZero() {
		snap.Time = now
	}
	snap.Device = e.cfg.Number
	if !e.dev.adoptSnapshot(live, snap, now) {
		c.stopMonitor(e) // then it is started again
		return
	}
	c.gw.stats.supervised.Add(1)
	e.refusals = 0
	c.reportState(e)
	c.watchStale(e)
	c.advanceExtension(e)
}

// stopMonitor stops the monitor of an extension where it is.
func (c *control) stopMonitor(e *ext) {
	live, l := e.at, e.at.link
	e.busy = true
	why, gap := cti.ReasonMoving, cti.GapMoved
	switch {
	case c.stopping.Load():
		why, gap = cti.ReasonClosing, cti.NoGap
	case e.removed && c.exts[e.cfg.Number] != nil: // replaced
		why, gap = cti.ReasonMoving, cti.GapRestarted
	case e.removed:
		why, gap = cti.ReasonRemoved, cti.NoGap
	case e.link == nil:
		why = c.whyNot(e)
	}
	c.unsupervise(e, why, gap)
	id := e.cfg.Number
	c.task(l, func(ctx context.Context) error { return live.session.Release(ctx, id) }, func(err error) {
		e.busy = false
		if err != nil && !live.ended && live.link.live != live {
			return // its link was removed: linkDown goes on
		}
		e.at = nil
		if err != nil && live.link.live == live {
			c.runUnlocked(func() {
				c.gw.recordWarning("supervision.release", string(id), "the monitor may still run on link "+l.name, err)
			})
		}
		if e.removed {
			c.forgetRemoved(e)
			return
		}
		c.followMoves(c.alloc.Released(e.id, c.moves[:0]))
		c.advanceExtension(e)
	})
}

// monitorRefused handles a supervision that the PBX did not start.
func (c *control) monitorRefused(e *ext, live *liveLink, err error) {
	l := live.link
	reason, number := reasonOf(err), string(e.cfg.Number)
	c.runUnlocked(func() {
		c.gw.recordIncident(ctikit.Incident{Code: "supervision.refused", Subject: number, Severity: slog.LevelWarn, Err: err,
			Message: fmt.Sprintf("supervision refused on link %q: %v", l.name, reason)})
	})
	switch {
	case reason == cti.ReasonCapacity:
		c.learnCapacity(e, l, err)
	case reason == cti.ReasonUnreachable:
		e.unreachable = true
		c.unsupervise(e, reason, cti.NoGap)
		c.followMoves(c.alloc.Unreachable(e.id, c.moves[:0]))
	case reason == cti.ReasonBadPassword || reason == cti.ReasonUnsupportedSet:
		c.blockExtension(e, reason) // until the configuration changes
	default:
		c.retryLater(e, reason)
	}
}

// learnCapacity lowers the capacity of a link when the PBX refuses a supervision
// below the configured figure.
func (c *control) learnCapacity(e *ext, l *link, err error) {
	var full *cti.Error
	limit := 0
	if errors.As(err, &full) {
		limit = full.Limit
	}
	if limit <= 0 { // its supervisions, and those being started, which it may still grant
		for _, o := range c.extByID {
			if o != nil && o.at != nil && o.at.link == l {
				limit++
			}
		}
	}
	c.unsupervise(e, cti.ReasonCapacity, cti.NoGap)
	c.followMoves(c.alloc.Failed(e.id, c.moves[:0]))
	if limit > 0 {
		c.adoptCapacity(l, limit)
	}
	c.advanceExtension(e)
}

func reasonOf(err error) cti.Reason {
	for _, r := range []struct {
		err    error
		reason cti.Reason
	}{
		{cti.ErrCapacity, cti.ReasonCapacity}, {cti.ErrBadPassword, cti.ReasonBadPassword},
		{cti.ErrUnsupportedSet, cti.ReasonUnsupportedSet},
		{cti.ErrUnreachable, cti.ReasonUnreachable}, {cti.ErrInvalidDevice, cti.ReasonInvalidDevice},
		{cti.ErrLinkDown, cti.ReasonLinkDown},
	} {
		if errors.Is(err, r.err) {
			return r.reason
		}
	}
	return cti.ReasonRefused
}

// blockExtension takes an extension out of allocation.
func (c *control) blockExtension(e *ext, why cti.Reason) {
	e.blocked = why
	c.unsupervise(e, why, cti.NoGap)
	if e.allocated {
		e.allocated, e.link, e.mode = false, nil, ModeNone
		c.followMoves(c.alloc.RemoveExtension(e.id, c.moves[:0]))
	}
}

// retryLater blocks an extension for a while that grows with each refusal.
func (c *control) retryLater(e *ext, why cti.Reason) {
	c.blockExtension(e, why)
	wait := c.nextRetry(&e.refusals)
	e.retry = c.postAfter(wait, false, func() { c.unblockExtension(e) })
}

// nextRetry counts a refusal and returns the time to wait before the next attempt.
func (c *control) nextRetry(refusals *uint16) time.Duration {
	b := backoff{first: c.gw.timing().RetryRefused, most: 10 * time.Minute, random: c.random, failures: int(*refusals)}
	*refusals = min(*refusals, 1000) + 1
	return b.first/2 + b.nextPause()
}

// unblockExtension returns the extension to allocation.
func (c *control) unblockExtension(e *ext) {
	if e.removed || e.allocated || e.cfg.Disabled || e.cfg.Protocol == cti.NoProtocol {
		return
	}
	e.blocked, e.allocated = cti.ReasonNone, true
	c.followMoves(c.alloc.AddExtension(e.id, c.allocExt(e.cfg), c.moves[:0]))
	c.advanceExtension(e)
	c.startQueued()
}

// unsupervise records the reason why an extension is not supervised.
func (c *control) unsupervise(e *ext, why cti.Reason, gap cti.GapReason) {
	if e.dev.dropOwner(why, gap, time.Now()) {
		c.reportState(e)
	}
}

// reportState calls the application's hook.
func (c *control) reportState(e *ext) {
	hook := c.gw.current.Load().Hooks.ExtensionState
	if hook == nil {
		return
	}
	status := c.extensionStatusOf(e)
	c.gw.hooks.queueHook(func() { hook(status) })
}

func (d *device) isIdle() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.model.Idle()
}

// Conversions to the allocator's types.

func (c *control) allocLink(l Link, order int) alloc.Link {
	return alloc.Link{Order: int32(order), Capacity: int32(l.Capacity), Class: uint8(l.Connector.Protocol()),
		Serves: allocPatterns(l.Serves)}
}

func allocPatterns(patterns []cti.Pattern) []alloc.Pattern {
	out := make([]alloc.Pattern, len(patterns))
	for i, p := range patterns {
		out[i] = alloc.Pattern{Site: int32(p.Site), Cluster: int32(p.Cluster)}
	}
	return out
}

func (c *control) allocExt(e cti.Extension) alloc.Ext {
	return alloc.Ext{Site: int32(e.Location.Site), Cluster: int32(e.Location.Cluster), Class: uint8(e.Protocol)}
}
