package alloc

// link is one link.
type link struct {
	id        int32
	order     int32
	capacity  int32
	limit     int32 // slots that the PBX really gave, when it refused one; -1 none
	class     *class
	serves    map[Pattern]bool
	seats     []*seat
	session   *session // nil once removed
	up        bool
	draining  bool
	opened    bool // on State.opened
	used      int32
	count     int32 // residents
	modes     [4]int32
	residents list     // extensions that belong here
	refusedBy []*place // places that cannot be reached from here
}

func (l *link) idOrZero() int32 {
	if l == nil {
		return 0
	}
	return l.id
}

// slots is the capacity in force.
func (l *link) slots() int32 {
	if l.limit >= 0 {
		return min(l.limit, l.capacity)
	}
	return l.capacity
}

func (l *link) eligible() bool { return l.up && !l.draining && l.used < l.slots() }

func (l *link) currentLoad() load { return load{l.used, l.slots(), l.order, l.id} }

// precedes compares by the order of configuration.
func (a load) precedes(b load) bool {
	return a.order < b.order || a.order == b.order && a.id < b.id
}

func (l *link) updateSeats() {
	for _, t := range l.seats {
		t.update()
	}
}

// AddLink adds a link. It is up from the start: its first supervisions are
// decided before it is connected.
func (s *State) AddLink(id int32, cfg Link, m []Move) []Move {
	l := &link{id: id, order: cfg.Order, capacity: max(cfg.Capacity, 0), limit: -1, class: s.class(cfg.Class), up: true}
	l.session = &session{l}
	s.links[id] = l
	l.class.all.addSeat(l)
	m = s.setPatterns(l, cfg.Serves, m)
	s.offerSlot(l)
	return s.serveWaiting(m)
}

// RemoveLink removes a link, and with it all holds there. Its extensions go to other
// links or wait.
func (s *State) RemoveLink(id int32, m []Move) []Move {
	l := s.links[id]
	if l == nil {
		return m
	}
	l.up, l.session = false, nil
	m = s.setPatterns(l, nil, m)
	s.forgetRefusals(l)
	delete(s.links, id)
	for _, t := range l.seats { // all and open
		t.group.removeMember(t)
	}
	return s.serveWaiting(s.evictResidents(l, m))
}

// LinkUp makes a link eligible: it is connected, for the first time or again.
// Earlier refusals no longer count.
func (s *State) LinkUp(id int32, m []Move) []Move {
	l := s.links[id]
	if l == nil {
		return m
	}
	l.up, l.limit = true, -1
	s.forgetRefusals(l)
	s.offerSlot(l)
	return s.serveWaiting(m)
}

// LinkDown makes a link not eligible. Its extensions stay assigned to it, in case it
// comes back soon; see [State.Reallocate].
func (s *State) LinkDown(id int32, m []Move) []Move {
	if l := s.links[id]; l != nil {
		l.up = false
	}
	return s.SessionEnded(id, m)
}

// SessionEnded reports that the connection of a link was lost, and with it all holds
// there. The link stays eligible: it is being restarted.
func (s *State) SessionEnded(id int32, m []Move) []Move {
	l := s.links[id]
	if l == nil {
		return m
	}
	l.session = &session{l}
	l.used = l.count
	s.offerSlot(l)
	return s.serveWaiting(m)
}

// Reallocate gives the extensions of a link that is down to other links, as far as
// these have room; the remaining ones wait.
func (s *State) Reallocate(id int32, m []Move) []Move {
	l := s.links[id]
	if l == nil || l.up {
		return m
	}
	return s.serveWaiting(s.evictResidents(l, m))
}

// evictResidents moves all extensions of a link that is not eligible.
func (s *State) evictResidents(l *link, m []Move) []Move {
	for id := l.residents.head; id != 0; {
		next := s.exts[id].nodes[byLink].next
		m = s.reassign(id, m)
		id = next
	}
	return m
}

// Drain takes a link out of service, or returns it. Its extensions go to other links
// as far as these have room; the remaining ones stay until they have.
func (s *State) Drain(id int32, on bool, m []Move) []Move {
	l := s.links[id]
	if l == nil {
		return m
	}
	l.draining = on
	if on {
		for id := l.residents.head; id != 0; {
			next := s.exts[id].nodes[byLink].next
			if to, mode := s.pickLink(s.exts[id].place); to != nil {
				m = s.moveTo(id, to, mode, m)
			}
			id = next
		}
	}
	s.offerSlot(l)
	return s.serveWaiting(m)
}

// SetOrder sets the link's position in the order of configuration.
func (s *State) SetOrder(id, order int32) {
	if l := s.links[id]; l != nil {
		l.order = order
		l.updateSeats()
	}
}

// Use returns the occupation of a link.
func (s *State) Use(id int32) Use {
	l := s.links[id]
	if l == nil {
		return Use{}
	}
	return Use{Used: l.used, Explicit: l.modes[Explicit], Overflow: l.modes[Overflow], Implicit: l.modes[Implicit]}
}
