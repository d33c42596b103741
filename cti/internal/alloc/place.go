package alloc

import "slices"

// class is the links and places of one protocol.
type class struct {
	all      *group // every link
	open     *group // those that name no place
	patterns map[Pattern]*group
	places   []*place
	waiting  []*place // with waiting extensions
}

type placeKey struct {
	site, cluster int32
	class         uint8
}

// place is a Site.Cluster where extensions are.
type place struct {
	placeKey
	class   *class
	count   int     // extensions
	lists   [4]list // extensions by mode; those with None wait
	winner  *group  // the explicit links; nil if no link names the place
	refused []*link // cannot reach it, as the PBX reported

	inClass, inWaiting, inWinner int // positions in the slices that hold it
}

// patterns returns the patterns that match the place, the most specific first.
func (k placeKey) patterns() [4]Pattern {
	return [4]Pattern{{k.site, k.cluster}, {k.site, Any}, {Any, k.cluster}, {Any, Any}}
}

func (s *State) class(n uint8) *class {
	c := s.classes[n]
	if c == nil {
		c = &class{all: &group{}, open: &group{}, patterns: make(map[Pattern]*group)}
		s.classes[n] = c
	}
	return c
}

// enterPlace counts an extension at its place.
func (s *State) enterPlace(k placeKey) *place {
	p := s.places[k]
	if p == nil {
		p = &place{placeKey: k, class: s.class(k.class), inWaiting: -1, inWinner: -1}
		s.places[k] = p
		p.inClass = len(p.class.places)
		p.class.places = append(p.class.places, p)
		p.setWinner(p.class.winningGroup(k))
	}
	p.count++
	return p
}

// exitPlace counts an extension no longer at its place, and drops an empty place.
func (s *State) exitPlace(p *place) {
	if p.count--; p.count > 0 {
		return
	}
	p.setWinner(nil)
	for _, l := range p.refused {
		l.refusedBy = slices.DeleteFunc(l.refusedBy, func(o *place) bool { return o == p })
	}
	last := len(p.class.places) - 1
	moved := p.class.places[last]
	p.class.places[p.inClass], moved.inClass = moved, p.inClass
	p.class.places = p.class.places[:last]
	delete(s.places, p.placeKey)
}

// winningGroup returns the links that name the most specific pattern of a place.
func (c *class) winningGroup(k placeKey) *group {
	for _, p := range k.patterns() {
		if g := c.patterns[p]; g != nil {
			return g
		}
	}
	return nil
}

func (p *place) setWinner(g *group) {
	if old := p.winner; old != nil {
		last := len(old.places) - 1
		moved := old.places[last]
		old.places[p.inWinner], moved.inWinner = moved, p.inWinner
		old.places = old.places[:last]
	}
	p.winner, p.inWinner = g, -1
	if g != nil {
		p.inWinner = len(g.places)
		g.places = append(g.places, p)
	}
}

func (p *place) refusesLink(l *link) bool { return slices.Contains(p.refused, l) }

// addWaiting notes that extensions of the place wait.
func (c *class) addWaiting(p *place) {
	if p.inWaiting < 0 {
		p.inWaiting = len(c.waiting)
		c.waiting = append(c.waiting, p)
	}
}

func (c *class) removeWaiting(p *place) {
	last := len(c.waiting) - 1
	moved := c.waiting[last]
	c.waiting[p.inWaiting], moved.inWaiting = moved, p.inWaiting
	c.waiting = c.waiting[:last]
	p.inWaiting = -1
}
