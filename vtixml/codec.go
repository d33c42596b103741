package vtixml

import (
	"github.com/ctikit/ctikit/cti/driver"
)

// Codec turns messages into bytes and back: the one thing to write for whoever
// holds the vendor's specification. Everything else of this package (requests
// and answers, supervisions, late answers, the abilities of a session) works on
// typed messages. Its methods may be called concurrently, each with a message
// of its own; they neither read nor write the connection.
//
// [Dialect] is the codec of this package's own dialect, PROTOCOL.md; the test
// of this package holds another one, written with encoding/xml.
type Codec interface {
	// Append appends m to dst as one message without framing. What the
	// vocabulary cannot say is an error, and nothing is sent. An error wraps
	// [ctikit.ErrUnsupported] where the protocol has no such operation. Where the
	// protocol logs extensions on one by one, several Logons are an error: the
	// driver then gives them one by one.
	Append(dst []byte, m *Message) ([]byte, error)
	// Decode reads one message into m, which was [Message.Reset] before.
	// Strings made with [Message.Text] cost nothing where they are known;
	// nothing in m may point into data. What it does not understand it passes
	// over and counts in m.Skipped; a message that it does not know at all
	// stays an UnknownMessage. An error ends the link: only for what breaks
	// the protocol.
	Decode(data []byte, m *Message) error
}

// Ungreeted is what a [Codec] is as well whose protocol has no opening: the
// link is up as soon as its connection is, and neither an OpenMessage is sent
// nor an OpenedMessage waited for.
type Ungreeted interface {
	// Capabilities are those of every link, until a CapabilitiesMessage tells others.
	Capabilities() driver.Capabilities
}
