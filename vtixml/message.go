package vtixml

import (
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/xmlscan"
)

// MessageType selects the fields of a [Message] that are used.
type MessageType uint8

// The types. Requests, answers and refusals carry an ID; each side counts its
// own requests.
const (
	// UnknownMessage is one that the codec does not know. It is ignored and
	// counted.
	UnknownMessage MessageType = iota
	// OpenMessage is the driver's first: Open.
	OpenMessage
	// OpenedMessage is the answer to it: Capabilities. The other answer is a
	// RefusalMessage.
	OpenedMessage
	// CapabilitiesMessage: the PBX reports that its Capabilities changed.
	CapabilitiesMessage
	// LogonMessage logs extensions of one place on and starts their
	// supervision: Place, Logons. Each is answered separately.
	LogonMessage
	// RequestMessage: ID, Op, Request.
	RequestMessage
	// AnswerMessage: ID, Answer.
	AnswerMessage
	// RefusalMessage: ID, Failure.
	RefusalMessage
	// EventMessage: Monitor, Event.
	EventMessage
	// CloseMessage ends the link in an orderly way.
	CloseMessage
)

// Message is everything that goes over a link, as typed values. A [Codec] turns it
// into bytes.
type Message struct {
	Type         MessageType
	ID           uint32 // invoke identifier, from 1
	Open         Open
	Capabilities driver.Capabilities
	Place        cti.Location // of the extensions in Logons
	Logons       []Logon
	Op           cti.Operation
	Request      Request
	Answer       Answer
	Failure      Failure
	Monitor      uint32 // as AnswerMessage gave it for a logon
	Event        cti.Event

	// Skipped counts what was not understood and ignored.
	Skipped int

	scratch *scratch
}

// Open is how a driver presents itself.
type Open struct {
	Application string
}

// Logon logs one extension on and starts its supervision.
type Logon struct {
	ID       uint32
	Device   cti.DeviceID
	SetType  cti.SetType
	Password ctikit.Secret
}

// Request holds the parameters of every operation; the comments list the
// operations that have one.
type Request struct {
	Device  cti.DeviceID   // the device that acts
	Call    cti.CallID     // its call; the active one of two
	Held    cti.CallID     // the held one: AlternateCall, ReconnectCall, TransferCall, ConferenceCall
	Number  string         // MakeCall, ConsultationCall, SingleStepTransfer, DeflectCall; DialDigits, GenerateDigits
	Target  cti.DeviceID   // SingleStepConference, ParkCall; whose connection: DirectedPickup, JoinCall, IntrudeCall
	Monitor uint32         // Release
	On      bool           // SetDoNotDisturb, SetMessageWaiting
	Agent   cti.AgentState // SetAgentState
	Data    []byte         // Escape
}

// Answer holds the results of every operation.
type Answer struct {
	Monitor    uint32           // of a logon
	Connection cti.ConnectionID // of what makes or joins calls
	On         bool             // DoNotDisturb, MessageWaiting
	Agent      cti.AgentState   // AgentState
	Snapshot   *cti.Snapshot    // SnapshotDevice
	Call       *cti.Call        // SnapshotCall
	Devices    []cti.DeviceID   // ListDevices
	Data       []byte           // Escape
}

// Reset empties the message and keeps its buffers. The driver calls it before
// every Decode.
func (m *Message) Reset() { *m = Message{scratch: m.scratch} }

// Text turns bytes of a message into a string, the same one for the same bytes
// as long as they are recent: numbers and call identifiers come again and again.
func (m *Message) Text(b []byte) string { return m.buffers().texts.internText(b) }

// scratch is what a reused message keeps.
type scratch struct {
	texts texts
	scan  xmlscan.Scanner
}

func (m *Message) buffers() *scratch {
	if m.scratch == nil {
		m.scratch = new(scratch)
	}
	return m.scratch
}

// Codec turns messages into bytes and back: the one thing to write if you have the
// vendor's specification. Everything else in this package (requests and answers,
// supervisions, late answers, what a session can do) works on typed messages. Its
// methods may be called concurrently, each with its own message; they neither read
// nor write the connection.
//
// [Dialect] is the codec of this package's own dialect, PROTOCOL.md; the test
// of this package holds another one, written with encoding/xml.
type Codec interface {
	// Append appends m to dst as one message without framing. What the
	// vocabulary cannot say is an error, and nothing is sent. An error wraps
	// [ctikit.ErrUnsupported] if the protocol has no such operation. If the
	// protocol logs extensions on one by one, several Logons are an error: the
	// driver then gives them one by one.
	Append(dst []byte, m *Message) ([]byte, error)
	// Decode reads one message into m, which was [Message.Reset] before.
	// Strings made with [Message.Text] cost nothing where they are known;
	// nothing in m may point into data. What it does not understand it ignores
	// and counts in m.Skipped; a message that it does not know at all
	// stays an UnknownMessage. An error ends the link: only for what breaks
	// the protocol.
	Decode(data []byte, m *Message) error
}

// Ungreeted is implemented by a [Codec] whose protocol has no opening: the
// link is up as soon as its connection is, and neither an OpenMessage is sent
// nor an OpenedMessage waited for.
type Ungreeted interface {
	// Capabilities are those of every link, until a CapabilitiesMessage reports others.
	Capabilities() driver.Capabilities
}

// texts makes strings out of bytes. Strings seen lately are not made again, and
// new ones are cut from chunks: one allocation for some hundred of them.
type texts struct {
	latest     [64]string // by slot, before the maps: 7 % of the time of an event
	young, old map[string]string
	chunk      strings.Builder
}

const (
	generation = 4096 // texts remembered: twice this many at most
	chunkSize  = 4096
	longText   = 128 // longer ones are not expected again
)

func (t *texts) internText(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > longText {
		return string(b)
	}
	slot := &t.latest[(b[len(b)-1]+b[len(b)/2]*4)%64]
	if *slot != string(b) {
		*slot = t.lookupText(b)
	}
	return *slot
}

func (t *texts) lookupText(b []byte) string {
	if s, ok := t.young[string(b)]; ok {
		return s
	}
	s, ok := t.old[string(b)]
	if !ok {
		s = t.cutText(b)
	}
	if t.young == nil || len(t.young) == generation {
		t.old, t.young = t.young, make(map[string]string)
	}
	t.young[s] = s
	return s
}

// cutText stores new text after the previous one. A Builder never moves what it has
// given out as long as it does not grow.
func (t *texts) cutText(b []byte) string {
	if t.chunk.Cap()-t.chunk.Len() < len(b) {
		t.chunk = strings.Builder{}
		t.chunk.Grow(chunkSize)
	}
	begin := t.chunk.Len()
	t.chunk.Write(b)
	return t.chunk.String()[begin:]
}
