package ctitest

import "github.com/ctikit/ctikit/cti"

// deflect sends an alerting call elsewhere.
func (x *exchange) deflect(k *connection, number cti.DeviceID) error {
	if x.find(number) == nil {
		return fail(cti.ErrInvalidDestination, "no such number")
	}
	c := k.call
	x.leave(k)
	x.divert(c, k.device, number, cti.CauseRedirected)
	x.offer(c, number, cti.CauseRedirected)
	return nil
}

// pickUp takes a call that alerts or waits elsewhere.
func (x *exchange) pickUp(d *device, k *connection) error {
	if err := x.enterable(k, d); err != nil {
		return err
	}
	c := k.call
	x.leave(k)
	x.divert(c, k.device, d.number, cti.CauseCallPickup)
	x.establish(x.join(c, d, d.number, cti.Alerting, cti.CauseCallPickup))
	return nil
}

// groupPickUp takes the call that has been alerting longest in d's group.
func (x *exchange) groupPickUp(d *device) error {
	if d.group == "" {
		return fail(cti.ErrInvalidState, string(d.number)+" is in no pickup group")
	}
	var oldest *connection
	for _, number := range x.numbers {
		o := x.devices[number]
		if o == d || o.group != d.group {
			continue
		}
		if k := o.in(cti.Alerting); k != nil && (oldest == nil || k.call.before(oldest.call)) {
			oldest = k
		}
	}
	if oldest == nil {
		return fail(cti.ErrInvalidCall, "nothing alerts in the group")
	}
	return x.pickUp(d, oldest)
}

// before orders calls by their beginning.
func (c *call) before(o *call) bool {
	if len(c.id) != len(o.id) {
		return len(c.id) < len(o.id)
	}
	return c.id < o.id
}

// park leaves a call waiting at a set.
func (x *exchange) park(k *connection, at *device) error {
	switch {
	case k.call.of(at) != nil && at != k.device:
		return fail(cti.ErrInvalidState, string(at.number)+" is in the call")
	case !taking(k.call.others(k.device)):
		return fail(cti.ErrInvalidState, "nobody to park")
	}
	c := k.call
	x.leave(k)
	x.divert(c, k.device, at.number, cti.CausePark)
	waits := x.join(c, at, at.number, cti.Queued, cti.CausePark)
	x.report(c, cti.Event{Kind: cti.CallQueued, Subject: waits.party(), Cause: cti.CausePark})
	return nil
}
