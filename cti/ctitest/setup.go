package ctitest

import (
	"strings"

	"github.com/ctikit/ctikit/cti"
)

// maxDiversions bounds how often one call is forwarded, so that two sets
// forwarded to one another end in a failed call.
const maxDiversions = 8

// makeCall starts a call from a set. An empty number only takes the set off
// hook: dialDigits goes on.
func (x *exchange) makeCall(from *device, number string) (*connection, error) {
	if number != "" && x.find(cti.DeviceID(number)) == nil {
		return nil, fail(cti.ErrInvalidDestination, "no such number")
	}
	if k := from.in(cti.Initiated, cti.Alerting, cti.Connected); k != nil {
		return nil, fail(cti.ErrInvalidState, string(from.number)+" is "+k.state.String())
	}
	if from.busy() {
		return nil, fail(cti.ErrBusy, string(from.number)+" has no line free")
	}
	c := x.newCall("")
	c.calling, c.called = from.party(), cti.PartyOf(cti.DeviceID(number))
	k := x.join(c, from, from.number, cti.Initiated, cti.CauseNone)
	if number == "" {
		c.called = cti.Party{}
	}
	x.report(c, cti.Event{Kind: cti.ServiceInitiated, Subject: k.party(), Cause: cti.CauseMakeCall})
	switch {
	case from.prompting:
		c.prompted = number
	case number != "":
		x.originate(k, number, cti.CauseMakeCall, cti.CauseNewCall)
	}
	return k, nil
}

// originate sends a call on its way.
func (x *exchange) originate(k *connection, number string, why, delivered cti.Cause) {
	k.state, k.call.digits, k.call.prompted = cti.Connected, number, ""
	k.call.called = cti.PartyOf(cti.DeviceID(number))
	if d := x.find(cti.DeviceID(number)); d != nil {
		k.call.called.Name = d.name
	}
	x.report(k.call, cti.Event{Kind: cti.Originated, Subject: k.party(), Cause: why})
	x.offer(k.call, cti.DeviceID(number), delivered)
}

// offer brings a call to a number, along all forwards.
func (x *exchange) offer(c *call, number cti.DeviceID, cause cti.Cause) {
	for range maxDiversions {
		d := x.find(number)
		switch {
		case d == nil:
			x.block(c, nil, number, cti.CauseDestinationNotObtainable)
			return
		case d.outside:
			x.offerOutside(c, d, number, cause)
			return
		case c.of(d) != nil:
			x.block(c, d, number, cti.CauseBusy)
			return
		}
		f, why, diverted := d.diverts(c.external)
		if !diverted {
			x.alert(c, d, cause)
			return
		}
		x.divert(c, d, cti.DeviceID(f.To), why)
		number, cause = cti.DeviceID(f.To), why
	}
	x.block(c, nil, number, cti.CauseDestinationNotObtainable)
}

// divert reports that a call goes from a device elsewhere.
func (x *exchange) divert(c *call, from *device, to cti.DeviceID, why cti.Cause) {
	c.redirection = from.party()
	x.report(c, cti.Event{Kind: cti.Diverted, Subject: from.party(), Target: cti.PartyOf(to), Cause: why}, from)
}

// alert lets a set ring, unless it cannot.
func (x *exchange) alert(c *call, d *device, cause cti.Cause) {
	switch {
	case d.dnd:
		x.block(c, d, d.number, cti.CauseDoNotDisturb)
		return
	case d.busy():
		x.block(c, d, d.number, cti.CauseBusy)
		return
	}
	k := x.join(c, d, d.number, cti.Alerting, cause)
	x.ring(k)
}

// ring reports a call that alerts, and forwards it when nobody answers.
func (x *exchange) ring(k *connection) {
	x.report(k.call, cti.Event{Kind: cti.Delivered, Subject: k.party(), Cause: k.cause})
	f, ok := k.device.forward(cti.ForwardNoAnswer, k.call.external)
	if !ok {
		return
	}
	k.ringing = x.after(x.options.NoAnswerTime, func() {
		if k.state != cti.Alerting {
			return
		}
		c := k.call
		x.leave(k)
		x.divert(c, k.device, cti.DeviceID(f.To), cti.CauseCallForwardNoAnswer)
		x.offer(c, cti.DeviceID(f.To), cti.CauseCallForwardNoAnswer)
	})
}

// offerOutside brings a call to the public network.
func (x *exchange) offerOutside(c *call, d *device, number cti.DeviceID, cause cti.Cause) {
	if d.manner == Unallocated {
		x.block(c, d, number, cti.CauseNumberUnallocated)
		return
	}
	if c.of(d) != nil {
		x.block(c, d, number, cti.CauseBusy)
		return
	}
	k := x.join(c, d, number, cti.Alerting, cause)
	x.report(c, cti.Event{Kind: cti.NetworkReached, Subject: k.party(), Cause: cti.CauseNormal})
	switch d.manner {
	case Busy:
		x.leave(k)
		x.block(c, d, number, cti.CauseBusy)
	case Answers:
		x.report(c, cti.Event{Kind: cti.Delivered, Subject: k.party(), Cause: cause})
		x.establish(k)
	default:
		x.report(c, cti.Event{Kind: cti.Delivered, Subject: k.party(), Cause: cause})
	}
}

// dialIn is a call from outside.
func (x *exchange) dialIn(from *device, to cti.DeviceID) (*connection, error) {
	d := x.devices[to]
	if d == nil {
		return nil, fail(cti.ErrInvalidDestination, "no extension "+string(to))
	}
	c := x.newCall("")
	c.external, c.calling, c.called = true, from.party(), d.party()
	k := x.join(c, from, from.number, cti.Connected, cti.CauseNone)
	x.offer(c, to, cti.CauseNewCall)
	return k, nil
}

// dialDigits adds digits to a number being dialled. A number of the public
// network is complete after ten digits, or at "#".
func (x *exchange) dialDigits(k *connection, digits string) error {
	if !dialable(digits) {
		return fail(cti.ErrInvalidDestination, "not digits")
	}
	c := k.call
	c.digits += digits
	x.report(c, cti.Event{Kind: cti.DigitsDialed, Subject: k.party(), Text: digits})
	number, closed := strings.CutSuffix(c.digits, "#")
	d := x.find(cti.DeviceID(number))
	switch {
	case d != nil && (closed || !d.outside || len(d.number) >= 10):
		x.originate(k, number, cti.CauseNewCall, cti.CauseNewCall)
	case closed || len(number) > 20:
		k.state = cti.Connected
		x.block(c, nil, cti.DeviceID(number), cti.CauseDestinationNotObtainable)
	}
	return nil
}
