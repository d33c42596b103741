package alloc

import "slices"

// SetServes sets the places that a link names. Extensions stay where they are,
// their modes follow; those in overflow can go home ([State.ReturnHome]).
func (s *State) SetServes(id int32, serves []Pattern, m []Move) []Move {
	l := s.links[id]
	if l == nil {
		return m
	}
	s.forgetRefusals(l)
	m = s.setPatterns(l, serves, m)
	s.offerSlot(l)
	return s.serveWaiting(m)
}

// SetReserve keeps links that name places for those places alone, or not. It
// applies to later decisions and to [State.Rebalance]: no extension loses its
// supervision.
func (s *State) SetReserve(on bool, m []Move) []Move {
	s.reserve = on
	for _, l := range s.links {
		s.offerSlot(l)
	}
	return s.serveWaiting(m)
}

// setPatterns sets the patterns that a link names, and updates groups, places and
// modes. The residents of a link being removed keep their mode: they move.
func (s *State) setPatterns(l *link, serves []Pattern, m []Move) []Move {
	c := l.class
	for _, t := range slices.Clone(l.seats) {
		if t.group != c.all {
			s.removeSeat(t)
		}
	}
	l.serves = make(map[Pattern]bool, len(serves))
	for _, p := range serves {
		if l.serves[p] {
			continue
		}
		l.serves[p] = true
		if c.patterns[p] == nil {
			c.patterns[p] = &group{pattern: p}
		}
		c.patterns[p].addSeat(l)
	}
	if len(l.serves) == 0 && l.session != nil {
		c.open.addSeat(l)
	}
	for _, p := range c.places {
		before := p.winner
		after := c.winningGroup(p.placeKey)
		if after == before {
			continue
		}
		p.setWinner(after)
		s.found = s.found[:0]
		for _, mode := range [...]uint8{Explicit, Overflow, Implicit} {
			s.found = s.collect(s.found, p.lists[mode], byPlace)
		}
		for _, id := range s.found {
			m = s.updateMode(id, m)
		}
	}
	s.found = s.collect(s.found[:0], l.residents, byLink)
	for _, id := range s.found {
		m = s.updateMode(id, m)
	}
	return m
}

// removeSeat removes a link's seat, and the pattern if no link names it.
func (s *State) removeSeat(t *seat) {
	l, g := t.link, t.group
	g.removeMember(t)
	l.seats = slices.DeleteFunc(l.seats, func(o *seat) bool { return o == t })
	if len(g.members) == 0 && g != l.class.open && g != l.class.all {
		delete(l.class.patterns, g.pattern)
	}
}

// updateMode sets the mode of an extension on its link again.
func (s *State) updateMode(id int32, m []Move) []Move {
	e := &s.exts[id]
	mode := e.place.modeOn(e.link)
	if mode == e.mode || e.link.session == nil {
		return m
	}
	s.unlist(id)
	s.enlist(id, mode)
	return append(m, Move{Ext: id, From: e.link.id, To: e.link.id, Mode: mode})
}
