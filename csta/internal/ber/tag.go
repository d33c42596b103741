package ber

import "fmt"

// Tag is an identifier octet as it is on the wire, class and constructed
// bit included. A tag with a number from 31 on, which CSTA has nowhere, is
// represented by its number above the octet.
type Tag uint32

// Universal tags, and the bases of the other classes.
const (
	TagEnd         Tag = 0x00 // no element: the end of the structure
	TagBoolean     Tag = 0x01
	TagInteger     Tag = 0x02
	TagBitString   Tag = 0x03
	TagOctetString Tag = 0x04
	TagNull        Tag = 0x05
	TagOID         Tag = 0x06
	TagExternal    Tag = 0x28
	TagEnumerated  Tag = 0x0a
	TagSequence    Tag = 0x30
	TagIA5String   Tag = 0x16
	TagGeneralized Tag = 0x18

	Application Tag = 0x40
	Context     Tag = 0x80
	Constructed Tag = 0x20
)

// String is the tag in hexadecimal, as in a dump.
func (t Tag) String() string {
	if t == TagEnd {
		return "the end"
	}
	return fmt.Sprintf("%02x", uint32(t))
}
