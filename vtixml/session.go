package vtixml

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/wire"
	"github.com/ctikit/ctikit/vtixml/internal/frames"
)

// session is one live link.
type session struct {
	wire.Session[reply]
	cfg      Config
	in       *frames.Reader // the reader's
	raw      []byte         // the message being read; the reader's
	message  Message        // the reader's
	encoded  []byte         // scratch for encoding, guarded by the exchange
	outgoing Message        // guarded by the exchange
	logons   logons
	early    wire.Early[uint32] // messages of monitors whose logon is not answered

	mu           sync.Mutex // guards what follows; nothing waits under it
	capabilities driver.Capabilities
	watched      supervisions
}

// reply is an answer or a refusal.
type reply struct {
	Answer
	refused *cti.Error
}

// closeTime bounds how long Close waits for its last word to be written.
const closeTime = 50 * time.Millisecond

// Capabilities returns those that the PBX announced last.
func (s *session) Capabilities() driver.Capabilities {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.capabilities
}

// Close says <close/> and ends the session.
func (s *session) Close() error {
	s.CloseWith(func() { _ = s.send(&Message{Type: CloseMessage}) }, closeTime)
	return nil
}

// read is the reader: it lives as long as the session.
func (s *session) read() {
	for {
		m, err := s.next()
		if err == nil {
			err = s.take(m)
		}
		if err != nil {
			s.Finish(lost(err))
			return
		}
	}
}

// next reads one message. It is valid until the next call.
func (s *session) next() (*Message, error) {
	data, err := s.in.Next()
	if err != nil {
		return nil, err
	}
	s.Figures.CountMessage()
	s.raw = data
	m := &s.message
	m.Reset()
	if err := s.cfg.Codec.Decode(data, m); err != nil {
		return nil, &decodeError{err}
	}
	s.Figures.Skipped.Add(uint64(m.Skipped))
	return m, nil
}

// frame appends a message as the codec and the framer make it.
func (s *session) frame(dst []byte, m *Message) ([]byte, error) {
	var err error
	if s.encoded, err = s.cfg.Codec.Append(s.encoded[:0], m); err != nil {
		return dst, err
	}
	s.Figures.Sent.Add(1)
	return s.cfg.Framer.Append(dst, s.encoded)
}

var errClosedByPeer = errors.New("the PBX closed the link")

// take deals with one message.
func (s *session) take(m *Message) error {
	switch m.Type {
	case EventMessage:
		return s.event(m)
	case AnswerMessage, RefusalMessage:
		s.answer(m)
	case CapabilitiesMessage:
		s.mu.Lock()
		s.capabilities = m.Capabilities
		s.mu.Unlock()
		s.Sink.Event(&cti.Event{Kind: cti.CapabilitiesChanged, Time: time.Now()})
	case RequestMessage:
		s.serve(m)
	case CloseMessage:
		return errClosedByPeer
	default:
		if m.Skipped == 0 { // else the codec has counted it
			s.Figures.Skipped.Add(1)
		}
	}
	return nil
}

// event hands an event on, unless its monitor has been released.
func (s *session) event(m *Message) error {
	ev := &m.Event
	s.mu.Lock()
	device, ok := s.watched.monitors[m.Monitor]
	if ok && ev.Kind == cti.MonitorStopped {
		s.watched.remove(device)
		delete(s.watched.monitors, m.Monitor) // of a logon whose answer was only just read, too
	}
	s.mu.Unlock()
	if !ok {
		return s.unmonitored(m)
	}
	ev.Device, ev.Time = device, time.Now()
	if s.cfg.KeepRaw {
		ev.Raw = slices.Clone(s.raw)
	}
	s.Sink.Event(ev)
	return nil
}

// answer hands an answer to its request. The monitor of a logon is known before
// the next event is read.
func (s *session) answer(m *Message) {
	r := reply{Answer: m.Answer}
	if m.Type == RefusalMessage {
		r.refused = m.Failure.err()
	}
	s.mu.Lock()
	start, started := s.watched.answered(m.ID, r)
	stopped := s.watched.stopping[m.ID]
	delete(s.watched.stopping, m.ID)
	s.mu.Unlock()
	if stopped != nil {
		stopped()
	}
	var early [][]byte
	if started {
		early = s.early.TakeFrames(r.Monitor, start) // before the one who waits ends its start
	}
	if s.Deliver(m.ID, r) && started {
		s.overtaken(early)
	}
}

// serve answers the PBX: it may ask for a sign of life.
func (s *session) serve(m *Message) {
	out := Message{Type: AnswerMessage, ID: m.ID}
	if m.Op != cti.OpPing {
		s.Figures.Skipped.Add(1)
		out = Message{Type: RefusalMessage, ID: m.ID, Failure: Failure{Err: ctikit.ErrUnsupported}}
	}
	_ = s.send(&out) // what the codec has no words for is not answered
}

// send queues a message without an answer. A peer that lets them pile up is
// gone; the error is that of a codec that has no words for the message.
func (s *session) send(m *Message) (unsaid error) {
	err := s.Exchange.Send(func(dst []byte) (out []byte, err error) {
		out, unsaid = s.frame(dst, m)
		return out, unsaid
	})
	if err != nil && unsaid == nil {
		s.Exchange.End(err)
	}
	return unsaid
}
