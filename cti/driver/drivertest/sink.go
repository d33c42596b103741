package drivertest

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/ctikit/ctikit/cti"
)

// recorder is the suite's sink. It fails the test where a session calls it from
// two goroutines at a time, or after it has ended.
type recorder struct {
	t    *suite
	busy atomic.Bool

	mu     sync.Mutex
	done   <-chan struct{}
	events []cti.Event
}

// setSessionDone tells the recorder when its session has ended.
func (r *recorder) setSessionDone(done <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done = done
}

// Event keeps a copy.
func (r *recorder) Event(ev *cti.Event) {
	if !r.busy.CompareAndSwap(false, true) {
		r.t.Errorf("the sink was called from two goroutines at a time: %s", ev)
		return
	}
	defer r.busy.Store(false)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done != nil && isClosed(r.done) {
		r.t.Errorf("the sink was called after Done: %s", ev)
	}
	if ev.Time.IsZero() {
		r.t.Errorf("an event without the time of its reading: %s", ev)
	}
	r.events = append(r.events, *ev)
}

// allEvents is what has come so far.
func (r *recorder) allEvents() []cti.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events)
}

// eventsOf is what has come for a device, of some kinds or of every kind.
func (r *recorder) eventsOf(device cti.DeviceID, kinds ...cti.Kind) (out []cti.Event) {
	for _, ev := range r.allEvents() {
		if ev.Device == device && (len(kinds) == 0 || slices.Contains(kinds, ev.Kind)) {
			out = append(out, ev)
		}
	}
	return out
}

// awaitEvent waits for an event of a device and returns the last such.
func (s *suite) awaitEvent(device cti.DeviceID, kind cti.Kind) cti.Event {
	s.Helper()
	return s.awaitMatching(device, kind, func(*cti.Event) bool { return true })
}

func (s *suite) awaitMatching(device cti.DeviceID, kind cti.Kind, match func(*cti.Event) bool) (found cti.Event) {
	s.Helper()
	s.awaitCondition(func() bool {
		for _, ev := range s.sink.eventsOf(device, kind) {
			if match(&ev) {
				found = ev
				return true
			}
		}
		return false
	}, "%s of %s; there came %v", kind, device, lines{s.sink})
	return found
}

// reports says whether the protocol has a kind of event.
func (s *suite) reports(k cti.Kind) bool { return !slices.Contains(s.Unreported, k) }

// lines prints what a recorder holds at the time of printing.
type lines struct{ r *recorder }

func (l lines) String() string {
	s := ""
	for _, ev := range l.r.allEvents() {
		s += "\n\t" + ev.String()
	}
	return s
}
