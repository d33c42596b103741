package alloc

// State is an allocation. The zero value is not usable; see [New].
type State struct {
	links   map[int32]*link
	exts    []extension // by identifier; a free one has no place
	classes map[uint8]*class
	places  map[placeKey]*place
	reserve bool

	stamps uint64  // given out so far
	opened []*link // may have a slot for those that wait; see settle
	found  []int32 // scratch
}

// extension takes 56 bytes: a million of them is what the layout is for.
type extension struct {
	place *place
	link  *link    // where it belongs; nil while it waits
	at    *session // where its monitor is or is being started; see held
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

// ext returns an extension, nil where the identifier is not in use.
func (s *State) ext(id int32) *extension {
	if id <= 0 || int(id) >= len(s.exts) || s.exts[id].place == nil {
		return nil
	}
	return &s.exts[id]
}

// held returns the link on which the extension's monitor holds a slot.
func (e *extension) held() *link {
	if e.at == nil || e.at.link.session != e.at {
		return nil
	}
	return e.at.link
}

// started reports whether the monitor is where it belongs.
func (e *extension) started() bool { return e.link != nil && e.held() == e.link }

// assign gives a waiting extension to a link.
func (s *State) assign(id int32, l *link, mode uint8) {
	e := &s.exts[id]
	s.unlist(id)
	e.link = l
	if e.held() != l {
		l.used++
	}
	s.append(&l.residents, byLink, id)
	l.count++
	s.enlist(id, mode)
	s.stamp(e)
}

// unassign takes an extension from its link; from now on it waits.
func (s *State) unassign(id int32) {
	e := &s.exts[id]
	l := e.link
	if l == nil {
		return
	}
	s.unlist(id)
	s.unlink(&l.residents, byLink, id)
	l.count--
	e.link = nil
	if e.held() != l {
		s.free(l)
	}
	s.enlist(id, None)
	s.stamp(e)
}

// leave ends the hold of an extension's monitor on a link.
func (s *State) leave(e *extension) {
	l := e.held()
	e.at = nil
	if l != nil && e.link != l {
		s.free(l)
	}
}

func (s *State) stamp(e *extension) {
	s.stamps++
	e.stamp = s.stamps
}

// free gives a slot of a link back.
func (s *State) free(l *link) {
	l.used--
	s.open(l)
}

// enlist puts an extension on the list of its place for a mode.
func (s *State) enlist(id int32, mode uint8) {
	e := &s.exts[id]
	e.mode = mode
	s.append(&e.place.lists[mode], byPlace, id)
	if e.link != nil {
		e.link.modes[mode]++
	} else {
		e.place.class.await(e.place)
	}
}

func (s *State) unlist(id int32) {
	e := &s.exts[id]
	s.unlink(&e.place.lists[e.mode], byPlace, id)
	if e.link != nil {
		e.link.modes[e.mode]--
	} else if e.place.lists[None].head == 0 {
		e.place.class.unawait(e.place)
	}
}

// moveTo moves an extension and tells.
func (s *State) moveTo(id int32, to *link, mode uint8, m []Move) []Move {
	from := s.exts[id].link
	s.unassign(id)
	if to != nil {
		s.assign(id, to, mode)
	}
	if from == nil && to == nil {
		return m
	}
	return append(m, Move{Ext: id, From: from.identifier(), To: to.identifier(), Mode: mode})
}

// move gives an extension anew by the rules, for a link that is not eligible
// any more or for none.
func (s *State) move(id int32, m []Move) []Move {
	to, mode := s.pick(s.exts[id].place)
	return s.moveTo(id, to, mode, m)
}
