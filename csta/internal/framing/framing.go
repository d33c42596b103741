// Package framing cuts a byte stream into CSTA messages and puts them together
// again: bare BER back to back ("non-delimited"), BER after a 2-byte length
// ("delimited"), XML after the 8-byte header of ECMA-323 for TCP. It does not
// look at what it cuts.
package framing

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ctikit/ctikit/csta/internal/ber"
)

// Framing is how messages follow one another on a stream.
type Framing uint8

// The framings.
const (
	// NonDelimited is BER back to back, each message as long as its outer tag says.
	NonDelimited Framing = iota
	// Delimited is a 2-byte big-endian length before the message, itself not counted.
	Delimited
	// XML is 00 00, a 2-byte length that counts the whole header, and the
	// invoke identifier in 4 digits (ECMA-323, annex on TCP without SOAP). The
	// digits are part of the message, for the codec to read and write.
	XML
)

var names = [...]string{"non-delimited", "delimited", "XML"}

// String is the name of the framing.
func (f Framing) String() string {
	if int(f) < len(names) {
		return names[f]
	}
	return fmt.Sprintf("Framing(%d)", uint8(f))
}

// DefaultMax is the longest message that is read where nothing else is said.
// Delimited and XML cannot carry more.
const DefaultMax = 65535

// ErrTooLong is in the error for a message over the limit, read or written.
var ErrTooLong = errors.New("csta: message too long")

// Error is a stream that does not follow its framing. What follows it cannot
// be cut, so the stream is of no more use.
type Error struct {
	Framing Framing
	Detail  string
	Err     error // ErrTooLong, io.ErrUnexpectedEOF, or nil
}

// Error is `csta: delimited framing: ...`.
func (e *Error) Error() string { return fmt.Sprintf("csta: %v framing: %s", e.Framing, e.Detail) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Begin appends room for the header of a message to dst. The message is then
// appended after it and End called with the length that dst had before.
func (f Framing) Begin(dst []byte) []byte {
	switch f {
	case Delimited:
		return append(dst, 0, 0)
	case XML:
		return append(dst, 0, 0, 0, 0)
	}
	return dst
}

// End fills in the header of the message that was begun at start.
func (f Framing) End(dst []byte, start int) error {
	n := len(dst) - start
	at := start
	switch f {
	case Delimited:
		n -= 2
	case XML:
		at += 2
	default:
		return nil
	}
	if n > DefaultMax {
		return &Error{Framing: f, Detail: fmt.Sprintf("cannot carry a message of %d bytes", n), Err: ErrTooLong}
	}
	dst[at], dst[at+1] = byte(n>>8), byte(n)
	return nil
}

// Splitter finds the messages in a stream. Max is the longest one that it lets
// pass, header included, 0 for DefaultMax.
type Splitter struct {
	Framing Framing
	Max     int
	scanner ber.Scanner
}

// Next looks for a message at the start of buf. It returns the message without
// its length and how much of buf it took, or 0 where more bytes are needed;
// until then buf may only grow at its end.
func (s *Splitter) Next(buf []byte) (message []byte, taken int, err error) {
	skip := 0
	switch s.Framing {
	case Delimited:
		if len(buf) < 2 {
			return nil, 0, nil
		}
		if len(buf) > 2 && !envelope(buf[2]) && (buf[0] != 0 || buf[1] != 0) &&
			!(buf[0] == 0 && buf[1] == bareAbort && abort(buf[2:])) {
			return nil, 0, s.errorf(nil, "unknown message start %02x", buf[2])
		}
		skip, taken = 2, 2+int(buf[0])<<8+int(buf[1])
	case XML:
		if len(buf) < 4 {
			return nil, 0, s.badStart(buf)
		}
		skip, taken = 4, int(buf[2])<<8+int(buf[3])
		if err := s.badStart(buf); err != nil {
			return nil, 0, err
		}
		if taken < 8 {
			return nil, 0, s.errorf(nil, "length %d is shorter than the header", taken)
		}
	default:
		if len(buf) > 0 && !envelope(buf[0]) && !abort(buf) {
			return nil, 0, s.errorf(nil, "unknown message start %02x", buf[0])
		}
		n, err := s.scanner.Length(buf)
		if err != nil {
			return nil, 0, s.errorf(err, "%v", err)
		}
		taken = n
		if n == 0 {
			taken = len(buf) // at least
		}
		if taken <= s.max() && n == 0 {
			return nil, 0, nil
		}
	}
	if taken > s.max() {
		return nil, 0, s.errorf(ErrTooLong, "message of %d bytes or more, the limit is %d", taken, s.max())
	}
	if len(buf) < taken {
		return nil, 0, nil
	}
	return buf[skip:taken:taken], taken, nil
}

// badStart tells as soon as it can whether the XML header is none.
func (s *Splitter) badStart(buf []byte) error {
	for _, b := range buf[:min(2, len(buf))] {
		if b != 0 {
			return s.errorf(nil, "header starts with %x, not 0000", buf[:min(2, len(buf))])
		}
	}
	return nil
}

func (s *Splitter) max() int {
	if s.Max > 0 {
		return s.Max
	}
	return DefaultMax + 2
}

func (s *Splitter) errorf(cause error, format string, args ...any) error {
	return &Error{Framing: s.Framing, Detail: fmt.Sprintf(format, args...), Err: cause}
}

// Reader reads messages from a stream.
type Reader struct {
	from     io.Reader
	splitter Splitter
	buf      []byte
	start    int // of what has not been returned yet
	arrived  time.Time
	filled   bool // the last read filled the buffer: more came than it holds
	err      error
}

// NewReader returns a Reader; max as in Splitter.
func NewReader(from io.Reader, f Framing, max int) *Reader {
	return &Reader{from: from, splitter: Splitter{Framing: f, Max: max}}
}

// Next returns the next message; it is good until the next call. The error is
// io.EOF where the stream ends between messages, an *Error where it ends
// inside one or does not follow the framing, else that of the stream.
func (r *Reader) Next() ([]byte, error) {
	for {
		message, taken, err := r.splitter.Next(r.buf[r.start:])
		if err != nil {
			return nil, err
		}
		if taken > 0 {
			r.start += taken
			return message, nil
		}
		if r.err != nil {
			return nil, r.endOfStream()
		}
		r.readMore()
	}
}

// Buffered is how many bytes were read and not yet returned.
func (r *Reader) Buffered() int { return len(r.buf) - r.start }

// Rest is what was read and not yet returned: after an error, where the stream
// stopped making sense.
func (r *Reader) Rest() []byte { return r.buf[r.start:] }

// Arrived is when the message was read off the stream.
func (r *Reader) Arrived() time.Time { return r.arrived }

func (r *Reader) endOfStream() error {
	if r.err == io.EOF && r.Buffered() > 0 {
		return r.splitter.errorf(io.ErrUnexpectedEOF, "the stream ends %d bytes into a message", r.Buffered())
	}
	return r.err
}

// longestRead is how much is read at once where much comes.
const longestRead = 32768

// readMore reads more. The buffer grows with what has arrived, not with what a
// length field claims.
func (r *Reader) readMore() {
	if r.start > 0 {
		r.buf = r.buf[:copy(r.buf, r.buf[r.start:])]
		r.start = 0
	}
	if len(r.buf) == cap(r.buf) || r.filled && cap(r.buf) < longestRead {
		grown := make([]byte, len(r.buf), max(4096, 2*cap(r.buf)))
		copy(grown, r.buf)
		r.buf = grown
	}
	n, err := r.from.Read(r.buf[len(r.buf):cap(r.buf)])
	r.buf = r.buf[:len(r.buf)+n]
	r.filled = len(r.buf) == cap(r.buf)
	r.err = err
	r.arrived = time.Now()
}
