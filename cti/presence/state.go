package presence

import (
	"time"

	"github.com/ctikit/ctikit/cti"
)

// Phone is the telephone presence of a user, or the state of a line. Later
// values outrank earlier ones: a user with several lines shows the highest.
type Phone uint8

// The telephone states.
const (
	Unknown      Phone = iota // not supervised at present
	Free                      // no call
	DoNotDisturb              // no call, and none wanted
	OnHold                    // all calls are held
	Ringing                   // a call alerts
	Dialling                  // off hook, or calling somebody who has not answered
	Talking
)

var phoneNames = [...]string{"unknown", "free", "do not disturb", "on hold", "ringing", "dialling", "talking"}

// String is the state in words.
func (p Phone) String() string {
	if int(p) < len(phoneNames) {
		return phoneNames[p]
	}
	return "unknown"
}

// MarshalText encodes the state in words.
func (p Phone) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Line is the state of one extension.
type Line struct {
	Domain string // name of the gateway's configuration
	Number cti.DeviceID
	State  Phone
	Since  time.Time
}

// Presence is what the host says of a user: "away", "in a meeting until 11".
// The words are the host's.
type Presence struct {
	State string
	Text  string
	Until time.Time // zero: until changed
}

// State is all that is known of one user, as far as the viewer may see it.
type State struct {
	User     string
	Phone    Phone
	Lines    []Line   // sorted by domain and number
	Presence Presence // fed by the host, zero if never
	Calendar Presence // likewise
	// Hidden tells what is kept from the viewer: the target's domain does not
	// share it (Phone: that of one of the lines at least), or the two are only of
	// one intercom group.
	Hidden Shared
}

// Shared is what the users of one domain see of those of another of the same
// company (TWP guide 6.2).
type Shared struct {
	Phone    bool
	Presence bool
	Calendar bool
}

// phoneOf tells what the calls and features of a device look like from outside.
func phoneOf(calls []cti.Call, f cti.Features) Phone {
	state := Free
	if f.DoNotDisturb != nil && *f.DoNotDisturb {
		state = DoNotDisturb
	}
	for i := range calls {
		state = max(state, phoneOfCall(&calls[i]))
	}
	return state
}

func phoneOfCall(c *cti.Call) Phone {
	switch c.State {
	case cti.Hold:
		return OnHold
	case cti.Alerting:
		return Ringing
	case cti.Connected:
		if c.AnsweredAt.IsZero() {
			return Dialling
		}
		return Talking
	case cti.Initiated, cti.Queued, cti.Failed:
		return Dialling
	}
	return Free
}
