package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

// Gateway supervises the extensions of one domain over its links. Make it with
// [New], keep it alive with [Gateway.Run], change it with [Gateway.Apply]. All
// methods may be called concurrently, before, during and after Run.
type Gateway struct {
	stats   counters
	control *control
	current atomic.Pointer[Config] // as applied last
	state   atomic.Int32           // idle, running, ended
	seed    uint64                 // of all random values

	mu      sync.RWMutex // guards the three below; taken before a device's mutex
	devices map[cti.DeviceID]*device
	subs    map[*Subscription]struct{} // all of them
	allSubs []*Subscription            // those of all devices

	hooks hookQueue
}

const (
	gatewayIdle = iota
	gatewayRunning
	gatewayEnded
)

// New checks a configuration and creates a gateway. It opens no links;
// [Gateway.Run] does. The error is a [ctikit.Problems] with every problem.
func New(cfg Config) (*Gateway, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	g := &Gateway{devices: make(map[cti.DeviceID]*device), subs: make(map[*Subscription]struct{}), seed: rand.Uint64()}
	g.control = newControl(g)
	g.hooks.gw = g
	g.current.Store(&Config{Timing: cfg.Timing, Logger: cfg.Logger, Incidents: cfg.Incidents, Hooks: cfg.Hooks})
	g.control.applyFirst(cfg)
	return g, nil
}

// ErrAlreadyRun: Run was called twice.
var ErrAlreadyRun = errors.New("gateway has already been run")

// Run keeps the links up and the extensions supervised until ctx ends. Then it
// refuses commands, stops the monitors, closes the sessions (within
// Timing.StopTimeout), ends all subscriptions with [cti.ErrClosed], and returns nil
// with no goroutine left. It can be called once.
func (g *Gateway) Run(ctx context.Context) error {
	if !g.state.CompareAndSwap(gatewayIdle, gatewayRunning) {
		return ErrAlreadyRun
	}
	g.control.runLinks(ctx)
	g.state.Store(gatewayEnded)
	for _, s := range g.subscriptions() {
		s.closeWith(cti.ErrClosed)
	}
	g.hooks.waitIdle()
	return nil
}

func (g *Gateway) isRunning() bool {
	return g.state.Load() == gatewayRunning && !g.control.stopping.Load()
}

// Subscribe creates a queue of events. It starts with a snapshot of each device
// that is supervised already (see [WithoutInitial]). The snapshot is taken when it
// is read; it contains the events since Subscribe, which do not follow. If the
// gateway has ended, the subscription is closed from the start.
func (g *Gateway) Subscribe(opts ...SubscribeOption) *Subscription {
	s := &Subscription{gw: g, limit: 256, wake: make(chan struct{}, 1)}
	for _, o := range opts {
		o(s)
	}
	g.registerSubscription(s)
	s.sortInitial()
	return s
}

func (g *Gateway) registerSubscription(s *Subscription) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.subs[s] = struct{}{}
	if s.only {
		slices.Sort(s.ids)
		s.ids = slices.Compact(s.ids)
		for _, id := range s.ids {
			g.deviceLocked(id).addSubscription(s)
		}
	} else {
		g.allSubs = append(g.allSubs, s)
		for _, d := range g.devices {
			d.addSubscription(s)
		}
	}
	if g.state.Load() == gatewayEnded {
		s.closeWith(cti.ErrClosed)
	}
}

// addSubscription adds a subscription; its first events are the current state.
func (d *device) addSubscription(s *Subscription) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.subs = append(d.subs[:len(d.subs):len(d.subs)], s)
	if !s.noInitial && (d.phase == phaseSupervised || d.reason != cti.ReasonNone) {
		s.mu.Lock()
		s.markDirty(d)
		s.mu.Unlock()
	}
}

func (g *Gateway) unsubscribe(s *Subscription) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.subs, s)
	leave := func(d *device) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if i := slices.Index(d.subs, s); i >= 0 {
			d.subs = slices.Delete(slices.Clone(d.subs), i, i+1)
		}
	}
	if s.only {
		for _, id := range s.ids {
			if d := g.devices[id]; d != nil {
				leave(d)
			}
		}
	} else if i := slices.Index(g.allSubs, s); i >= 0 {
		g.allSubs = slices.Delete(slices.Clone(g.allSubs), i, i+1)
		for _, d := range g.devices {
			leave(d)
		}
	}
}

// subscriptions lists all subscriptions, for the end and for link events.
func (g *Gateway) subscriptions() []*Subscription {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return slices.Collect(maps.Keys(g.subs))
}

func (g *Gateway) findDevice(id cti.DeviceID) *device {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.devices[id]
}

func (g *Gateway) deviceOf(id cti.DeviceID) *device {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.deviceLocked(id)
}

func (g *Gateway) deviceLocked(id cti.DeviceID) *device {
	d := g.devices[id]
	if d == nil {
		d = &device{id: id, model: cti.CallModel{Device: id}}
		d.subs = slices.Clone(g.allSubs)
		g.devices[id] = d
	}
	return d
}

// forgetDevice drops the device of an extension that was removed, unless a
// subscription names its number.
func (g *Gateway) forgetDevice(id cti.DeviceID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.devices[id]
	if d == nil {
		return
	}
	d.mu.Lock()
	keep := slices.ContainsFunc(d.subs, func(s *Subscription) bool { return s.only })
	d.mu.Unlock()
	if !keep {
		delete(g.devices, id)
	}
}

// Snapshot returns the state of an extension without a request to the PBX. ok is
// false while the extension is not supervised.
func (g *Gateway) Snapshot(id cti.DeviceID) (s cti.Snapshot, ok bool) {
	d := g.findDevice(id)
	if d == nil {
		return cti.Snapshot{}, false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.phase != phaseSupervised {
		return cti.Snapshot{}, false
	}
	return d.model.Snapshot(d.lastEvent), true
}

// Settled waits until no work is pending: every link is up or waiting for its
// next attempt, every extension that can be supervised is supervised, and no
// return to an explicit link is pending. It returns the error of ctx if ctx ends
// first.
func (g *Gateway) Settled(ctx context.Context) error { return g.control.waitSettled(ctx) }

// Restart closes a link's session and opens it again.
func (g *Gateway) Restart(link string) error { return g.control.restartLink(link) }

// Drain moves the supervisions of a link to other links, as far as they have
// room, and assigns it no new ones until [Gateway.Undrain]. Use it for
// maintenance.
func (g *Gateway) Drain(link string) error { return g.control.setDraining(link, true) }

// Undrain ends [Gateway.Drain].
func (g *Gateway) Undrain(link string) error { return g.control.setDraining(link, false) }

// Rebalance redistributes implicit and overflow supervisions with at most
// maxMoves moves, and returns how many were started.
func (g *Gateway) Rebalance(maxMoves int) (int, error) { return g.control.moveImplicit(maxMoves) }

// Links returns the status of connections, in order of configuration.
func (g *Gateway) Links() []LinkStatus { return g.control.linkStatuses() }

// Extensions returns the status of extensions, sorted by number.
func (g *Gateway) Extensions() []ExtensionStatus { return g.control.extensionStatuses() }

// Extension returns the status of one extension.
func (g *Gateway) Extension(id cti.DeviceID) (ExtensionStatus, bool) {
	return g.control.extensionStatus(id)
}

// Stats returns the gateway's counters.
func (g *Gateway) Stats() Stats {
	c := &g.stats
	s := Stats{
		EventsIn: c.eventsIn.Load(), Unexpected: c.unexpected.Load(), Dropped: c.dropped.Load(),
		Requests: c.requests.Load(), RequestErrors: c.requestErrors.Load(), Supervised: c.supervised.Load(),
		Moves: c.moves.Load(), Reconnects: c.reconnects.Load(), HookPanics: c.hookPanics.Load(),
		HooksDropped:  c.hooksDropped.Load(),
		Subscriptions: len(g.subscriptions()),
	}
	for _, l := range g.Links() {
		s.Links++
		if l.State == LinkIsUp || l.State == LinkDraining {
			s.LinksUp++
		}
	}
	s.Extensions = len(g.current.Load().Extensions)
	return s
}

func (g *Gateway) numberPlan() NumberPlan { return g.current.Load().NumberPlan }

func (g *Gateway) timing() Timing { return g.current.Load().Timing.withDefaults() }

// resolveOther fills in the other party of an event, on the subscriber's goroutine.
func (g *Gateway) resolveOther(ev *cti.Event, namer CallerNamer) {
	if ev.Kind.Class() != cti.CallClass {
		return
	}
	other, dialled := ev.OtherParty()
	if other.Status == cti.NotSpecified && ev.Other.Number != "" {
		other = cti.Party{Number: ev.Other.Number, Name: ev.Other.Name, Status: cti.Known}
	}
	if other.Status != cti.Known {
		return
	}
	ev.Other = g.otherOf(other, dialled)
	if namer == nil {
		return
	}
	if name, ok := namer.CallerName(ev.Other.Lookup, ev.Other.E164); ok {
		ev.Other.Name = name
	}
}

// Other returns the other side of a call of device: its number, also in the forms
// for look-up, and the name that the PBX sent.
func (g *Gateway) Other(device cti.DeviceID, c cti.Call) cti.Other {
	p := c.Other(device)
	if p.Status != cti.Known {
		return cti.Other{}
	}
	return g.otherOf(p, c.Outgoing(device))
}

// otherOf returns a number in the forms for look-up. A number that was dialled
// here is read as the number plan sends it.
func (g *Gateway) otherOf(p cti.Party, dialled bool) cti.Other {
	o := cti.Other{Number: p.Number, Name: p.Name, Lookup: string(p.Number)}
	plan := g.numberPlan()
	if plan == nil {
		return o
	}
	if way, ok := plan.(DialledNumberPlan); ok && dialled {
		o.Lookup, o.E164, o.Internal = way.Dialled(string(p.Number))
	} else {
		o.Lookup, o.E164, o.Internal = plan.Incoming(string(p.Number))
	}
	return o
}

// writeLog passes a record to the application's logger, with the time now.
// Attributes have the same names everywhere: domain, company, link, state, err;
// in incidents also code and subject.
func (g *Gateway) writeLog(level slog.Level, message string, attrs ...slog.Attr) {
	cfg := g.current.Load()
	if cfg.Logger == nil {
		return
	}
	r := slog.NewRecord(time.Now(), level, message, 0)
	for _, a := range [...]slog.Attr{slog.String("domain", cfg.Name), slog.String("company", cfg.Company)} {
		if a.Value.String() != "" {
			r.AddAttrs(a)
		}
	}
	r.AddAttrs(attrs...)
	g.hooks.queueNote(func() {
		ctx := context.Background()
		if h := cfg.Logger.Handler(); h.Enabled(ctx, level) {
			_ = h.Handle(ctx, r) // an error of the logger cannot be reported
		}
	})
}

// recordWarning records a warning about a link or a device.
func (g *Gateway) recordWarning(code, subject, message string, err error) {
	g.recordIncident(ctikit.Incident{Code: code, Subject: subject, Message: message, Err: err, Severity: slog.LevelWarn})
}

func (g *Gateway) recordIncident(in ctikit.Incident) {
	cfg := g.current.Load()
	in.Time, in.Company = time.Now(), cfg.Company
	if cfg.Incidents != nil {
		g.hooks.queueNote(func() { cfg.Incidents.Record(in) })
	}
}

// publishLinkEvent queues an event of a link for subscriptions with [LinkEvents].
func (g *Gateway) publishLinkEvent(ev cti.Event) {
	for _, s := range g.subscriptions() {
		if s.links {
			s.pushEvent(nil, &ev)
		}
	}
}

func errUnknownLink(name string) error { return fmt.Errorf("unknown link %q", name) }
