package csta

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/ecma323"
	"github.com/ctikit/ctikit/csta/internal/encoding"
	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// Profile says how one type of PBX speaks CSTA. It is data: take one of
// [Profiles], change what is different at your site, and put it into a
// [Config]. Basis tells where its values come from.
type Profile struct {
	Name     string
	Encoding Encoding
	Framing  Framing
	Variant  Variant
	Port     int // TCP
	// Start is what stands in front of the first message.
	Start Start
	// Association: the application opens an ACSE association before anything else.
	Association bool
	// Session: the application opens an application session (ECMA-354) before
	// anything else, and renews it.
	Session bool
	// SessionDuration is how long a session is asked for at a time; 0 is ten minutes.
	SessionDuration time.Duration
	// Login: a user name and a password go with the association or session.
	Login bool
	// Context is the ACSE application context offered, as dotted numbers.
	Context string
	// Version is the CSTAVersion bit offered (ECMA-285): 0 ECMA-180, 1 ECMA-218,
	// 2 ECMA-285, 4 ECMA-285 2nd edition; negative offers none.
	Version int
	// Heartbeat is how this side asks for a sign of life.
	Heartbeat Heartbeat
	// Register: the application registers for the system's state (systemRegister)
	// after the opening; a PBX that wants that tells it to nobody else.
	Register bool
	// AskCapabilities: the PBX is asked what it can do (getCSTAFeatures, else
	// getSwitchingFunctionCapabilities) when a link opens; its answer narrows
	// what this profile promises. A refusal, or no answer within 5 s, changes nothing.
	AskCapabilities bool
	// Devices is how this side names a device of the PBX; it reads every form.
	// Numbers to be called are always dialling numbers.
	Devices DeviceForm
	// SnapshotCalls: a device's snapshot lacks the other parties, so each call
	// is read as well.
	SnapshotCalls bool
	// SnapshotAtomic and ReportsExistingCalls: see cti.Capabilities.
	SnapshotAtomic       bool
	ReportsExistingCalls bool
	// Lacks are operations that the encoding has but this PBX cannot do.
	Lacks cti.Operations
	// MaxInFlight is the number of requests that may wait for an answer; 0 is 64.
	MaxInFlight int
	// Basis says what these values rest on. What is not called sourced is
	// assumed: confirm it at the PBX.
	Basis string
}

// Encoding is a phase of CSTA in one of its encodings.
type Encoding = encoding.Encoding

// The encodings.
const (
	BER3 = encoding.BER3 // CSTA III (ECMA-285) in BER
	BER2 = encoding.BER2 // CSTA II (ECMA-218) in BER
	BER1 = encoding.BER1 // CSTA I (ECMA-180) in BER
	XML3 = encoding.XML3 // CSTA III in XML (ECMA-323), 3rd edition
	XML4 = encoding.XML4 // 4th edition
	XML5 = encoding.XML5 // 5th edition
	XML6 = encoding.XML6 // 6th edition
)

// Variant is what a PBX does differently within its encoding.
type Variant = encoding.Variant

// SessionLogin is where the user and the password of an application session go.
type SessionLogin = encoding.Login

// The places.
const (
	LoginUser  = ecma323.LoginUser  // <user> and <password> (OpenScape Business)
	LoginAvaya = ecma323.LoginAvaya // <SessionLoginInfo> (Avaya AES)
)

// DeviceForm is a way to name a device (ECMA-269 12.3).
type DeviceForm = message.Form

// The forms that name the sets of a PBX.
const (
	DialingNumber   = message.DialingNumber   // "4001"
	DeviceNumber    = message.DeviceNumber    // an integer
	ImplicitPublic  = message.ImplicitPublic  // of a public numbering plan
	ImplicitPrivate = message.ImplicitPrivate // of the PBX's own numbering plan
	Represented     = message.Represented     // N<4001>, in XML
)

// Framing is how messages follow one another on the connection.
type Framing = framing.Framing

// The framings.
const (
	NonDelimited = framing.NonDelimited // BER back to back
	Delimited    = framing.Delimited    // a 2-byte length in front of each message
	XMLHeader    = framing.XML          // the 8-byte header of ECMA-323
)

// Start is what stands in front of the first message.
type Start uint8

// The starts.
const (
	NoStart  Start = iota
	OXOStart       // the application sends "B", the switch answers "P" (OmniPCX Office)
)

// Heartbeat is the request that asks for a sign of life.
type Heartbeat uint8

// The heartbeats.
const (
	NoHeartbeat         Heartbeat = iota
	SystemStatus                  // this side reports its own state; the answer is the sign
	RequestSystemStatus           // this side asks for the PBX's state
)

// check finds what cannot be.
func (p Profile) check() error {
	if p.Devices == Represented && !p.Encoding.XML() || p.Devices == message.Dynamic {
		return &cti.Error{NotSent: true, Err: ctikit.ErrUnsupported, Detail: fmt.Sprintf("Profile.Devices: %v is no form of devices in %v", p.Devices, p.Encoding)}
	}
	return nil
}

// canName reports why a device cannot be named in the profile's form.
func (p Profile) canName(device cti.DeviceID) error {
	if p.Devices != DeviceNumber || device == "" {
		return nil
	}
	if _, err := strconv.ParseInt(string(device), 10, 64); err != nil {
		return errors.New("the PBX names its devices by integers (Profile.Devices)")
	}
	return nil
}
