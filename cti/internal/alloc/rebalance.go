package alloc

import (
	"cmp"
	"slices"
)

// Rebalance evens things out with at most maxMoves moves: extensions in
// overflow go to an explicit link of their place that has room; with reserve,
// those on a link that is not for them go where they are allowed; then, among
// the links of each pattern and among those of implicit places, extensions go
// from the most to the least loaded link as long as that lowers the higher of
// the two loads.
func (s *State) Rebalance(maxMoves int, m []Move) []Move {
	began := s.stamps
	for _, n := range s.classNumbers() {
		c := s.classes[n]
		start := len(m)
		m = s.sendHome(c, maxMoves, m)
		maxMoves -= len(m) - start
		start = len(m)
		m = s.clearReserved(c, maxMoves, m)
		maxMoves -= len(m) - start
		for _, g := range c.balancedGroups() {
			start = len(m)
			m = s.balanceGroup(c, g, began, maxMoves, m)
			maxMoves -= len(m) - start
		}
	}
	return s.serveWaiting(m)
}

func (s *State) classNumbers() []uint8 {
	numbers := make([]uint8, 0, len(s.classes))
	for n := range s.classes {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return numbers
}

// extensionsIn returns the extensions of places with one of the modes, in order of stamp.
func (s *State) extensionsIn(places []*place, modes ...uint8) []int32 {
	var ids []int32
	for _, p := range places {
		for _, mode := range modes {
			ids = s.collect(ids, p.lists[mode], byPlace)
		}
	}
	s.sortByStamp(ids)
	return ids
}

func (s *State) sendHome(c *class, maxMoves int, m []Move) []Move {
	for _, id := range s.extensionsIn(c.places, Overflow) {
		if maxMoves <= 0 {
			break
		}
		p := s.exts[id].place
		if to := p.winner.bestFor(p); to != nil && s.exts[id].link.up {
			m = s.moveTo(id, to, Explicit, m)
			maxMoves--
		}
	}
	return m
}

func (s *State) clearReserved(c *class, maxMoves int, m []Move) []Move {
	if !s.reserve {
		return m
	}
	for _, id := range s.extensionsIn(c.places, Overflow, Implicit) {
		if maxMoves <= 0 {
			break
		}
		e := &s.exts[id]
		if s.allowsPlace(e.link, e.place) || !e.link.up {
			continue
		}
		if to, mode := s.pickLink(e.place); to != nil {
			m = s.moveTo(id, to, mode, m)
			maxMoves--
		}
	}
	return m
}

// balancedGroups returns the groups among whose links loads are evened out: those of
// the patterns, in their order, then nil for the implicit places.
func (c *class) balancedGroups() []*group {
	groups := make([]*group, 0, len(c.patterns)+1)
	for _, g := range c.patterns {
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.pattern.Site, b.pattern.Site), cmp.Compare(a.pattern.Cluster, b.pattern.Cluster))
	})
	return append(groups, nil)
}

// balanceGroup evens loads out among the links of a group. Loads are those once all
// moves are done: extensions that will leave do not count.
func (s *State) balanceGroup(c *class, g *group, began uint64, maxMoves int, m []Move) []Move {
	byLink, from := s.movableExtensions(c, g, began)
	to := g
	if g == nil {
		to = c.all
		if s.reserve {
			to = c.open
		}
	}
	for maxMoves > 0 {
		low := to.best()
		if low == nil {
			break
		}
		var high *link
		for _, l := range from {
			if len(byLink[l]) > 0 && (high == nil || high.finalLoad().less(l.finalLoad())) {
				high = l
			}
		}
		if high == nil || !high.shouldMoveTo(low) {
			break
		}
		ids := byLink[high]
		id := ids[len(ids)-1] // the latest
		byLink[high] = ids[:len(ids)-1]
		if s.exts[id].place.refusesLink(low) {
			continue
		}
		m = s.moveTo(id, low, s.exts[id].mode, m)
		maxMoves--
	}
	return m
}

// movableExtensions returns the extensions that balanceGroup may move, by link and in
// order of stamp, and the links. Those moved since the stamp began are omitted.
func (s *State) movableExtensions(c *class, g *group, began uint64) (byLink map[*link][]int32, from []*link) {
	places, mode := c.places, Implicit
	if g != nil {
		places, mode = g.places, Explicit
	}
	byLink = make(map[*link][]int32)
	for _, id := range s.extensionsIn(places, mode) {
		e := &s.exts[id]
		if !e.link.up || e.stamp > began {
			continue
		}
		if byLink[e.link] == nil {
			from = append(from, e.link)
		}
		byLink[e.link] = append(byLink[e.link], id)
	}
	return byLink, from
}

// finalLoad is the load once all moves are done.
func (l *link) finalLoad() load {
	f := l.currentLoad()
	f.used = l.count
	return f
}

// shouldMoveTo reports whether a move from l to low lowers the higher load.
func (l *link) shouldMoveTo(low *link) bool {
	if l.slots() == 0 {
		return true
	}
	return int64(low.count+1)*int64(l.slots()) < int64(l.count)*int64(low.slots())
}

// ReturnHome moves extensions in overflow to a link that names their place, at
// most maxMoves and as far as it has room: first those that idle reports to be
// so, then others, each in the order in which they came into overflow.
func (s *State) ReturnHome(id int32, maxMoves int, idle func(ext int32) bool, m []Move) []Move {
	l := s.links[id]
	if l == nil {
		return m
	}
	s.found = s.found[:0]
	for _, t := range l.seats {
		for _, p := range t.group.places { // none but for the group of a pattern
			if !p.refusesLink(l) {
				s.found = s.collect(s.found, p.lists[Overflow], byPlace)
			}
		}
	}
	s.sortByStamp(s.found)
	for _, wantIdle := range [...]bool{true, false} {
		for i, ext := range s.found {
			if maxMoves <= 0 || !l.eligible() {
				return s.serveWaiting(m)
			}
			if ext == 0 || wantIdle && !idle(ext) {
				continue
			}
			m = s.moveTo(ext, l, Explicit, m)
			s.found[i] = 0
			maxMoves--
		}
	}
	return s.serveWaiting(m)
}

// CanReturn reports whether [State.ReturnHome] would move an extension to a link.
func (s *State) CanReturn(id int32) bool {
	l := s.links[id]
	if l == nil || !l.eligible() {
		return false
	}
	for _, t := range l.seats {
		for _, p := range t.group.places {
			if p.lists[Overflow].head != 0 && !p.refusesLink(l) {
				return true
			}
		}
	}
	return false
}

func (s *State) sortByStamp(ids []int32) {
	slices.SortFunc(ids, func(a, b int32) int { return cmp.Compare(s.exts[a].stamp, s.exts[b].stamp) })
}
