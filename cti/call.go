package cti

import (
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/enum"
)

// LocalState is the state of one connection (ECMA-269 6.1.5).
type LocalState uint8

// The connection states. The state is StateUnknown if the PBX does not report it.
const (
	StateUnknown LocalState = iota
	Null                    // no relation, or no longer
	Initiated               // the device requests service: off hook, dialling
	Alerting                // the device is being offered the call
	Connected               // the device takes part
	Hold                    // the device takes part, and has put the call on hold
	Queued                  // the call waits for the device
	Failed                  // the progress of the call was blocked
)

var localStateNames = [...]string{"unknown", "null", "initiated", "alerting", "connected", "hold", "queued", "failed"}

// String is the name in lower case.
func (s LocalState) String() string { return enum.Name(localStateNames[:], int(s), "LocalState") }

// MarshalText encodes the state by name.
func (s LocalState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name, in any case.
func (s *LocalState) UnmarshalText(text []byte) error {
	i, err := enum.Value(localStateNames[:], string(text), "connection state")
	*s = LocalState(i)
	return err
}

// PartyStatus says whether the number of a party is known (ECMA-269 12.3: the
// device identifier statuses).
type PartyStatus uint8

// The statuses.
const (
	NotSpecified PartyStatus = iota // the event carries no such party
	Known                           // Number holds it
	NotKnown                        // the PBX does not know it
	Restricted                      // the party withheld its number
)

// Party is one side of a call as an event or snapshot names it.
type Party struct {
	Number DeviceID // as the PBX sent it; "" unless Status is Known
	Name   string   // as the PBX sent it; often ""
	Status PartyStatus
}

// PartyOf returns a known party.
func PartyOf(number DeviceID) Party { return Party{Number: number, Status: Known} }

// Call is one call as one device sees it, in a [Snapshot] or in a [CallModel].
type Call struct {
	ID      CallID
	Global  string     // global call linkage identifier, "" if not carried
	State   LocalState // of the device that the snapshot describes
	Calling Party
	Called  Party
	// Redirection is the last device that the call was diverted from.
	Redirection Party
	// Parties are the other devices in the call, each with the state of its
	// connection. The device of the snapshot itself is not among them.
	Parties []CallParty
	// Stale is set if the call existed before supervision started and the PBX
	// reports no events for it. It is read again until it has ended.
	Stale bool
	Since time.Time // when our side first saw the call
	// AnsweredAt is the time when our side first saw the device connected to the
	// call; zero before that.
	AnsweredAt time.Time
}

// CallParty is another device in a call.
type CallParty struct {
	Device Party
	State  LocalState
}

// Snapshot is the state of one device at one moment.
type Snapshot struct {
	Device   DeviceID
	Time     time.Time
	Calls    []Call
	Features Features
}

// CallData is the data that an application attaches to a call when it makes,
// consults, transfers or deflects it. A driver that cannot carry a field that is
// set refuses the request with [ctikit.ErrUnsupported] and sends nothing.
type CallData struct {
	Account       string
	Authorisation ctikit.Secret
	Correlator    string // raw bytes, as in [Event]
	UserData      string // raw bytes, as in [Event]
}

// IsZero reports whether nothing is attached.
func (d *CallData) IsZero() bool {
	return d.Account == "" && d.Authorisation.IsZero() && d.Correlator == "" && d.UserData == ""
}
