package recording

import (
	"bufio"
	"errors"
	"io"
)

// ErrLongLine is the error of a line that is longer than allowed. The next one
// can be read.
var ErrLongLine = errors.New("the line is too long")

// Lines reads an input line by line.
type Lines struct {
	in   *bufio.Reader
	max  int
	line []byte
	err  error // of the input, told once
}

// NewLines returns a reader of lines of up to max bytes.
func NewLines(r io.Reader, max int) *Lines { return &Lines{in: bufio.NewReader(r), max: max} }

// Next returns the next line, good until the next call: io.EOF at the end,
// ErrLongLine with the beginning of a line that is skipped.
func (l *Lines) Next() (string, error) {
	if l.err != nil {
		return "", io.EOF
	}
	l.line = l.line[:0]
	long := false
	for {
		part, more, err := l.in.ReadLine()
		if room := l.max - len(l.line); len(part) > room {
			part, long = part[:room], true
		}
		l.line = append(l.line, part...)
		switch {
		case err != nil && len(l.line) == 0:
			l.err = err
			return "", err
		case err != nil:
			l.err = err
		}
		if err != nil || !more {
			break
		}
	}
	if long {
		return string(l.line), ErrLongLine
	}
	return string(l.line), nil
}
