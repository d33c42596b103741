package forwardrules

import (
	"context"
	"slices"
	"sync"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// watcher reads the events of extensions: forwards that change, links that
// return, and calls that are to be deflected. Its goroutines end with stop.
type watcher struct {
	manager *Manager
	devices []cti.DeviceID
	end     func() // of the present reader

	attending sync.WaitGroup // deflections under way
}

// follow reads the events of devices from now on.
func (w *watcher) follow(ctx context.Context, devices []cti.DeviceID) {
	if slices.Equal(w.devices, devices) {
		return
	}
	w.stop()
	w.devices = devices
	reading, cancel := context.WithCancel(ctx)
	r := &reader{watcher: w, requests: ctx, lines: map[cti.DeviceID]*watched{}}
	sub := w.manager.gw.Subscribe(gateway.Devices(devices...), gateway.LinkEvents(), gateway.Buffer(4096))
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer sub.Close()
		r.read(reading, sub)
	}()
	w.end = func() {
		cancel()
		<-done
	}
}

// stop ends reading and waits for what was begun.
func (w *watcher) stop() {
	if w.end != nil {
		w.end()
		w.end = nil
	}
	w.attending.Wait()
}

// reader folds the events of one subscription.
type reader struct {
	*watcher
	requests context.Context // ends with Run
	lines    map[cti.DeviceID]*watched
}

// watched is one extension's picture.
type watched struct {
	model    cti.CallModel
	forwards []cti.Forward
	ringing  map[cti.CallID]context.CancelFunc // calls that are attended to
}

func (r *reader) read(ctx context.Context, sub *gateway.Subscription) {
	for ev, err := range sub.Events(ctx) {
		switch {
		case err != nil:
			return
		case ev.Kind == cti.LinkUp:
			r.manager.doubtAll()
		case ev.Device != "":
			r.take(ctx, &ev)
		}
	}
}

func (r *reader) take(ctx context.Context, ev *cti.Event) {
	line := r.lines[ev.Device]
	if line == nil {
		line = &watched{model: cti.CallModel{Device: ev.Device}, ringing: map[cti.CallID]context.CancelFunc{}}
		r.lines[ev.Device] = line
	}
	line.model.Apply(ev)
	if ev.Kind == cti.Unsupervised {
		line.model = cti.CallModel{Device: ev.Device}
	}
	r.attend(ctx, ev.Device, line)
	if now := line.model.Features().Forwards; now != nil && !slices.Equal(now, line.forwards) {
		line.forwards = slices.Clone(now)
		r.manager.shows(ev.Device, now)
	}
}

// shows takes note of the forwards that the PBX reports for an extension.
func (m *Manager) shows(device cti.DeviceID, now []cti.Forward) {
	m.mu.Lock()
	if line, known := m.lines[device]; known {
		if line.equals(now) {
			m.mu.Unlock()
			return // what we did ourselves, or knew
		}
		m.doubted[device] = true
	}
	m.mu.Unlock()
	m.wake()
}

// equals reports whether the forwards are those that we know of.
func (l *lineState) equals(forwards []cti.Forward) bool {
	if len(forwards) != len(l.ours)+len(l.foreign) {
		return false
	}
	for _, f := range forwards {
		if l.ours[key{f.Type, f.Origin}] != cti.DeviceID(f.To) && !slices.Contains(l.foreign, f) {
			return false
		}
	}
	return true
}

// doubtAll has all forwards read again: a link is back, and nobody knows what
// happened meanwhile.
func (m *Manager) doubtAll() {
	m.mu.Lock()
	for device := range m.rules {
		m.doubted[device] = true
	}
	m.mu.Unlock()
	m.wake()
}
