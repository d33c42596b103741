package message

import "strings"

// Status is what a message says of a device (ECMA-269 12.3).
type Status uint8

// Form is how a device is named (ECMA-285 DeviceID and its types of number).
// Dynamic is the switch's short-lived identifier within a connection.
type Form uint8

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

// ConnectionParts is the parts that a connection identifier has.
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
func (p ConnectionParts) String() string { return valueName(partsNames[:], int(p), "ConnectionParts") }

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
// dynamic identifier may show it as N<4001> with parameters after it.
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
