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
	l.updateSeats()
	s.forgetRefusals(l)
	for _, mode := range [...]uint8{Overflow, Implicit, Explicit} {
		m = s.shedResidents(l, mode, m, func(e *extension) bool { return l.used > l.capacity && !e.isStarted() })
	}
	for _, mode := range [...]uint8{Overflow, Implicit, Explicit} {
		m = s.shedResidents(l, mode, m, func(*extension) bool { return l.count > l.capacity })
	}
	s.offerSlot(l)
	return s.serveWaiting(m)
}

// shedResidents moves those of a mode that are to go, the latest first.
func (s *State) shedResidents(l *link, mode uint8, m []Move, goes func(*extension) bool) []Move {
	for id := l.residents.tail; id != 0; {
		previous := s.exts[id].nodes[byLink].prev
		if e := &s.exts[id]; e.mode == mode && goes(e) {
			m = s.reassign(id, m)
		}
		id = previous
	}
	return m
}

// Failed reports that the PBX had no slot for a monitor that was started.
// Until the link comes back or its capacity is set, it takes no more than it
// holds now. The extension goes to another link or waits.
func (s *State) Failed(id int32, m []Move) []Move {
	e := s.findExtension(id)
	if e == nil {
		return m
	}
	l := e.heldLink()
	if l == nil {
		return m
	}
	l.limit = l.used - 1
	s.endHold(e)
	if e.link == l {
		m = s.reassign(id, m)
	}
	return s.serveWaiting(m)
}

// Unreachable reports that the link cannot reach the place of an extension whose
// monitor was started on it. The link is skipped for that place until it comes back
// or changes. Other extensions of the place that are not started there yet go
// elsewhere too; those that are supervised stay.
func (s *State) Unreachable(id int32, m []Move) []Move {
	e := s.findExtension(id)
	if e == nil {
		return m
	}
	l, p := e.heldLink(), e.place
	if l == nil {
		return m
	}
	if !p.refusesLink(l) {
		p.refused = append(p.refused, l)
		l.refusedBy = append(l.refusedBy, p)
	}
	s.endHold(e)
	for next := l.residents.head; next != 0; {
		id := next
		next = s.exts[id].nodes[byLink].next
		if o := &s.exts[id]; o.place == p && !o.isStarted() {
			m = s.reassign(id, m)
		}
	}
	s.offerSlot(l)
	return s.serveWaiting(m)
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
