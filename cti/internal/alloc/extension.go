package alloc

// AddExtension adds an extension. It is given to a link or waits.
func (s *State) AddExtension(id int32, cfg Ext, m []Move) []Move {
	for int(id) >= len(s.exts) {
		s.exts = append(s.exts, extension{})
	}
	e := &s.exts[id]
	e.place = s.enter(placeKey{cfg.Site, cfg.Cluster, cfg.Class})
	s.enlist(id, None)
	s.stamp(e)
	return s.settle(s.move(id, m))
}

// RemoveExtension removes an extension, of which nothing is left on any link.
func (s *State) RemoveExtension(id int32, m []Move) []Move {
	e := s.ext(id)
	if e == nil {
		return m
	}
	s.unassign(id)
	s.leave(e)
	s.unlist(id)
	s.exit(e.place)
	*e = extension{}
	return s.settle(m)
}

// Started tells that the monitor of an extension is being started on the link
// where it belongs: from now until [State.Released], [State.Failed],
// [State.Unreachable] or the end of the session it holds a slot there.
func (s *State) Started(id int32) {
	if e := s.ext(id); e != nil && e.link != nil {
		e.at = e.link.session
	}
}

// Released tells that the monitor of an extension has ended.
func (s *State) Released(id int32, m []Move) []Move {
	if e := s.ext(id); e != nil {
		s.leave(e)
	}
	return s.settle(m)
}
