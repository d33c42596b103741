package ctitest

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Association is one driver's connection to a [Link], seen from the PBX. A test
// server reads requests from the wire into [Association.Serve] on one goroutine
// and writes what [Association.Next] returns on another; it closes the
// association when the wire breaks, and the wire when Next fails.
type Association struct {
	link     *Link
	monitors map[MonitorID]*monitor
	muted    bool
	ended    bool
	queue    []Message
	wake     chan struct{} // holds one token while the queue may have grown
	done     chan struct{}
}

// MessageKind says what a [Message] holds.
type MessageKind uint8

// The kinds.
const (
	EventMessage   MessageKind = iota // Monitor, Event
	AnswerMessage                     // Tag, Answer or Err
	MangledMessage                    // Mangle
)

// Message is what the PBX sends next. Events and answers have one order: an
// operation's events come before its answer, and a snapshot's answer is
// exactly between the events that it contains and those that it does not, on a
// link whose snapshots are atomic.
type Message struct {
	Kind MessageKind

	// Event belongs to the receiver; its Time is zero. Monitor is the monitor that
	// reports it, 0 for an event of the association itself.
	Event   *cti.Event
	Monitor MonitorID

	// Tag is what the request was given to Serve with.
	Tag    any
	Op     cti.Operation
	Answer any   // a [driver.Reply] where Switch.Do did the work
	Err    error // a [*cti.Error]; to be sent as the protocol's own code

	// Mangle is what to send instead of a sound message.
	Mangle Mangle

	at time.Time // when it was queued
}

// Mangle is a way to break the wire. It is an error too: what [Link.Open]
// returns when the answer to the login is to be broken.
type Mangle uint8

// The ways. A test server makes the bytes that mean this in its protocol. After
// any of them it sends nothing more; after HalfMessage it closes.
const (
	NoMangle    Mangle = iota
	Garbage            // bytes that are no message
	HalfMessage        // the first half of a message, then the end of the connection
	HugeLength         // a message that announces 2 GiB
)

var mangleNames = [...]string{"none", "garbage", "half a message", "a huge length"}

// String is the way in words.
func (m Mangle) String() string { return mangleNames[m] }

// Error makes a Mangle an error.
func (m Mangle) Error() string { return "to be answered with " + m.String() }

// Next waits for the next message. It fails with [cti.ErrLinkDown] once the
// association has ended, whatever was on its way then, and with ctx.
func (a *Association) Next(ctx context.Context) (Message, error) {
	for {
		var m Message
		var ok, ended bool
		a.link.net.withLock(func() {
			if ended = a.ended; !ended && len(a.queue) > 0 {
				m, ok = a.queue[0], true
				a.queue[0] = Message{}
				a.queue = a.queue[1:]
			}
		})
		switch {
		case ended:
			return Message{}, pbxError(cti.ErrLinkDown, "association has ended")
		case ok:
			return m, nil
		}
		select {
		case <-a.wake:
		case <-a.done:
		case <-ctx.Done():
			return Message{}, ctx.Err()
		}
	}
}

// Done is closed when the association has ended.
func (a *Association) Done() <-chan struct{} { return a.done }

// Close ends the association and its monitors. It may be called again.
func (a *Association) Close() { a.link.net.withLock(a.endAssociation) }

// Link returns the port.
func (a *Association) Link() *Link { return a.link }

// Capabilities returns what the port can do now.
func (a *Association) Capabilities() (c driver.Capabilities) {
	a.link.net.withLock(func() { c = a.link.currentCapabilities() })
	return c
}

// queueMessage queues a message. The network is locked; the send cannot block.
func (a *Association) queueMessage(m Message) { a.insertMessage(len(a.queue), m) }

// queueMessageFirst lets a message overtake those that wait.
func (a *Association) queueMessageFirst(m Message) { a.insertMessage(0, m) }

func (a *Association) insertMessage(at int, m Message) {
	if a.ended || a.muted {
		return
	}
	m.at = time.Now()
	a.queue = slices.Insert(a.queue, at, m)
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

func (a *Association) endAssociation() {
	if !a.ended {
		a.detachAssociation()
		a.stopAllMonitors()
	}
}

// detachAssociation lets nothing more go out or come in.
func (a *Association) detachAssociation() {
	a.ended, a.queue = true, nil
	close(a.done)
	l := a.link
	l.associations = slices.DeleteFunc(l.associations, func(o *Association) bool { return o == a })
}

// stopAllMonitors stops the monitors without a word.
func (a *Association) stopAllMonitors() {
	for _, id := range a.sortedMonitors() {
		a.monitors[id].removeMonitor()
	}
}

// sortedMonitors are the monitors in order of their start.
func (a *Association) sortedMonitors() []MonitorID { return slices.Sorted(maps.Keys(a.monitors)) }

// removeMonitor takes a monitor away.
func (m *monitor) removeMonitor() {
	delete(m.to.monitors, m.id)
	m.device.monitors = slices.DeleteFunc(m.device.monitors, func(o *monitor) bool { return o == m })
	if !m.features {
		m.to.link.used--
	}
}

// stopByPBX takes a monitor away by the PBX's own decision.
func (m *monitor) stopByPBX() {
	m.deliverEvent(cti.Event{Kind: cti.MonitorStopped})
	m.removeMonitor()
}
