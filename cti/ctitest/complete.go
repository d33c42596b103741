package ctitest

import (
	"slices"

	"github.com/ctikit/ctikit/cti"
)

// callback is a call that the PBX makes once somebody has used the set that was
// not reached, and both sides are free.
type callback struct {
	from, to *device
	uses     int // of to, when it was asked for
}

func (b callback) isDue() bool {
	return b.to.uses > b.uses && len(b.from.conns) == 0 && len(b.to.conns) == 0
}

// unreachedConnection returns the set that a caller did not reach.
func (k *connection) unreachedConnection() (*connection, error) {
	for _, o := range k.call.conns {
		if o != k && !o.device.outside && (o.blocked && k.call.connectionOf(o.device) == nil || o.state == cti.Alerting) {
			return o, nil
		}
	}
	return nil, pbxError(cti.ErrInvalidState, "the call did not fail at an extension")
}

// campOnDevice waits for a busy set.
func (x *exchange) campOnDevice(k *connection) error {
	o, err := k.unreachedConnection()
	if err != nil {
		return err
	}
	if !o.blocked || o.device.dnd {
		return pbxError(cti.ErrInvalidState, string(o.shown)+" is not busy")
	}
	c := k.call
	c.conns = slices.DeleteFunc(c.conns, func(other *connection) bool { return other == o })
	waits := x.addConnection(c, o.device, o.shown, cti.Queued, cti.CauseCampOn)
	x.reportCallEvent(c, cti.Event{Kind: cti.CallQueued, Subject: waits.asParty(), Cause: cti.CauseCampOn})
	o.device.markFreed(x)
	return nil
}

// intrudeOnBusy breaks from a call that failed at a busy set into the call there:
// the two become a conference.
func (x *exchange) intrudeOnBusy(k *connection) (*connection, error) {
	o, err := k.unreachedConnection()
	if err != nil {
		return nil, err
	}
	busy := o.device.connectionIn(cti.Connected)
	if !o.blocked || o.device.dnd || busy == nil || busy.call.connectionOf(k.device) != nil {
		return nil, pbxError(cti.ErrInvalidState, string(o.shown)+" has no call to intrude on")
	}
	first, second := busy.call, k.call
	c := x.mergeCalls(first, second)
	x.reportMerge(c, first, second, cti.Event{Kind: cti.Conferenced, Subject: k.asParty(),
		Target: busy.asParty(), Cause: cti.CauseIntrude})
	return k, nil
}

// requestCallBack gives the call up and asks the PBX to call later.
func (x *exchange) requestCallBack(k *connection) error {
	o, err := k.unreachedConnection()
	if err != nil {
		return err
	}
	from, to := k.device, o.device
	x.callbacks = append(x.callbacks, callback{from, to, to.uses})
	x.reportFeature(from, cti.Event{Kind: cti.CallBackChanged, On: true, Target: to.asParty()})
	x.clearConnection(k)
	return nil
}

func (d *device) markFreed(x *exchange) {
	if !d.freed {
		d.freed = true
		x.freed = append(x.freed, d)
	}
}

// resumeWaitingCalls goes on with the calls that waited for a device that became
// free. The network does so at the end of every operation.
func (x *exchange) resumeWaitingCalls() {
	for len(x.freed) > 0 {
		d := x.freed[0]
		x.freed, d.freed = x.freed[1:], false
		x.resumeCampOn(d)
		x.callbacks = slices.DeleteFunc(x.callbacks, func(b callback) bool {
			if (b.from != d && b.to != d) || !b.isDue() {
				return false
			}
			x.startCallback(b)
			return true
		})
	}
}

// resumeCampOn lets the first call that camps on a set ring there.
func (x *exchange) resumeCampOn(d *device) {
	if d.connectionIn(cti.Initiated, cti.Alerting, cti.Connected) != nil {
		return
	}
	for _, k := range d.conns {
		if k.state == cti.Queued && k.cause == cti.CauseCampOn {
			k.state = cti.Alerting
			x.ringConnection(k)
			return
		}
	}
}

func (x *exchange) startCallback(b callback) {
	x.reportFeature(b.from, cti.Event{Kind: cti.CallBackChanged, Target: b.to.asParty()})
	c := x.beginCall("")
	c.calling, c.called, c.backTo = b.from.asParty(), b.to.asParty(), b.to.number
	x.ringConnection(x.addConnection(c, b.from, b.from.number, cti.Alerting, cti.CauseCallBack))
}
