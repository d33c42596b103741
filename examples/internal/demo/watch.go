package demo

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// watcher is a subscriber that folds what it reads into pictures, as a
// switchboard would, and counts.
type watcher struct {
	sub  *gateway.Subscription
	done sync.WaitGroup

	mu        sync.Mutex
	pictures  map[cti.DeviceID]*cti.CallModel
	gaps      int
	snapshots int
	show      func(cti.Event) // prints an event, or nil
}

// startWatcher subscribes and reads until the gateway ends.
func startWatcher(ctx context.Context, gw *gateway.Gateway, names gateway.CallerNamer) *watcher {
	w := &watcher{sub: gw.Subscribe(gateway.Buffer(8192), gateway.Names(names)),
		pictures: map[cti.DeviceID]*cti.CallModel{}}
	w.done.Go(func() {
		for ev, err := range w.sub.Events(ctx) {
			if err != nil {
				return
			}
			w.foldEvent(ev)
		}
	})
	return w
}

func (w *watcher) foldEvent(ev cti.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch ev.Kind {
	case cti.GapFound:
		w.gaps++
	case cti.SnapshotTaken:
		w.snapshots++
	}
	m := w.pictures[ev.Device]
	if m == nil {
		m = &cti.CallModel{Device: ev.Device}
		w.pictures[ev.Device] = m
	}
	m.Apply(&ev)
	if w.show != nil && ev.Kind.Class() != cti.SnapshotClass {
		w.show(ev)
	}
}

// showEvents prints events until the function returned is called.
func (w *watcher) showEvents(f func(cti.Event)) func() {
	w.setShow(f)
	return func() { w.setShow(nil) }
}

func (w *watcher) setShow(f func(cti.Event)) {
	w.mu.Lock()
	w.show = f
	w.mu.Unlock()
}

func (w *watcher) countGaps() (gaps, snapshots int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.gaps, w.snapshots
}

// awaitCall waits for a call of a device in a state, and returns it.
func (w *watcher) awaitCall(device cti.DeviceID, state cti.LocalState) (cti.Call, error) {
	var found cti.Call
	err := pollUntil(5*time.Second, fmt.Sprintf("%s has a call that is %v", device, state), func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		m := w.pictures[device]
		if m == nil {
			return false
		}
		for _, c := range m.Calls() {
			if c.State == state {
				found = c
				return true
			}
		}
		return false
	})
	return found, err
}

// awaitIdle waits until a device has no call.
func (w *watcher) awaitIdle(device cti.DeviceID) error {
	return pollUntil(5*time.Second, fmt.Sprintf("%s is idle", device), func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.pictures[device] == nil || w.pictures[device].Idle()
	})
}

// compareCalls tells where the picture differs from the truth.
func (w *watcher) compareCalls(device cti.DeviceID, truth cti.Snapshot) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	m := w.pictures[device]
	if m == nil {
		return fmt.Errorf("%s: nothing was ever told of it", device)
	}
	calls := m.Calls()
	if len(calls) != len(truth.Calls) {
		return fmt.Errorf("%s: the subscriber sees %d calls, the PBX has %d", device, len(calls), len(truth.Calls))
	}
	states := map[cti.CallID]cti.LocalState{}
	for _, c := range truth.Calls {
		states[c.ID] = c.State
	}
	for _, c := range calls {
		if states[c.ID] != c.State {
			return fmt.Errorf("%s: the subscriber sees call %s %v, at the PBX it is %v", device, c.ID, c.State, states[c.ID])
		}
	}
	return nil
}

// pollUntil polls; what is expected stands in the error.
func pollUntil(limit time.Duration, what string, ok func() bool) error {
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return nil
		}
	}
	return fmt.Errorf("after %v still not: %s", limit, what)
}

// awaitCount shows how far something is, which must be complete in time.
func (d *demo) awaitCount(ctx context.Context, what string, total int, count func() int, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if !d.Progress(ctx, what, total, count) {
		return fmt.Errorf("%s: only %d of %d after %v", what, count(), total, limit)
	}
	return nil
}
