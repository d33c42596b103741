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

func (b callback) due() bool {
	return b.to.uses > b.uses && len(b.from.conns) == 0 && len(b.to.conns) == 0
}

// missed returns the set that a caller did not reach.
func (k *connection) missed() (*connection, error) {
	for _, o := range k.call.conns {
		if o != k && !o.device.outside && (o.blocked && k.call.of(o.device) == nil || o.state == cti.Alerting) {
			return o, nil
		}
	}
	return nil, fail(cti.ErrInvalidState, "the call did not fail at an extension")
}

// campOn waits for a busy set.
func (x *exchange) campOn(k *connection) error {
	o, err := k.missed()
	if err != nil {
		return err
	}
	if !o.blocked || o.device.dnd {
		return fail(cti.ErrInvalidState, string(o.shown)+" is not busy")
	}
	c := k.call
	c.conns = slices.DeleteFunc(c.conns, func(other *connection) bool { return other == o })
	waits := x.join(c, o.device, o.shown, cti.Queued, cti.CauseCampOn)
	x.report(c, cti.Event{Kind: cti.CallQueued, Subject: waits.party(), Cause: cti.CauseCampOn})
	o.device.free(x)
	return nil
}

// intrude breaks from a call that failed at a busy set into the call there: the
// two become a conference.
func (x *exchange) intrude(k *connection) (*connection, error) {
	o, err := k.missed()
	if err != nil {
		return nil, err
	}
	busy := o.device.in(cti.Connected)
	if !o.blocked || o.device.dnd || busy == nil || busy.call.of(k.device) != nil {
		return nil, fail(cti.ErrInvalidState, string(o.shown)+" is in no call to break into")
	}
	first, second := busy.call, k.call
	c := x.merge(first, second)
	x.reportMerge(c, first, second, cti.Event{Kind: cti.Conferenced, Subject: k.party(), Target: busy.party(), Cause: cti.CauseIntrude})
	return k, nil
}

// callBack gives the call up and asks the PBX to call later.
func (x *exchange) callBack(k *connection) error {
	o, err := k.missed()
	if err != nil {
		return err
	}
	from, to := k.device, o.device
	x.callbacks = append(x.callbacks, callback{from, to, to.uses})
	x.reportFeature(from, cti.Event{Kind: cti.CallBackChanged, On: true, Target: to.party()})
	x.clear(k)
	return nil
}

func (d *device) free(x *exchange) {
	if !d.freed {
		d.freed = true
		x.freed = append(x.freed, d)
	}
}

// resume goes on with the calls that waited for a device that became free. The
// network does so at the end of every operation.
func (x *exchange) resume() {
	for len(x.freed) > 0 {
		d := x.freed[0]
		x.freed, d.freed = x.freed[1:], false
		x.resumeCampOn(d)
		x.callbacks = slices.DeleteFunc(x.callbacks, func(b callback) bool {
			if (b.from != d && b.to != d) || !b.due() {
				return false
			}
			x.startCallback(b)
			return true
		})
	}
}

// resumeCampOn lets the first call that camps on a set ring there.
func (x *exchange) resumeCampOn(d *device) {
	if d.in(cti.Initiated, cti.Alerting, cti.Connected) != nil {
		return
	}
	for _, k := range d.conns {
		if k.state == cti.Queued && k.cause == cti.CauseCampOn {
			k.state = cti.Alerting
			x.ring(k)
			return
		}
	}
}

func (x *exchange) startCallback(b callback) {
	x.reportFeature(b.from, cti.Event{Kind: cti.CallBackChanged, Target: b.to.party()})
	c := x.newCall("")
	c.calling, c.called, c.backTo = b.from.party(), b.to.party(), b.to.number
	x.ring(x.join(c, b.from, b.from.number, cti.Alerting, cti.CauseCallBack))
}
