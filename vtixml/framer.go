package vtixml

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Framer cuts the byte stream of a link into messages. Its methods may be
// called concurrently.
type Framer interface {
	// Append appends message to dst as one frame.
	Append(dst, message []byte) ([]byte, error)
	// Split finds the first frame in what was read: its message, a view of in,
	// and the size of the complete frame. Size 0 means that the frame is not
	// complete yet. A message longer than max is an error as soon as that can
	// be seen; any error ends the link.
	Split(in []byte, max int) (message []byte, size int, err error)
}

// LengthPrefixed frames a message by its length in bytes before it: four
// bytes, most significant first, not counting themselves.
type LengthPrefixed struct{}

// Append frames a message.
func (LengthPrefixed) Append(dst, message []byte) ([]byte, error) {
	if len(message) == 0 {
		return dst, errEmpty
	}
	return append(binary.BigEndian.AppendUint32(dst, uint32(len(message))), message...), nil
}

// Split finds a frame.
func (LengthPrefixed) Split(in []byte, max int) (message []byte, size int, err error) {
	if len(in) < 4 {
		return nil, 0, nil
	}
	length := uint64(binary.BigEndian.Uint32(in))
	switch {
	case length == 0:
		return nil, 0, errEmpty
	case length > uint64(max):
		return nil, 0, fmt.Errorf("message of %d bytes exceeds the maximum of %d", length, max)
	case uint64(len(in)-4) < length:
		return nil, 0, nil
	}
	return in[4 : 4+length], int(4 + length), nil
}

// NULTerminated frames a message by a zero byte after it, which XML text
// cannot contain.
type NULTerminated struct{}

// Append frames a message.
func (NULTerminated) Append(dst, message []byte) ([]byte, error) {
	if len(message) == 0 {
		return dst, errEmpty
	}
	if bytes.IndexByte(message, 0) >= 0 {
		return dst, errors.New("zero byte in a NUL-terminated message")
	}
	return append(append(dst, message...), 0), nil
}

// Split finds a frame.
func (NULTerminated) Split(in []byte, max int) (message []byte, size int, err error) {
	end := bytes.IndexByte(in, 0)
	switch {
	case end > max || end < 0 && len(in) > max:
		return nil, 0, fmt.Errorf("message exceeds the maximum of %d bytes", max)
	case end == 0:
		return nil, 0, errEmpty
	case end < 0:
		return nil, 0, nil
	}
	return in[:end], end + 1, nil
}

var errEmpty = errors.New("empty message")
