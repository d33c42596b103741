package vtixml

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// supervisions is what a session watches, counted on our side too.
type supervisions struct {
	monitors map[uint32]cti.DeviceID
	devices  map[cti.DeviceID]uint32 // their monitors; 0 while one is started
	starting map[uint32]logonSent    // by the identifier of the logon
	stopping map[uint32]func()       // of StopMonitor, by the identifier of the request
}

// logonSent is a logon that is not answered; number is that of its start.
type logonSent struct {
	device cti.DeviceID
	number uint64
}

// stoppingMonitor is a monitor that is being stopped; answered is to be called with the
// answer.
type stoppingMonitor struct {
	monitor  uint32
	answered func()
}

func newSupervisions() supervisions {
	return supervisions{monitors: map[uint32]cti.DeviceID{}, devices: map[cti.DeviceID]uint32{},
		starting: map[uint32]logonSent{}, stopping: map[uint32]func(){}}
}

// noteMonitor notes the monitor that the answer to a logon names, unless it names
// none or that of another device, and reports whether it is noted, and the
// number of its start.
func (w *supervisions) noteMonitor(id uint32, r reply) (start uint64, noted bool) {
	l, ok := w.starting[id]
	delete(w.starting, id)
	if _, taken := w.monitors[r.Monitor]; !ok || r.refused != nil || r.Monitor == 0 || taken {
		return 0, false
	}
	w.monitors[r.Monitor] = l.device
	return l.number, true
}

// assignMonitor gives a device the monitor that answered has noted for it. Where the
// PBX has stopped that already, there is nothing to give; ok is false where the
// monitor is not one, or another device's.
func (w *supervisions) assignMonitor(device cti.DeviceID, monitor uint32) (ok bool) {
	whose, watched := w.monitors[monitor]
	if watched && whose == device {
		w.devices[device] = monitor
	}
	return monitor != 0 && (!watched || whose == device)
}

// removeDevice forgets a device, and returns its monitor.
func (w *supervisions) removeDevice(device cti.DeviceID) (monitor uint32) {
	monitor = w.devices[device]
	delete(w.devices, device)
	if w.monitors[monitor] == device {
		delete(w.monitors, monitor)
	}
	return monitor
}

// Supervise logs an extension on, which starts its supervision, and reads its
// snapshot.
func (s *session) Supervise(ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
	if err := s.reserveDevice(ext.Number); err != nil {
		return cti.Snapshot{}, err
	}
	start := s.early.StartRequest()
	answer, sent, err := s.Exchange.Do(ctx, func(dst []byte, id uint32) ([]byte, error) {
		s.noteLogon(id, logonSent{ext.Number, start})
		s.queueLogon(ext.Location, Logon{ID: id, Device: ext.Number, SetType: ext.SetType, Password: ext.Password})
		return dst, nil // the batch is sent by sendLogons
	}, s.lateHandler(cti.OpSupervise, ext.Number, func(r reply) { s.undoLogon(ext.Number, r.Monitor) }))
	s.early.EndRequest()
	if err := requestError(cti.OpSupervise, ext.Number, answer, sent, err); err != nil {
		s.forgetDevice(ext.Number)
		return cti.Snapshot{}, err
	}
	s.mu.Lock()
	ok := s.watched.assignMonitor(ext.Number, answer.Monitor)
	s.mu.Unlock()
	if !ok {
		s.forgetDevice(ext.Number)
		return cti.Snapshot{}, s.incompleteError(cti.OpSupervise, ext.Number)
	}
	a, err := s.Do(ctx, driver.Request{Op: cti.OpSnapshotDevice, Device: ext.Number})
	if err != nil {
		s.forgetAndStop(ext.Number)
		return cti.Snapshot{}, err
	}
	return *a.Snapshot, nil
}

// reserveDevice checks what our side can know: each device once, and no more than
// the PBX announced.
func (s *session) reserveDevice(device cti.DeviceID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	refused := &cti.Error{Op: cti.OpSupervise, Device: device, NotSent: true}
	if _, twice := s.watched.devices[device]; twice {
		refused.Err, refused.Detail = cti.ErrInvalidState, "already supervised on this link"
		return refused
	}
	if limit := s.capabilities.MaxSupervisions; limit > 0 && len(s.watched.devices) >= limit {
		refused.Err, refused.Limit = cti.ErrCapacity, limit
		return refused
	}
	s.watched.devices[device] = 0
	return nil
}

func (s *session) noteLogon(id uint32, l logonSent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watched.starting[id] = l
}

// forgetDevice forgets a device. Its monitor, 0 without one, is to be stopped: until
// that is answered, messages about it belong to no other.
func (s *session) forgetDevice(device cti.DeviceID) (l stoppingMonitor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.monitor = s.watched.removeDevice(device); l.monitor != 0 {
		l.answered = s.early.StopMonitor(l.monitor)
	}
	return l
}

// forgetAndStop is forgetDevice and the request to stop its monitor, unless the PBX has
// stopped it already.
func (s *session) forgetAndStop(device cti.DeviceID) {
	if l := s.forgetDevice(device); l.monitor != 0 {
		s.Spawn(func() { s.stopMonitor(device, l) })
	}
}

// undoLogon undoes a logon that was answered late. It runs on the reader.
func (s *session) undoLogon(device cti.DeviceID, monitor uint32) {
	s.mu.Lock()
	ours := s.watched.monitors[monitor] == device
	l := stoppingMonitor{monitor: monitor}
	if ours {
		delete(s.watched.monitors, monitor)
		l.answered = s.early.StopMonitor(monitor)
	}
	s.mu.Unlock()
	if ours {
		s.Spawn(func() { s.stopMonitor(device, l) })
	}
}

// Release stops the supervision of an extension and logs it off.
func (s *session) Release(ctx context.Context, device cti.DeviceID) error {
	l := s.forgetDevice(device)
	if l.monitor == 0 {
		return nil
	}
	err := s.requestRelease(ctx, device, l)
	if cti.SafeToRetry(err) {
		s.Spawn(func() { s.stopMonitor(device, l) }) // it takes a slot of the PBX until then
	}
	return err
}

func (s *session) requestRelease(ctx context.Context, device cti.DeviceID, l stoppingMonitor) error {
	_, err := s.askNoted(ctx, cti.OpRelease, &Request{Device: device, Monitor: l.monitor}, nil, func(id uint32) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.watched.stopping[id] = l.answered
	})
	return err
}

// stopMonitor stops a monitor without a caller. An error means that the session has
// ended, and the monitor with it, or that there is no such monitor.
func (s *session) stopMonitor(device cti.DeviceID, l stoppingMonitor) {
	_ = s.requestRelease(context.Background(), device, l)
}

// logons gathers extensions to log on.
type logons struct {
	mu       sync.Mutex
	waiting  []queuedLogon
	flushing bool
}

type queuedLogon struct {
	Logon
	place cti.Location
}

const (
	// gatherTime is how long a logon waits for others of its place.
	gatherTime = time.Millisecond
	// batchSize bounds the logons in one message.
	batchSize = 64
)

// queueLogon lets an extension wait for the next batch. It runs under the lock of
// the exchange.
func (s *session) queueLogon(place cti.Location, l Logon) {
	s.logons.mu.Lock()
	s.logons.waiting = append(s.logons.waiting, queuedLogon{l, place})
	first := !s.logons.flushing
	s.logons.flushing = true
	s.logons.mu.Unlock()
	if first {
		s.Spawn(s.sendLogons)
	}
}

// sendLogons sends what was gathered, one message for each place, until none is left.
func (s *session) sendLogons() {
	timer := time.NewTimer(gatherTime)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-s.Exchange.Done():
			return
		}
		batch := s.takeBatches()
		if batch == nil {
			return
		}
		for _, m := range batch {
			s.sendBatch(m)
		}
		timer.Reset(gatherTime)
	}
}

// sendBatch sends a batch. What the codec has no words for concerns that extension
// alone.
func (s *session) sendBatch(m *Message) {
	switch unsaid := s.sendMessage(m); {
	case unsaid == nil:
	case len(m.Logons) > 1:
		for i := range m.Logons {
			s.sendBatch(&Message{Type: LogonMessage, Place: m.Place, Logons: m.Logons[i : i+1]})
		}
	default:
		s.mu.Lock()
		delete(s.watched.starting, m.Logons[0].ID)
		s.mu.Unlock()
		s.Exchange.Answer(m.Logons[0].ID, reply{refused: &cti.Error{Err: unsaid, NotSent: true}})
	}
}

// takeBatches takes what waits, in its order within each place; nil when nothing does.
func (s *session) takeBatches() (out []*Message) {
	s.logons.mu.Lock()
	defer s.logons.mu.Unlock()
	current := map[cti.Location]*Message{}
	for _, p := range s.logons.waiting {
		m := current[p.place]
		if m == nil || len(m.Logons) == batchSize {
			m = &Message{Type: LogonMessage, Place: p.place}
			current[p.place] = m
			out = append(out, m)
		}
		m.Logons = append(m.Logons, p.Logon)
	}
	s.logons.waiting = s.logons.waiting[:0]
	s.logons.flushing = len(out) > 0
	return out
}

// incompleteError is the error of an answer that lacks what was requested.
func (s *session) incompleteError(op cti.Operation, device cti.DeviceID) error {
	return &cti.Error{Op: op, Device: device, Err: fmt.Errorf("%w: the answer is incomplete", cti.ErrProtocol)}
}
