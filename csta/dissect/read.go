package dissect

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/recording"
)

// raw is one message of the input before it is decoded.
type raw struct {
	time  time.Time
	dir   string // ">" sent by the application, "<" by the switch, "" not known
	bytes []byte
	frame string // the framing that it came in, "" for none
	start bool   // no message, but what the OmniPCX Office sends around them
	err   error  // what is wrong with the line or the stream
	at    int    // where in bytes
}

// source gives one message after another, io.EOF at the end.
type source func() (raw, error)

// openSource tells by its beginning what the input is.
func openSource(in io.Reader) (source, error) {
	r := bufio.NewReaderSize(in, 4096)
	start, err := r.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) && len(start) == 0 {
		return nil, fmt.Errorf("dissect: %w", err)
	}
	switch {
	case bytes.HasPrefix(start, []byte(recording.Title)):
		return recorded{recording.NewReader(r)}.nextRecorded, nil
	case bytes.HasPrefix(bytes.TrimLeft(start, " \t\r\n\xef\xbb\xbf"), []byte("<")):
		return documents{r}.nextDocument, nil
	case isText(start):
		return hexLines{recording.NewLines(r, 1<<20)}.nextLine, nil
	case oxo(start):
		return (&oxoStream{in: r}).nextOXO, nil
	}
	f, ok := framing.Detect(start)
	if !ok && len(start) < 8 && bytes.HasPrefix(start, []byte{0, 0}) {
		f, ok = framing.XML, true // half a header
	}
	if !ok {
		return nil,
			fmt.Errorf("dissect: unknown input, starts with % x; expected a CSTA stream, recording or hexadecimal lines",
				start[:min(8, len(start))])
	}
	return newStream(r, f).nextFrame, nil
}

// isText reports whether the input begins with a line that can hold hexadecimal digits.
func isText(start []byte) bool {
	for _, b := range start {
		if b < ' ' && b != '\t' && b != '\r' && b != '\n' || b > '~' {
			return false
		}
	}
	return true
}

type recorded struct{ lines *recording.Reader }

func (s recorded) nextRecorded() (raw, error) {
	m, err := s.lines.Next()
	if errors.Is(err, io.EOF) {
		return raw{}, io.EOF
	}
	dir := "<"
	if m.Sent {
		dir = ">"
	}
	return raw{time: m.Time, dir: dir, bytes: m.Bytes, err: err}, nil
}

// stream is a raw stream of one direction. What does not follow the framing
// ends it.
type stream struct {
	frames  *framing.Reader
	framing framing.Framing
	broken  bool
}

func newStream(r io.Reader, f framing.Framing) *stream {
	return &stream{frames: framing.NewReader(r, f, 0), framing: f}
}

func (s *stream) nextFrame() (raw, error) {
	if s.broken {
		return raw{}, io.EOF
	}
	frame, err := s.frames.Next()
	if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return raw{}, io.EOF
	}
	if err != nil {
		s.broken = true
		r := raw{bytes: bytes.Clone(s.frames.Rest()), frame: s.framing.String(), err: err}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			r.at = len(r.bytes) // there is nothing wrong with what is there
		}
		return r, nil
	}
	return raw{bytes: bytes.Clone(frame), frame: s.framing.String()}, nil
}

// hexLines is one message a line: hexadecimal digits, with or without blanks
// and words around them ("name: hex"), with or without the framing's header; or
// a document in XML with or without its invoke identifier.
type hexLines struct{ lines *recording.Lines }

func (s hexLines) nextLine() (raw, error) {
	for {
		line, err := s.lines.Next()
		line = strings.TrimSpace(line)
		switch {
		case errors.Is(err, recording.ErrLongLine):
			return raw{err: fmt.Errorf("a line of more than 1 MiB, which begins with %.40q", line)}, nil
		case errors.Is(err, io.EOF):
			return raw{}, io.EOF
		case err != nil:
			return raw{}, fmt.Errorf("dissect: %w", err)
		}
		if line == "" || line[0] == '#' {
			continue
		}
		if isXML([]byte(line)) {
			return raw{bytes: []byte(line)}, nil
		}
		b, err := hexDigits(line)
		if isOXO(b) {
			return raw{bytes: b, start: true}, nil
		}
		b, frame := unframed(b)
		return raw{bytes: b, frame: frame, err: err}, nil
	}
}

func hexDigits(line string) ([]byte, error) {
	if b, err := hex.DecodeString(strings.Join(strings.Fields(line), "")); err == nil {
		return b, nil
	}
	var longest []byte
	for _, f := range strings.Fields(line) {
		if b, err := hex.DecodeString(f); err == nil && len(b) > len(longest) {
			longest = b
		}
	}
	if len(longest) < 2 {
		return nil, fmt.Errorf("no hexadecimal digits: %.40q", line)
	}
	return longest, nil
}

// unframed is a message without the header that its framing puts in front.
func unframed(b []byte) (message []byte, frame string) {
	f, ok := framing.Detect(b)
	if !ok || f == framing.NonDelimited {
		return b, ""
	}
	s := framing.Splitter{Framing: f}
	m, taken, err := s.Next(b)
	if err != nil || taken != len(b) {
		return b, ""
	}
	return m, f.String()
}
