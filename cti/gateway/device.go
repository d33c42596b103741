package gateway

import (
	"sync"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/enum"
)

// The path of an event: a session passes it to its liveLink, which delivers it to
// the device, which publishes it to the subscriptions.

// liveLink is one session of a link, from its opening to its end. It is the
// sink of the session's events.
type liveLink struct {
	gw      *Gateway
	link    *link
	session driver.Session // set before the control learns of the liveLink
	ended   bool           // under the control's mutex: the session has been closed
}

// Event receives an event from the session's reader.
func (l *liveLink) Event(ev *cti.Event) {
	l.gw.stats.eventsIn.Add(1)
	ev.Link = l.link.name
	switch ev.Kind {
	case cti.MonitorStopped, cti.CapabilitiesChanged:
		kind, device := ev.Kind, ev.Device
		l.gw.control.post(func() { l.gw.control.sessionNotice(l, kind, device) })
		if kind == cti.CapabilitiesChanged {
			l.gw.publishLinkEvent(*ev)
		}
		return
	case cti.LateAnswer:
		l.gw.recordWarning("request.late", l.link.name, ev.Text, nil)
		return
	}
	if ev.Kind == cti.Private && ev.Device == "" {
		l.gw.publishLinkEvent(*ev)
		return
	}
	d := l.gw.findDevice(ev.Device)
	if d == nil || !d.deliverEvent(l, ev) {
		l.gw.stats.unexpected.Add(1)
	}
}

// device is the gateway's record of one device number: its state, the session that
// supervises it, and its subscriptions. Its mutex orders the events of the device;
// it is never held across I/O.
type device struct {
	id cti.DeviceID

	mu        sync.Mutex
	model     cti.CallModel
	since     time.Time // of phase and reason
	lastEvent time.Time
	owner     *liveLink        // the session whose events count; nil when none
	held      []cti.Event      // arrived before the snapshot of owner
	watch     *watchedFeatures // of the features-only monitor, if any
	subs      []*Subscription

	phase      phase
	reason     cti.Reason // why it is unsupervised
	overheld   bool       // more events than maxHeld arrived
	configured bool       // it is an extension of the configuration
}

type phase uint8

const (
	phaseUnsupervised phase = iota
	phasePending            // being started: events are held
	phaseSupervised
)

// State is the state of supervision of an extension.
type State uint8

// The states of an extension.
const (
	StateUnsupervised State = iota
	StatePending
	StateSupervised
)

var stateNames = [...]string{"unsupervised", "pending", "supervised"}

// String is the name in lower case.
func (s State) String() string { return enum.Name(stateNames[:], int(s), "State") }

// MarshalText encodes the state by name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func (d *device) setConfigured(on bool) {
	d.mu.Lock()
	d.configured = on
	d.mu.Unlock()
}

// holdEvents makes l the owner; its events are held until [device.adoptSnapshot].
func (d *device) holdEvents(l *liveLink, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.owner, d.phase, d.since, d.held, d.overheld = l, phasePending, now, nil, false
}

// adoptSnapshot applies the snapshot of owner l, then the held events. An event
// may be older or newer than the snapshot, but the last one of each connection is
// valid in either case. Subscribers get one snapshot of the result, then the
// events that did not change the state. It returns false if events were lost and
// the state is therefore unknown.
func (d *device) adoptSnapshot(l *liveLink, s cti.Snapshot, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.owner != l || d.overheld {
		return false
	}
	d.phase, d.reason, d.since = phaseSupervised, cti.ReasonNone, now
	d.lastEvent = s.Time
	if w := d.watch; w != nil && !w.reading { // read over another link, and still watched there
		s.Features = featuresOver(s.Features, w.model.Features())
	}
	d.model.Replace(s)
	held := d.held
	d.held = nil
	for i := range held {
		d.model.Apply(&held[i])
		d.lastEvent = held[i].Time
	}
	ev := d.snapshotEvent(0)
	d.publishEvent(&ev)
	for i := range held {
		if k := held[i].Kind; k.Class() == cti.FeatureClass && !inSnapshot(k) {
			d.publishEvent(&held[i])
		}
	}
	return true
}

// inSnapshot reports whether a snapshot contains the feature of the event.
func inSnapshot(k cti.Kind) bool {
	switch k {
	case cti.DoNotDisturb, cti.MessageWaiting, cti.Forwarding, cti.AgentBusyEvent, cti.AgentLoggedOff, cti.AgentLoggedOn,
		cti.AgentNotReadyEvent, cti.AgentReadyEvent, cti.AgentWorkingAfterCallEvent:
		return true
	}
	return false
}

func (d *device) snapshotEvent(seq uint64) cti.Event {
	snap := d.model.Snapshot(d.lastEvent)
	return cti.Event{Kind: cti.SnapshotTaken, Seq: seq, Time: d.lastEvent, Device: d.id, Link: d.linkName(),
		Snapshot: &snap}
}

// dropOwner removes the owner of the device and publishes the reason. If the
// device was supervised it also publishes the gap. It reports whether anything
// changed.
func (d *device) dropOwner(why cti.Reason, gap cti.GapReason, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	was, before := d.phase, d.reason
	link := d.linkName()
	d.owner, d.held = nil, nil
	d.phase, d.reason = phaseUnsupervised, why
	if was == phaseUnsupervised && before == why {
		return false
	}
	d.since = now
	switch {
	case was == phaseSupervised && gap != cti.NoGap:
		ev := cti.Event{Kind: cti.GapFound, Time: now, Device: d.id, Link: link, Gap: cti.Gap{Reason: gap}, Reason: why}
		d.model.Apply(&ev)
		d.publishEvent(&ev)
	case was == phaseSupervised || before != why && why != cti.ReasonNone:
		ev := cti.Event{Kind: cti.Unsupervised, Time: now, Device: d.id, Link: link, Reason: why}
		d.model.Apply(&ev)
		d.publishEvent(&ev)
	}
	return true
}

// deliverEvent handles an event that session l read. It reports whether the event
// was accepted.
func (d *device) deliverEvent(l *liveLink, ev *cti.Event) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	fromFeatures := d.watch != nil && d.watch.by == l && ev.Kind.Class() == cti.FeatureClass
	switch {
	case fromFeatures && d.watch.reading:
		d.watch.keepEarly(ev)
		return true
	case fromFeatures:
		d.watch.model.ApplyFeature(ev)
	}
	switch {
	case d.owner == l && d.phase == phasePending:
		if len(d.held) >= maxHeld {
			d.overheld = true
			return false
		}
		d.held = append(d.held, *ev)
		return true
	case d.owner == l && d.phase == phaseSupervised:
	case fromFeatures && d.phase == phaseSupervised:
	default:
		return fromFeatures
	}
	d.lastEvent = ev.Time
	d.model.Complete(ev)
	d.model.Apply(ev)
	d.publishEvent(ev)
	return true
}

// maxHeld bounds the events of one device that wait for its snapshot.
const maxHeld = 1024

func (d *device) publishEvent(ev *cti.Event) {
	for _, s := range d.subs {
		s.pushEvent(d, ev)
	}
}

func (d *device) linkName() string {
	if d.owner == nil {
		return ""
	}
	return d.owner.link.name
}
