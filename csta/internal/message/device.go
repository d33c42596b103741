package message

import "strings"

// Status is what a message says of a device (ECMA-269 12.3).
type Status uint8

// The statuses.
const (
	Absent       Status = iota // the field is not in the message
	Known                      // Number holds it
	NotKnown                   // the switch does not know it
	Restricted                 // withheld
	NotRequired                // redirection: the call was not redirected
	NotSpecified               // redirection: perhaps redirected, the switch does not tell
)

var statusNames = [...]string{"absent", "known", "notKnown", "restricted", "notRequired", "notSpecified"}

// String is the name as in ECMA-285.
func (s Status) String() string { return name(statusNames[:], int(s), "Status") }

// MarshalText encodes the status by name.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Form is how a device is named (ECMA-285 DeviceID and its types of number).
type Form uint8

// The forms. Dynamic is the switch's own short-lived identifier within a connection.
const (
	DialingNumber Form = iota
	DeviceNumber       // Number holds the integer in decimal
	ImplicitPublic
	PublicUnknown
	PublicInternational
	PublicNational
	PublicNetworkSpecific
	PublicSubscriber
	PublicAbbreviated
	ImplicitPrivate
	PrivateUnknown
	PrivateLevel3
	PrivateLevel2
	PrivateLevel1
	PrivatePTNSpecific
	PrivateLocal
	PrivateAbbreviated
	OtherPlan // Number holds octets
	Dynamic   // Number holds octets
	// Represented is a dialling number in the switching function representation
	// of ECMA-269 12.3.11, N<4001>: written in XML only, and read as DialingNumber.
	Represented
)

var formNames = [...]string{
	"dialingNumber", "deviceNumber", "implicitPublic",
	"explicitPublic:unknown", "explicitPublic:international", "explicitPublic:national",
	"explicitPublic:networkspecific", "explicitPublic:subscriber", "explicitPublic:abbreviated",
	"implicitPrivate",
	"explicitPrivate:unknown", "explicitPrivate:level3RegionalNumber", "explicitPrivate:level2RegionalNumber",
	"explicitPrivate:level1RegionalNumber", "explicitPrivate:pTNSpecificNumber", "explicitPrivate:localNumber",
	"explicitPrivate:abbreviated",
	"other", "dynamic", "represented",
}

// String is the name as in ECMA-285 and the typeOfNumber attribute of ECMA-323.
func (f Form) String() string { return name(formNames[:], int(f), "Form") }

// MarshalText encodes the form by name.
func (f Form) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// Device names a device, or says why it is not named.
type Device struct {
	Status        Status
	Form          Form
	HasName       bool // PrivateName is present, though perhaps empty
	HasPrivate    bool // PrivateNumber is present, though perhaps empty
	Number        string
	PrivateNumber string
	PrivateName   string
	Media         *Media
}

// Number is a known device under its dialling number.
func Number(number string) Device { return Device{Status: Known, Number: number} }

// IsSet reports whether the field is in the message.
func (d *Device) IsSet() bool { return d.Status != Absent }

// ConnectionParts tells which parts a connection identifier has.
type ConnectionParts uint8

// The parts.
const (
	NoConnection ConnectionParts = iota // the field is not in the message
	CallOnly
	DeviceOnly
	CallAndDevice
)

var partsNames = [...]string{"absent", "call", "device", "both"}

// String is the parts in a word.
func (p ConnectionParts) String() string { return name(partsNames[:], int(p), "ConnectionParts") }

// MarshalText encodes the parts as String does.
func (p ConnectionParts) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Connection identifies the relation of a device to a call.
type Connection struct {
	Parts  ConnectionParts
	Call   string // octets in BER, text in XML; opaque
	Device Device // its Form may be Dynamic
}

// ConnectionOf is a connection with both parts.
func ConnectionOf(call string, device Device) Connection {
	return Connection{Parts: CallAndDevice, Call: call, Device: device}
}

// IsSet reports whether the field is in the message.
func (c *Connection) IsSet() bool { return c.Parts != NoConnection }

// Connected is one entry of a connection list (conferenced, transferred).
type Connected struct {
	New, Old   Connection
	Endpoint   Device // NotKnown, Restricted or Known
	Associated Device // the network interface device: NotKnown or Known
	Info       *ConnectionInfo
}

// Static is the number of a device that has one for good, and whether it has. A
// dynamic identifier may show it as N<4001> with parameters behind.
func (d *Device) Static() (number string, ok bool) {
	if d.Form != Dynamic {
		return d.Number, true
	}
	inside, ok := strings.CutPrefix(d.Number, "N<")
	if !ok {
		return "", false
	}
	number, _, ok = strings.Cut(inside, ">")
	return number, ok
}
