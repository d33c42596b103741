package gateway

import (
	"log/slog"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Config is the configuration of one domain: its links, its extensions and the
// options of the gateway. [New] and [Gateway.Apply] take it by value; the slices
// must not be changed afterwards.
type Config struct {
	Name    string // of the domain, for logs
	Company string // tenant; a gateway serves one company

	Links      []Link
	Extensions []cti.Extension

	// NumberPlan rewrites numbers in both directions; nil leaves them unchanged.
	NumberPlan NumberPlan

	// ReserveExplicit reserves links that name places for those places:
	// extensions of places that no link names are not assigned to them, nor is
	// overflow (TWP guide 4.1 leaves both open).
	ReserveExplicit bool
	// AllowSeveralCSTA lifts the A5000's rule of one CSTA link per domain
	// (TWP guide 3.3).
	AllowSeveralCSTA bool

	Timing Timing

	Logger    *slog.Logger            // nil is silent; called like Hooks
	Incidents ctikit.IncidentRecorder // nil keeps none; called like Hooks
	Hooks     Hooks
}

// Link is one link to a PBX (TWP guide 3.3).
type Link struct {
	Name     string       // unique in the domain
	Location cti.Location // the connection site's Site.Cluster
	// Serves lists the places whose extensions this link supervises first
	// (explicit mode). Empty: the link takes part in implicit mode only.
	Serves []cti.Pattern
	// Capacity is the largest number of permanent supervisions at once.
	Capacity  int
	Connector driver.Connector

	// MaxInFlight is the number of supervisions being started or stopped at
	// once; 0 is 32.
	MaxInFlight int
	// StartRate bounds supervisions started per second; 0 is no bound.
	StartRate int
}

// Timing holds the waiting times of a gateway. A zero field takes its default.
type Timing struct {
	// FailoverDelay is how long a lost link's supervisions wait for it before
	// they are given to others. Default 2 s.
	FailoverDelay time.Duration
	// HoldDown is how long a link must have been back before supervisions in
	// overflow return to it. Default 10 s.
	HoldDown time.Duration
	// ReturnRate bounds the returns per second and link. Default 50.
	ReturnRate int
	// DialTimeout bounds one attempt to open a link. Default 10 s.
	DialTimeout time.Duration
	// RequestTimeout bounds the gateway's own requests (supervise, release,
	// snapshot). Default 10 s.
	RequestTimeout time.Duration
	// Heartbeat is the interval of pings on a link; a link whose ping is not
	// answered within HeartbeatTimeout is closed and opened again. Defaults
	// 15 s and 5 s: a silent peer is found after at most 20 s.
	Heartbeat        time.Duration
	HeartbeatTimeout time.Duration
	// Reconnection waits a random time up to a bound that doubles from
	// BackoffMin to BackoffMax ("full jitter"). Defaults 500 ms and 30 s.
	BackoffMin, BackoffMax time.Duration
	// CredentialsBackoff is the first pause after refused credentials; it
	// doubles up to an hour. Default 1 min.
	CredentialsBackoff time.Duration
	// RetryRefused is the pause before a supervision that the PBX refused for
	// a passing reason is tried again; it doubles up to ten minutes. Default 30 s.
	RetryRefused time.Duration
	// StaleInterval is how often calls that report no events are read again.
	// Default 5 s.
	StaleInterval time.Duration
	// StopTimeout bounds the orderly end of Run. Default 5 s.
	StopTimeout time.Duration
}

func (t Timing) withDefaults() Timing {
	def := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	def(&t.FailoverDelay, 2*time.Second)
	def(&t.HoldDown, 10*time.Second)
	def(&t.DialTimeout, 10*time.Second)
	def(&t.RequestTimeout, 10*time.Second)
	def(&t.Heartbeat, 15*time.Second)
	def(&t.HeartbeatTimeout, 5*time.Second)
	def(&t.BackoffMin, 500*time.Millisecond)
	def(&t.BackoffMax, 30*time.Second)
	def(&t.CredentialsBackoff, time.Minute)
	def(&t.RetryRefused, 30*time.Second)
	def(&t.StaleInterval, 5*time.Second)
	def(&t.StopTimeout, 5*time.Second)
	if t.ReturnRate == 0 {
		t.ReturnRate = 50
	}
	return t
}

const defaultMaxInFlight = 32

// NumberPlan rewrites numbers. *dialplan.Plan is one. It must be safe for
// concurrent use.
type NumberPlan interface {
	// Outgoing turns a number as people write it into the number that the PBX dials.
	Outgoing(number string) (string, error)
	// Incoming turns a number as the PBX reports it into the number to look up
	// and its E.164 form, "" if it has none; internal reports whether it is an
	// extension.
	Incoming(number string) (lookup, e164 string, internal bool)
}

// DialledNumberPlan is a [NumberPlan] that also understands numbers as the PBX
// reports them for a call made here: as dialled, with the prefix for outside
// calls. *dialplan.Plan is one. If the plan of a gateway is not one, these numbers
// are read like callers' numbers.
type DialledNumberPlan interface {
	Dialled(number string) (lookup, e164 string, internal bool)
}

// CallerNamer returns the names of callers. A view of *directory.Index with a
// reader's rights is one. It is called while the subscriber iterates, on the
// subscriber's goroutine.
type CallerNamer interface {
	CallerName(lookup, e164 string) (name string, ok bool)
}

// Hooks observe a gateway. Each may be nil. They are called in order, one at a
// time, on a separate goroutine, never on a link's reader, and may call the
// gateway. A panic is recovered, counted in [Stats] and recorded as an incident.
// Calls wait until the previous one has returned; if more than 10,000 wait, the
// oldest are dropped and counted.
type Hooks struct {
	LinkState      func(LinkStatus)      // a link changed its state
	ExtensionState func(ExtensionStatus) // an extension changed its state
}
