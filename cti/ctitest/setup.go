package ctitest

import (
	"strings"

	"github.com/ctikit/ctikit/cti"
)

// maxDiversions bounds how often one call is forwarded, so that two sets
// forwarded to one another end in a failed call.
const maxDiversions = 8

// startCall starts a call from a set. An empty number only takes the set off
// hook: dialDigits goes on.
func (x *exchange) startCall(from *device, number string) (*connection, error) {
	if number != "" && x.findDialledDevice(cti.DeviceID(number)) == nil {
		return nil, pbxError(cti.ErrInvalidDestination, "unknown number")
	}
	if k := from.connectionIn(cti.Initiated, cti.Alerting, cti.Connected); k != nil {
		return nil, pbxError(cti.ErrInvalidState, string(from.number)+" is "+k.state.String())
	}
	if from.isBusy() {
		return nil, pbxError(cti.ErrBusy, string(from.number)+" has no line free")
	}
	c := x.beginCall("")
	c.calling, c.called = from.asParty(), cti.PartyOf(cti.DeviceID(number))
	k := x.addConnection(c, from, from.number, cti.Initiated, cti.CauseNone)
	if number == "" {
		c.called = cti.Party{}
	}
	x.reportCallEvent(c, cti.Event{Kind: cti.ServiceInitiated, Subject: k.asParty(), Cause: cti.CauseMakeCall})
	switch {
	case from.prompting:
		c.prompted = number
	case number != "":
		x.originateCall(k, number, cti.CauseMakeCall, cti.CauseNewCall)
	}
	return k, nil
}

// originateCall sends a call on its way.
func (x *exchange) originateCall(k *connection, number string, why, delivered cti.Cause) {
	k.state, k.call.digits, k.call.prompted = cti.Connected, number, ""
	k.call.called = cti.PartyOf(cti.DeviceID(number))
	if d := x.findDialledDevice(cti.DeviceID(number)); d != nil {
		k.call.called.Name = d.name
	}
	x.reportCallEvent(k.call, cti.Event{Kind: cti.Originated, Subject: k.asParty(), Cause: why})
	x.offerCall(k.call, cti.DeviceID(number), delivered)
}

// offerCall brings a call to a number, along all forwards.
func (x *exchange) offerCall(c *call, number cti.DeviceID, cause cti.Cause) {
	for range maxDiversions {
		d := x.findDialledDevice(number)
		switch {
		case d == nil:
			x.addBlockedParty(c, nil, number, cti.CauseDestinationNotObtainable)
			return
		case d.outside:
			x.offerOutside(c, d, number, cause)
			return
		case c.connectionOf(d) != nil:
			x.addBlockedParty(c, d, number, cti.CauseBusy)
			return
		}
		f, why, diverted := d.findDiversion(c.external)
		if !diverted {
			x.alertSet(c, d, cause)
			return
		}
		x.reportDiversion(c, d, cti.DeviceID(f.To), why)
		number, cause = cti.DeviceID(f.To), why
	}
	x.addBlockedParty(c, nil, number, cti.CauseDestinationNotObtainable)
}

// reportDiversion reports that a call goes from a device elsewhere.
func (x *exchange) reportDiversion(c *call, from *device, to cti.DeviceID, why cti.Cause) {
	c.redirection = from.asParty()
	x.reportCallEvent(c, cti.Event{Kind: cti.Diverted, Subject: from.asParty(), Target: cti.PartyOf(to), Cause: why}, from)
}

// alertSet lets a set ring, unless it cannot.
func (x *exchange) alertSet(c *call, d *device, cause cti.Cause) {
	switch {
	case d.dnd:
		x.addBlockedParty(c, d, d.number, cti.CauseDoNotDisturb)
		return
	case d.isBusy():
		x.addBlockedParty(c, d, d.number, cti.CauseBusy)
		return
	}
	k := x.addConnection(c, d, d.number, cti.Alerting, cause)
	x.ringConnection(k)
}

// ringConnection reports a call that alerts, and forwards it when nobody answers.
func (x *exchange) ringConnection(k *connection) {
	x.reportCallEvent(k.call, cti.Event{Kind: cti.Delivered, Subject: k.asParty(), Cause: k.cause})
	f, ok := k.device.forwardFor(cti.ForwardNoAnswer, k.call.external)
	if !ok {
		return
	}
	k.ringing = x.after(x.options.NoAnswerTime, func() {
		if k.state != cti.Alerting {
			return
		}
		c := k.call
		x.detachConnection(k)
		x.reportDiversion(c, k.device, cti.DeviceID(f.To), cti.CauseCallForwardNoAnswer)
		x.offerCall(c, cti.DeviceID(f.To), cti.CauseCallForwardNoAnswer)
	})
}

// offerOutside brings a call to the public network.
func (x *exchange) offerOutside(c *call, d *device, number cti.DeviceID, cause cti.Cause) {
	if d.manner == Unallocated {
		x.addBlockedParty(c, d, number, cti.CauseNumberUnallocated)
		return
	}
	if c.connectionOf(d) != nil {
		x.addBlockedParty(c, d, number, cti.CauseBusy)
		return
	}
	k := x.addConnection(c, d, number, cti.Alerting, cause)
	x.reportCallEvent(c, cti.Event{Kind: cti.NetworkReached, Subject: k.asParty(), Cause: cti.CauseNormal})
	switch d.manner {
	case Busy:
		x.detachConnection(k)
		x.addBlockedParty(c, d, number, cti.CauseBusy)
	case Answers:
		x.reportCallEvent(c, cti.Event{Kind: cti.Delivered, Subject: k.asParty(), Cause: cause})
		x.establishConnection(k)
	default:
		x.reportCallEvent(c, cti.Event{Kind: cti.Delivered, Subject: k.asParty(), Cause: cause})
	}
}

// dialIn is a call from outside.
func (x *exchange) dialIn(from *device, to cti.DeviceID) (*connection, error) {
	d := x.devices[to]
	if d == nil {
		return nil, pbxError(cti.ErrInvalidDestination, "unknown extension "+string(to))
	}
	c := x.beginCall("")
	c.external, c.calling, c.called = true, from.asParty(), d.asParty()
	k := x.addConnection(c, from, from.number, cti.Connected, cti.CauseNone)
	x.offerCall(c, to, cti.CauseNewCall)
	return k, nil
}

// dialDigits adds digits to a number being dialled. A number of the public
// network is complete after ten digits, or at "#".
func (x *exchange) dialDigits(k *connection, digits string) error {
	if !isDialable(digits) {
		return pbxError(cti.ErrInvalidDestination, "not digits")
	}
	c := k.call
	c.digits += digits
	x.reportCallEvent(c, cti.Event{Kind: cti.DigitsDialed, Subject: k.asParty(), Text: digits})
	number, closed := strings.CutSuffix(c.digits, "#")
	d := x.findDialledDevice(cti.DeviceID(number))
	switch {
	case d != nil && (closed || !d.outside || len(d.number) >= 10):
		x.originateCall(k, number, cti.CauseNewCall, cti.CauseNewCall)
	case closed || len(number) > 20:
		k.state = cti.Connected
		x.addBlockedParty(c, nil, cti.DeviceID(number), cti.CauseDestinationNotObtainable)
	}
	return nil
}
