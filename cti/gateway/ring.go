package gateway

import "github.com/ctikit/ctikit/cti"

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

// pushEvent copies ev in and returns the copy.
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

// popOldest takes the oldest out. The queue must not be empty.
func (r *ring) popOldest() queuedEvent {
	slot := &r.slots[r.head]
	out := *slot
	*slot = queuedEvent{} // let go of strings and snapshots
	r.head = (r.head + 1) % len(r.slots)
	r.count--
	return out
}

// peekOldest returns the oldest event. The queue must not be empty.
func (r *ring) peekOldest() *cti.Event { return &r.slots[r.head].ev }
