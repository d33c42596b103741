package alloc

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

// RemoveExtension removes an extension, of which nothing is left on any link.
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

// Started tells that the monitor of an extension is being started on the link
// where it belongs: from now until [State.Released], [State.Failed],
// [State.Unreachable] or the end of the session it holds a slot there.
func (s *State) Started(id int32) {
	if e := s.findExtension(id); e != nil && e.link != nil {
		e.at = e.link.session
	}
}

// Released tells that the monitor of an extension has ended.
func (s *State) Released(id int32, m []Move) []Move {
	if e := s.findExtension(id); e != nil {
		s.endHold(e)
	}
	return s.serveWaiting(m)
}
