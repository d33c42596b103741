package csta

import (
	"fmt"
	"strconv"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/ecma323"
	"github.com/ctikit/ctikit/csta/internal/encoding"
	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/wire"
)

// Profile describes how one type of PBX speaks CSTA. It is data: take one of
// [Profiles], change what is different at your site, and put it into a
// [Config]. Basis documents where its values come from.
type Profile struct {
	Name     string
	Encoding Encoding
	Framing  Framing
	Variant  Variant
	Port     int // TCP
	// Start is what is exchanged before the first message.
	Start Start
	// Association: the application opens an ACSE association before anything else.
	Association bool
	// Session: the application opens an application session (ECMA-354) before
	// anything else, and renews it.
	Session bool
	// SessionDuration is how long a session is requested for at a time; 0 is ten minutes.
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
	// after the opening; such a PBX reports it to no other application.
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
	// SnapshotAtomic and ReportsExistingCalls: see [driver.Capabilities].
	SnapshotAtomic       bool
	ReportsExistingCalls bool
	// Lacks are operations that the encoding has but this PBX cannot do.
	Lacks cti.Operations
	// MaxInFlight is the number of requests that may wait for an answer; 0 is 64.
	MaxInFlight int
	// Basis documents what these values rest on. A value that is not called
	// sourced is assumed: confirm it at the PBX.
	Basis string
}

// Encoding is a phase of CSTA in one of its encodings.
type Encoding uint8

// The encodings.
const (
	BER3 = Encoding(encoding.BER3) // CSTA III (ECMA-285) in BER
	BER2 = Encoding(encoding.BER2) // CSTA II (ECMA-218) in BER
	BER1 = Encoding(encoding.BER1) // CSTA I (ECMA-180) in BER
	XML3 = Encoding(encoding.XML3) // CSTA III in XML (ECMA-323), 3rd edition
	XML4 = Encoding(encoding.XML4) // 4th edition
	XML5 = Encoding(encoding.XML5) // 5th edition
	XML6 = Encoding(encoding.XML6) // 6th edition
)

// String returns "CSTA III BER", "CSTA III XML ed4" and so on.
func (e Encoding) String() string { return encoding.Encoding(e).String() }

// MarshalText encodes the encoding by name.
func (e Encoding) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText decodes the name of an encoding.
func (e *Encoding) UnmarshalText(text []byte) error {
	return parseName(e, text, BER3, BER2, BER1, XML3, XML4, XML5, XML6)
}

// Valid reports whether e is one of the encodings above.
func (e Encoding) Valid() bool { return encoding.Encoding(e).Valid() }

// XML reports whether the encoding is one in XML.
func (e Encoding) XML() bool { return encoding.Encoding(e).XML() }

// Variant is what a PBX does differently within its encoding.
type Variant struct {
	// Wrapped: services of phases I and II whose argument is one identifier
	// have it inside a SEQUENCE.
	Wrapped bool
	// Codes gives services of phases I and II other operation codes, by the
	// names of ECMA-269: {"generateDigits": 19}.
	Codes map[string]int64
	// Login is where the user and the password of an application session go, in XML.
	Login SessionLogin
}

// SessionLogin is where the user and the password of an application session go.
// ECMA-354 leaves it to the vendor.
type SessionLogin uint8

// The places.
const (
	LoginUser  = SessionLogin(ecma323.LoginUser)  // <user> and <password> (OpenScape Business)
	LoginAvaya = SessionLogin(ecma323.LoginAvaya) // <SessionLoginInfo> (Avaya AES)
)

// codec returns a codec for the encoding and its variant.
func (p Profile) codec(o message.Options) message.Codec {
	v := encoding.Variant{Wrapped: p.Variant.Wrapped, Codes: p.Variant.Codes, Login: ecma323.Login(p.Variant.Login)}
	return encoding.New(encoding.Encoding(p.Encoding), v, o)
}

// DeviceForm is a way to name a device (ECMA-269 12.3).
type DeviceForm uint8

// The forms that name the sets of a PBX.
const (
	DialingNumber   = DeviceForm(message.DialingNumber)   // "4001"
	DeviceNumber    = DeviceForm(message.DeviceNumber)    // an integer
	ImplicitPublic  = DeviceForm(message.ImplicitPublic)  // of a public numbering plan
	ImplicitPrivate = DeviceForm(message.ImplicitPrivate) // of the PBX's own numbering plan
	Represented     = DeviceForm(message.Represented)     // N<4001>, in XML
)

// String returns the name of the form in ECMA-285: "dialingNumber".
func (f DeviceForm) String() string { return message.Form(f).String() }

// MarshalText encodes the form by name.
func (f DeviceForm) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText decodes the name of a form.
func (f *DeviceForm) UnmarshalText(text []byte) error {
	return parseName(f, text, DialingNumber, DeviceNumber, ImplicitPublic, ImplicitPrivate, Represented)
}

// Framing is how messages follow one another on the connection.
type Framing uint8

// The framings.
const (
	NonDelimited = Framing(framing.NonDelimited) // BER back to back
	Delimited    = Framing(framing.Delimited)    // a 2-byte length before each message
	XMLHeader    = Framing(framing.XML)          // the 8-byte header of ECMA-323
)

// String returns "non-delimited", "delimited" or "XML".
func (f Framing) String() string { return framing.Framing(f).String() }

// MarshalText encodes the framing by name.
func (f Framing) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText decodes the name of a framing.
func (f *Framing) UnmarshalText(text []byte) error {
	return parseName(f, text, NonDelimited, Delimited, XMLHeader)
}

// parseName stores the one of the values that has the name.
func parseName[T fmt.Stringer](into *T, name []byte, values ...T) error {
	for _, v := range values {
		if v.String() == string(name) {
			*into = v
			return nil
		}
	}
	return fmt.Errorf("unknown %T %.80q", *into, name)
}

// Start is what is exchanged before the first message.
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

// validateProfile reports what cannot be.
func (p Profile) validateProfile(ps *ctikit.Problems) {
	if p.Devices == Represented && !p.Encoding.XML() || p.Devices == DeviceForm(message.Dynamic) {
		*ps = append(*ps, ctikit.Problem{Severity: ctikit.SeverityError, Path: "profile.devices",
			Message: fmt.Sprintf("device form %v is not supported by %v", p.Devices, p.Encoding), Err: ctikit.ErrUnsupported})
	}
	if p.SessionDuration < 0 {
		ps.Add("profile.sessionDuration", "must not be negative, got %v", p.SessionDuration)
	}
	ps.AddUnder("", wire.ValidateLimit("profile.maxInFlight", p.MaxInFlight, 1<<16-1))
}

// checkDeviceName reports why a device cannot be named in the profile's form.
func (p Profile) checkDeviceName(device cti.DeviceID) error {
	if p.Devices != DeviceNumber || device == "" {
		return nil
	}
	if _, err := strconv.ParseInt(string(device), 10, 64); err != nil {
		return fmt.Errorf("must be an integer for this PBX (Profile.Devices), got %.80q", string(device))
	}
	return nil
}
