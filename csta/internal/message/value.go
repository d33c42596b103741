package message

import (
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/ctikit/ctikit"
)

// Opt is a value that may be absent.
type Opt[T any] struct {
	Value T
	Set   bool
}

// Some is a present value.
func Some[T any](v T) Opt[T] { return Opt[T]{Value: v, Set: true} }

// Text is a character string; nil is absent. See the package comment for its lifetime.
type Text []byte

// String is the text itself.
func (t Text) String() string { return string(t) }

// MarshalText encodes the text, with invalid UTF-8 replaced.
func (t Text) MarshalText() ([]byte, error) {
	return []byte(strings.ToValidUTF8(string(t), "\uFFFD")), nil
}

// ReadableText returns text unchanged, or octets that are not UTF-8 decoded as ISO 8859-1,
// which switches put where ASN.1 has an IA5String.
func ReadableText[T string | []byte | Text](s T) string {
	if utf8.ValidString(string(s)) {
		return string(s)
	}
	text := make([]rune, len(s))
	for i := range len(s) {
		text[i] = rune(s[i])
	}
	return string(text)
}

// Octets is a string of bytes without meaning to us; nil is absent.
type Octets []byte

// String is the bytes in hexadecimal.
func (o Octets) String() string { return hex.EncodeToString(o) }

// MarshalText encodes the bytes in hexadecimal.
func (o Octets) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Hidden is a password or authorization code: octets that are never printed. A
// nil one is absent.
type Hidden []byte

// String is "[redacted]", or "" where there is nothing.
func (h Hidden) String() string {
	if len(h) == 0 {
		return ""
	}
	return ctikit.Redacted
}

// GoString is String, for %#v.
func (h Hidden) GoString() string { return h.String() }

// Format prints as String does, whatever the verb.
func (h Hidden) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, h.String()) }

// MarshalText encodes as String does.
func (h Hidden) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// Raw is a value in the encoding of its link, passed through unchanged; nil is
// absent. In BER it is a whole element with its tag, in XML an element.
type Raw []byte

// String is the bytes in hexadecimal.
func (r Raw) String() string { return hex.EncodeToString(r) }

// MarshalText encodes the bytes in hexadecimal.
func (r Raw) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Bits is a named bit list. Bit i of Mask is the bit that ASN.1 numbers i. A
// list that is longer than 64 bits loses the rest.
type Bits struct {
	Mask uint64
	Len  uint8 // bits sent, trailing zeros included
	Set  bool
}

// BitsOf is a present list of length n with the given bits set.
func BitsOf(n uint8, bits ...int) Bits {
	b := Bits{Len: n, Set: true}
	for _, i := range bits {
		b.Mask |= 1 << i
	}
	return b
}

// Has reports whether bit i is set.
func (b Bits) Has(i int) bool { return i < 64 && b.Mask>>i&1 == 1 }

// String is the list as zeros and ones, bit 0 first; "" where absent.
func (b Bits) String() string {
	if !b.Set {
		return ""
	}
	out := make([]byte, b.Len)
	for i := range out {
		out[i] = '0' + byte(b.Mask>>i&1)
	}
	return string(out)
}

// MarshalText encodes the list as String does.
func (b Bits) MarshalText() ([]byte, error) { return []byte(b.String()), nil }
