package alloc

// group is a set of links from which one is chosen: the links that name a
// pattern, all links of a class, or those of a class that name no place. It
// finds the least loaded eligible one in logarithmic time.
//
// The heap is brought up to date lazily. A link that takes an extension leaves
// its seats unchanged, too low; best corrects the seat on top until it is
// right. All other changes call updateSeats. So a link that names a hundred
// patterns does not pay a hundred times for each extension.
type group struct {
	pattern Pattern  // if the group is that of a pattern
	members []*seat  // all
	heap    []*seat  // at least all eligible ones
	places  []*place // for which the pattern wins
}

// seat is the place of a link in a group.
type seat struct {
	load
	link  *link
	group *group
	pos   int // in the heap, -1 when not in it
}

// load is what links are compared by.
type load struct{ used, capacity, order, id int32 }

// less orders by used/capacity, then most free, then configuration order.
func (a load) less(b load) bool {
	if l, r := int64(a.used)*int64(b.capacity), int64(b.used)*int64(a.capacity); l != r {
		return l < r
	}
	if l, r := a.capacity-a.used, b.capacity-b.used; l != r {
		return l > r
	}
	if a.order != b.order {
		return a.order < b.order
	}
	return a.id < b.id
}

// best returns the least loaded eligible link, or nil.
func (g *group) best() *link {
	for len(g.heap) > 0 {
		top := g.heap[0]
		switch now := top.link.currentLoad(); {
		case !top.link.eligible():
			g.dropSeat(top)
		case top.load != now:
			top.load = now
			g.siftDown(0)
		default:
			return top.link
		}
	}
	return nil
}

// bestFor is best without the links that refused a place.
func (g *group) bestFor(p *place) *link {
	if len(p.refused) == 0 {
		return g.best()
	}
	var best *link
	for _, m := range g.members {
		if m.link.eligible() && !p.refusesLink(m.link) && (best == nil || m.link.currentLoad().less(best.currentLoad())) {
			best = m.link
		}
	}
	return best
}

// addSeat adds a seat for a link.
func (g *group) addSeat(l *link) {
	t := &seat{link: l, group: g, pos: -1}
	g.members = append(g.members, t)
	l.seats = append(l.seats, t)
	t.update()
}

// removeMember removes a seat.
func (g *group) removeMember(t *seat) {
	g.dropSeat(t)
	for i, m := range g.members {
		if m == t {
			g.members = append(g.members[:i], g.members[i+1:]...)
			return
		}
	}
}

// update brings a seat up to date after any change.
func (t *seat) update() {
	if !t.link.eligible() {
		return // best drops it when it is on top
	}
	t.load = t.link.currentLoad()
	g := t.group
	if t.pos < 0 {
		t.pos = len(g.heap)
		g.heap = append(g.heap, t)
	}
	if !g.siftUp(t.pos) {
		g.siftDown(t.pos)
	}
}

func (g *group) dropSeat(t *seat) {
	i := t.pos
	if i < 0 {
		return
	}
	last := len(g.heap) - 1
	g.swapSeats(i, last)
	g.heap[last] = nil
	g.heap = g.heap[:last]
	t.pos = -1
	if i < last && !g.siftUp(i) {
		g.siftDown(i)
	}
}

func (g *group) swapSeats(i, j int) {
	h := g.heap
	h[i], h[j] = h[j], h[i]
	h[i].pos, h[j].pos = i, j
}

func (g *group) siftUp(i int) (moved bool) {
	for i > 0 {
		parent := (i - 1) / 2
		if !g.heap[i].less(g.heap[parent].load) {
			break
		}
		g.swapSeats(i, parent)
		i, moved = parent, true
	}
	return moved
}

func (g *group) siftDown(i int) {
	for {
		child := 2*i + 1
		if child >= len(g.heap) {
			return
		}
		if right := child + 1; right < len(g.heap) && g.heap[right].less(g.heap[child].load) {
			child = right
		}
		if !g.heap[child].less(g.heap[i].load) {
			return
		}
		g.swapSeats(i, child)
		i = child
	}
}
