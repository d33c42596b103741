package alloc

// State is an allocation. The zero value is not usable; see [New].
type State struct {
	links   map[int32]*link
	exts    []extension // by identifier; a free one has no place
	classes map[uint8]*class
	places  map[placeKey]*place
	reserve bool

	stamps uint64  // given out so far
	opened []*link // may have a slot for those that wait; see serveWaiting
	found  []int32 // scratch
}

// extension takes 56 bytes: a million of them is what the layout is for.
type extension struct {
	place *place
	link  *link    // where it belongs; nil while it waits
	at    *session // where its monitor is or is being started; see heldLink
	stamp uint64   // when link was last set: orders all who wait, and all on a link
	nodes [2]node  // of the list of its link, and of its place
	mode  uint8
}

// session is the time between two losses of a link's connection: what was held
// on a link ends with its session.
type session struct{ link *link }

// New returns an allocation without links and extensions.
func New() *State {
	return &State{
		links:   make(map[int32]*link),
		exts:    make([]extension, 1),
		classes: make(map[uint8]*class),
		places:  make(map[placeKey]*place),
	}
}

// findExtension returns an extension, nil if the identifier is not in use.
func (s *State) findExtension(id int32) *extension {
	if id <= 0 || int(id) >= len(s.exts) || s.exts[id].place == nil {
		return nil
	}
	return &s.exts[id]
}

// heldLink returns the link on which the extension's monitor holds a slot.
func (e *extension) heldLink() *link {
	if e.at == nil || e.at.link.session != e.at {
		return nil
	}
	return e.at.link
}

// isStarted reports whether the monitor is where it belongs.
func (e *extension) isStarted() bool { return e.link != nil && e.heldLink() == e.link }

// assignLink gives a waiting extension to a link.
func (s *State) assignLink(id int32, l *link, mode uint8) {
	e := &s.exts[id]
	s.unlist(id)
	e.link = l
	if e.heldLink() != l {
		l.used++
	}
	s.appendNode(&l.residents, byLink, id)
	l.count++
	s.enlist(id, mode)
	s.renewStamp(e)
}

// unassignLink takes an extension from its link; from now on it waits.
func (s *State) unassignLink(id int32) {
	e := &s.exts[id]
	l := e.link
	if l == nil {
		return
	}
	s.unlist(id)
	s.unlinkNode(&l.residents, byLink, id)
	l.count--
	e.link = nil
	if e.heldLink() != l {
		s.freeSlot(l)
	}
	s.enlist(id, None)
	s.renewStamp(e)
}

// endHold ends the hold of an extension's monitor on a link.
func (s *State) endHold(e *extension) {
	l := e.heldLink()
	e.at = nil
	if l != nil && e.link != l {
		s.freeSlot(l)
	}
}

func (s *State) renewStamp(e *extension) {
	s.stamps++
	e.stamp = s.stamps
}

// freeSlot releases a slot of a link.
func (s *State) freeSlot(l *link) {
	l.used--
	s.offerSlot(l)
}

// enlist puts an extension on the list of its place for a mode.
func (s *State) enlist(id int32, mode uint8) {
	e := &s.exts[id]
	e.mode = mode
	s.appendNode(&e.place.lists[mode], byPlace, id)
	if e.link != nil {
		e.link.modes[mode]++
	} else {
		e.place.class.addWaiting(e.place)
	}
}

func (s *State) unlist(id int32) {
	e := &s.exts[id]
	s.unlinkNode(&e.place.lists[e.mode], byPlace, id)
	if e.link != nil {
		e.link.modes[e.mode]--
	} else if e.place.lists[None].head == 0 {
		e.place.class.removeWaiting(e.place)
	}
}

// moveTo moves an extension and appends the move.
func (s *State) moveTo(id int32, to *link, mode uint8, m []Move) []Move {
	from := s.exts[id].link
	s.unassignLink(id)
	if to != nil {
		s.assignLink(id, to, mode)
	}
	if from == nil && to == nil {
		return m
	}
	return append(m, Move{Ext: id, From: from.idOrZero(), To: to.idOrZero(), Mode: mode})
}

// reassign decides again by the rules for an extension whose link is no longer
// eligible, or that has none.
func (s *State) reassign(id int32, m []Move) []Move {
	to, mode := s.pickLink(s.exts[id].place)
	return s.moveTo(id, to, mode, m)
}

// AddExtension adds an extension. It is given to a link or waits.
func (s *State) AddExtension(id int32, cfg Ext, m []Move) []Move {
	for int(id) >= len(s.exts) {
		s.exts = append(s.exts, extension{})
	}
	e := &s.exts[id]
	e.place = s.enterPlace(placeKey{cfg.Site, cfg.Cluster, cfg.Class})
	s.enlist(id, None)
	s.renewStamp(e)
	return s.serveWaiting(s.reassign(id, m))
}

// RemoveExtension removes an extension and its hold on any link.
func (s *State) RemoveExtension(id int32, m []Move) []Move {
	e := s.findExtension(id)
	if e == nil {
		return m
	}
	s.unassignLink(id)
	s.endHold(e)
	s.unlist(id)
	s.exitPlace(e.place)
	*e = extension{}
	return s.serveWaiting(m)
}

// Started reports that the monitor of an extension is being started on the link
// where it belongs: from now until [State.Released], [State.Failed],
// [State.Unreachable] or the end of the session it holds a slot there.
func (s *State) Started(id int32) {
	if e := s.findExtension(id); e != nil && e.link != nil {
		e.at = e.link.session
	}
}

// Released reports that the monitor of an extension has ended.
func (s *State) Released(id int32, m []Move) []Move {
	if e := s.findExtension(id); e != nil {
		s.endHold(e)
	}
	return s.serveWaiting(m)
}

// Lists of extensions, linked through the extensions themselves.

const (
	byLink  = iota // the list of a link: all that belong there, in order of stamp
	byPlace        // the list of a place and mode; those who wait, in order of stamp
)

type node struct{ prev, next int32 }

type list struct{ head, tail int32 }

func (s *State) appendNode(l *list, which int, id int32) {
	s.exts[id].nodes[which] = node{prev: l.tail}
	if l.tail == 0 {
		l.head = id
	} else {
		s.exts[l.tail].nodes[which].next = id
	}
	l.tail = id
}

func (s *State) unlinkNode(l *list, which int, id int32) {
	n := s.exts[id].nodes[which]
	if n.prev == 0 {
		l.head = n.next
	} else {
		s.exts[n.prev].nodes[which].next = n.next
	}
	if n.next == 0 {
		l.tail = n.prev
	} else {
		s.exts[n.next].nodes[which].prev = n.prev
	}
}

// collect appends the members of a list to ids.
func (s *State) collect(ids []int32, l list, which int) []int32 {
	for id := l.head; id != 0; id = s.exts[id].nodes[which].next {
		ids = append(ids, id)
	}
	return ids
}
