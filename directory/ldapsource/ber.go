package ldapsource

import (
	"errors"
	"fmt"
)

// BER as LDAP uses it (RFC 4511 5.1): definite lengths, tags of one byte.
// Decoding works in place: an element is a slice of the message.

// Universal tags.
const (
	tagBoolean    = 0x01
	tagInteger    = 0x02
	tagOctet      = 0x04
	tagEnumerated = 0x0a
	tagSequence   = 0x30
	tagSet        = 0x31
)

var errBER = errors.New("malformed BER")

// parseHeader reads tag and length at the start of b. need is the number of bytes
// that the element takes with its header; 0 when b is too short to tell.
func parseHeader(b []byte) (tag byte, start, need int, err error) {
	if len(b) < 2 {
		return 0, 0, 0, nil
	}
	tag = b[0]
	if tag&0x1f == 0x1f {
		return 0, 0, 0, fmt.Errorf("%w: tag of more than one byte", errBER)
	}
	length := int(b[1])
	if length < 0x80 {
		return tag, 2, 2 + length, nil
	}
	n := length & 0x7f
	if n == 0 || n > 4 {
		return 0, 0, 0, fmt.Errorf("%w: length of %d bytes", errBER, n)
	}
	if len(b) < 2+n {
		return 0, 0, 0, nil
	}
	length = 0
	for _, c := range b[2 : 2+n] {
		length = length<<8 | int(c)
	}
	if length < 0 || length > 1<<31-16 {
		return 0, 0, 0, fmt.Errorf("%w: length %d", errBER, length)
	}
	return tag, 2 + n, 2 + n + length, nil
}

// splitElement splits the first element off.
func splitElement(b []byte) (tag byte, body, rest []byte, err error) {
	tag, start, need, err := parseHeader(b)
	if err != nil {
		return 0, nil, nil, err
	}
	if need == 0 || need > len(b) {
		return 0, nil, nil, fmt.Errorf("%w: truncated element", errBER)
	}
	return tag, b[start:need], b[need:], nil
}

// expectElement splits the first element off and checks its tag.
func expectElement(b []byte, tag byte) (body, rest []byte, err error) {
	got, body, rest, err := splitElement(b)
	if err == nil && got != tag {
		err = fmt.Errorf("%w: must be tag %#02x, got %#02x", errBER, tag, got)
	}
	return body, rest, err
}

// decodeInteger decodes the body of an INTEGER or ENUMERATED of at most four bytes.
func decodeInteger(body []byte) (int, error) {
	if len(body) == 0 || len(body) > 4 {
		return 0, fmt.Errorf("%w: integer of %d bytes", errBER, len(body))
	}
	n := int(int8(body[0]))
	for _, c := range body[1:] {
		n = n<<8 | int(c)
	}
	return n, nil
}

// appendElement appends tag, length and body.
func appendElement(dst []byte, tag byte, body []byte) []byte {
	dst = append(dst, tag)
	switch n := len(body); {
	case n < 0x80:
		dst = append(dst, byte(n))
	case n < 0x100:
		dst = append(dst, 0x81, byte(n))
	case n < 0x10000:
		dst = append(dst, 0x82, byte(n>>8), byte(n))
	default:
		dst = append(dst, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	return append(dst, body...)
}

func appendString(dst []byte, tag byte, s string) []byte { return appendElement(dst, tag, []byte(s)) }

func appendInteger(dst []byte, tag byte, n int) []byte {
	body := []byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
	for len(body) > 1 && (body[0] == 0 && body[1] < 0x80 || body[0] == 0xff && body[1] >= 0x80) {
		body = body[1:]
	}
	return appendElement(dst, tag, body)
}

func appendBoolean(dst []byte, v bool) []byte {
	if v {
		return append(dst, tagBoolean, 1, 0xff)
	}
	return append(dst, tagBoolean, 1, 0)
}
