package gateway

import (
	"sync/atomic"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/enum"
)

// LinkState is the state of a link.
type LinkState uint8

// The states of a link.
const (
	LinkStopped    LinkState = iota // the gateway does not run
	LinkConnecting                  // dialling, associating
	LinkIsUp
	LinkWaiting  // down; the next attempt waits
	LinkDraining // up, but its supervisions are moved away
)

var linkStateNames = [...]string{"stopped", "connecting", "up", "waiting", "draining"}

// String is the name in lower case.
func (s LinkState) String() string { return enum.Name(linkStateNames[:], int(s), "LinkState") }

// MarshalText encodes the state by name.
func (s LinkState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LinkStatus is one row of the status of connections (TWP guide 10.4).
type LinkStatus struct {
	Name       string
	Protocol   cti.Protocol
	Address    string // where the Connector tells it
	Location   cti.Location
	Serves     []cti.Pattern
	State      LinkState
	Since      time.Time
	Capacity   int // in force: the configured one, or the PBX's own where that is lower
	Used       int // supervisions started or being started
	Explicit   int
	Overflow   int
	Implicit   int
	Free       int
	Reconnects int
	LastError  string
	RoundTrip  time.Duration   // of the last heartbeat
	Counters   driver.Counters // of the present session, where the driver counts
}

// Mode tells by which rule an extension came to its link (TWP guide 4.1).
type Mode uint8

// The modes.
const (
	ModeNone Mode = iota
	ModeExplicit
	ModeOverflow
	ModeImplicit
)

var modeNames = [...]string{"none", "explicit", "overflow", "implicit"}

// String is the name in lower case.
func (m Mode) String() string { return enum.Name(modeNames[:], int(m), "Mode") }

// MarshalText encodes the mode by name.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// ExtensionStatus is one row of the status of extensions (TWP guide 10.5).
type ExtensionStatus struct {
	Number    cti.DeviceID
	User      string
	Location  cti.Location
	Protocol  cti.Protocol
	SetType   cti.SetType
	Link      string
	Mode      Mode
	State     State
	Reason    cti.Reason // while unsupervised
	Since     time.Time
	LastEvent time.Time // zero before the first
	Calls     int       // at present
}

// Stats are a gateway's own counters since [New].
type Stats struct {
	EventsIn      uint64 // read from links
	Unexpected    uint64 // events of devices that the link does not supervise (any more)
	Dropped       uint64 // lost by subscribers that were too slow
	Requests      uint64 // of lines
	RequestErrors uint64
	Supervised    uint64 // supervisions started
	Moves         uint64 // supervisions that went from one link to another
	Reconnects    uint64
	HookPanics    uint64 // of hooks, incident recorder and logger
	HooksDropped  uint64 // not called: too many waited for one that did not return
	Links         int    // at present
	LinksUp       int
	Extensions    int
	Subscriptions int
}

type counters struct {
	eventsIn, unexpected, dropped, requests, requestErrors atomic.Uint64
	supervised, moves, reconnects                          atomic.Uint64
	hookPanics, hooksDropped                               atomic.Uint64
}
