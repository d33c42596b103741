package vtixml

import (
	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/xmlscan"
)

// MessageType tells which fields of a [Message] are meant.
type MessageType uint8

// The types. Requests, answers and refusals carry an ID; each side counts its
// own requests.
const (
	// UnknownMessage is one that the codec does not know. It is passed over
	// and counted.
	UnknownMessage MessageType = iota
	// OpenMessage is the driver's first: Open.
	OpenMessage
	// OpenedMessage is the answer to it: Capabilities. The other answer is a
	// RefusalMessage.
	OpenedMessage
	// CapabilitiesMessage: the PBX tells that its Capabilities changed.
	CapabilitiesMessage
	// LogonMessage logs extensions of one place on and starts their
	// supervision: Place, Logons. Each is answered by itself.
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

// Message is everything that goes over a link, as typed values. How it looks as
// bytes is the business of a [Codec].
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

	// Skipped counts what was not understood and passed over.
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

// Request holds the parameters of every operation; which of them an operation
// has is told at its name.
type Request struct {
	Device  cti.DeviceID   // the device that acts
	Call    cti.CallID     // its call; the active one of two
	Held    cti.CallID     // the held one: AlternateCall, ReconnectCall, TransferCall, ConferenceCall
	Number  string         // MakeCall, ConsultationCall, SingleStepTransfer, DeflectCall; digits: DialDigits, GenerateDigits
	Target  cti.DeviceID   // SingleStepConference, ParkCall; DirectedPickup, JoinCall, IntrudeCall: whose connection it is
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
