package dissect

import (
	"bufio"
	"bytes"
	"io"
	"slices"

	"github.com/ctikit/ctikit/csta/internal/framing"
)

// What the OmniPCX Office and its application send around the messages: one byte
// each before the first, EXIT behind the last. They are shown as they are.

// oxo reports whether a stream begins so.
func oxo(start []byte) bool {
	i := 0
	for i < len(start) && i < 2 && isOXO(start[i:i+1]) {
		i++
	}
	f, ok := framing.Detect(start[i:])
	return i > 0 && ok && f == framing.Delimited
}

func isOXO(b []byte) bool {
	return string(b) == framing.OXOClient || string(b) == framing.OXOSwitch || string(b) == framing.OXOExit
}

// oxoStream is the stream of one side, or of both one behind the other.
type oxoStream struct {
	in     *bufio.Reader
	begun  bool
	frames *stream
	ended  bool
}

func (s *oxoStream) nextOXO() (raw, error) {
	if !s.begun {
		if b, err := s.in.Peek(1); err == nil && isOXO(b) {
			b = slices.Clone(b)
			_, _ = s.in.Discard(1)
			return raw{bytes: b, start: true}, nil
		}
		s.begun, s.frames = true, newStream(s.in, framing.Delimited)
	}
	if s.ended {
		return raw{}, io.EOF
	}
	m, err := s.frames.nextFrame()
	if s.frames.broken && isOXO(bytes.TrimSpace(m.bytes)) {
		s.ended = true
		return raw{bytes: m.bytes, start: true}, nil
	}
	return m, err
}
