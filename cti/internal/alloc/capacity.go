package alloc

import "math"

// SetCapacity sets the slots of a link. A lower figure drains: extensions that
// were not started go first, then those in overflow, implicit and explicit
// ones; among equals the latest. Where others have no room they wait.
func (s *State) SetCapacity(id int32, slots int, m []Move) []Move {
	l := s.links[id]
	if l == nil {
		return m
	}
	l.capacity, l.limit = int32(min(max(slots, 0), math.MaxInt32)), -1
	l.touch()
	s.forgetRefusals(l)
	for _, mode := range [...]uint8{Overflow, Implicit, Explicit} {
		m = s.shed(l, mode, m, func(e *extension) bool { return l.used > l.capacity && !e.started() })
	}
	for _, mode := range [...]uint8{Overflow, Implicit, Explicit} {
		m = s.shed(l, mode, m, func(*extension) bool { return l.count > l.capacity })
	}
	s.open(l)
	return s.settle(m)
}

// shed moves those of a mode that are to go, the latest first.
func (s *State) shed(l *link, mode uint8, m []Move, goes func(*extension) bool) []Move {
	for id := l.residents.tail; id != 0; {
		previous := s.exts[id].nodes[byLink].prev
		if e := &s.exts[id]; e.mode == mode && goes(e) {
			m = s.move(id, m)
		}
		id = previous
	}
	return m
}

// Failed tells that the PBX had no slot left for a monitor that was started.
// Until the link comes back or its capacity is set, it takes no more than it
// holds now. The extension goes elsewhere or waits.
func (s *State) Failed(id int32, m []Move) []Move {
	e := s.ext(id)
	if e == nil {
		return m
	}
	l := e.held()
	if l == nil {
		return m
	}
	l.limit = l.used - 1
	s.leave(e)
	if e.link == l {
		m = s.move(id, m)
	}
	return s.settle(m)
}

// Unreachable tells that the link cannot reach the place of an extension whose
// monitor was started on it. The link is left out for that place until it comes
// back or changes. Others of the place that were to be started there go
// elsewhere too; those that are supervised stay.
func (s *State) Unreachable(id int32, m []Move) []Move {
	e := s.ext(id)
	if e == nil {
		return m
	}
	l, p := e.held(), e.place
	if l == nil {
		return m
	}
	if !p.refuses(l) {
		p.refused = append(p.refused, l)
		l.refusedBy = append(l.refusedBy, p)
	}
	s.leave(e)
	for next := l.residents.head; next != 0; {
		id := next
		next = s.exts[id].nodes[byLink].next
		if o := &s.exts[id]; o.place == p && !o.started() {
			m = s.move(id, m)
		}
	}
	s.open(l)
	return s.settle(m)
}

// forgetRefusals lets a link be tried again for all places.
func (s *State) forgetRefusals(l *link) {
	for _, p := range l.refusedBy {
		for i, r := range p.refused {
			if r == l {
				p.refused = append(p.refused[:i], p.refused[i+1:]...)
				break
			}
		}
	}
	l.refusedBy = nil
}
