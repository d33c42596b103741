package wire

import (
	"fmt"
	"slices"
	"sync"

	"github.com/ctikit/ctikit/cti"
)

// Early keeps messages about a monitor under a reference that is not known yet,
// because they overtook the answer that names the reference. They are kept as
// they came and read again after the answer, so their events have its time.
//
// Only what comes after a request that is still to be answered can belong to the
// monitor that the request starts, and nothing that comes under a reference while
// its monitor is being stopped: a peer may use it again at once.
//
// StartRequest and EndRequest belong to the callers, the other methods to the
// reader. K is a reference.
type Early[K comparable] struct {
	mu      sync.Mutex
	started uint64 // requests so far
	open    int    // of them, not ended
	size    int
	kept    map[K][]earlyFrame
	leaving map[K]uint64 // by the number of the stop
	stops   uint64
}

type earlyFrame struct {
	bytes []byte
	after uint64 // how many requests had been started then
}

const (
	// maxEarly bounds what is kept, in bytes. Events beyond it are dropped: the
	// snapshot that follows contains what they say.
	maxEarly = 1 << 20
	// maxEarlyStops is additional room for stops, which nothing else reports.
	maxEarlyStops = 1 << 20
	// frameOverhead is what a frame takes in addition to its bytes, roughly.
	frameOverhead = 64
)

// StartRequest is called before a request that starts a monitor is sent. Its
// number is for TakeFrames.
func (e *Early[K]) StartRequest() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.open++
	e.started++
	return e.started
}

// EndRequest is called when such a request was answered or abandoned. With the
// last of them everything that is kept is forgotten.
func (e *Early[K]) EndRequest() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.open--; e.open == 0 {
		e.kept, e.size = nil, 0
	}
}

// KeepFrame keeps a copy of a message about a monitor that is not known, if an
// answer that is still to come may name it, and reports whether it was kept. A
// peer that reports the stop of more monitors than there is room for breaks the
// protocol.
func (e *Early[K]) KeepFrame(k K, frame []byte, isStop bool) (kept bool, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, leaving := e.leaving[k]; leaving || e.open == 0 {
		return false, nil
	}
	limit := maxEarly
	if isStop {
		limit += maxEarlyStops
	}
	size := len(frame) + frameOverhead
	switch {
	case e.size+size <= limit:
	case isStop:
		return false, fmt.Errorf("%w: too many stop reports for monitors that were never started", cti.ErrProtocol)
	default:
		return false, nil
	}
	if e.kept == nil {
		e.kept = make(map[K][]earlyFrame)
	}
	e.size += size
	e.kept[k] = append(e.kept[k], earlyFrame{slices.Clone(frame), e.started})
	return true, nil
}

// TakeFrames returns, in their order, the messages under the reference that the
// answer to a request names, and forgets them. The reader calls it before that
// request ends.
func (e *Early[K]) TakeFrames(k K, request uint64) (frames [][]byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, f := range e.kept[k] {
		e.size -= len(f.bytes) + frameOverhead
		if f.after >= request {
			frames = append(frames, f.bytes)
		}
	}
	delete(e.kept, k)
	return frames
}

// StopMonitor notes that the stop of a monitor is requested. The function
// returned is to be called with the answer.
func (e *Early[K]) StopMonitor(k K) (answered func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.leaving == nil {
		e.leaving = make(map[K]uint64)
	}
	e.stops++
	number := e.stops
	e.leaving[k] = number
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.leaving[k] == number { // else it was started and is being stopped again
			delete(e.leaving, k)
		}
	}
}

// ReplayFrames lets handle read each message again as the current one, until it
// reports that the monitor has stopped.
func ReplayFrames(frames [][]byte, current *[]byte, handle func() (stopped bool)) {
	before := *current
	defer func() { *current = before }()
	for _, *current = range frames {
		if handle() {
			return
		}
	}
}
