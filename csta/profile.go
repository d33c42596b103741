package csta

import (
	"github.com/ctikit/ctikit/cti"
)

// Profile says how one type of PBX speaks CSTA. It is data: take one from
// [Profiles] and change what is different at your site. Basis tells where its
// values come from.
type Profile struct {
	Name     string
	Encoding Encoding
	Framing  Framing
	Port     int // TCP
	// Association: the application opens an ACSE association (BER) or an
	// application session (XML) before anything else.
	Association bool
	// Login: user name and password are asked for.
	Login bool
	// Context is the ACSE application context offered, as dotted numbers.
	Context string
	// Version is the CSTAVersion bit offered (ECMA-285 annex): 0 ECMA-180,
	// 1 ECMA-218, 2 ECMA-285, ...; negative offers none.
	Version int
	// Heartbeat is how this side asks for a sign of life.
	Heartbeat Heartbeat
	// SnapshotCalls: a device's snapshot lacks the other parties; each call is
	// read as well.
	SnapshotCalls bool
	// SnapshotAtomic and ReportsExistingCalls: see cti.Capabilities.
	SnapshotAtomic       bool
	ReportsExistingCalls bool
	// Lacks are the operations that this PBX cannot do.
	Lacks cti.Operations
	// MaxInFlight is the number of requests that may wait for an answer.
	MaxInFlight int
	Basis       string
}

// Encoding is the phase and encoding of CSTA.
type Encoding uint8

// The encodings.
const (
	BER3 Encoding = iota // ECMA-285, CSTA III
)

var encodingNames = [...]string{"CSTA III BER"}

// String is the name of the encoding.
func (e Encoding) String() string {
	if int(e) < len(encodingNames) {
		return encodingNames[e]
	}
	return "unknown encoding"
}

// Framing is how messages follow one another on the connection.
type Framing uint8

// The framings.
const (
	NonDelimited Framing = iota // BER back to back
	Delimited                   // a 2-byte length in front of each message
)

// Heartbeat is the request that asks for a sign of life.
type Heartbeat uint8

// The heartbeats.
const (
	NoHeartbeat         Heartbeat = iota
	SystemStatus                  // this side reports its own state; the answer is the sign
	RequestSystemStatus           // this side asks for the PBX's state
)

// Generic3 is CSTA III in BER without surprises.
var Generic3 = Profile{
	Name: "Generic CSTA III", Encoding: BER3, Framing: NonDelimited, Port: 3211,
	Heartbeat: SystemStatus, SnapshotCalls: true, MaxInFlight: 64, Version: -1,
	// IntrudeCall of ECMA-269 acts on the intruding device's own blocked
	// connection, not on a call of others; JoinCall does that.
	Lacks: cti.OperationsOf(cti.OpEscape, cti.OpListDevices, cti.OpIntrudeCall),
	Basis: "ECMA-285 4th edition; port and framing are those that TWP guide 3.3 names for Aastra",
}
