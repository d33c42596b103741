// Package recording is the file format of a recorded link: a line of text for
// each message, so that it can be read, cut and mailed.
//
//	# csta recording of CSTA III XML ed4
//	2026-01-02T15:04:05.123456Z > 303030313c...
//	2026-01-02T15:04:05.223456Z < 303030313c...
//
// ">" was sent by the application, "<" by the switch. The bytes are those of one
// message, without the length that its framing puts in front. Lines that start
// with "#" are remarks.
package recording

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Title begins the first line.
const Title = "# csta recording of "

// Message is one line.
type Message struct {
	Time  time.Time
	Sent  bool // by the application
	Bytes []byte
}

// Append appends the line of a message.
func (m Message) Append(dst []byte) []byte {
	dst = m.Time.UTC().AppendFormat(dst, "2006-01-02T15:04:05.000000Z")
	if m.Sent {
		dst = append(dst, " > "...)
	} else {
		dst = append(dst, " < "...)
	}
	return append(hex.AppendEncode(dst, m.Bytes), '\n')
}

// maxLine bounds a line: two digits for each byte of the longest message.
const maxLine = 64 + 2*70000

// Reader reads a recording.
type Reader struct {
	lines *Lines
	line  int
}

// NewReader returns a Reader.
func NewReader(r io.Reader) *Reader {
	return &Reader{lines: NewLines(r, maxLine)}
}

// Next returns the next message, io.EOF at the end. Another error names the
// line; the next one can be read.
func (r *Reader) Next() (Message, error) {
	for {
		line, err := r.lines.Next()
		if errors.Is(err, io.EOF) {
			return Message{}, io.EOF
		}
		r.line++
		if err != nil {
			return Message{}, fmt.Errorf("line %d: %w", r.line, err)
		}
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		m, err := Parse(line)
		if err != nil {
			return m, fmt.Errorf("line %d: %w", r.line, err)
		}
		return m, nil
	}
}

// Parse reads one line that is not a remark.
func Parse(line string) (Message, error) {
	parts := strings.Fields(line)
	if len(parts) != 3 || parts[1] != ">" && parts[1] != "<" {
		return Message{}, fmt.Errorf("expected a time, > or <, and hexadecimal digits, got %.40q", line)
	}
	at, err := time.Parse(time.RFC3339Nano, parts[0])
	if err != nil {
		return Message{}, fmt.Errorf("time: %w", err)
	}
	b, err := hex.DecodeString(parts[2])
	if err != nil {
		return Message{}, fmt.Errorf("bytes: %w", err)
	}
	return Message{Time: at, Sent: parts[1] == ">", Bytes: b}, nil
}
