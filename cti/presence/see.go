package presence

import (
	"fmt"
	"slices"
	"time"
)

// See returns the state of target as far as viewer may see it. ok is false if viewer
// may not see target, and also if target does not exist; the two cannot be
// distinguished.
func (b *Board) See(viewer, target string) (s State, ok bool) {
	if !b.maySee(viewer, target) {
		return State{}, false
	}
	b.refreshAllOwners()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stateFor(viewer, target)
}

func (b *Board) maySee(viewer, target string) bool {
	return viewer == target || b.opts.CanSee != nil && b.opts.CanSee(viewer, target)
}

func (b *Board) stateFor(viewer, target string) (State, bool) {
	u := b.users[target]
	if u == nil {
		return State{}, false
	}
	s := State{User: target}
	shared := everything
	if viewer != target {
		shared = b.sharedByUser(viewer, u)
	}
	s.Hidden = Shared{!shared.Phone, !shared.Presence, !shared.Calendar}
	for _, key := range u.lines {
		if viewer != target && !b.sharedByDomain(viewer, key.domain).Phone {
			s.Hidden.Phone = true
			continue
		}
		l := b.lines[key].shown
		s.Lines = append(s.Lines, l)
		s.Phone = max(s.Phone, l.State)
	}
	now := time.Now()
	if shared.Presence {
		s.Presence = u.presence.validAt(now)
	}
	if shared.Calendar {
		s.Calendar = u.calendar.validAt(now)
	}
	return s, true
}

// validAt returns the presence at a moment, zero if it has expired.
func (p Presence) validAt(now time.Time) Presence {
	if !p.Until.IsZero() && now.After(p.Until) {
		return Presence{}
	}
	return p
}

// sharedByUser returns the parts that any domain of u shares with the viewer. Users
// without a line have no domain and share everything.
func (b *Board) sharedByUser(viewer string, u *user) (got Shared) {
	if len(u.lines) == 0 {
		return everything
	}
	for _, to := range u.lines {
		got = got.union(b.sharedByDomain(viewer, to.domain))
	}
	return got
}

// sharedByDomain returns the parts that a domain shares with any domain of the viewer.
func (b *Board) sharedByDomain(viewer, domain string) (got Shared) {
	v := b.users[viewer]
	if b.opts.Share == nil || v == nil || len(v.lines) == 0 {
		return everything
	}
	for _, from := range v.lines {
		if from.domain == domain {
			return everything
		}
		got = got.union(b.opts.Share(from.domain, domain))
	}
	return got
}

var everything = Shared{Phone: true, Presence: true, Calendar: true}

func (s Shared) union(o Shared) Shared {
	return Shared{s.Phone || o.Phone, s.Presence || o.Presence, s.Calendar || o.Calendar}
}

// Group returns the members of an intercom group as viewer, a member, may see them,
// in order of their names. Members see each other's lines regardless of CanSee; the
// presence and calendar of a member are shown if CanSee permits.
func (b *Board) Group(viewer, name string) ([]State, error) {
	members := b.opts.Groups[name]
	if !slices.Contains(members, viewer) {
		return nil, fmt.Errorf("%w: %q for %s", ErrUnknownGroup, name, viewer)
	}
	members = slices.Sorted(slices.Values(members))
	allowed := make([]bool, len(members))
	for i, m := range members { // outside our lock
		allowed[i] = b.maySee(viewer, m)
	}
	b.refreshAllOwners()
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []State
	for i, m := range members {
		s, ok := b.stateFor(viewer, m)
		if !ok {
			continue
		}
		if !allowed[i] {
			s.Presence, s.Calendar = Presence{}, Presence{}
			s.Hidden.Presence, s.Hidden.Calendar = true, true
		}
		out = append(out, s)
	}
	return out, nil
}
