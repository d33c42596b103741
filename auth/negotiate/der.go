package negotiate

import (
	"encoding/asn1"
	"errors"
)

// errMalformed is what every token that cannot be read gives.
var errMalformed = errors.New("not a token of this protocol")

// Tags of the few DER forms that tokens are made of.
const (
	tagInteger         = 0x02
	tagOctetString     = 0x04
	tagOID             = 0x06
	tagEnumerated      = 0x0a
	tagGeneralizedTime = 0x18
	tagSequence        = 0x30
	tagApplication     = 0x60 // + number
	tagContext         = 0xa0 // + number
)

// readElement takes one element from the front of b.
func readElement(b []byte) (tag byte, content, rest []byte, err error) {
	var v asn1.RawValue
	if rest, err = asn1.Unmarshal(b, &v); err != nil || v.Tag > 30 {
		return 0, nil, nil, errMalformed
	}
	return v.FullBytes[0], v.Bytes, rest, nil
}

// readTagged takes one element that must have the tag.
func readTagged(tag byte, b []byte) (content, rest []byte, err error) {
	got, content, rest, err := readElement(b)
	if err == nil && got != tag {
		err = errMalformed
	}
	return content, rest, err
}

// tlv writes one element.
func tlv(tag byte, parts ...[]byte) []byte {
	length := 0
	for _, p := range parts {
		length += len(p)
	}
	out := []byte{tag}
	switch {
	case length < 0x80:
		out = append(out, byte(length))
	case length < 0x100:
		out = append(out, 0x81, byte(length))
	case length < 0x10000:
		out = append(out, 0x82, byte(length>>8), byte(length))
	default:
		out = append(out, 0x83, byte(length>>16), byte(length>>8), byte(length))
	}
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// derInteger writes a number that is not negative.
func derInteger(n int) []byte {
	digits := []byte{byte(n)}
	for n >>= 8; n > 0; n >>= 8 {
		digits = append([]byte{byte(n)}, digits...)
	}
	if digits[0] >= 0x80 {
		digits = append([]byte{0}, digits...)
	}
	return tlv(tagInteger, digits)
}
