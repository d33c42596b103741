package vtixml

import (
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/wire"
)

// What the PBX says of a monitor may overtake the answer to the logon that
// started it. It is kept as it came, and read once more behind the answer. Its
// events have the time of that.

// keepEarlyEvent takes an event of a monitor that is not known (any more).
func (s *session) keepEarlyEvent(m *Message) error {
	_, err := s.early.KeepFrame(m.Monitor, s.raw, m.Event.Kind == cti.MonitorStopped)
	return err
}

// replayEarly deals with what was said before the answer that started a monitor.
// It runs on the reader.
func (s *session) replayEarly(said [][]byte) {
	wire.ReplayFrames(said, &s.raw, func() (stopped bool) {
		var m Message
		if s.cfg.Codec.Decode(s.raw, &m) != nil { // it could be read when it came
			return false
		}
		_ = s.deliverEvent(&m)
		return m.Event.Kind == cti.MonitorStopped
	})
}
