// Package frames reads frames from a connection: what the driver and its test
// server share.
package frames

import (
	"errors"
	"fmt"
	"io"
)

// Split finds the first frame in what was read: its message, and the size of
// the complete frame. Size 0 is a frame not complete yet. A message longer than
// max is an error, before it has been read.
type Split func(in []byte, max int) (message []byte, size int, err error)

// FrameError is a byte stream that cannot be cut into messages.
type FrameError struct{ Err error }

func (e *FrameError) Error() string { return "framing: " + e.Err.Error() }

// Unwrap gives the cause.
func (e *FrameError) Unwrap() error { return e.Err }

const (
	firstSize = 4 << 10
	keptSize  = 256 << 10 // a larger buffer is given back once it is empty
	headRoom  = 64        // what a frame may have around a message
)

// Reader cuts a stream into messages. Its memory is bounded by the longest
// message allowed.
type Reader struct {
	in    io.Reader
	split Split
	max   int
	buf   []byte
	begin int // of what was not returned yet
}

// NewReader reads messages of at most max bytes.
func NewReader(in io.Reader, split Split, max int) *Reader {
	return &Reader{in: in, split: split, max: max, buf: make([]byte, 0, firstSize)}
}

// Next returns the next message, which is valid until the next call. It fails
// with a [*FrameError], with [io.EOF] between two messages, with
// [io.ErrUnexpectedEOF] inside one, or with the error of the connection.
func (r *Reader) Next() ([]byte, error) {
	for {
		message, size, err := r.split(r.buf[r.begin:], r.max)
		if err != nil {
			return nil, &FrameError{err}
		}
		if size > 0 {
			r.begin += size
			return message, nil
		}
		if err := r.Fill(); err != nil {
			if errors.Is(err, io.EOF) && len(r.buf) > r.begin {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
}

// Fill reads once, as much as there is.
func (r *Reader) Fill() error {
	if err := r.makeRoom(); err != nil {
		return err
	}
	n, err := r.in.Read(r.buf[len(r.buf):cap(r.buf)])
	r.buf = r.buf[:len(r.buf)+n]
	if n > 0 {
		return nil
	}
	return err
}

// makeRoom makes room after what was read.
func (r *Reader) makeRoom() error {
	waiting := r.buf[r.begin:]
	switch {
	case len(waiting) == 0 && cap(r.buf) > keptSize:
		r.buf = make([]byte, 0, firstSize)
	case len(waiting) == cap(r.buf):
		if cap(r.buf) > r.max+headRoom {
			return &FrameError{fmt.Errorf("no end of frame after %d bytes", len(waiting))}
		}
		r.buf = append(make([]byte, 0, min(2*cap(r.buf), r.max+2*headRoom)), waiting...)
	case r.begin > 0:
		r.buf = r.buf[:copy(r.buf, waiting)]
	default:
		return nil
	}
	r.begin = 0
	return nil
}
