package alloc

import (
	"maps"
	"slices"
)

// reference allocates as the rules of TWP guide 4.1 read, by looking at
// everything each time. It shares nothing with State but the types of the
// interface.
type reference struct {
	links   map[int32]*refLink
	exts    map[int32]*refExt
	reserve bool
	clock   int
}

type refLink struct {
	Link
	id      int32
	limit   int // -1: none
	up      bool
	drained bool
	refused map[[2]int32]bool
}

type refExt struct {
	Ext
	id    int32
	link  int32
	mode  uint8
	at    int32
	since int
}

func newReference() *reference {
	return &reference{links: map[int32]*refLink{}, exts: map[int32]*refExt{}}
}

func (r *reference) linkList() []*refLink {
	return slices.SortedFunc(maps.Values(r.links), func(a, b *refLink) int {
		if a.Order != b.Order {
			return int(a.Order - b.Order)
		}
		return int(a.id - b.id)
	})
}

// extList returns the extensions that meet a condition, the earliest first.
func (r *reference) extList(meets func(e *refExt) bool) (out []*refExt) {
	for _, e := range r.exts {
		if meets(e) {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b *refExt) int { return a.since - b.since })
	return out
}

func (r *reference) used(l *refLink) (n int) {
	for _, e := range r.exts {
		if e.link == l.id || e.at == l.id {
			n++
		}
	}
	return n
}

func (l *refLink) slots() int {
	if l.limit >= 0 {
		return min(l.limit, int(l.Capacity))
	}
	return int(l.Capacity)
}

func (r *reference) free(l *refLink) int { return l.slots() - r.used(l) }

// specificity of the best pattern by which a link names a place, 0 if none.
func specificity(l *refLink, e *refExt) (best int) {
	for _, p := range l.Serves {
		site, cluster := p.Site == Any || p.Site == e.Site, p.Cluster == Any || p.Cluster == e.Cluster
		if !site || !cluster {
			continue
		}
		n := 1
		if p.Site != Any {
			n += 2
		}
		if p.Cluster != Any {
			n++
		}
		best = max(best, n)
	}
	return best
}

func (r *reference) modeOn(l *refLink, e *refExt) uint8 {
	best := 0
	for _, o := range r.links {
		if o.Class == e.Class {
			best = max(best, specificity(o, e))
		}
	}
	switch {
	case best == 0:
		return Implicit
	case specificity(l, e) == best:
		return Explicit
	}
	return Overflow
}

// allowed reports whether the rules let a link take an extension, room aside.
func (r *reference) allowed(l *refLink, e *refExt) bool {
	switch {
	case l.Class != e.Class, !l.up, l.drained, l.refused[[2]int32{e.Site, e.Cluster}]:
		return false
	}
	return !r.reserve || len(l.Serves) == 0 || specificity(l, e) > 0
}

func (r *reference) choose(e *refExt) (best *refLink) {
	for _, mode := range []uint8{Explicit, Overflow, Implicit} {
		for _, l := range r.linkList() {
			if !r.allowed(l, e) || r.modeOn(l, e) != mode || r.free(l) <= 0 {
				continue
			}
			if best == nil {
				best = l
				continue
			}
			left, right := r.used(l)*best.slots(), r.used(best)*l.slots()
			if left < right || left == right && r.free(l) > r.free(best) {
				best = l
			}
		}
		if best != nil {
			return best
		}
	}
	return nil
}

func (r *reference) set(e *refExt, link int32, mode uint8, m []Move) []Move {
	if e.link == 0 && link == 0 {
		return m
	}
	from := e.link
	r.clock++
	e.link, e.mode, e.since = link, mode, r.clock
	return append(m, Move{e.id, from, link, mode})
}

// place gives an extension anew by the rules.
func (r *reference) place(e *refExt, m []Move) []Move {
	to := r.choose(e)
	if to == nil {
		return r.set(e, 0, None, m)
	}
	return r.set(e, to.id, r.modeOn(to, e), m)
}

// fill gives free slots to those that wait.
func (r *reference) fill(m []Move) []Move {
	for _, l := range r.linkList() {
		for r.free(l) > 0 {
			fits := func(e *refExt) bool { return r.allowed(l, e) }
			waiting := r.extList(func(e *refExt) bool { return e.link == 0 && fits(e) })
			own := slices.DeleteFunc(slices.Clone(waiting), func(e *refExt) bool { return r.modeOn(l, e) != Explicit })
			stuck := r.extList(func(e *refExt) bool { return e.link != 0 && r.links[e.link].drained && fits(e) })
			list := slices.Concat(own, waiting, stuck)
			if len(list) == 0 {
				break
			}
			m = r.place(list[0], m)
		}
	}
	return m
}

func (r *reference) remode(m []Move) []Move {
	for _, e := range r.exts {
		if e.link == 0 || r.links[e.link] == nil {
			continue
		}
		if mode := r.modeOn(r.links[e.link], e); mode != e.mode {
			e.mode = mode
			m = append(m, Move{e.id, e.link, e.link, mode})
		}
	}
	return m
}

func (r *reference) sessionEnded(id int32) {
	for _, e := range r.exts {
		if e.at == id {
			e.at = 0
		}
	}
}

func (r *reference) evict(id int32, m []Move) []Move {
	for _, e := range r.extList(func(e *refExt) bool { return e.link == id }) {
		m = r.place(e, m)
	}
	return m
}

func (r *reference) addLink(id int32, cfg Link) []Move {
	r.links[id] = &refLink{Link: cfg, id: id, limit: -1, up: true, refused: map[[2]int32]bool{}}
	return r.fill(r.remode(nil))
}

func (r *reference) removeLink(id int32) []Move {
	delete(r.links, id)
	r.sessionEnded(id)
	return r.fill(r.evict(id, r.remode(nil)))
}

func (r *reference) linkUp(id int32) []Move {
	l := r.links[id]
	l.up, l.limit = true, -1
	clear(l.refused)
	return r.fill(nil)
}

func (r *reference) linkDown(id int32) []Move {
	r.links[id].up = false
	r.sessionEnded(id)
	return r.fill(nil)
}

func (r *reference) drain(id int32, on bool) (m []Move) {
	r.links[id].drained = on
	if on {
		for _, e := range r.extList(func(e *refExt) bool { return e.link == id }) {
			if r.choose(e) != nil {
				m = r.place(e, m)
			}
		}
	}
	return r.fill(m)
}

func (r *reference) setCapacity(id int32, n int) (m []Move) {
	l := r.links[id]
	l.Capacity, l.limit = int32(n), -1
	clear(l.refused)
	modes := []uint8{Overflow, Implicit, Explicit}
	for _, mode := range modes {
		list := r.extList(func(e *refExt) bool { return e.link == id && e.mode == mode && e.at != id })
		for _, e := range slices.Backward(list) {
			if r.used(l) > n {
				m = r.place(e, m)
			}
		}
	}
	for _, mode := range modes {
		list := r.extList(func(e *refExt) bool { return e.link == id && e.mode == mode })
		for _, e := range slices.Backward(list) {
			if len(r.extList(func(e *refExt) bool { return e.link == id })) > n {
				m = r.place(e, m)
			}
		}
	}
	return r.fill(m)
}

func (r *reference) setServes(id int32, serves []Pattern) []Move {
	r.links[id].Serves = serves
	clear(r.links[id].refused)
	return r.fill(r.remode(nil))
}

func (r *reference) addExtension(id int32, cfg Ext) []Move {
	r.clock++
	r.exts[id] = &refExt{Ext: cfg, id: id, since: r.clock}
	return r.place(r.exts[id], nil)
}

func (r *reference) removeExtension(id int32) []Move {
	e := r.exts[id]
	delete(r.exts, id)
	r.forgetPlace(e)
	return r.fill(nil)
}

// forgetPlace: what was refused for a place is forgotten with its last extension.
func (r *reference) forgetPlace(gone *refExt) {
	for _, e := range r.exts {
		if e.Ext == gone.Ext {
			return
		}
	}
	for _, l := range r.links {
		if l.Class == gone.Class {
			delete(l.refused, [2]int32{gone.Site, gone.Cluster})
		}
	}
}

func (r *reference) failed(id int32) (m []Move) {
	e := r.exts[id]
	l := r.links[e.at]
	l.limit = r.used(l) - 1
	e.at = 0
	if e.link == l.id {
		m = r.place(e, m)
	}
	return r.fill(m)
}

func (r *reference) unreachable(id int32) (m []Move) {
	e := r.exts[id]
	l := r.links[e.at]
	e.at = 0
	l.refused[[2]int32{e.Site, e.Cluster}] = true
	for _, o := range r.extList(func(o *refExt) bool { return o.link == l.id && o.at != l.id && o.Ext == e.Ext }) {
		m = r.place(o, m)
	}
	return r.fill(m)
}

func (r *reference) returnHome(id int32, n int, idle func(int32) bool) (m []Move) {
	l := r.links[id]
	list := r.extList(func(e *refExt) bool {
		return e.mode == Overflow && e.Class == l.Class && r.modeOn(l, e) == Explicit && r.allowed(l, e)
	})
	for _, wanted := range []bool{true, false} {
		for _, e := range list {
			if n > 0 && e.mode == Overflow && idle(e.id) == wanted && l.up && !l.drained && r.free(l) > 0 {
				m = r.set(e, id, Explicit, m)
				n--
			}
		}
	}
	return r.fill(m)
}
