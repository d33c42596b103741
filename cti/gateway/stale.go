package gateway

import (
	"context"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Calls that report no events, because they existed before the monitor, are
// read again until they have ended.

// watchStale reads an extension's stale calls again until there are none.
func (c *control) watchStale(e *ext) {
	if c.cancelTimer(e.stale, false) {
		e.stale = nil
	}
	if e.at == nil || !e.dev.hasStale() {
		return
	}
	e.stale = c.postAfter(c.gw.timing().StaleInterval, false, func() { c.readStale(e) })
}

func (c *control) readStale(e *ext) {
	live := e.at
	if live == nil || e.busy || live.link.live != live {
		return
	}
	var a driver.Reply
	id := e.cfg.Number
	c.task(live.link, func(ctx context.Context) (err error) {
		a, err = live.performRequest(ctx, driver.Request{Op: cti.OpSnapshotDevice, Device: id})
		return err
	}, func(err error) {
		if err == nil {
			e.dev.refreshStale(live, a.Snapshot.Calls, time.Now())
		}
		c.watchStale(e)
	})
}

func (d *device) hasStale() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.model.HasStale()
}

// refreshStale updates the stale calls. The others are unchanged: they report
// events, which are newer than any answer. Subscribers get a snapshot if
// something changed.
func (d *device) refreshStale(l *liveLink, read []cti.Call, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.owner != l || d.phase != phaseSupervised {
		return
	}
	if d.model.RefreshStale(read) {
		d.lastEvent = now
		ev := d.snapshotEvent(0)
		d.publishEvent(&ev)
	}
}
