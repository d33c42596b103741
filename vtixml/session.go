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

// Close sends <close/> and ends the session.
func (s *session) Close() error {
	s.CloseWith(func() { _ = s.sendMessage(&Message{Type: CloseMessage}) }, closeTime)
	return nil
}

// readMessages is the reader: it lives as long as the session.
func (s *session) readMessages() {
	for {
		m, err := s.readMessage()
		if err == nil {
			err = s.handleMessage(m)
		}
		if err != nil {
			s.Finish(classifyEnd(err))
			return
		}
	}
}

// readMessage reads one message. It is valid until the next call.
func (s *session) readMessage() (*Message, error) {
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

// appendMessage appends a message as the codec and the framer make it.
func (s *session) appendMessage(dst []byte, m *Message) ([]byte, error) {
	var err error
	if s.encoded, err = s.cfg.Codec.Append(s.encoded[:0], m); err != nil {
		return dst, err
	}
	s.Figures.Sent.Add(1)
	return s.cfg.Framer.Append(dst, s.encoded)
}

var errClosedByPeer = errors.New("the PBX closed the link")

// handleMessage deals with one message.
func (s *session) handleMessage(m *Message) error {
	switch m.Type {
	case EventMessage:
		return s.deliverEvent(m)
	case AnswerMessage, RefusalMessage:
		s.handleAnswer(m)
	case CapabilitiesMessage:
		s.mu.Lock()
		s.capabilities = m.Capabilities
		s.mu.Unlock()
		s.Sink.Event(&cti.Event{Kind: cti.CapabilitiesChanged, Time: time.Now()})
	case RequestMessage:
		s.answerRequest(m)
	case CloseMessage:
		return errClosedByPeer
	default:
		if m.Skipped == 0 { // else the codec has counted it
			s.Figures.Skipped.Add(1)
		}
	}
	return nil
}

// deliverEvent hands an event on, unless its monitor has been released.
func (s *session) deliverEvent(m *Message) error {
	ev := &m.Event
	s.mu.Lock()
	device, ok := s.watched.monitors[m.Monitor]
	if ok && ev.Kind == cti.MonitorStopped {
		s.watched.removeDevice(device)
		delete(s.watched.monitors, m.Monitor) // of a logon whose answer was only just read, too
	}
	s.mu.Unlock()
	if !ok {
		return s.keepEarlyEvent(m)
	}
	ev.Device, ev.Time = device, time.Now()
	if s.cfg.KeepRaw {
		ev.Raw = slices.Clone(s.raw)
	}
	s.Sink.Event(ev)
	return nil
}

// handleAnswer hands an answer to its request. The monitor of a logon is known before
// the next event is read.
func (s *session) handleAnswer(m *Message) {
	r := reply{Answer: m.Answer}
	if m.Type == RefusalMessage {
		r.refused = m.Failure.asError()
	}
	s.mu.Lock()
	start, started := s.watched.noteMonitor(m.ID, r)
	stopped := s.watched.stopping[m.ID]
	delete(s.watched.stopping, m.ID)
	s.mu.Unlock()
	if stopped != nil {
		stopped()
	}
	var early [][]byte
	if started {
		early = s.early.TakeFrames(r.Monitor, start) // before the caller ends its request
	}
	if s.Deliver(m.ID, r) && started {
		s.replayEarly(early)
	}
}

// answerRequest answers the PBX: it may ask for a sign of life.
func (s *session) answerRequest(m *Message) {
	out := Message{Type: AnswerMessage, ID: m.ID}
	if m.Op != cti.OpPing {
		s.Figures.Skipped.Add(1)
		out = Message{Type: RefusalMessage, ID: m.ID, Failure: Failure{Err: ctikit.ErrUnsupported}}
	}
	_ = s.sendMessage(&out) // what the codec has no words for is not answered
}

// sendMessage queues a message without an answer. A peer that lets them pile up is
// gone; the error is that of a codec that has no words for the message.
func (s *session) sendMessage(m *Message) (unsaid error) {
	err := s.Exchange.Send(func(dst []byte) (out []byte, err error) {
		out, unsaid = s.appendMessage(dst, m)
		return out, unsaid
	})
	if err != nil && unsaid == nil {
		s.Exchange.End(err)
	}
	return unsaid
}

// Messages about a monitor may overtake the answer to the logon that started it.
// See [wire.Early].

// keepEarlyEvent keeps an event of a monitor that is not known, if it may be of one
// that is being started.
func (s *session) keepEarlyEvent(m *Message) error {
	_, err := s.early.KeepFrame(m.Monitor, s.raw, m.Event.Kind == cti.MonitorStopped)
	return err
}

// replayEarly handles the messages that overtook the answer that started a monitor.
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
