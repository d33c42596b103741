package presence

import (
	"fmt"
	"slices"
	"time"
)

// See returns what viewer may see of target. ok is false where viewer may not
// see target at all, and where there is no such user: the two look the same.
func (b *Board) See(viewer, target string) (s State, ok bool) {
	if !b.allowed(viewer, target) {
		return State{}, false
	}
	b.refresh()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.see(viewer, target)
}

func (b *Board) allowed(viewer, target string) bool {
	return viewer == target || b.opts.CanSee != nil && b.opts.CanSee(viewer, target)
}

func (b *Board) see(viewer, target string) (State, bool) {
	u := b.users[target]
	if u == nil {
		return State{}, false
	}
	s := State{User: target}
	shared := Shared{Phone: true, Presence: true, Calendar: true}
	if viewer != target {
		shared = b.shared(viewer, u)
	}
	s.Hidden = Shared{!shared.Phone, !shared.Presence, !shared.Calendar}
	if shared.Phone {
		for _, key := range u.lines {
			l := b.lines[key].shown
			s.Lines = append(s.Lines, l)
			s.Phone = max(s.Phone, l.State)
		}
	}
	now := time.Now()
	if shared.Presence {
		s.Presence = u.presence.at(now)
	}
	if shared.Calendar {
		s.Calendar = u.calendar.at(now)
	}
	return s, true
}

// at is the presence at a moment: nothing once it has run out.
func (p Presence) at(now time.Time) Presence {
	if !p.Until.IsZero() && now.After(p.Until) {
		return Presence{}
	}
	return p
}

// shared is what the domains of u share with any domain of the viewer. Users
// without a line belong to no domain and share everything.
func (b *Board) shared(viewer string, u *user) Shared {
	all := Shared{Phone: true, Presence: true, Calendar: true}
	if b.opts.Share == nil || len(u.lines) == 0 {
		return all
	}
	v := b.users[viewer]
	if v == nil || len(v.lines) == 0 {
		return all
	}
	var got Shared
	for _, from := range v.lines {
		for _, to := range u.lines {
			if from.domain == to.domain {
				return all
			}
			one := b.opts.Share(from.domain, to.domain)
			got = Shared{got.Phone || one.Phone, got.Presence || one.Presence, got.Calendar || one.Calendar}
		}
	}
	return got
}

// Group returns the members of an intercom group as viewer, a member, may see
// them, in order of their names. Members see each other's lines whatever CanSee
// says: that is what the group is for.
func (b *Board) Group(viewer, name string) ([]State, error) {
	members := b.opts.Groups[name]
	if !slices.Contains(members, viewer) {
		return nil, fmt.Errorf("%w: %q for %s", ErrUnknownGroup, name, viewer)
	}
	b.refresh()
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []State
	for _, m := range slices.Sorted(slices.Values(members)) {
		if s, ok := b.see(viewer, m); ok {
			out = append(out, s)
		}
	}
	return out, nil
}
