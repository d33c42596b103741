package ctitest

import (
	"context"
	"sync"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// session is one opened [Connector]. Its writer hands requests to the
// association in their order; its reader is the only one to call the sink.
type session struct {
	assoc   *Association
	sink    driver.EventSink
	options ConnectorOptions
	ctx     context.Context // ends when the session begins to end
	cancel  context.CancelFunc
	done    chan struct{} // closed when both goroutines have ended
	wake    chan struct{} // holds one token while the writer may have work

	mu           sync.Mutex // guards what follows; nothing waits under it
	ending       bool
	err          error
	waiting      []*pending // not handed over yet
	monitors     map[MonitorID]watch
	watching     map[watch]MonitorID
	starting     int                     // monitors asked for whose answer is not there
	early        map[MonitorID][]Message // what came of unknown monitors while any is starting
	capabilities driver.Capabilities
	counters     driver.Counters
}

// watch is what a monitor of the session is for.
type watch struct {
	device   cti.DeviceID
	features bool
}

func newSession(a *Association, sink driver.EventSink, o ConnectorOptions) *session {
	ctx, cancel := context.WithCancel(context.Background())
	s := &session{assoc: a, sink: sink, options: o, ctx: ctx, cancel: cancel, done: make(chan struct{}),
		wake: make(chan struct{}, 1), monitors: map[MonitorID]watch{},
		watching: map[watch]MonitorID{}, early: map[MonitorID][]Message{}, capabilities: a.Capabilities()}
	writer := make(chan struct{})
	go func() {
		defer close(writer)
		s.handOverRequests()
	}()
	go func() {
		s.readMessages()
		<-writer
		close(s.done)
	}()
	return s
}

// Capabilities are those that the link had when it was opened, or announced since.
func (s *session) Capabilities() driver.Capabilities {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.capabilities
}

// Counters returns the session's figures. There is no wire, so no bytes.
func (s *session) Counters() driver.Counters {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counters
}

func (s *session) Done() <-chan struct{} { return s.done }

func (s *session) Err() error {
	select {
	case <-s.done:
	default:
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

func (s *session) Close() error {
	s.beginEnd(nil)
	<-s.done
	return nil
}

// beginEnd begins the end of the session. The first reason counts.
func (s *session) beginEnd(why error) {
	s.mu.Lock()
	if !s.ending {
		s.ending, s.err = true, why
	}
	s.mu.Unlock()
	s.assoc.Close()
	s.cancel()
}

// readMessages takes what the PBX sends until the session ends.
func (s *session) readMessages() {
	for {
		m, err := s.assoc.Next(s.ctx)
		if err != nil {
			s.beginEnd(pbxError(cti.ErrLinkDown, "the connection is lost"))
			return
		}
		if sleepUnder(s.ctx, time.Until(m.at.Add(s.options.Latency))) != nil {
			return
		}
		s.updateCounters(func(c *driver.Counters) { c.MessagesIn++ })
		switch m.Kind {
		case EventMessage:
			s.passEvent(m)
		case AnswerMessage:
			s.matchAnswer(m.Tag.(*pending), m.Answer, m.Err)
		case MangledMessage:
			s.beginEnd(mangleError(m.Mangle))
			return
		}
	}
}

// passEvent passes an event on, unless it is no longer wanted.
func (s *session) passEvent(m Message) {
	if !s.isWanted(m) {
		return
	}
	m.Event.Time = time.Now()
	s.sink.Event(m.Event)
}

func (s *session) isWanted(m Message) bool {
	if m.Event.Kind == cti.CapabilitiesChanged {
		c := s.assoc.Capabilities()
		s.mu.Lock()
		s.capabilities = c
		s.mu.Unlock()
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w, ok := s.monitors[m.Monitor]
	if m.Event.Kind == cti.MonitorStopped {
		s.unwatchMonitor(m.Monitor)
	}
	if !ok && s.starting > 0 {
		s.early[m.Monitor] = append(s.early[m.Monitor], m)
	}
	// What a supervision tells, a features-only monitor need not tell again.
	return ok && !(w.features && s.watching[watch{device: w.device}] != 0)
}

// watchMonitor keeps what a monitor is for. The session is locked.
func (s *session) watchMonitor(id MonitorID, w watch) {
	s.monitors[id] = w
	s.watching[w] = id
}

// unwatchMonitor forgets a monitor, whose events are passed on no more. The session
// is locked.
func (s *session) unwatchMonitor(id MonitorID) {
	if w := s.monitors[id]; s.watching[w] == id {
		delete(s.watching, w)
	}
	delete(s.monitors, id)
}

func (s *session) updateCounters(f func(*driver.Counters)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.counters)
}
