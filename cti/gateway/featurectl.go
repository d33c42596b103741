package gateway

import (
	"context"
	"slices"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Features-only monitors: an extension that VTI-XML supervises can have its
// forwards watched over CSTA (TWP guide 3.3).

// featureWatch is the features-only monitor of one extension.
type featureWatch struct {
	at    *liveLink // where it is, or is being started or stopped
	busy  bool      // a task is under way
	ended bool      // the PBX ended it while the task that starts it is under way

	retry    *time.Timer
	refusals uint16 // in a row
}

func (e *ext) wantsFeatures(c *control) bool {
	return e.cfg.MonitorFeatures && e.cfg.Protocol == cti.VTIXML && !e.cfg.Disabled && !e.removed && !c.stopping.Load()
}

// advanceFeatures starts or stops the features-only monitor as configured.
func (c *control) advanceFeatures(e *ext) {
	w := e.features
	if w == nil {
		if !e.wantsFeatures(c) {
			return
		}
		w = &featureWatch{}
		e.features = w
	}
	switch {
	case w.busy, w.at != nil && w.at.link.live != w.at: // in the latter case linkDown continues
	case w.at != nil && !e.wantsFeatures(c):
		c.stopFeatureMonitor(e)
	case w.at == nil && w.retry == nil && !e.waits && e.wantsFeatures(c):
		if live := c.featureLink(); live != nil {
			c.startFeatureMonitor(e, live)
		}
	}
}

// featureLink is the CSTA link for features-only monitors, nil while it is down.
func (c *control) featureLink() *liveLink {
	for _, l := range c.links {
		if l.live != nil && l.connector.Protocol() == cti.CSTA && l.live.can(cti.OpMonitorFeatures) {
			return l.live
		}
	}
	return nil
}

func (c *control) startFeatureMonitor(e *ext, live *liveLink) {
	w, number := e.features, e.cfg.Number
	w.at, w.busy, w.ended = live, true, false
	e.dev.awaitFeatures(live)
	var a driver.Reply
	c.task(live.link, func(ctx context.Context) (err error) {
		a, err = live.session.Do(ctx, driver.Request{Op: cti.OpMonitorFeatures, Device: number})
		return err
	}, func(err error) {
		w.busy = false
		switch {
		case !live.ended && live.link.live != live: // its link was removed: linkDown goes on
		case live.ended: // the session has ended in the meantime
			c.featuresEnded(e)
			c.advanceFeatures(e)
		case err != nil || w.ended:
			message := "the features-only monitor could not be started"
			if err == nil {
				message = "the PBX ended the features-only monitor while it was being started"
			}
			c.runUnlocked(func() { c.gw.recordWarning("features.refused", string(number), message, err) })
			c.featuresEnded(e)
			c.retryFeatures(e)
		case !e.wantsFeatures(c):
			c.stopFeatureMonitor(e)
		default:
			w.refusals = 0
			e.dev.beginFeatures(a.Features, time.Now())
		}
	})
}

func (c *control) stopFeatureMonitor(e *ext) {
	w, live, number := e.features, e.features.at, e.cfg.Number
	w.busy = true
	e.dev.endFeatures(live)
	c.task(live.link, func(ctx context.Context) error {
		_, err := live.session.Do(ctx, driver.Request{Op: cti.OpReleaseFeatures, Device: number})
		return err
	}, func(error) {
		w.busy = false
		c.featuresEnded(e)
		c.advanceFeatures(e)
	})
}

// featuresEnded handles the end of the features-only monitor.
func (c *control) featuresEnded(e *ext) {
	e.dev.endFeatures(e.features.at)
	e.features.at = nil
	if e.removed && e.at == nil {
		c.forgetRemoved(e)
	}
}

func (c *control) retryFeatures(e *ext) {
	w := e.features
	w.retry = c.postAfter(c.nextRetry(&w.refusals), false, func() {
		w.retry = nil
		c.advanceFeatures(e)
		c.startQueued()
	})
}

// watchedOn reports whether the features-only monitor is on a session.
func (e *ext) watchedOn(live *liveLink) bool { return e.features != nil && e.features.at == live }

// featuresLost handles a session that has been closed.
func (c *control) featuresLost(e *ext, live *liveLink) {
	if !e.watchedOn(live) || e.features.busy { // a task ends with the session
		return
	}
	c.featuresEnded(e)
	c.advanceFeatures(e)
}

// featuresStopped handles a features-only monitor that the PBX stopped.
func (c *control) featuresStopped(e *ext) {
	if e.features.busy {
		e.features.ended = true
		return
	}
	c.featuresEnded(e)
	c.retryFeatures(e)
}

// watchedFeatures holds the features that a features-only monitor reported.
type watchedFeatures struct {
	by      *liveLink
	model   cti.CallModel // only the features in it count
	early   []cti.Event   // the last of each feature, from before they had been read
	reading bool          // they have not been read yet
}

// awaitFeatures prepares for session l to watch and read the features.
func (d *device) awaitFeatures(l *liveLink) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watch = &watchedFeatures{by: l, reading: true}
}

// keepEarly keeps the last event of each feature until the features have been
// read. The event is valid whether or not the result contains it.
func (w *watchedFeatures) keepEarly(ev *cti.Event) {
	if !inSnapshot(ev.Kind) {
		return
	}
	w.early = slices.DeleteFunc(w.early, func(o cti.Event) bool {
		return o.Kind == ev.Kind && o.Forward.Type == ev.Forward.Type && o.Forward.Origin == ev.Forward.Origin
	})
	w.early = append(w.early, *ev)
}

// beginFeatures adds the features that the other link has read to the state.
func (d *device) beginFeatures(f cti.Features, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.watch
	w.model.SetFeatures(f)
	for i := range w.early {
		w.model.ApplyFeature(&w.early[i])
	}
	w.reading, w.early = false, nil
	d.model.SetFeatures(featuresOver(w.model.Features(), d.model.Features()))
	d.publishSnapshot(now)
}

// endFeatures marks the forwards of a VTI-XML extension as unknown when they are
// no longer watched. The supervision itself reports the other features.
func (d *device) endFeatures(l *liveLink) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.watch == nil || d.watch.by != l {
		return
	}
	d.watch = nil
	if f := d.model.Features(); f.Forwards != nil {
		f.Forwards = nil
		d.model.SetFeatures(f)
		d.publishSnapshot(time.Now())
	}
}

// publishSnapshot queues the current state for the subscribers again. The device
// must be locked.
func (d *device) publishSnapshot(now time.Time) {
	if d.phase == phaseSupervised {
		ev := d.snapshotEvent(0)
		ev.Time = now
		d.publishEvent(&ev)
	}
}

// featuresOver returns f with every unknown feature taken from old.
func featuresOver(f, old cti.Features) cti.Features {
	if f.Forwards == nil {
		f.Forwards = old.Forwards
	}
	if f.DoNotDisturb == nil {
		f.DoNotDisturb = old.DoNotDisturb
	}
	if f.MessageWaiting == nil {
		f.MessageWaiting = old.MessageWaiting
	}
	if f.Agent == cti.AgentUnknown {
		f.Agent = old.Agent
	}
	return f
}
