package alloc

import (
	"fmt"
	"slices"
)

// The inputs of the simulation. Each goes to the allocator and the reference.

func (w *world) addLink() error {
	if len(w.links) == w.most.links {
		return nil
	}
	w.nextLink++
	cfg := Link{Order: int32(w.IntN(4)), Capacity: int32(w.IntN(6)), Class: uint8(1 + w.IntN(8)/7), Serves: w.patterns()}
	w.begin("add link %d %+v", w.nextLink, cfg)
	w.links = append(w.links, w.nextLink)
	return w.agree(w.subject.AddLink(w.nextLink, cfg, w.buf[:0]), w.ref.addLink(w.nextLink, cfg))
}

func (w *world) removeLink() error {
	l := w.anyLink()
	if l == nil {
		return nil
	}
	w.begin("remove link %d", l.id)
	w.links = slices.DeleteFunc(w.links, func(id int32) bool { return id == l.id })
	w.lose(l.id)
	return w.agree(w.subject.RemoveLink(l.id, w.buf[:0]), w.ref.removeLink(l.id), l.id)
}

// lose ends the session of a link.
func (w *world) lose(link int32) {
	for ext, at := range w.monitors {
		if at == link {
			delete(w.monitors, ext)
			delete(w.starting, ext)
		}
	}
}

func (w *world) setCapacity() error {
	l := w.anyLink()
	if l == nil {
		return nil
	}
	n := w.IntN(7)
	w.begin("set capacity of link %d from %d to %d", l.id, l.slots(), n)
	return w.agree(w.subject.SetCapacity(l.id, n, w.buf[:0]), w.ref.setCapacity(l.id, n), l.id)
}

func (w *world) setServes() error {
	l := w.anyLink()
	if l == nil {
		return nil
	}
	serves := w.patterns()
	w.begin("link %d serves %v instead of %v", l.id, serves, l.Serves)
	return w.agree(w.subject.SetServes(l.id, serves, w.buf[:0]), w.ref.setServes(l.id, serves), l.id)
}

func (w *world) setReserve() error {
	w.ref.reserve = !w.ref.reserve
	w.begin("reserve %v", w.ref.reserve)
	return w.agree(w.subject.SetReserve(w.ref.reserve, w.buf[:0]), w.ref.fill(nil))
}

func (w *world) setOrder() error {
	if l := w.anyLink(); l != nil {
		l.Order = int32(w.IntN(4))
		w.begin("order of link %d is %d", l.id, l.Order)
		w.subject.SetOrder(l.id, l.Order)
	}
	return nil
}

func (w *world) linkDown() error {
	l := w.anyLink()
	if l == nil || !l.up {
		return nil
	}
	w.begin("link %d down", l.id)
	w.lose(l.id)
	return w.agree(w.subject.LinkDown(l.id, w.buf[:0]), w.ref.linkDown(l.id))
}

func (w *world) reallocate() error {
	l := w.anyLink()
	if l == nil {
		return nil
	}
	w.begin("reallocate link %d", l.id)
	var want []Move
	if !l.up {
		want = w.ref.evict(l.id, nil)
	}
	return w.agree(w.subject.Reallocate(l.id, w.buf[:0]), want, l.id)
}

func (w *world) linkUp() error {
	l := w.anyLink()
	if l == nil {
		return nil
	}
	w.begin("link %d up", l.id)
	return w.agree(w.subject.LinkUp(l.id, w.buf[:0]), w.ref.linkUp(l.id))
}

func (w *world) restart() error {
	l := w.anyLink()
	if l == nil {
		return nil
	}
	w.begin("session of link %d ended", l.id)
	w.lose(l.id)
	w.ref.sessionEnded(l.id)
	return w.agree(w.subject.SessionEnded(l.id, w.buf[:0]), w.ref.fill(nil))
}

func (w *world) drain() error {
	l := w.anyLink()
	if l == nil {
		return nil
	}
	on := !l.drained
	w.begin("drain %d %v", l.id, on)
	return w.agree(w.subject.Drain(l.id, on, w.buf[:0]), w.ref.drain(l.id, on), l.id)
}

func (w *world) returnHome() error {
	l := w.anyLink()
	if l == nil {
		return nil
	}
	n := w.IntN(4)
	w.begin("return %d home to link %d", n, l.id)
	idle := func(id int32) bool { return !w.busy[id] }
	can := w.subject.CanReturn(l.id)
	got := w.subject.ReturnHome(l.id, n, idle, w.buf[:0])
	if moved := slices.ContainsFunc(got, func(m Move) bool { return m.From != 0 && m.To == l.id && m.Mode == Explicit }); n > 0 && can != moved {
		return fmt.Errorf("can return is %v, and these do: %v", can, got)
	}
	if len(got) > n && !w.someLeft(got) {
		return fmt.Errorf("%d moves, at most %d were asked for: %v", len(got), n, got)
	}
	return w.agree(got, w.ref.returnHome(l.id, n, idle), w.links...)
}

// someLeft: moves beyond those asked for are of extensions that waited, or that
// a draining link held.
func (w *world) someLeft(moves []Move) bool {
	return slices.ContainsFunc(moves, func(m Move) bool { return m.From == 0 || w.ref.links[m.From].drained })
}

// rebalance is not in the rules: it is held to what it promises, and the
// reference follows it.
func (w *world) rebalance() error {
	n := w.IntN(5)
	w.begin("rebalance %d", n)
	got := slices.Clone(w.subject.Rebalance(n, w.buf[:0]))
	asked := 0
	for _, m := range got {
		e := w.ref.exts[m.Ext]
		if e == nil || e.link != m.From || m.From == m.To || m.To == 0 {
			return fmt.Errorf("%v makes no sense", m)
		}
		to := w.ref.links[m.To]
		if !w.ref.allowed(to, e) || w.ref.free(to) < 1 || w.ref.modeOn(to, e) != m.Mode {
			return fmt.Errorf("%v is against the rules", m)
		}
		if m.From != 0 && !w.ref.links[m.From].drained {
			asked++
			if err := w.improves(e, m); err != nil {
				return err
			}
		}
		w.ref.set(e, m.To, m.Mode, nil)
	}
	if asked > n {
		return fmt.Errorf("%d moves instead of %d: %v", asked, n, got)
	}
	return w.agree(got, got, w.links...)
}

// improves: a move of a rebalance ends an overflow, frees a reserved link, or
// lowers the higher of two loads.
func (w *world) improves(e *refExt, m Move) error {
	from, to := w.ref.links[m.From], w.ref.links[m.To]
	if e.mode == Overflow && m.Mode == Explicit || !w.ref.allowed(from, e) {
		return nil
	}
	belong := func(link int32) int {
		return len(w.ref.extList(func(e *refExt) bool { return e.link == link }))
	}
	if (belong(to.id)+1)*from.slots() < belong(from.id)*to.slots() {
		return nil
	}
	return fmt.Errorf("%v improves nothing", m)
}

func (w *world) addExtension() error {
	if len(w.exts) == w.most.exts {
		return nil
	}
	var id int32
	if n := len(w.freeExts); n > 0 {
		id, w.freeExts = w.freeExts[n-1], w.freeExts[:n-1]
	} else {
		w.nextExt++
		id = w.nextExt
	}
	cfg := Ext{Site: int32(1 + w.IntN(3)), Cluster: int32(1 + w.IntN(2)), Class: uint8(1 + w.IntN(8)/7)}
	w.begin("add extension %d %+v", id, cfg)
	w.exts = append(w.exts, id)
	return w.agree(w.subject.AddExtension(id, cfg, w.buf[:0]), w.ref.addExtension(id, cfg))
}

func (w *world) removeExtension() error {
	e := w.anyExt(func(e *refExt) bool { return true })
	if e == nil {
		return nil
	}
	w.begin("remove extension %d", e.id)
	w.exts = slices.DeleteFunc(w.exts, func(id int32) bool { return id == e.id })
	w.freeExts = append(w.freeExts, e.id)
	delete(w.monitors, e.id)
	delete(w.starting, e.id)
	delete(w.busy, e.id)
	return w.agree(w.subject.RemoveExtension(e.id, w.buf[:0]), w.ref.removeExtension(e.id))
}

// carryOut does what the gateway does next for some extension: stop its monitor
// where it does not belong, or start it where it does. Nothing that starts may
// take a link above its capacity.
func (w *world) carryOut() error {
	e := w.anyExt(func(e *refExt) bool {
		at := w.monitors[e.id]
		return !w.starting[e.id] && (at != 0 && at != e.link || at == 0 && e.link != 0 && w.ref.links[e.link].up)
	})
	if e == nil {
		return nil
	}
	if w.monitors[e.id] != 0 {
		w.begin("released %d", e.id)
		delete(w.monitors, e.id)
		e.at = 0
		return w.agree(w.subject.Released(e.id, w.buf[:0]), w.ref.fill(nil))
	}
	w.begin("started %d on %d", e.id, e.link)
	w.monitors[e.id], w.starting[e.id], e.at = e.link, true, e.link
	w.subject.Started(e.id)
	count := 0
	for _, at := range w.monitors {
		if at == e.link {
			count++
		}
	}
	if l := w.ref.links[e.link]; count > l.slots() {
		return fmt.Errorf("takes the link to %d supervisions, its capacity is %d", count, l.slots())
	}
	return nil
}

// answer is how a start ends.
func (w *world) answer() error {
	e := w.anyExt(func(e *refExt) bool { return w.starting[e.id] })
	if e == nil {
		return nil
	}
	delete(w.starting, e.id)
	link := e.at
	switch w.IntN(8) {
	case 0:
		w.begin("link %d full for %d", e.at, e.id)
		delete(w.monitors, e.id)
		return w.agree(w.subject.Failed(e.id, w.buf[:0]), w.ref.failed(e.id), link)
	case 1:
		w.begin("unreachable %d from %d", e.id, e.at)
		delete(w.monitors, e.id)
		return w.agree(w.subject.Unreachable(e.id, w.buf[:0]), w.ref.unreachable(e.id), link)
	}
	return nil
}

func (w *world) call() error {
	if e := w.anyExt(func(e *refExt) bool { return true }); e != nil {
		w.busy[e.id] = !w.busy[e.id]
	}
	return nil
}
