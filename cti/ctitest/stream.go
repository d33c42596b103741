package ctitest

import (
	"io"
	"net"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"
)

// stream is one direction of a [Conn].
type stream struct {
	latency time.Duration
	limit   int

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every change
	segments []segment     // in order; the last may be the end of the stream
	size     int           // bytes in them
	deaf     bool          // the reader has closed
	broken   bool
	stalled  bool
	cutting  bool
	left     int     // bytes until the cut
	other    *stream // the other direction, which breaks with the cut
	cut      bool    // the reader finds the connection broken where the segments end
}

// segment is what one Write sent; one without data is the end.
type segment struct {
	data []byte
	due  time.Time
}

func newStream(o PipeOptions) *stream {
	return &stream{latency: o.Latency, limit: o.Buffer, changed: make(chan struct{})}
}

// signalChange lets everyone who waits look again. The stream is locked.
func (s *stream) signalChange() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *stream) readBytes(b []byte, expired func() <-chan struct{}, closed <-chan struct{}) (int, error) {
	for {
		n, wait, changed, err := s.takeArrived(b, expired(), closed)
		if n > 0 || err != nil || len(b) == 0 {
			return n, err
		}
		s.awaitChange(wait, changed, expired(), closed)
	}
}

// takeArrived reads what has arrived, or tells how long to wait; a negative wait is
// until something changes.
func (s *stream) takeArrived(
	b []byte, expired, closed <-chan struct{},
) (n int, wait time.Duration, changed <-chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case isClosed(closed):
		return 0, 0, nil, net.ErrClosed
	case isClosed(expired):
		return 0, 0, nil, os.ErrDeadlineExceeded
	case s.broken:
		return 0, 0, nil, syscall.ECONNRESET
	case s.stalled || len(s.segments) == 0:
		return 0, -1, s.changed, nil
	}
	first := &s.segments[0]
	if wait := time.Until(first.due); wait > 0 {
		return 0, wait, s.changed, nil
	}
	switch {
	case len(first.data) > 0:
	case s.cut:
		return 0, 0, nil, syscall.ECONNRESET
	default:
		return 0, 0, nil, io.EOF
	}
	n = copy(b, first.data)
	if first.data = first.data[n:]; len(first.data) == 0 {
		s.segments = s.segments[1:]
	}
	s.size -= n
	s.signalChange()
	return n, 0, nil, nil
}

func (s *stream) writeBytes(b []byte, expired func() <-chan struct{}, closed <-chan struct{}) (written int, err error) {
	for {
		n, changed, other, err := s.putBytes(b[written:], expired(), closed)
		written += n
		if other != nil {
			other.resetStream()
		}
		if err != nil || written == len(b) {
			return written, err
		}
		s.awaitChange(-1, changed, expired(), closed)
	}
}

// putBytes sends as much as there is room for. other is a direction to be reset,
// once this one is unlocked.
func (s *stream) putBytes(
	b []byte, expired, closed <-chan struct{},
) (n int, changed <-chan struct{}, other *stream, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case isClosed(closed):
		return 0, nil, nil, net.ErrClosed
	case isClosed(expired):
		return 0, nil, nil, os.ErrDeadlineExceeded
	case s.broken || s.cut:
		return 0, nil, nil, syscall.ECONNRESET
	case s.deaf:
		return 0, nil, nil, syscall.EPIPE
	}
	n = min(len(b), s.limit-s.size)
	if s.cutting && n >= s.left {
		n, err = s.left, syscall.ECONNRESET
		s.cut = true
	}
	s.left -= n
	if n > 0 {
		s.segments = append(s.segments, segment{data: slices.Clone(b[:n]), due: time.Now().Add(s.latency)})
		s.size += n
	}
	if s.cut {
		s.appendEnd()
		return n, nil, s.other, err
	}
	s.signalChange()
	return n, s.changed, nil, err
}

// appendEnd appends the end of the stream. The stream is locked.
func (s *stream) appendEnd() {
	s.segments = append(s.segments, segment{due: time.Now().Add(s.latency)})
	s.signalChange()
}

// finishWriting is the writer's Close.
func (s *stream) finishWriting() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.appendEnd()
}

// stopReading is the reader's Close.
func (s *stream) stopReading() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deaf, s.segments, s.size = true, nil, 0
	s.signalChange()
}

func (s *stream) resetStream() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken, s.segments, s.size = true, nil, 0
	s.signalChange()
}

func (s *stream) cutStream(n int, other *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cutting, s.left, s.other = true, n, other
}

func (s *stream) stallStream(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stalled = on
	s.signalChange()
}

// awaitChange waits for a change, an end, or a time if that is not negative.
func (s *stream) awaitChange(wait time.Duration, changed, expired, closed <-chan struct{}) {
	var due <-chan time.Time
	if wait >= 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-due:
	case <-changed:
	case <-expired:
	case <-closed:
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
