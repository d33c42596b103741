package alloc

import (
	"cmp"
	"slices"
)

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

// CanReturn reports whether [State.ReturnHome] would move somebody to a link.
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
