package gateway

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

// Change lists the changes that [Gateway.Apply] made or [Gateway.Plan] would
// make. The lists hold names in order. Links and devices that are not listed are
// not affected.
type Change struct {
	Version uint64 // of the configuration that the change starts from

	LinksAdded     []string
	LinksRemoved   []string
	LinksReopened  []string // another Connector: closed and opened again
	LinksUpdated   []string // capacity, places or rate; the session is kept
	DevicesAdded   []cti.DeviceID
	DevicesRemoved []cti.DeviceID
	// DevicesRestarted are the devices whose supervision is stopped and started
	// again because the protocol, password, place or set type changed.
	DevicesRestarted []cti.DeviceID
	DevicesUpdated   []cti.DeviceID // user, address, video, features to watch; the supervision is kept
}

// Empty reports whether nothing of the links and extensions changes.
func (c Change) Empty() bool {
	return len(c.LinksAdded)+len(c.LinksRemoved)+len(c.LinksReopened)+len(c.LinksUpdated)+
		len(c.DevicesAdded)+len(c.DevicesRemoved)+len(c.DevicesRestarted)+len(c.DevicesUpdated) == 0
}

// String is a line for a log: "links +1 -0 reopened 0 updated 1, extensions +10 -0 restarted 2 updated 0".
func (c Change) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "links +%d -%d reopened %d updated %d", len(c.LinksAdded), len(c.LinksRemoved), len(c.LinksReopened),
		len(c.LinksUpdated))
	fmt.Fprintf(&b, ", extensions +%d -%d restarted %d updated %d", len(c.DevicesAdded), len(c.DevicesRemoved),
		len(c.DevicesRestarted), len(c.DevicesUpdated))
	return b.String()
}

// ApplyOption configures [Gateway.Apply].
type ApplyOption func(*applyOptions)

type applyOptions struct {
	checkVersion bool
	version      uint64
}

// IfVersion makes Apply fail with [ctikit.ErrConflict] unless the configuration is
// still that of the version given, from [Gateway.Version] or [Change.Version].
func IfVersion(n uint64) ApplyOption {
	return func(o *applyOptions) { o.checkVersion, o.version = true, n }
}

// Version numbers the configurations applied so far; [New] applies the first.
func (g *Gateway) Version() uint64 {
	g.control.mu.Lock()
	defer g.control.mu.Unlock()
	return g.control.version
}

// Applied returns a channel that is closed when the next configuration has been
// applied. Use it to learn of changes that no event reports, such as an
// extension's new user.
func (g *Gateway) Applied() <-chan struct{} {
	g.control.mu.Lock()
	defer g.control.mu.Unlock()
	return g.control.applied
}

// Config returns the configuration applied last.
func (g *Gateway) Config() Config {
	cfg := *g.current.Load()
	cfg.Links, cfg.Extensions = slices.Clone(cfg.Links), slices.Clone(cfg.Extensions)
	return cfg
}

// Plan returns the changes that Apply would make, without making them. The error
// is a [ctikit.Problems].
func (g *Gateway) Plan(cfg Config) (*Change, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	var ch *Change
	g.control.post(func() { ch = g.control.compareConfig(cfg) })
	return ch, nil
}

// Apply makes cfg the desired state. It checks all of it first and changes
// nothing on an error ([ctikit.Problems], [ctikit.ErrConflict], [cti.ErrClosed]). It returns
// when the new configuration is in force; the resulting supervisions follow, see
// [Gateway.Settled]. Supervisions and calls of unchanged links and extensions are
// not affected. Concurrent calls run one after the other.
func (g *Gateway) Apply(ctx context.Context, cfg Config, opts ...ApplyOption) (*Change, error) {
	var o applyOptions
	for _, opt := range opts {
		opt(&o)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	var ch *Change
	var err error
	g.control.post(func() {
		switch {
		case g.state.Load() == gatewayEnded || g.control.stopping.Load():
			err = cti.ErrClosed
		case o.checkVersion && o.version != g.control.version:
			err = fmt.Errorf("%w: version is %d, not %d", ctikit.ErrConflict, g.control.version, o.version)
		default:
			ch = g.control.applyConfig(cfg)
		}
	})
	return ch, err
}

// applyFirst is Apply without checks, for New.
func (c *control) applyFirst(cfg Config) { c.post(func() { c.applyConfig(cfg) }) }

func (c *control) compareConfig(cfg Config) *Change {
	ch := &Change{Version: c.version}
	wanted := make(map[string]bool)
	for _, l := range cfg.Links {
		wanted[l.Name] = true
		old := c.findLinkByName(l.Name)
		switch {
		case old == nil:
			ch.LinksAdded = append(ch.LinksAdded, l.Name)
		case old.connector.Identity() != l.Connector.Identity():
			ch.LinksReopened = append(ch.LinksReopened, l.Name)
		case !sameLink(old.cfg, l):
			ch.LinksUpdated = append(ch.LinksUpdated, l.Name)
		}
	}
	for _, l := range c.links {
		if !wanted[l.name] {
			ch.LinksRemoved = append(ch.LinksRemoved, l.name)
		}
	}
	numbers := make(map[cti.DeviceID]bool, len(cfg.Extensions))
	for _, e := range cfg.Extensions {
		numbers[e.Number] = true
		old := c.exts[e.Number]
		switch {
		case old == nil:
			ch.DevicesAdded = append(ch.DevicesAdded, e.Number)
		case !sameSupervision(old.cfg, e):
			ch.DevicesRestarted = append(ch.DevicesRestarted, e.Number)
		case !old.cfg.Equal(e):
			ch.DevicesUpdated = append(ch.DevicesUpdated, e.Number)
		}
	}
	for number := range c.exts {
		if !numbers[number] {
			ch.DevicesRemoved = append(ch.DevicesRemoved, number)
		}
	}
	slices.Sort(ch.DevicesRemoved)
	return ch
}

// sameLink compares all but the Connector.
func sameLink(a, b Link) bool {
	return a.Name == b.Name && a.Location == b.Location && slices.Equal(a.Serves, b.Serves) &&
		a.Capacity == b.Capacity && a.MaxInFlight == b.MaxInFlight && a.StartRate == b.StartRate
}

// sameSupervision compares what matters to a link.
func sameSupervision(a, b cti.Extension) bool {
	b.User, b.IP, b.Video, b.MonitorFeatures = a.User, a.IP, a.Video, a.MonitorFeatures
	return a.Equal(b)
}

// applyConfig applies a checked configuration.
func (c *control) applyConfig(cfg Config) *Change {
	ch := c.compareConfig(cfg)
	c.version++
	before := c.gw.current.Load()
	c.gw.current.Store(&cfg)
	if c.version == 1 || before.ReserveExplicit != cfg.ReserveExplicit {
		c.followMoves(c.alloc.SetReserve(cfg.ReserveExplicit, c.moves[:0]))
	}
	for _, name := range slices.Concat(ch.LinksRemoved, ch.LinksReopened) {
		c.removeLink(c.findLinkByName(name))
	}
	c.links = c.arrangeLinks(cfg.Links)
	c.applyExtensions(cfg, ch)
	if !ch.Empty() {
		for _, l := range c.links {
			c.returnLater(l)
		}
	}
	c.startQueued()
	close(c.applied)
	c.applied = make(chan struct{})
	return ch
}

// arrangeLinks returns the links in order of configuration, new ones made, kept
// ones brought up to date.
func (c *control) arrangeLinks(configured []Link) []*link {
	links := make([]*link, len(configured))
	for i, cfg := range configured {
		l := c.findLinkByName(cfg.Name)
		if l == nil {
			links[i] = c.addLink(cfg, i)
			continue
		}
		old := l.cfg
		l.cfg = cfg
		links[i] = l
		c.alloc.SetOrder(l.id, int32(i))
		if old.Capacity != cfg.Capacity {
			l.learnt = 0 // the new setting takes precedence; the PBX reports its limit again
			c.followMoves(c.alloc.SetCapacity(l.id, l.effectiveCapacity(), c.moves[:0]))
		}
		if !slices.Equal(old.Serves, cfg.Serves) {
			c.followMoves(c.alloc.SetServes(l.id, allocPatterns(cfg.Serves), c.moves[:0]))
		}
		if l.live != nil && c.alloc.CanReturn(l.id) {
			c.returnLater(l) // there is room, or a place is named, that was not before
		}
	}
	return links
}

func (c *control) addLink(cfg Link, order int) *link {
	c.nextID++
	l := &link{id: c.nextID, name: cfg.Name, connector: cfg.Connector, cfg: cfg, since: time.Now()}
	c.byID[l.id] = l
	c.followMoves(c.alloc.AddLink(l.id, c.allocLink(cfg, order), c.moves[:0]))
	c.startLink(l)
	return l
}

// removeLink closes the link's session at once. Its supervisions are assigned to
// other links and started there after the session has been closed, see
// sessionLost.
func (c *control) removeLink(l *link) {
	delete(c.byID, l.id)
	c.links = slices.DeleteFunc(slices.Clone(c.links), func(o *link) bool { return o == l })
	c.cancelTimer(l.returning, true)
	live := l.live
	queue := l.queue
	l.live, l.queue = nil, nil
	if live != nil {
		c.closing++
	}
	for e := range c.eachExtension {
		e.dev.endFeatures(live)
		if e.at != nil && e.at == live {
			c.unsupervise(e, cti.ReasonMoving, cti.GapMoved)
		}
	}
	if l.stop != nil {
		l.stop()
	}
	c.followMoves(c.alloc.RemoveLink(l.id, c.moves[:0]))
	for _, e := range queue {
		e.queued = false
		c.advanceExtension(e)
	}
}

func (c *control) applyExtensions(cfg Config, ch *Change) {
	for _, number := range ch.DevicesRemoved {
		c.removeExtension(c.exts[number])
	}
	restarted := make(map[cti.DeviceID]bool, len(ch.DevicesRestarted))
	for _, number := range ch.DevicesRestarted {
		restarted[number] = true
	}
	for _, e := range cfg.Extensions {
		old := c.exts[e.Number]
		switch {
		case old == nil:
			c.addExtension(e)
		case restarted[e.Number]:
			c.removeExtension(old)
			c.addExtension(e)
		default:
			old.cfg = e
			c.advanceFeatures(old)
		}
	}
}

// addExtension adds an extension. If a removed extension of the same number still
// has a monitor, the new one waits until that has been stopped.
func (c *control) addExtension(cfg cti.Extension) {
	e := &ext{cfg: cfg, id: c.extensionID(), dev: c.gw.deviceOf(cfg.Number)}
	e.dev.setConfigured(true)
	e.waits = c.leaving[cfg.Number] != nil
	c.exts[cfg.Number], c.extByID[e.id] = e, e
	if cfg.Disabled || cfg.Protocol == cti.NoProtocol {
		c.unsupervise(e, c.whyNot(e), cti.NoGap)
		return
	}
	e.allocated = true
	c.followMoves(c.alloc.AddExtension(e.id, c.allocExt(cfg), c.moves[:0]))
	if e.link == nil {
		c.advanceExtension(e)
	}
}

// extensionID returns an identifier that no extension has.
func (c *control) extensionID() int32 {
	if n := len(c.freeIDs); n > 0 {
		id := c.freeIDs[n-1]
		c.freeIDs = c.freeIDs[:n-1]
		return id
	}
	c.extByID = append(c.extByID, nil)
	return int32(len(c.extByID) - 1)
}

func (c *control) removeExtension(e *ext) {
	e.removed = true
	e.dev.setConfigured(false)
	delete(c.exts, e.cfg.Number)
	c.cancelTimer(e.retry, false)
	c.cancelTimer(e.stale, false)
	if e.features != nil {
		c.cancelTimer(e.features.retry, false)
	}
	e.link, e.mode = nil, ModeNone
	if !e.hasLeft() {
		c.leaving[e.cfg.Number] = e
	}
	if e.at == nil {
		c.forgetRemoved(e)
	}
	c.advanceExtension(e)
}

// hasLeft reports whether no monitor of the extension is on any link.
func (e *ext) hasLeft() bool { return e.at == nil && (e.features == nil || e.features.at == nil) }

// forgetRemoved forgets a removed extension that has no monitor on any link, and
// starts the extension that replaces it.
func (c *control) forgetRemoved(e *ext) {
	e.at = nil
	if e.allocated {
		e.allocated = false
		c.followMoves(c.alloc.RemoveExtension(e.id, c.moves[:0]))
	}
	if !e.hasLeft() {
		return
	}
	next := c.exts[e.cfg.Number]
	if next != nil {
		c.unsupervise(e, cti.ReasonMoving, cti.GapRestarted)
	} else {
		c.unsupervise(e, cti.ReasonRemoved, cti.NoGap)
	}
	if c.extByID[e.id] == e {
		c.extByID[e.id] = nil
		c.freeIDs = append(c.freeIDs, e.id)
	}
	switch {
	case e.waits: // the one that it waited for is still leaving
		return
	case next == nil:
		c.gw.forgetDevice(e.cfg.Number)
	default:
		next.waits = false
		c.advanceExtension(next)
	}
	delete(c.leaving, e.cfg.Number)
}
