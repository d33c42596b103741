package forwardrules

import (
	"context"
	"slices"
	"sync"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// watcher reads the events of extensions: forwards that change, links that
// return, and calls to deflect. Its goroutines end with stopWatching.
type watcher struct {
	manager   *Manager
	devices   []cti.DeviceID
	endReader func() // of the current reader

	deflections sync.WaitGroup // deflections under way
}

// watchDevices starts to read the events of devices, instead of those before.
func (w *watcher) watchDevices(ctx context.Context, devices []cti.DeviceID) {
	if slices.Equal(w.devices, devices) {
		return
	}
	w.stopWatching()
	w.devices = devices
	reading, cancel := context.WithCancel(ctx)
	r := &reader{watcher: w, requests: ctx, lines: map[cti.DeviceID]*watchedLine{}}
	sub := w.manager.gw.Subscribe(gateway.Devices(devices...), gateway.LinkEvents(), gateway.Buffer(4096))
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer sub.Close()
		r.readEvents(reading, sub)
	}()
	w.endReader = func() {
		cancel()
		<-done
	}
}

// stopWatching ends reading and waits for the deflections under way.
func (w *watcher) stopWatching() {
	if w.endReader != nil {
		w.endReader()
		w.endReader = nil
	}
	w.deflections.Wait()
}

// reader folds the events of one subscription.
type reader struct {
	*watcher
	requests context.Context // ends with Run
	lines    map[cti.DeviceID]*watchedLine
}

// watchedLine is the state of one extension.
type watchedLine struct {
	model    cti.CallModel
	forwards []cti.Forward
	ringing  map[cti.CallID]context.CancelFunc // calls that may be deflected
}

func (r *reader) readEvents(ctx context.Context, sub *gateway.Subscription) {
	for ev, err := range sub.Events(ctx) {
		switch {
		case err != nil:
			return
		case ev.Kind == cti.LinkUp:
			r.manager.markAllStale()
		case ev.Device != "":
			r.updateLine(ctx, &ev)
		}
	}
}

func (r *reader) updateLine(ctx context.Context, ev *cti.Event) {
	line := r.lines[ev.Device]
	if line == nil {
		line = &watchedLine{model: cti.CallModel{Device: ev.Device}, ringing: map[cti.CallID]context.CancelFunc{}}
		r.lines[ev.Device] = line
	}
	line.model.Apply(ev)
	if ev.Kind == cti.Unsupervised {
		line.model = cti.CallModel{Device: ev.Device}
	}
	r.watchRinging(ctx, ev.Device, line)
	if now := line.model.Features().Forwards; now != nil && !slices.Equal(now, line.forwards) {
		line.forwards = slices.Clone(now)
		r.manager.noteForwards(ev.Device, now)
	}
}

// noteForwards compares the forwards that the PBX reports for an extension with the
// known ones.
func (m *Manager) noteForwards(device cti.DeviceID, now []cti.Forward) {
	m.mu.Lock()
	if line, known := m.lines[device]; known {
		if line.hasForwards(now) {
			m.mu.Unlock()
			return // our own change, or a known one
		}
		m.stale[device] = true
	}
	m.mu.Unlock()
	m.wake()
}

// hasForwards reports whether the line has exactly these forwards.
func (l *lineState) hasForwards(forwards []cti.Forward) bool {
	if len(forwards) != len(l.ours)+len(l.foreign) {
		return false
	}
	for _, f := range forwards {
		if l.ours[forwardKey(f)] != cti.DeviceID(f.To) && !slices.Contains(l.foreign, f) {
			return false
		}
	}
	return true
}

// markAllStale makes all forwards be read again: a link is back, and what happened
// in the meantime is unknown.
func (m *Manager) markAllStale() {
	m.mu.Lock()
	for device := range m.rules {
		m.stale[device] = true
	}
	m.mu.Unlock()
	m.wake()
}
