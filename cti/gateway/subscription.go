package gateway

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/ctikit/ctikit/cti"
)

// OverflowPolicy says what happens when a subscription's buffer is full.
type OverflowPolicy uint8

// The policies.
const (
	// DropOldest drops the oldest events. The subscriber receives a Gap instead
	// of them, then one Snapshot of each device that lost events.
	DropOldest OverflowPolicy = iota
	// FailOnOverflow ends the subscription with [cti.ErrOverflow].
	FailOnOverflow
	// LatestPerDevice queues no events: each device that changed yields one
	// Snapshot of its current state. It suits displays of current states.
	LatestPerDevice
)

// SubscribeOption configures [Gateway.Subscribe].
type SubscribeOption func(*Subscription)

// Devices limits a subscription to devices. Without it, a subscription covers all
// devices. A device that is not configured yields events once it is configured.
func Devices(ids ...cti.DeviceID) SubscribeOption {
	return func(s *Subscription) { s.only, s.ids = true, append(s.ids, ids...) }
}

// Buffer sets how many events may wait; the default is 256. Memory is allocated
// as events arrive.
func Buffer(n int) SubscribeOption { return func(s *Subscription) { s.limit = max(n, 1) } }

// Overflow sets the policy; the default is [DropOldest].
func Overflow(p OverflowPolicy) SubscribeOption { return func(s *Subscription) { s.policy = p } }

// Names sets the namer of callers. It is called while the subscriber iterates.
func Names(n CallerNamer) SubscribeOption { return func(s *Subscription) { s.namer = n } }

// LinkEvents adds events without a device: [cti.LinkUp], [cti.LinkDown],
// [cti.CapabilitiesChanged] and [cti.Private] data that a PBX sends unprompted.
func LinkEvents() SubscribeOption { return func(s *Subscription) { s.links = true } }

// WithoutInitial omits the initial snapshots of devices that are supervised
// already. Then every event since [Gateway.Subscribe] is queued.
func WithoutInitial() SubscribeOption { return func(s *Subscription) { s.noInitial = true } }

// Subscription is a bounded queue of events. It is created by
// [Gateway.Subscribe] and lives until Close or the end of the gateway, whether
// or not it is read. It has no goroutine. Only one goroutine at a time may read.
type Subscription struct {
	gw        *Gateway
	only      bool
	ids       []cti.DeviceID
	limit     int
	policy    OverflowPolicy
	namer     CallerNamer
	links     bool
	noInitial bool

	wake chan struct{} // one token: something to read, or closed

	mu     sync.Mutex
	ring   ring
	seq    uint64
	lost   uint64    // overflowed and not yet reported
	dirty  []*device // need a snapshot before their next event, in this order
	marks  map[*device]mark
	closed error
}

// mark records that a snapshot of a device replaces queued events.
type mark struct {
	waiting bool   // in dirty: events are not queued, the snapshot will hold them
	upTo    uint64 // events up to this number are contained in a snapshot already given
}

// sortInitial brings the snapshots that open a subscription into the order of
// the device numbers.
func (s *Subscription) sortInitial() {
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.SortFunc(s.dirty, func(a, b *device) int { return cmp.Compare(a.id, b.id) })
}

// Close ends the subscription; a reader gets [cti.ErrClosed] after the queued
// events. It may be called several times and from anywhere.
func (s *Subscription) Close() {
	s.gw.unsubscribe(s)
	s.closeWith(cti.ErrClosed)
}

func (s *Subscription) closeWith(why error) {
	s.mu.Lock()
	if s.closed == nil {
		s.closed = why
	}
	s.mu.Unlock()
	s.wakeReader()
}

func (s *Subscription) wakeReader() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Events iterates over the events as they arrive. The last iteration yields an
// error: that of ctx, [cti.ErrClosed] or [cti.ErrOverflow]. Leaving the loop does
// not close the subscription; a later call continues with the next event.
func (s *Subscription) Events(ctx context.Context) iter.Seq2[cti.Event, error] {
	return func(yield func(cti.Event, error) bool) {
		for {
			ev, err := s.Next(ctx)
			if !yield(ev, err) || err != nil {
				return
			}
		}
	}
}

// Next waits for the next event. Errors: see [Subscription.Events].
func (s *Subscription) Next(ctx context.Context) (cti.Event, error) {
	for {
		if err := ctx.Err(); err != nil {
			return cti.Event{}, err
		}
		ev, d, found, err := s.takeNext()
		if d != nil {
			ev, found = s.stateOf(d)
		}
		if found {
			s.gw.resolveOther(&ev, s.namer)
			return ev, nil
		}
		if err != nil {
			return cti.Event{}, err
		}
		if d != nil {
			continue
		}
		select {
		case <-s.wake:
		case <-ctx.Done():
			return cti.Event{}, ctx.Err()
		}
	}
}

// takeNext returns the next queued event, or a device whose snapshot comes next.
func (s *Subscription) takeNext() (ev cti.Event, d *device, found bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost > 0 {
		ev = cti.Event{Kind: cti.GapFound, Gap: cti.Gap{Reason: cti.GapOverflow, Count: s.lost}, Seq: s.numberBefore()}
		s.lost = 0
		return ev, nil, true, nil
	}
	if len(s.dirty) > 0 {
		d = s.dirty[0]
		s.dirty = s.dirty[1:]
		return cti.Event{}, d, false, nil
	}
	for s.ring.len() > 0 {
		e := s.ring.popOldest()
		if m, marked := s.marks[e.dev]; marked && e.ev.Seq <= m.upTo {
			continue // contained in a snapshot given before
		}
		return e.ev, nil, true, nil
	}
	clear(s.marks) // no event is queued: nothing is contained in a snapshot
	return cti.Event{}, nil, false, s.closed
}

// numberBefore returns the number before that of the next queued event. If a gap
// is due, it is the number of the last event lost.
func (s *Subscription) numberBefore() uint64 {
	if s.ring.len() > 0 {
		return s.ring.peekOldest().Seq - 1
	}
	return s.seq
}

// stateOf returns an event with the current state of a device, or one that
// reports it as unsupervised. From then on the device's events are queued again.
func (s *Subscription) stateOf(d *device) (cti.Event, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.marks[d] = mark{upTo: s.seq}
	if d.phase == phaseSupervised {
		return d.snapshotEvent(s.numberBefore()), true
	}
	if d.reason == cti.ReasonNone {
		return cti.Event{}, false // not supervised so far; its snapshot will come
	}
	return cti.Event{Kind: cti.Unsupervised, Seq: s.numberBefore(), Time: d.since, Device: d.id, Reason: d.reason}, true
}

// pushEvent queues an event of a device (nil: of a link). The device's lock is held.
func (s *Subscription) pushEvent(d *device, ev *cti.Event) {
	s.mu.Lock()
	wasEmpty := s.enqueueEvent(d, ev)
	s.mu.Unlock()
	if wasEmpty {
		s.wakeReader()
	}
}

// enqueueEvent queues the event and reports whether the reader may be waiting for it.
func (s *Subscription) enqueueEvent(d *device, ev *cti.Event) bool {
	if s.closed != nil {
		return false
	}
	if s.policy == LatestPerDevice && d != nil && ev.Kind.Class() != cti.GapClass {
		return s.markDirty(d)
	}
	if d != nil && s.marks[d].waiting {
		if ev.Kind.Class() != cti.GapClass && ev.Kind != cti.SnapshotTaken {
			return false // the snapshot to come contains it
		}
		s.unmarkDirty(d)
	}
	idle := s.ring.len() == 0 && s.lost == 0 && len(s.dirty) == 0
	if s.ring.len() >= s.limit {
		if s.policy == FailOnOverflow {
			s.closed = cti.ErrOverflow
			return true
		}
		s.dropOldest()
	}
	s.seq++
	e := s.ring.pushEvent(d, ev)
	e.Seq = s.seq
	return idle
}

// dropOldest drops one event and marks its device for a snapshot.
func (s *Subscription) dropOldest() {
	e := s.ring.popOldest()
	if m, marked := s.marks[e.dev]; marked && e.ev.Seq <= m.upTo {
		return // contained in a snapshot given before: nothing is lost
	}
	s.lost++
	s.gw.stats.dropped.Add(1)
	if e.dev != nil {
		s.markDirty(e.dev)
	}
}

// markDirty queues a snapshot of d instead of its events.
func (s *Subscription) markDirty(d *device) bool {
	if s.marks[d].waiting {
		return false
	}
	if s.marks == nil {
		s.marks = make(map[*device]mark)
	}
	idle := s.ring.len() == 0 && s.lost == 0 && len(s.dirty) == 0
	s.marks[d] = mark{waiting: true, upTo: s.marks[d].upTo}
	s.dirty = append(s.dirty, d)
	return idle
}

// unmarkDirty removes d from the queue for snapshots: its state is unknown.
func (s *Subscription) unmarkDirty(d *device) {
	s.marks[d] = mark{upTo: s.seq}
	for i, other := range s.dirty {
		if other == d {
			s.dirty = append(s.dirty[:i:i], s.dirty[i+1:]...)
			return
		}
	}
}

// ring is a queue of events that grows by doubling. The zero value is empty.
type ring struct {
	slots []queuedEvent
	head  int // index of the oldest
	count int
}

type queuedEvent struct {
	dev *device // nil for an event of a link
	ev  cti.Event
}

func (r *ring) len() int { return r.count }

// pushEvent appends a copy of ev and returns the copy.
func (r *ring) pushEvent(d *device, ev *cti.Event) *cti.Event {
	if r.count == len(r.slots) {
		r.growSlots()
	}
	slot := &r.slots[(r.head+r.count)%len(r.slots)]
	slot.dev, slot.ev = d, *ev
	r.count++
	return &slot.ev
}

func (r *ring) growSlots() {
	bigger := make([]queuedEvent, max(2, 2*len(r.slots)))
	n := copy(bigger, r.slots[r.head:])
	copy(bigger[n:], r.slots[:r.head])
	r.slots, r.head = bigger, 0
}

// popOldest removes the oldest event. The queue must not be empty.
func (r *ring) popOldest() queuedEvent {
	slot := &r.slots[r.head]
	out := *slot
	*slot = queuedEvent{} // release strings and snapshots
	r.head = (r.head + 1) % len(r.slots)
	r.count--
	return out
}

// peekOldest returns the oldest event. The queue must not be empty.
func (r *ring) peekOldest() *cti.Event { return &r.slots[r.head].ev }
