package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

// The control's inputs about links.

// startLink starts the runner of a link, if the gateway runs.
func (c *control) startLink(l *link) {
	if c.ctx == nil || c.stopping.Load() {
		return
	}
	ctx, stop := context.WithCancel(c.ctx)
	l.stop = stop
	l.runner = &runner{gw: c.gw, link: l, kick: make(chan struct{}, 1)}
	l.state, l.since = LinkConnecting, time.Now()
	c.wg.Go(func() { l.runner.keepLinkUp(ctx) })
}

func (c *control) linkConnecting(l *link) {
	if c.isConfigured(l) {
		c.setLinkState(l, LinkConnecting, nil)
	}
}

// linkUp starts to use a new session.
func (c *control) linkUp(live *liveLink) {
	l := live.link
	if !c.isConfigured(l) {
		return
	}
	first := !l.reached
	l.live, l.reached, l.lost, l.lastErr = live, true, false, nil
	l.forgetLearntCapacity(c)
	l.opened++
	state := LinkIsUp
	if l.drained {
		state = LinkDraining
	}
	c.setLinkState(l, state, nil)
	c.runUnlocked(func() {
		c.gw.recordIncident(ctikit.Incident{Code: "link.up", Subject: l.name, Message: "link is up",
			Severity: slog.LevelInfo})
		c.gw.publishLinkEvent(cti.Event{Kind: cti.LinkUp, Link: l.name, Time: time.Now()})
	})
	if limit := live.session.Capabilities().MaxSupervisions; limit > 0 {
		c.adoptCapacity(l, limit)
	}
	c.followMoves(c.alloc.LinkUp(l.id, c.moves[:0]))
	for e := range c.eachExtension {
		if e.link == l || e.wantsFeatures(c) {
			c.advanceExtension(e)
		}
	}
	if !first {
		c.gw.stats.reconnects.Add(1)
	}
	if c.alloc.CanReturn(l.id) {
		c.returnLater(l)
	}
	c.startQueued()
}

// returnLater lets supervisions in overflow return to a link that has had room
// for HoldDown.
func (c *control) returnLater(l *link) {
	c.cancelTimer(l.returning, true)
	turn := time.Duration(l.id) * time.Microsecond // several links return one after the other, in order
	l.returning = c.postAfter(c.gw.timing().HoldDown+turn, true, func() { c.returnHome(l) })
}

// linkDown handles a session that has been closed.
func (c *control) linkDown(live *liveLink, why error) {
	l := live.link
	l.live, live.ended = nil, true
	for _, e := range c.extByID {
		if e == nil {
			continue
		}
		c.featuresLost(e, live)
		if e.at == live {
			c.sessionLost(e)
		}
	}
	if c.isConfigured(l) {
		c.linkLost(l, why)
		return
	}
	c.closing--
	c.startQueued()
}

// sessionLost handles an extension whose session has been closed. If the link was
// removed, the extension may now be started on another link.
func (c *control) sessionLost(e *ext) {
	l := e.at.link
	if c.isConfigured(l) && !e.removed {
		c.unsupervise(e, cti.ReasonLinkDown, cti.GapLinkLost)
	}
	if e.busy {
		return // its task ends with the session
	}
	e.at = nil
	switch {
	case e.removed:
		c.forgetRemoved(e)
	case !c.isConfigured(l):
		c.advanceExtension(e)
	}
}

// linkFailed handles a failed attempt to open a link.
func (c *control) linkFailed(l *link, why error) {
	if !c.isConfigured(l) {
		return
	}
	if errors.Is(why, cti.ErrBadCredentials) {
		c.runUnlocked(func() {
			c.gw.recordIncident(ctikit.Incident{Code: "link.credentials", Subject: l.name, Severity: slog.LevelError, Err: why,
				Message: "the PBX refused the link's credentials; the next attempt waits long"})
		})
	}
	c.linkLost(l, why)
}

// linkLost makes a link ineligible and, after FailoverDelay, assigns its
// supervisions to other links.
func (c *control) linkLost(l *link, why error) {
	if c.stopping.Load() {
		return
	}
	if errors.Is(why, errRestart) {
		c.setLinkState(l, LinkConnecting, nil)
		c.followMoves(c.alloc.SessionEnded(l.id, c.moves[:0]))
		return
	}
	c.setLinkState(l, LinkWaiting, why)
	if l.lost {
		return // reported already, and the delay is running or over
	}
	l.lost = true
	c.runUnlocked(func() {
		c.gw.recordIncident(ctikit.Incident{Code: "link.down", Subject: l.name, Message: "link is down", Err: why,
			Severity: slog.LevelError})
		c.gw.publishLinkEvent(cti.Event{Kind: cti.LinkDown, Link: l.name, Time: time.Now(), Text: errText(why)})
	})
	c.followMoves(c.alloc.LinkDown(l.id, c.moves[:0]))
	for e := range c.eachExtension {
		if e.link == l && e.at == nil {
			c.unsupervise(e, cti.ReasonLinkDown, cti.NoGap)
		}
	}
	c.postAfter(c.gw.timing().FailoverDelay, true, func() {
		if l.lost && c.isConfigured(l) {
			c.followMoves(c.alloc.Reallocate(l.id, c.moves[:0]))
			c.startQueued()
		}
	})
	c.startQueued()
}

// returnHome sends supervisions in overflow back to a link that names their
// place, a few at a time.
func (c *control) returnHome(l *link) {
	if !c.isConfigured(l) || l.live == nil || l.drained {
		return
	}
	const slice = 100 * time.Millisecond
	n := max(1, int(int64(c.gw.timing().ReturnRate)*int64(slice)/int64(time.Second)))
	moves := c.alloc.ReturnHome(l.id, n, func(id int32) bool { return c.extByID[id].dev.isIdle() }, c.moves[:0])
	if len(moves) == 0 {
		return
	}
	c.followMoves(moves)
	c.startQueued()
	l.returning = c.postAfter(slice, true, func() { c.returnHome(l) })
}

// adoptCapacity applies the PBX's own capacity if it is lower than the configured
// one.
func (c *control) adoptCapacity(l *link, limit int) {
	if limit >= l.cfg.Capacity || limit == l.learnt {
		return
	}
	l.learnt = limit
	message := fmt.Sprintf("the PBX allows %d supervisions, the configuration says %d", limit, l.cfg.Capacity)
	c.runUnlocked(func() { c.gw.recordWarning("link.capacity", l.name, message, nil) })
	c.followMoves(c.alloc.SetCapacity(l.id, l.effectiveCapacity(), c.moves[:0]))
}

// forgetLearntCapacity restores the configured capacity for a new session.
func (l *link) forgetLearntCapacity(c *control) {
	if l.learnt > 0 {
		l.learnt = 0
		c.followMoves(c.alloc.SetCapacity(l.id, l.effectiveCapacity(), c.moves[:0]))
	}
}

// effectiveCapacity returns the capacity in force.
func (l *link) effectiveCapacity() int {
	if l.learnt > 0 && l.learnt < l.cfg.Capacity {
		return l.learnt
	}
	return l.cfg.Capacity
}

// sessionNotice handles an event that a session reports about itself.
func (c *control) sessionNotice(live *liveLink, kind cti.Kind, id cti.DeviceID) {
	if live.link.live != live {
		return
	}
	switch kind {
	case cti.CapabilitiesChanged:
		c.adoptCapacity(live.link, live.session.Capabilities().MaxSupervisions)
		c.startQueued()
	case cti.MonitorStopped:
		e := c.exts[id]
		switch {
		case e == nil:
		case e.watchedOn(live) && e.at != live:
			c.featuresStopped(e)
		case e.at != live:
		case e.busy: // its answer may be on the way and does not include this
			e.ended = true
		default:
			c.monitorEnded(e)
		}
		c.startQueued()
	}
}

func (c *control) setLinkState(l *link, s LinkState, why error) {
	if why != nil {
		l.lastErr = why
	}
	if l.state == s {
		return
	}
	l.state, l.since = s, time.Now()
	if s == LinkWaiting {
		c.gw.writeLog(slog.LevelWarn, "link is down", slog.String("link", l.name), slog.Any("err", why))
	} else {
		c.gw.writeLog(slog.LevelInfo, "link is "+s.String(), slog.String("link", l.name), slog.String("state", s.String()))
	}
	if hook := c.gw.current.Load().Hooks.LinkState; hook != nil {
		status := c.linkStatus(l)
		c.gw.hooks.queueHook(func() { hook(status) })
	}
}

func (c *control) isConfigured(l *link) bool { return c.byID[l.id] == l }

func (c *control) findLinkByName(name string) *link {
	for _, l := range c.links {
		if l.name == name {
			return l
		}
	}
	return nil
}

func (c *control) restartLink(name string) (err error) {
	c.post(func() {
		l := c.findLinkByName(name)
		if l == nil {
			err = errUnknownLink(name)
			return
		}
		if l.runner != nil {
			select {
			case l.runner.kick <- struct{}{}:
			default:
			}
		}
	})
	return err
}

func (c *control) setDraining(name string, on bool) (err error) {
	c.post(func() {
		l := c.findLinkByName(name)
		if l == nil {
			err = errUnknownLink(name)
			return
		}
		l.drained = on
		if l.live != nil {
			c.setLinkState(l, map[bool]LinkState{true: LinkDraining, false: LinkIsUp}[on], nil)
		}
		c.followMoves(c.alloc.Drain(l.id, on, c.moves[:0]))
		if !on {
			c.returnLater(l)
		}
		c.startQueued()
	})
	return err
}

func (c *control) moveImplicit(maxMoves int) (n int, err error) {
	c.post(func() {
		moves := c.alloc.Rebalance(maxMoves, c.moves[:0])
		n = len(moves)
		c.followMoves(moves)
		c.startQueued()
	})
	return n, nil
}

// linkFor returns a session that can perform an operation without a call for an
// extension, CSTA first. If there is none, it returns the name of a link that is
// down and may support it; its protocol is not that of the extension.
func (c *control) linkFor(op cti.Operation, owner *liveLink) (found *liveLink, down string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range c.links {
		switch {
		case l.live == nil:
			if owner != nil && l.connector.Protocol() != owner.link.connector.Protocol() {
				down = l.name
			}
		case !l.live.can(op):
		case found == nil || l.connector.Protocol() == cti.CSTA && found.link.connector.Protocol() != cti.CSTA:
			found = l.live
		}
	}
	return found, down
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
