package vtixml

import (
	"fmt"
	"slices"

	"github.com/ctikit/ctikit/cti"
)

// What the PBX says of a monitor may overtake the answer to the logon that
// started it. It is kept as it came, and read once more behind the answer. Its
// events have the time of that.

const (
	// maxEarly bounds what is kept, in bytes. Events beyond it are passed over:
	// the snapshot that follows contains what they say.
	maxEarly = 1 << 20
	// maxEarlyStops is room for stops alone, which nothing else tells.
	maxEarlyStops = 1 << 20
)

// unmonitored takes an event of a monitor that is not known (any more).
func (s *session) unmonitored(m *Message) error {
	if !s.early.Awaited(m.Monitor) {
		return nil
	}
	if m.Event.Kind != cti.MonitorStopped {
		s.early.Keep(m.Monitor, slices.Clone(s.raw), len(s.raw), maxEarly)
	} else if !s.early.Keep(m.Monitor, slices.Clone(s.raw), len(s.raw), maxEarly+maxEarlyStops) {
		return fmt.Errorf("%w: the PBX stops monitors without end that were never started", cti.ErrProtocol)
	}
	return nil
}

// overtaken deals with what was said before the answer that started a monitor.
// It runs on the reader.
func (s *session) overtaken(said [][]byte) {
	answer := s.raw
	defer func() { s.raw = answer }()
	for _, s.raw = range said {
		var m Message
		if s.cfg.Codec.Decode(s.raw, &m) != nil { // it could be read when it came
			continue
		}
		_ = s.event(&m)
		if m.Event.Kind == cti.MonitorStopped {
			return
		}
	}
}
