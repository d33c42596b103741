// Package alloc decides which extension is supervised on which link.
package alloc

import "sort"

type Move struct {
	Ext, From, To int32
	Mode          uint8
}
type Pattern struct{ Site, Cluster int32 }
type Link struct {
	Order, Capacity int32
	Class           uint8
	Serves          []Pattern
}
type Ext struct {
	Site, Cluster int32
	Class         uint8
}
type Use struct{ Used, Explicit, Overflow, Implicit int32 }

type lk struct {
	Link
	id        int32
	up, drain bool
	held      map[int32]bool // slots: assigned or not yet released
}
type ex struct {
	Ext
	id      int32
	link    int32
	mode    uint8
	pending map[int32]bool // not yet released on
}
type State struct {
	links map[int32]*lk
	exts  map[int32]*ex
}

func New() *State { return &State{map[int32]*lk{}, map[int32]*ex{}} }

func (l *lk) spec(e *ex) int {
	best := 0
	for _, p := range l.Serves {
		if (p.Site < 0 || p.Site == e.Site) && (p.Cluster < 0 || p.Cluster == e.Cluster) {
			v := 1
			if p.Cluster >= 0 {
				v = 2
			}
			if p.Site >= 0 {
				v += 2
			}
			best = max(best, v)
		}
	}
	return best
}

func (s *State) ordered() []*lk {
	var out []*lk
	for _, l := range s.links {
		out = append(out, l)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Order < out[j].Order })
	return out
}

func (s *State) place(e *ex, m []Move) []Move {
	if e.link != 0 {
		return m
	}
	best := 0
	for _, l := range s.links {
		if l.Class == e.Class {
			best = max(best, l.spec(e))
		}
	}
	for pass := 0; pass < 2; pass++ {
		var pick *lk
		for _, l := range s.ordered() {
			if l.Class != e.Class || !l.up || l.drain || len(l.held) >= int(l.Capacity) {
				continue
			}
			explicit := best > 0 && l.spec(e) == best
			if (pass == 0) != explicit && best > 0 {
				continue
			}
			if pick == nil || len(l.held)*int(pick.Capacity) < len(pick.held)*int(l.Capacity) {
				pick = l
			}
		}
		if pick != nil {
			e.link = pick.id
			pick.held[e.id] = true
			e.mode = 3
			if best > 0 {
				e.mode = uint8(1 + pass)
			}
			return append(m, Move{e.id, 0, pick.id, e.mode})
		}
		if best == 0 {
			break
		}
	}
	return m
}

func (s *State) placeAll(m []Move) []Move {
	var ids []int
	for id := range s.exts {
		ids = append(ids, int(id))
	}
	sort.Ints(ids)
	for _, id := range ids {
		m = s.place(s.exts[int32(id)], m)
	}
	return m
}

func (s *State) evict(e *ex, m []Move, keep bool) []Move {
	from := e.link
	e.link, e.mode = 0, 0
	if l := s.links[from]; l != nil && !keep {
		delete(l.held, e.id)
	}
	n := len(m)
	m = s.place(e, m)
	if len(m) == n {
		m = append(m, Move{e.id, from, 0, 0})
	} else {
		m[n].From = from
	}
	return m
}

func (s *State) AddLink(id int32, l Link, m []Move) []Move {
	s.links[id] = &lk{Link: l, id: id, up: true, held: map[int32]bool{}}
	return s.placeAll(m)
}
func (s *State) on(id int32) (out []*ex) {
	for _, e := range s.exts {
		if e.link == id {
			out = append(out, e)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].id < out[j].id })
	return out
}
func (s *State) RemoveLink(id int32, m []Move) []Move {
	delete(s.links, id)
	for _, e := range s.on(id) {
		m = s.evict(e, m, false)
	}
	return m
}
func (s *State) LinkUp(id int32, m []Move) []Move { s.links[id].up = true; return s.placeAll(m) }
func (s *State) LinkDown(id int32, m []Move) []Move {
	l := s.links[id]
	l.up = false
	for x := range l.held {
		if e := s.exts[x]; e == nil || e.link != id {
			delete(l.held, x)
		}
	}
	return m
}
func (s *State) Reallocate(id int32, m []Move) []Move {
	for _, e := range s.on(id) {
		m = s.evict(e, m, false)
	}
	return m
}
func (s *State) SetCapacity(id int32, n int, m []Move) []Move {
	l := s.links[id]
	l.Capacity = int32(n)
	for on := s.on(id); len(l.held) > n && len(on) > 0; on = on[:len(on)-1] {
		m = s.evict(on[len(on)-1], m, true)
		if len(l.held) <= n {
			break
		}
		delete(l.held, 0)
	}
	return s.placeAll(m)
}
func (s *State) SetServes(id int32, p []Pattern, m []Move) []Move {
	s.links[id].Serves = p
	return s.placeAll(m)
}
func (s *State) SetOrder(id int32, o int32)          { s.links[id].Order = o }
func (s *State) SetReserve(on bool, m []Move) []Move { return m }
func (s *State) AddExtension(id int32, e Ext, m []Move) []Move {
	x := &ex{Ext: e, id: id}
	s.exts[id] = x
	return s.place(x, m)
}
func (s *State) RemoveExtension(id int32, m []Move) []Move {
	delete(s.exts, id)
	for _, l := range s.links {
		delete(l.held, id)
	}
	return s.placeAll(m)
}
func (s *State) Released(id int32, m []Move) []Move {
	for _, l := range s.links {
		if e := s.exts[id]; e == nil || e.link != l.id {
			delete(l.held, id)
		}
	}
	return s.placeAll(m)
}
func (s *State) Failed(id int32, m []Move) []Move {
	e := s.exts[id]
	if l := s.links[e.link]; l != nil {
		delete(l.held, id)
	}
	e.link = 0
	return append(m, Move{id, 0, 0, 0})
}
func (s *State) Refused(site, cluster, link int32, m []Move) []Move { return m }
func (s *State) Drain(id int32, on bool, m []Move) []Move {
	s.links[id].drain = on
	if on {
		for _, e := range s.on(id) {
			m = s.evict(e, m, true)
		}
	}
	return s.placeAll(m)
}
func (s *State) Rebalance(n int, m []Move) []Move { return m }
func (s *State) ReturnHome(id int32, n int, idle func(int32) bool, m []Move) []Move {
	l := s.links[id]
	for _, e := range s.exts {
		if n == 0 || len(l.held) >= int(l.Capacity) {
			break
		}
		if e.mode == 2 && l.spec(e) > 0 && e.link != id {
			n--
			m = append(m, Move{e.id, e.link, id, 1})
			l.held[e.id] = true
			e.link, e.mode = id, 1
		}
	}
	return m
}
func (s *State) Use(id int32) (u Use) {
	for _, e := range s.on(id) {
		switch e.mode {
		case 1:
			u.Explicit++
		case 2:
			u.Overflow++
		case 3:
			u.Implicit++
		}
	}
	u.Used = int32(len(s.links[id].held))
	return u
}
