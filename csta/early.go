package csta

import (
	"slices"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// What the PBX says of a monitor may overtake the answer that tells its cross
// reference: events, and that the PBX has ended it. It is kept as it came, and
// read once more behind the answer. Its events have the time of that.

const (
	// maxEarly bounds what is kept, in bytes. Events beyond it are passed over:
	// the snapshot that follows contains what they say.
	maxEarly = 1 << 20
	// maxEarlyStops is room for stops alone, which nothing else tells.
	maxEarlyStops = 1 << 20
)

// unmonitored takes an event of a monitor that is not known.
func (s *session) unmonitored(ref message.Text) {
	xref := string(ref)
	if !s.early.Awaited(xref) || !s.early.Keep(xref, slices.Clone(s.frame), len(s.frame), maxEarly) {
		s.counters.Skipped.Add(1)
	}
}

// overtaken deals with what was said before the answer that started a monitor.
// It runs on the reader.
func (s *session) overtaken(mon *monitor, said [][]byte) {
	answer := s.frame
	defer func() { s.frame = answer }()
	for _, s.frame = range said {
		m := new(message.Message)
		if err := s.codec.Decode(s.frame, m); err != nil {
			continue // it could be read when it came
		}
		if m.Kind == message.RequestKind {
			s.ended(mon)
			return
		}
		s.event(&m.Event)
	}
}

// replaced: the PBX gave the reference of a monitor that it had ended without a
// word to another one.
func (s *session) replaced(old *monitor) {
	if old != nil {
		s.tell(cti.Event{Kind: cti.MonitorStopped, Device: old.device})
	}
}

// leaving notes that a monitor is being stopped: until that is answered, what is
// said under its reference is of no other.
func (s *session) leaving(mon *monitor) request {
	number := s.early.Leave(mon.crossRef)
	return request{left: func() { s.early.Left(mon.crossRef, number) }}
}
