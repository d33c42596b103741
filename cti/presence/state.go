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
	Unknown      Phone = iota // not supervised
	Free                      // no call
	DoNotDisturb              // no call, and none wanted
	OnHold                    // all calls are held
	Ringing                   // a call alerts
	Dialling                  // off hook, or calling and not answered yet
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

// Presence is the state of a user as the application knows it: "away", "in a meeting
// until 11". The board does not interpret it.
type Presence struct {
	State string
	Text  string
	Until time.Time // zero: until changed
}

// State is the state of one user, as far as the viewer may see it.
type State struct {
	User     string
	Phone    Phone
	Lines    []Line   // sorted by domain and number
	Presence Presence // from SetPresence, zero if not set
	Calendar Presence // from SetCalendar, zero if not set
	// Hidden lists the parts that the viewer may not see: the target's domain does
	// not share them (Phone: the domain of at least one line), or the two only
	// share an intercom group.
	Hidden Shared
}

// Shared lists the parts that users of one domain see of users of another domain
// of the same company (TWP guide 6.2).
type Shared struct {
	Phone    bool
	Presence bool
	Calendar bool
}

// phoneOf returns the state of a device with these calls and features.
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
