package csta

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/wire"
)

// What the PBX says of a monitor may overtake the answer that tells its cross
// reference: events, and that the PBX has ended it. It is kept as it came, and
// read once more behind the answer. Its events have the time of that.

// keepEarlyEvent takes an event of a monitor that is not known.
func (s *session) keepEarlyEvent(ref message.Text) {
	xref := string(ref)
	if kept, _ := s.early.KeepFrame(xref, s.frame, false); !kept {
		s.Figures.Skipped.Add(1)
	}
}

// replayEarly deals with what was said before the answer that started a monitor.
// It runs on the reader.
func (s *session) replayEarly(mon *monitor, said [][]byte) {
	wire.ReplayFrames(said, &s.frame, func() (stopped bool) {
		m := new(message.Message)
		if err := s.codec.Decode(s.frame, m); err != nil {
			return false // it could be read when it came
		}
		if m.Kind == message.RequestKind {
			s.reportMonitorEnd(mon)
			return true
		}
		s.deliverEvent(&m.Event)
		return false
	})
}

// reportReplacedMonitor: the PBX gave the reference of a monitor that it had ended without a
// word to another one.
func (s *session) reportReplacedMonitor(old *monitor) {
	if old != nil {
		s.reportEvent(cti.Event{Kind: cti.MonitorStopped, Device: old.device})
	}
}

// trackStop notes that a monitor is being stopped: until that is answered, what is
// said under its reference is of no other.
func (s *session) trackStop(mon *monitor) request {
	return request{onAny: s.early.StopMonitor(mon.crossRef)}
}
