package alloc

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
