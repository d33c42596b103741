package alloc

import "slices"

// pickLink returns the link that the rules give an extension of a place, and by
// which mode; nil if none is eligible.
func (s *State) pickLink(p *place) (*link, uint8) {
	mode := Implicit
	if p.winner != nil {
		if l := p.winner.bestFor(p); l != nil {
			return l, Explicit
		}
		mode = Overflow
	}
	best := s.bestOther(p)
	if best == nil {
		return nil, None
	}
	return best, mode
}

// bestOther returns the least loaded link beyond the explicit ones. With reserve,
// links that name places take only extensions of those.
func (s *State) bestOther(p *place) *link {
	if !s.reserve {
		return p.class.all.bestFor(p)
	}
	best := p.class.open.bestFor(p)
	for _, pattern := range p.patterns() {
		g := p.class.patterns[pattern]
		if g == nil {
			continue
		}
		if l := g.bestFor(p); l != nil && (best == nil || l.currentLoad().less(best.currentLoad())) {
			best = l
		}
	}
	return best
}

// allowsPlace reports whether a link may take extensions of a place.
func (s *State) allowsPlace(l *link, p *place) bool {
	if p.refusesLink(l) {
		return false
	}
	if !s.reserve || len(l.serves) == 0 {
		return true
	}
	for _, pattern := range p.patterns() {
		if l.serves[pattern] {
			return true
		}
	}
	return false
}

// modeOn returns the mode of an extension of a place on a link.
func (p *place) modeOn(l *link) uint8 {
	switch {
	case p.winner == nil:
		return Implicit
	case l.serves[p.winner.pattern]:
		return Explicit
	}
	return Overflow
}

// offerSlot notes that a link may have a slot for waiting extensions.
func (s *State) offerSlot(l *link) {
	if !l.eligible() {
		return
	}
	l.updateSeats()
	if !l.opened {
		l.opened = true
		s.opened = append(s.opened, l)
	}
}

// serveWaiting ends every input: it gives the slots that became free to waiting
// extensions, in order of configuration of the links.
func (s *State) serveWaiting(m []Move) []Move {
	for len(s.opened) > 0 {
		first := 0
		for i, l := range s.opened {
			if l.currentLoad().precedes(s.opened[first].currentLoad()) {
				first = i
			}
		}
		l := s.opened[first]
		s.opened = append(s.opened[:first], s.opened[first+1:]...)
		l.opened = false
		for l.eligible() {
			id := s.nextForLink(l)
			if id == 0 {
				break
			}
			if s.exts[id].link != nil {
				m = dropModeChange(m, id)
			}
			m = s.reassign(id, m)
		}
	}
	return m
}

// dropModeChange removes the change of mode of an extension that a draining link still
// holds: it moves.
func dropModeChange(m []Move, id int32) []Move {
	return slices.DeleteFunc(m, func(o Move) bool { return o.Ext == id && o.From == o.To })
}

// nextForLink returns the extension that gets a slot of an eligible link: of those
// that wait the one for which the link is explicit, else any, in the order in which
// they began to wait; then one that a draining link still holds.
func (s *State) nextForLink(l *link) int32 {
	var explicit, any int32
	for _, p := range l.class.waiting {
		if !s.allowsPlace(l, p) {
			continue
		}
		id := p.lists[None].head
		if p.modeOn(l) == Explicit {
			explicit = s.earlierStamp(explicit, id)
		}
		any = s.earlierStamp(any, id)
	}
	if explicit != 0 {
		return explicit
	}
	if any != 0 {
		return any
	}
	for _, t := range l.class.all.members {
		if !t.link.draining {
			continue
		}
		for id := t.link.residents.head; id != 0; id = s.exts[id].nodes[byLink].next {
			if s.allowsPlace(l, s.exts[id].place) {
				any = s.earlierStamp(any, id)
				break // the list is in order of stamp
			}
		}
	}
	return any
}

// earlierStamp returns the one with the lower stamp; 0 is none.
func (s *State) earlierStamp(a, b int32) int32 {
	if a == 0 || b != 0 && s.exts[b].stamp < s.exts[a].stamp {
		return b
	}
	return a
}
