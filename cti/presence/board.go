package presence

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// Options of a [Board].
type Options struct {
	// Company is the company of all gateways of the board.
	Company string
	// CanSee reports whether viewer may see anything of target; with nil, users see
	// only themselves. It is called for every state that is returned and must be
	// fast.
	CanSee func(viewer, target string) bool
	// Share returns what the users of one domain see of those of another; nil is
	// everything. It must be fast, and must not call the board.
	Share func(viewerDomain, targetDomain string) Shared
	// Groups are the intercom groups: name to members.
	Groups map[string][]string
}

// ErrUnknownGroup is returned if the intercom group does not exist or the viewer is
// not a member.
var ErrUnknownGroup = errors.New("unknown intercom group")

// Board is the presence of a company's users.
type Board struct {
	opts Options

	mu       sync.Mutex
	gateways []*attachedGateway
	lines    map[lineKey]*line
	users    map[string]*user
	watches  map[*Watch]bool
}

// attachedGateway is the gateway of a domain.
type attachedGateway struct {
	gw      *gateway.Gateway
	domain  string
	version uint64 // of the configuration whose users the board knows
	owners  map[cti.DeviceID]string
}

type lineKey struct {
	domain string
	number cti.DeviceID
}

type line struct {
	user  string
	model cti.CallModel
	up    bool
	shown Line
}

type user struct {
	lines              []lineKey
	presence, calendar Presence
}

// New returns a board. The error is [ctikit.Problems].
func New(o Options) (*Board, error) {
	var ps ctikit.Problems
	for _, name := range slices.Sorted(maps.Keys(o.Groups)) {
		if path := fmt.Sprintf("groups[%q]", name); name == "" {
			ps.Add(path, "missing name")
		} else if len(o.Groups[name]) == 0 {
			ps.Add(path, "no members")
		}
	}
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return &Board{
		opts: o, lines: map[lineKey]*line{}, users: map[string]*user{}, watches: map[*Watch]bool{},
	}, nil
}

// Attach adds the gateway of a domain, before [Board.Run]. Its configuration names
// the domain (Name, unique on a board), the company and the users. The error is
// [ctikit.ErrCrossCompany], or that of a duplicate domain. If a later configuration
// gives the gateway to another company, the board shows nothing of it until it
// returns, and the presence that the application set for users without another line
// is dropped.
func (b *Board) Attach(gw *gateway.Gateway) error {
	cfg := gw.Config()
	if cfg.Company != b.opts.Company {
		return fmt.Errorf("gateway %q: company %q is not the board's company %q: %w",
			cfg.Name, cfg.Company, b.opts.Company, ctikit.ErrCrossCompany)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, other := range b.gateways {
		if other.domain == cfg.Name {
			return fmt.Errorf("duplicate domain %q: already attached", cfg.Name)
		}
	}
	b.gateways = append(b.gateways, &attachedGateway{gw: gw, domain: cfg.Name})
	return nil
}

// Run follows the attached gateways until ctx or all of them have ended.
func (b *Board) Run(ctx context.Context) error {
	var readers sync.WaitGroup
	for _, a := range b.listGateways() {
		sub := a.gw.Subscribe(gateway.Buffer(4096))
		readers.Go(func() { b.followGateway(ctx, a, sub) })
	}
	readers.Wait()
	return ctx.Err()
}

// followGateway applies one gateway's events.
func (b *Board) followGateway(ctx context.Context, a *attachedGateway, sub *gateway.Subscription) {
	defer sub.Close()
	ctx, cancel := context.WithCancel(ctx)
	var owners sync.WaitGroup
	owners.Go(func() { b.followOwners(ctx, a) })
	defer owners.Wait()
	defer cancel()
	for ev, err := range sub.Events(ctx) {
		if err != nil {
			break
		}
		if ev.Device != "" {
			b.updateLine(a, &ev)
		}
	}
	b.markGatewayEnded(a.domain)
}

func (b *Board) updateLine(a *attachedGateway, ev *cti.Event) {
	b.refreshOwners(a)
	b.mu.Lock()
	defer b.mu.Unlock()
	owner, configured := a.owners[ev.Device]
	if !configured {
		return // refreshOwners has dropped the line
	}
	key := lineKey{a.domain, ev.Device}
	l := b.lines[key]
	if l == nil {
		l = &line{model: cti.CallModel{Device: ev.Device}, shown: Line{Domain: a.domain, Number: ev.Device, Since: ev.Time}}
		b.lines[key] = l
		b.assignOwner(key, l, owner)
	}
	l.model.Apply(ev)
	switch {
	case ev.Kind == cti.SnapshotTaken:
		l.up = true
	case ev.Kind == cti.Unsupervised, ev.Kind == cti.GapFound && ev.Gap.Reason != cti.GapOverflow:
		l.up = false
	}
	b.updateState(l, ev.Time)
}

// followOwners refreshes the users of the lines each time that a configuration has
// been applied, to notify watches.
func (b *Board) followOwners(ctx context.Context, a *attachedGateway) {
	for {
		applied := a.gw.Applied()
		b.refreshOwners(a)
		select {
		case <-applied:
		case <-ctx.Done():
			return
		}
	}
}

// refreshAllOwners does the same at once, for queries.
func (b *Board) refreshAllOwners() {
	for _, a := range b.listGateways() {
		b.refreshOwners(a)
	}
}

func (b *Board) listGateways() []*attachedGateway {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.gateways)
}

// refreshOwners updates the users of the lines if the configuration has changed,
// which no event reports.
func (b *Board) refreshOwners(a *attachedGateway) {
	version := a.gw.Version()
	b.mu.Lock()
	known := a.version == version
	b.mu.Unlock()
	if known {
		return
	}
	cfg := a.gw.Config() // outside our lock; of this version, or a newer one
	b.mu.Lock()
	defer b.mu.Unlock()
	if a.version > version {
		return // another goroutine was faster, with a newer one
	}
	a.version, a.owners = version, ownersByNumber(&cfg, b.opts.Company)
	for key, l := range b.lines {
		if key.domain != a.domain {
			continue
		}
		owner, configured := a.owners[key.number]
		old := b.users[l.user]
		b.assignOwner(key, l, owner)
		if cfg.Company != b.opts.Company && old != nil && len(old.lines) == 0 {
			old.presence, old.calendar = Presence{}, Presence{} // now of another company
		}
		if !configured {
			delete(b.lines, key)
		}
	}
}

// ownersByNumber returns the users of a configuration by number; names of users of
// another company are omitted.
func ownersByNumber(cfg *gateway.Config, company string) map[cti.DeviceID]string {
	users := make(map[cti.DeviceID]string, len(cfg.Extensions))
	for _, e := range cfg.Extensions {
		users[e.Number] = e.User
		if cfg.Company != company {
			users[e.Number] = ""
		}
	}
	return users
}

// assignOwner gives a line to the user whom the configuration names.
func (b *Board) assignOwner(key lineKey, l *line, owner string) {
	if l.user == owner {
		return
	}
	if old := b.users[l.user]; old != nil {
		old.lines = slices.DeleteFunc(old.lines, func(k lineKey) bool { return k == key })
		b.markChanged(l.user)
	}
	l.user = owner
	if owner != "" {
		u := b.ensureUser(owner)
		u.lines = append(u.lines, key)
		slices.SortFunc(u.lines, func(a, b lineKey) int {
			return strings.Compare(a.domain+"\x00"+string(a.number), b.domain+"\x00"+string(b.number))
		})
		b.markChanged(owner)
	}
}

func (b *Board) updateState(l *line, now time.Time) {
	state := Unknown
	if l.up {
		state = phoneOf(l.model.Calls(), l.model.Features())
	}
	if state != l.shown.State {
		l.shown.State, l.shown.Since = state, now
		b.markChanged(l.user)
	}
}

// markGatewayEnded makes the lines of a domain unknown: its gateway has ended.
func (b *Board) markGatewayEnded(domain string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for key, l := range b.lines {
		if key.domain == domain {
			l.up = false
			b.updateState(l, time.Now())
		}
	}
}

func (b *Board) ensureUser(name string) *user {
	if b.users[name] == nil {
		b.users[name] = &user{}
	}
	return b.users[name]
}

// SetPresence sets the presence of a user.
func (b *Board) SetPresence(name string, p Presence) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ensureUser(name).presence = p
	b.markChanged(name)
}

// SetCalendar sets the presence from the calendar of a user.
func (b *Board) SetCalendar(name string, p Presence) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ensureUser(name).calendar = p
	b.markChanged(name)
}

// Forget drops the presence and calendar of a user.
func (b *Board) Forget(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if u := b.users[name]; u != nil {
		u.presence, u.calendar = Presence{}, Presence{}
		b.markChanged(name)
	}
}
