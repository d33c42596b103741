package forwardrules

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// Options of a [Manager].
type Options struct {
	// Interval is how often the forwards are looked at besides the times that
	// calendars name: a request that failed is repeated, and a forward set by
	// hand that makes a circle is noticed. 0 is a minute.
	Interval time.Duration
	// RequestTimeout bounds one request to the PBX. 0 is ten seconds.
	RequestTimeout time.Duration
	// Incidents learns of circles and of requests that failed, each once.
	Incidents cti.IncidentRecorder
}

// Manager keeps the forwards of one gateway's extensions in line with rules. It
// is safe for concurrent use.
type Manager struct {
	gw   *cti.Gateway
	opts Options
	kick chan struct{} // one token: rules have changed

	mu      sync.Mutex
	rules   map[cti.DeviceID][]rule
	changed map[cti.DeviceID]bool                // since the last look
	set     map[cti.DeviceID]map[key]cti.Forward // by us, and in force as far as we know
	status  map[cti.DeviceID][]Status
	told    map[string]bool // incidents that last
}

// Status is what becomes of a rule at present.
type Status struct {
	Rule    string
	Active  bool  // its calendar applies and it is not disabled
	InForce bool  // the PBX forwards by it
	Circle  bool  // not carried out, for some calls at least: they would come back
	Err     error // the request to the PBX that failed last; it is repeated
}

// New returns a manager without rules.
func New(gw *cti.Gateway, opts Options) *Manager {
	if opts.Interval <= 0 {
		opts.Interval = time.Minute
	}
	if opts.RequestTimeout <= 0 {
		opts.RequestTimeout = 10 * time.Second
	}
	return &Manager{
		gw: gw, opts: opts, kick: make(chan struct{}, 1), rules: map[cti.DeviceID][]rule{}, changed: map[cti.DeviceID]bool{},
		set: map[cti.DeviceID]map[key]cti.Forward{}, status: map[cti.DeviceID][]Status{}, told: map[string]bool{},
	}
}

// SetRules replaces the rules of an extension. With none the forwards that its
// rules had set are cancelled. The error is a [*RulesError] that names every
// mistake; then nothing changes.
func (m *Manager) SetRules(device cti.DeviceID, rules []Rule) error {
	checked, err := check(device, rules)
	if err != nil {
		return err
	}
	m.mu.Lock()
	m.rules[device] = checked
	m.changed[device] = true
	m.mu.Unlock()
	select {
	case m.kick <- struct{}{}:
	default:
	}
	return nil
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

// Run carries the rules out until ctx ends, whose error it returns. The forwards
// stay as they are then.
func (m *Manager) Run(ctx context.Context) error {
	ready, cancel := context.WithTimeout(ctx, m.opts.Interval)
	_ = m.gw.Settled(ready) // what is not ready by then is tried again
	cancel()
	for {
		wait := m.look(ctx)
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

// look brings the PBX in line with the rules and returns when to look again.
func (m *Manager) look(ctx context.Context) time.Duration {
	now := time.Now()
	m.adopt(ctx)
	s, wait := m.start(now)
	chosen, conflicts := decide(s, now)
	failed := map[cti.DeviceID]error{}
	for _, device := range slices.Sorted(maps.Keys(s.rules)) {
		if err := m.bring(ctx, device, forwards(device, chosen)); err != nil && ctx.Err() == nil {
			failed[device] = err
		}
	}
	m.conclude(s, now, chosen, conflicts, failed)
	return wait
}

// start collects what a decision starts from.
func (m *Manager) start(now time.Time) (state, time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := state{rules: maps.Clone(m.rules), inForce: map[edge]cti.DeviceID{}, foreign: map[cti.DeviceID][]cti.Forward{}, dial: m.dial()}
	wait := m.opts.Interval
	for _, rules := range s.rules {
		for i := range rules {
			wait = min(wait, rules[i].calendar.next(now).Sub(now))
		}
	}
	for device, set := range m.set {
		for k, f := range set {
			for _, class := range classes {
				if k.origin == cti.AllCalls || k.origin == class {
					s.inForce[edge{device, class, k.kind}] = s.dial(f.To)
				}
			}
		}
	}
	for _, e := range m.gw.Config().Extensions {
		snap, known := m.gw.Snapshot(e.Number)
		if !known {
			continue
		}
		for _, f := range snap.Features.Forwards {
			if ours, ok := m.set[e.Number][key{f.Type, f.Origin}]; !ok || s.dial(ours.To) != cti.DeviceID(f.To) {
				s.foreign[e.Number] = append(s.foreign[e.Number], f)
			}
		}
	}
	return s, wait
}

// dial returns how the PBX sees a destination.
func (m *Manager) dial() func(to string) cti.DeviceID {
	plan := m.gw.Config().NumberPlan
	return func(to string) cti.DeviceID {
		if plan != nil {
			if out, err := plan.Outgoing(to); err == nil {
				return cti.DeviceID(out)
			}
		}
		return cti.DeviceID(to)
	}
}
