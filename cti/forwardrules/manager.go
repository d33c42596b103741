package forwardrules

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// Options of a [Manager].
type Options struct {
	// Exclusive cancels forwards of extensions with rules that no rule has set:
	// what is set by hand at such a set does not last. Otherwise such forwards
	// stay, unless a rule sets one of the same type and origin.
	Exclusive bool
	// Interval is how often what failed is tried again, and the forwards are
	// looked at besides the times that calendars name and changes that the
	// gateway tells of. 0 is a minute.
	Interval time.Duration
	// RequestTimeout bounds one request to the PBX. 0 is ten seconds.
	RequestTimeout time.Duration
	// Incidents learns of circles and of requests that failed, each once while
	// it lasts: codes forwardrules.circle and forwardrules.failed; and of each
	// call that could not be deflected: forwardrules.deflection. The error of
	// the latter two is a [*Failure].
	Incidents ctikit.IncidentRecorder
}

// Manager keeps the forwards of one gateway's extensions in line with rules. It
// is safe for concurrent use.
type Manager struct {
	gw   *gateway.Gateway
	opts Options
	kick chan struct{} // one token: something has changed

	mu       sync.Mutex
	rules    map[cti.DeviceID][]rule
	lines    map[cti.DeviceID]*lineState // as far as known
	stale    map[cti.DeviceID]bool       // lines to be read again
	circles  map[circle]bool             // deflections that were not carried out
	decided  *decision                   // at the last look
	status   map[cti.DeviceID][]Status
	reported map[string]bool // incidents that last
}

// lineState is what forwards an extension has at the PBX; destinations are as
// the PBX has them.
type lineState struct {
	ours    map[key]cti.DeviceID
	foreign []cti.Forward // that no rule set, by hand at the set for instance
}

type circle struct {
	device cti.DeviceID
	rule   string
}

// Status is what becomes of a rule at present.
type Status struct {
	Rule     string
	Active   bool  // its calendar applies and it is not disabled
	InForce  bool  // calls are forwarded by it: by the PBX, or by deflecting them
	Deflects bool  // it is carried out by deflecting, for some calls at least
	Circle   bool  // not carried out, for some calls at least: they would come back
	Err      error // a [*Failure]: the request to the PBX that failed last; it is repeated
}

// Failure is a request to the PBX that failed. Errors.Is finds the sentinels of
// package cti in it.
type Failure struct {
	Device  cti.DeviceID
	Forward cti.Forward // that was to be set or cancelled; zero if none could be read
	Call    cti.CallID  // that was to be deflected to Forward.To, "" if none
	Err     error
}

// Error is `forward of 4001 to 0612345678 (busy, external calls): set forwarding …`.
func (f *Failure) Error() string {
	switch {
	case f.Call != "":
		return fmt.Sprintf("deflection of call %s from %s to %s: %v", f.Call, f.Device, f.Forward.To, f.Err)
	case f.Forward == cti.Forward{}:
		return fmt.Sprintf("forwards of %s: %v", f.Device, f.Err)
	}
	return fmt.Sprintf("forward of %s to %s (%v, %v calls): %v", f.Device, f.Forward.To, f.Forward.Type, f.Forward.Origin, f.Err)
}

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.Err }

// New returns a manager without rules.
func New(gw *gateway.Gateway, opts Options) *Manager {
	if opts.Interval <= 0 {
		opts.Interval = time.Minute
	}
	if opts.RequestTimeout <= 0 {
		opts.RequestTimeout = 10 * time.Second
	}
	return &Manager{
		gw: gw, opts: opts, kick: make(chan struct{}, 1), rules: map[cti.DeviceID][]rule{}, lines: map[cti.DeviceID]*lineState{},
		stale: map[cti.DeviceID]bool{}, circles: map[circle]bool{}, decided: &decision{},
		status: map[cti.DeviceID][]Status{}, reported: map[string]bool{},
	}
}

// SetRules replaces the rules of an extension. With none the forwards that its
// rules had set are cancelled. The error is [ctikit.Problems] with paths such as
// `4001.rules[1].to`; then nothing changes. The slice is the manager's afterwards.
func (m *Manager) SetRules(device cti.DeviceID, rules []Rule) error {
	checked, err := validateRules(device, rules)
	if err != nil {
		return err
	}
	m.replaceRules(map[cti.DeviceID][]rule{device: checked})
	return nil
}

// replaceRules puts checked rules of some extensions to use.
func (m *Manager) replaceRules(rules map[cti.DeviceID][]rule) {
	m.mu.Lock()
	for device, list := range rules {
		m.rules[device] = list
		m.stale[device] = true
	}
	clear(m.circles)
	m.mu.Unlock()
	m.wake()
}

func (m *Manager) wake() {
	select {
	case m.kick <- struct{}{}:
	default:
	}
}

// Rules returns the rules of an extension, in order of priority.
func (m *Manager) Rules(device cti.DeviceID) (out []Rule) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.rules[device] {
		out = append(out, r.Rule)
	}
	return out
}

// Status tells what becomes of the rules of an extension, in order of priority.
// It is empty before [Manager.Run] has looked at them.
func (m *Manager) Status(device cti.DeviceID) []Status {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.status[device])
}

// Run carries the rules out until ctx ends, whose error it returns; no goroutine
// is left then. The forwards stay as they are at the PBX. One Run at a time.
func (m *Manager) Run(ctx context.Context) error {
	ready, cancel := context.WithTimeout(ctx, m.opts.Interval)
	_ = m.gw.Settled(ready) // what is not ready by then is tried again
	cancel()
	w := &watcher{manager: m}
	defer w.stopWatching()
	for {
		wait := m.reconcile(ctx, w)
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-m.kick:
			timer.Stop()
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// reconcile brings the PBX in line with the rules and returns when to look again.
func (m *Manager) reconcile(ctx context.Context, w *watcher) time.Duration {
	failed := m.readStaleForwards(ctx)
	now := time.Now()
	s, reached := m.collectSituation()
	d := decide(s, now)
	maps.Copy(failed, m.applyDecision(ctx, d))
	if ctx.Err() == nil {
		m.recordOutcome(d, failed)
		w.watchDevices(ctx, reached) // what happened meanwhile is in the pictures that it starts with
	}
	wait := m.opts.Interval
	for _, rules := range s.rules {
		for i := range rules {
			wait = min(wait, rules[i].calendar.nextEdge(now).Sub(now))
		}
	}
	return wait
}
