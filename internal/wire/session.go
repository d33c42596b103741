package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/exchange"
)

// Session is the part of a session that does not depend on its protocol: the
// exchange of requests and answers, the figures, late answers, and the end. A
// driver embeds it. R is the type of an answer.
type Session[R any] struct {
	Exchange *exchange.Exchange[R]
	Sink     driver.EventSink
	Figures  Figures

	closing atomic.Bool   // Close came before any other reason to end
	done    chan struct{} // closed when every goroutine has ended
	err     error         // set before that

	mu         sync.Mutex // guards ending
	ending     bool
	background sync.WaitGroup
}

// NewSession returns a session that reports to sink. Its Exchange is set by the
// driver once the connection is open.
func NewSession[R any](sink driver.EventSink) Session[R] {
	return Session[R]{Sink: sink, done: make(chan struct{})}
}

// Done is closed when the session has ended.
func (s *Session[R]) Done() <-chan struct{} { return s.done }

// Err returns why the session ended: nil before that, and after Close.
func (s *Session[R]) Err() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// Counters returns the session's figures.
func (s *Session[R]) Counters() driver.Counters { return s.Figures.counters() }

// Spawn runs f in a goroutine that the end of the session waits for. f must
// return when the exchange ends; after that it is not started.
func (s *Session[R]) Spawn(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ending {
		s.background.Go(f)
	}
}

// CloseWith ends the session in an orderly way: farewell queues the last words,
// which are given patience to be written. It returns when the session has ended.
func (s *Session[R]) CloseWith(farewell func(), patience time.Duration) {
	if s.Exchange.Err() == nil && !s.closing.Swap(true) {
		farewell()
		s.Exchange.Flush(patience)
		s.Exchange.End(cti.ErrClosed)
	}
	<-s.done
}

// Finish ends the session for the reason that its reader met; what ended it
// before counts instead. The reader calls it last.
func (s *Session[R]) Finish(why error) {
	why = Lost(why)
	if s.closing.Load() {
		why = cti.ErrClosed
	}
	s.Exchange.End(why)
	s.Exchange.Wait()
	s.mu.Lock()
	s.ending = true
	s.mu.Unlock()
	s.background.Wait()
	if !s.closing.Load() {
		s.err = Lost(s.Exchange.Err())
	}
	close(s.done)
}

// Deliver hands an answer to its request, counts one that is late or that
// belongs to no request, and reports whether it came in time.
func (s *Session[R]) Deliver(id uint32, answer R) (inTime bool) {
	known, late := s.Exchange.Answer(id, answer)
	switch {
	case !known:
		s.Figures.Skipped.Add(1)
	case late:
		s.Figures.Late.Add(1)
	}
	return known && !late
}

// HandleLate deals with a positive answer to a request that was abandoned. It
// runs undo if there is one; otherwise what the operation left behind is reported
// to the sink. The reader calls it.
func (s *Session[R]) HandleLate(op cti.Operation, on cti.ConnectionID, undo func()) {
	switch {
	case op.Info().LateHarmless:
	case undo != nil:
		s.Figures.Undone.Add(1)
		undo()
	default:
		s.Sink.Event(&cti.Event{Kind: cti.LateAnswer, Time: time.Now(), Device: on.Device, Call: on.Call,
			Text: op.String() + " completed after the request was abandoned"})
	}
}

// RequestError returns the error of a request, nil for none: err is the PBX's
// refusal, the codec's (both a [*cti.Error]) or the exchange's, and sent false if
// certainly nothing reached the peer.
func RequestError(op cti.Operation, device cti.DeviceID, sent bool, err error) error {
	e := cti.Error{NotSent: !sent, Err: err}
	known, ok := errors.AsType[*cti.Error](err)
	switch {
	case err == nil:
		return nil
	case ok:
		e = *known
	case errors.Is(err, exchange.ErrExhausted):
		e = cti.Error{Err: cti.ErrBusy, Detail: err.Error(), NotSent: true}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, cti.ErrClosed):
	default:
		e.Err = Lost(err)
	}
	e.Op, e.Device = op, device
	return &e
}

// OpenError returns the error of Open: it names the operation, and wraps
// [cti.ErrLinkDown] or [cti.ErrProtocol] unless err is more precise.
func OpenError(ctx context.Context, err error) error {
	if known, ok := errors.AsType[*cti.Error](err); ok {
		e := *known
		e.Op = cti.OpOpen
		return &e
	}
	if ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return &cti.Error{Op: cti.OpOpen, Err: Lost(err)}
}

// Lost returns why a connection ended as an application distinguishes it: err
// itself if it wraps [cti.ErrProtocol] or [cti.ErrLinkDown], else wrapped in the
// latter.
func Lost(err error) error {
	if errors.Is(err, cti.ErrProtocol) || errors.Is(err, cti.ErrLinkDown) {
		return err
	}
	return fmt.Errorf("%w: %w", cti.ErrLinkDown, err)
}

// Figures count what a session does.
type Figures struct {
	Sent, Skipped, Late, Undone atomic.Uint64

	bytesIn, bytesOut, received atomic.Uint64
	read                        uint64 // messages; the reader's own
}

// CountMessage counts a message that was read. The reader alone calls it; others
// see the sum when it waits for more, so a message costs no atomic operation.
func (f *Figures) CountMessage() { f.read++ }

func (f *Figures) counters() driver.Counters {
	return driver.Counters{
		BytesIn: f.bytesIn.Load(), BytesOut: f.bytesOut.Load(), MessagesIn: f.received.Load(), MessagesOut: f.Sent.Load(),
		Skipped: f.Skipped.Load(), LateAnswers: f.Late.Load(), Undone: f.Undone.Load(),
	}
}

// CountConn returns a connection whose bytes are counted.
func (f *Figures) CountConn(conn net.Conn) net.Conn { return countedConn{conn, f} }

type countedConn struct {
	net.Conn
	figures *Figures
}

// Read reads, and counts.
func (c countedConn) Read(p []byte) (int, error) {
	c.figures.received.Store(c.figures.read)
	n, err := c.Conn.Read(p)
	c.figures.bytesIn.Add(uint64(n))
	return n, err
}

// Write writes, and counts.
func (c countedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.figures.bytesOut.Add(uint64(n))
	return n, err
}
