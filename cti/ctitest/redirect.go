package ctitest

import "github.com/ctikit/ctikit/cti"

// deflectConnection sends an alerting call elsewhere.
func (x *exchange) deflectConnection(k *connection, number cti.DeviceID) error {
	if x.findDialledDevice(number) == nil {
		return pbxError(cti.ErrInvalidDestination, "unknown number")
	}
	c := k.call
	x.detachConnection(k)
	x.reportDiversion(c, k.device, number, cti.CauseRedirected)
	x.offerCall(c, number, cti.CauseRedirected)
	return nil
}

// pickUp takes a call that alerts or waits elsewhere.
func (x *exchange) pickUp(d *device, k *connection) error {
	if err := x.validateEntry(k, d); err != nil {
		return err
	}
	c := k.call
	x.detachConnection(k)
	x.reportDiversion(c, k.device, d.number, cti.CauseCallPickup)
	x.establishConnection(x.addConnection(c, d, d.number, cti.Alerting, cti.CauseCallPickup))
	return nil
}

// groupPickUp takes the call that has been alerting longest in d's group.
func (x *exchange) groupPickUp(d *device) error {
	if d.group == "" {
		return pbxError(cti.ErrInvalidState, string(d.number)+" belongs to no pickup group")
	}
	var oldest *connection
	for _, number := range x.numbers {
		o := x.devices[number]
		if o == d || o.group != d.group {
			continue
		}
		if k := o.connectionIn(cti.Alerting); k != nil && (oldest == nil || k.call.beganBefore(oldest.call)) {
			oldest = k
		}
	}
	if oldest == nil {
		return pbxError(cti.ErrInvalidCall, "no call alerts in the group")
	}
	return x.pickUp(d, oldest)
}

// beganBefore orders calls by their beginning.
func (c *call) beganBefore(o *call) bool {
	if len(c.id) != len(o.id) {
		return len(c.id) < len(o.id)
	}
	return c.id < o.id
}

// parkConnection leaves a call waiting at a set.
func (x *exchange) parkConnection(k *connection, at *device) error {
	switch {
	case k.call.connectionOf(at) != nil && at != k.device:
		return pbxError(cti.ErrInvalidState, string(at.number)+" is in the call")
	case !anyTakesPart(k.call.otherConnections(k.device)):
		return pbxError(cti.ErrInvalidState, "no party to park")
	}
	c := k.call
	x.detachConnection(k)
	x.reportDiversion(c, k.device, at.number, cti.CausePark)
	waits := x.addConnection(c, at, at.number, cti.Queued, cti.CausePark)
	x.reportCallEvent(c, cti.Event{Kind: cti.CallQueued, Subject: waits.asParty(), Cause: cti.CausePark})
	return nil
}
