package forwardrules

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// Options of a [Manager].
type Options struct {
	// Exclusive cancels the forwards that no rule has set, of extensions with
	// rules: a forward set by hand there does not last. Otherwise such forwards
	// stay, unless a rule sets one of the same type and origin.
	Exclusive bool
	// Interval is how often failed requests are tried again and the forwards are
	// checked, in addition to the times that calendars name and the changes that
	// the gateway reports. 0 is a minute.
	Interval time.Duration
	// RequestTimeout bounds one request to the PBX. 0 is ten seconds.
	RequestTimeout time.Duration
	// Incidents receives circles and failed requests, each once while it lasts, with
	// the codes forwardrules.circle and forwardrules.failed; and each call that could
	// not be deflected, with forwardrules.deflection. The error of the latter two is
	// a [*Failure]. It may be nil.
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
	lines    map[cti.DeviceID]*lineState // those that have been read
	stale    map[cti.DeviceID]bool       // lines to be read again
	circles  map[circle]bool             // deflections that were not carried out
	decided  *decision                   // at the last pass
	status   map[cti.DeviceID][]Status
	reported map[string]bool // incidents that last
}

// lineState is the forwards of an extension at the PBX, with destinations as the
// PBX has them.
type lineState struct {
	ours    map[key]cti.DeviceID
	foreign []cti.Forward // that no rule set, by hand at the set for instance
}

type circle struct {
	device cti.DeviceID
	rule   string
}

// New returns a manager without rules.
func New(gw *gateway.Gateway, opts Options) *Manager {
	if opts.Interval <= 0 {
		opts.Interval = time.Minute
	}
	if opts.RequestTimeout <= 0 {
		opts.RequestTimeout = 10 * time.Second
	}
	return &Manager{
		gw: gw, opts: opts, kick: make(chan struct{}, 1),
		rules: map[cti.DeviceID][]rule{}, lines: map[cti.DeviceID]*lineState{},
		stale: map[cti.DeviceID]bool{}, circles: map[circle]bool{}, decided: &decision{},
		status: map[cti.DeviceID][]Status{}, reported: map[string]bool{},
	}
}

// SetRules replaces the rules of an extension. With none, the forwards that its
// rules have set are cancelled. The error is [ctikit.Problems] with paths such as
// `4001.rules[1].to`; then nothing changes. The manager keeps the slice.
func (m *Manager) SetRules(device cti.DeviceID, rules []Rule) error {
	checked, err := validateRules(device, rules)
	if err != nil {
		return err
	}
	m.replaceRules(map[cti.DeviceID][]rule{device: checked})
	return nil
}

// replaceRules replaces the rules of some extensions by validated ones.
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

// Run carries the rules out until ctx ends, and returns its error; no goroutine
// remains then. The forwards at the PBX stay unchanged. One Run at a time.
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

// reconcile brings the PBX in line with the rules and returns how long to wait for
// the next pass.
func (m *Manager) reconcile(ctx context.Context, w *watcher) time.Duration {
	failed := m.readStaleForwards(ctx)
	now := time.Now()
	s, reached := m.collectSituation()
	d := decide(s, now)
	maps.Copy(failed, m.applyDecision(ctx, d))
	if ctx.Err() == nil {
		m.recordOutcome(d, failed)
		w.watchDevices(ctx, reached) // it starts with snapshots: nothing is missed
	}
	wait := m.opts.Interval
	for _, rules := range s.rules {
		for i := range rules {
			wait = min(wait, rules[i].calendar.nextEdge(now).Sub(now))
		}
	}
	return wait
}
