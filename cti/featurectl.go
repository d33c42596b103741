package cti

import (
	"context"
	"slices"
	"time"
)

// Features-only monitors: an extension that VTI-XML supervises can have its
// forwards watched over CSTA (TWP guide 3.3). And calls that report no events,
// which are read again until they have ended.

func (c *control) wantsFeatures(e *ext) bool {
	return e.cfg.MonitorFeatures && e.cfg.Protocol == VTIXML && !e.cfg.Disabled && !e.removed && e.features == nil && !e.featuresBusy && !c.stopping.Load()
}

// startFeatures starts the features-only monitor on the CSTA link, if it is up.
func (c *control) startFeatures(e *ext) {
	for _, l := range c.links {
		if l.live == nil || l.connector.Protocol() != CSTA || !l.live.can(OpMonitorFeatures) {
			continue
		}
		monitor, ok := l.live.session.(FeatureMonitor)
		if !ok {
			continue
		}
		live, id := l.live, e.cfg.Number
		var f Features
		e.featuresBusy = true
		c.task(l, func(ctx context.Context) (err error) {
			f, err = monitor.MonitorFeatures(ctx, id)
			return err
		}, func(err error) {
			e.featuresBusy = false
			if err != nil {
				if live.link.live == live {
					c.later(func() { c.gw.incident("features.refused", string(id), "features-only monitor refused", err) })
				}
				return
			}
			if live.link.live == live && !e.removed {
				e.features = live
				e.dev.beginFeatures(live, f, time.Now())
			}
		})
		return
	}
}

// beginFeatures takes the features that the other link reads into the picture.
func (d *device) beginFeatures(l *liveLink, f Features, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.features, d.watched.features = l, f
	d.model.features = f.over(d.model.features)
	if d.phase == phaseSupervised {
		ev := d.snapshotEvent(0)
		ev.Time = now
		d.publish(&ev)
	}
}

// stopFeatures ends the features-only monitor of an extension.
func (c *control) stopFeatures(e *ext) {
	live := e.features
	if live == nil {
		return
	}
	e.features = nil
	e.dev.endFeatures(live)
	id := e.cfg.Number
	monitor := live.session.(FeatureMonitor)
	c.task(live.link, func(ctx context.Context) error { return monitor.ReleaseFeatures(ctx, id) }, func(error) {})
}

func (d *device) endFeatures(l *liveLink) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.features == l {
		d.features = nil
	}
}

// over returns f with what it does not know taken from old.
func (f Features) over(old Features) Features {
	if f.Forwards == nil {
		f.Forwards = old.Forwards
	}
	if f.DoNotDisturb == nil {
		f.DoNotDisturb = old.DoNotDisturb
	}
	if f.MessageWaiting == nil {
		f.MessageWaiting = old.MessageWaiting
	}
	if f.Agent == AgentUnknown {
		f.Agent = old.Agent
	}
	return f
}

// watchStale reads an extension's stale calls again until there are none.
func (c *control) watchStale(e *ext) {
	if c.cancelTimer(e.stale, false) {
		e.stale = nil
	}
	if e.at == nil || !e.dev.hasStale() {
		return
	}
	e.stale = c.after(c.gw.timing().StaleInterval, false, func() { c.readStale(e) })
}

func (c *control) readStale(e *ext) {
	live := e.at
	if live == nil || e.busy || live.link.live != live {
		return
	}
	reader, ok := live.session.(Snapshotter)
	if !ok {
		return
	}
	var snap Snapshot
	id := e.cfg.Number
	c.task(live.link, func(ctx context.Context) (err error) {
		snap, err = reader.SnapshotDevice(ctx, id)
		return err
	}, func(err error) {
		if err == nil {
			e.dev.refreshStale(live, snap, time.Now())
		}
		c.watchStale(e)
	})
}

func (d *device) hasStale() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.model.calls {
		if d.model.calls[i].Stale {
			return true
		}
	}
	return false
}

// refreshStale brings the stale calls up to date and lets the others be: those
// report events, which are newer than any answer. Subscribers get a snapshot
// if something changed.
func (d *device) refreshStale(l *liveLink, s Snapshot, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.owner != l || d.phase != phaseSupervised {
		return
	}
	changed := false
	kept := d.model.calls[:0]
	for _, c := range d.model.calls {
		if !c.Stale {
			kept = append(kept, c)
			continue
		}
		i := indexOf(s.Calls, c.ID)
		if i < 0 {
			changed = true
			continue
		}
		if read := s.Calls[i]; read.State != c.State || !slices.Equal(read.Parties, c.Parties) {
			c.State, c.Parties = read.State, read.Parties
			changed = true
		}
		kept = append(kept, c)
	}
	d.model.calls = kept
	if changed {
		d.lastEvent = now
		ev := d.snapshotEvent(0)
		d.publish(&ev)
	}
}
