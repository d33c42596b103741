package gateway

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/enum"
	"github.com/ctikit/ctikit/internal/printable"
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
	Address    string // "" if the Connector does not report it
	Location   cti.Location
	Serves     []cti.Pattern
	State      LinkState
	Since      time.Time
	Capacity   int // in force: the configured one, or the PBX's own if that is lower
	Used       int // supervisions started or being started
	Explicit   int
	Overflow   int
	Implicit   int
	Free       int
	Reconnects int
	LastError  string
	RoundTrip  time.Duration   // of the last heartbeat
	Counters   driver.Counters // of the current session, if the driver counts
}

// String is one line: "paris CSTA pbx:3211 up, 12 of 50 used", and the last error.
func (s LinkStatus) String() string {
	text := s.Name + " " + s.Protocol.String()
	if s.Address != "" {
		text += " " + s.Address
	}
	text += fmt.Sprintf(" %s, %d of %d used", s.State, s.Used, s.Capacity)
	if s.LastError != "" {
		text += ", last error: " + s.LastError
	}
	return printable.Text(text)
}

// LogValue is [LinkStatus.String], for log/slog.
func (s LinkStatus) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Mode says by which rule an extension was assigned to its link (TWP guide 4.1).
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

// String is one line: "4001 ann supervised by paris (explicit), calls: 1".
func (s ExtensionStatus) String() string {
	text := string(s.Number)
	if s.User != "" {
		text += " " + s.User
	}
	text += " " + s.State.String()
	if s.Link != "" {
		text += " by " + s.Link + " (" + s.Mode.String() + ")"
	}
	if s.Reason != cti.ReasonNone {
		text += ": " + s.Reason.String()
	}
	return printable.Text(text + ", calls: " + strconv.Itoa(s.Calls))
}

// LogValue is [ExtensionStatus.String], for log/slog.
func (s ExtensionStatus) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Stats are a gateway's own counters since [New].
type Stats struct {
	EventsIn      uint64 // read from links
	Unexpected    uint64 // events of devices that the link does not supervise, or no longer
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

// The state of links and extensions as values.

func (c *control) linkStatuses() []LinkStatus {
	c.mu.Lock()
	out := make([]LinkStatus, len(c.links))
	lives := make([]*liveLink, len(c.links))
	for i, l := range c.links {
		out[i], lives[i] = c.linkStatus(l), l.live
	}
	c.mu.Unlock()
	for i, live := range lives {
		if live != nil {
			out[i].Counters = live.session.Counters()
		}
	}
	return out
}

func (c *control) linkStatus(l *link) LinkStatus {
	s := LinkStatus{
		Name: l.name, Protocol: l.connector.Protocol(), Address: l.connector.Address(), Location: l.cfg.Location,
		Serves: l.cfg.Serves,
		State:  l.state, Since: l.since, Capacity: l.effectiveCapacity(), Reconnects: max(0, l.opened-1),
		LastError: errText(l.lastErr),
	}
	if l.runner != nil {
		if st := l.runner.state.Load(); st != nil {
			s.RoundTrip = st.rtt
		}
	}
	use := c.alloc.Use(l.id)
	s.Used, s.Explicit, s.Overflow, s.Implicit = int(use.Used), int(use.Explicit), int(use.Overflow), int(use.Implicit)
	s.Free = max(0, s.Capacity-s.Used)
	return s
}

func (c *control) extensionStatuses() []ExtensionStatus {
	c.mu.Lock()
	out := make([]ExtensionStatus, 0, len(c.exts))
	for e := range c.eachExtension {
		out = append(out, c.extensionStatusOf(e))
	}
	c.mu.Unlock()
	slices.SortFunc(out, func(a, b ExtensionStatus) int { return cmp.Compare(a.Number, b.Number) })
	return out
}

func (c *control) extensionStatus(id cti.DeviceID) (ExtensionStatus, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.exts[id]
	if e == nil {
		return ExtensionStatus{}, false
	}
	return c.extensionStatusOf(e), true
}

func (c *control) extensionStatusOf(e *ext) ExtensionStatus {
	s := ExtensionStatus{
		Number: e.cfg.Number, User: e.cfg.User, Location: e.cfg.Location, Protocol: e.cfg.Protocol, SetType: e.cfg.SetType,
		Mode: e.mode,
	}
	if e.link != nil {
		s.Link = e.link.name
	}
	d := e.dev
	d.mu.Lock()
	defer d.mu.Unlock()
	s.State, s.Reason, s.Since, s.LastEvent, s.Calls = State(d.phase), d.reason, d.since, d.lastEvent, d.model.Len()
	if d.phase != phaseUnsupervised {
		s.Reason = cti.ReasonNone
	}
	return s
}
