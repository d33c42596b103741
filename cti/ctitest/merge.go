package ctitest

import "github.com/ctikit/ctikit/cti"

// startConsultation holds a call and makes another.
func (x *exchange) startConsultation(active *connection, number string) (*connection, error) {
	d := active.device
	if x.findDialledDevice(cti.DeviceID(number)) == nil {
		return nil, pbxError(cti.ErrInvalidDestination, "unknown number")
	}
	x.holdConnection(active, cti.CauseConsultation)
	c := x.beginCall("")
	c.calling, c.called = d.asParty(), cti.PartyOf(cti.DeviceID(number))
	k := x.addConnection(c, d, d.number, cti.Initiated, cti.CauseNone)
	x.reportCallEvent(c, cti.Event{Kind: cti.ServiceInitiated, Subject: k.asParty(), Cause: cti.CauseConsultation})
	x.originateCall(k, number, cti.CauseConsultation, cti.CauseNewCall)
	return k, nil
}

// validateMerge returns why the calls of held and active cannot become one.
func validateMerge(held, active *connection) error {
	for _, k := range active.call.otherConnections(active.device) {
		if held.call.connectionOf(k.device) != nil {
			return pbxError(cti.ErrInvalidState, string(k.shown)+" is in both calls")
		}
	}
	first, second := held.call.otherConnections(held.device), active.call.otherConnections(active.device)
	if len(first) == 0 || len(second) == 0 || !anyTakesPart(append(first, second...)) {
		return pbxError(cti.ErrInvalidState, "no party to join")
	}
	return nil
}

// transferCalls joins the other parties of two calls.
func (x *exchange) transferCalls(held, active *connection) (*connection, error) {
	if err := validateMerge(held, active); err != nil {
		return nil, err
	}
	d, first, second := held.device, held.call, active.call
	stays, reached := first.otherConnections(d)[0], second.otherConnections(d)[0]
	x.detachConnection(held)
	x.detachConnection(active)
	c := x.mergeCalls(first, second)
	c.calling, c.called = stays.asParty(), reached.asParty()
	x.reportMerge(c, first, second, cti.Event{Kind: cti.Transferred, Subject: d.asParty(),
		Target: reached.asParty(), Cause: cti.CauseTransfer}, d)
	return stays, nil
}

// conferenceCalls joins two calls and stays in.
func (x *exchange) conferenceCalls(held, active *connection) (*connection, error) {
	if err := validateMerge(held, active); err != nil {
		return nil, err
	}
	d, first, second := held.device, held.call, active.call
	reached := second.otherConnections(d)[0]
	x.detachConnection(active)
	held.state = cti.Connected
	c := x.mergeCalls(first, second)
	x.reportMerge(c, first, second, cti.Event{Kind: cti.Conferenced, Subject: d.asParty(),
		Target: reached.asParty(), Cause: cti.CauseConference})
	return held, nil
}

// mergeCalls moves the connections of one or two calls into a new one.
func (x *exchange) mergeCalls(first, second *call) *call {
	c := x.beginCall(first.global)
	c.calling, c.called, c.external = first.calling, first.called, first.external
	for _, old := range []*call{first, second} {
		if old == nil {
			continue
		}
		for _, k := range old.conns {
			if !k.blocked {
				k.call = c
				c.conns = append(c.conns, k)
			}
		}
		old.conns = nil
		delete(x.calls, old.id)
	}
	return c
}

// singleStepTransfer sends the other parties of a call to a number.
func (x *exchange) singleStepTransfer(k *connection, number cti.DeviceID) (*connection, error) {
	d, old := k.device, k.call
	if x.findDialledDevice(number) == nil {
		return nil, pbxError(cti.ErrInvalidDestination, "unknown number")
	}
	others := old.otherConnections(d)
	if !anyTakesPart(others) {
		return nil, pbxError(cti.ErrInvalidState, "no party to transfer")
	}
	x.detachConnection(k)
	c := x.mergeCalls(old, nil)
	c.calling, c.called = others[0].asParty(), cti.PartyOf(number)
	x.reportMerge(c, old, nil, cti.Event{Kind: cti.Transferred, Subject: d.asParty(),
		Target: cti.PartyOf(number), Cause: cti.CauseSingleStepTransfer}, d)
	x.offerCall(c, number, cti.CauseSingleStepTransfer)
	return others[0], nil
}

// singleStepConference adds a free set to a call, which keeps its identifier.
func (x *exchange) singleStepConference(k *connection, d *device) (*connection, error) {
	if err := x.validateEntry(k, d); err != nil {
		return nil, err
	}
	added := x.addConnection(k.call, d, d.number, cti.Connected, cti.CauseSingleStepConference)
	x.reportCallEvent(k.call, cti.Event{Kind: cti.Conferenced, Subject: k.asParty(), Target: added.asParty(),
		OldCall: k.call.id, Cause: cti.CauseSingleStepConference})
	return added, nil
}

// enterCall lets a free set into a call of others.
func (x *exchange) enterCall(d *device, k *connection, cause cti.Cause) (*connection, error) {
	if err := x.validateEntry(k, d); err != nil {
		return nil, err
	}
	added := x.addConnection(k.call, d, d.number, cti.Connected, cause)
	x.reportCallEvent(k.call, cti.Event{Kind: cti.Established, Subject: added.asParty(), Cause: cause})
	return added, nil
}

func (x *exchange) validateEntry(k *connection, d *device) error {
	switch {
	case k.call.connectionOf(d) != nil:
		return pbxError(cti.ErrInvalidState, string(d.number)+" is already in the call")
	case d.connectionIn(cti.Initiated, cti.Alerting, cti.Connected) != nil || d.isBusy():
		return pbxError(cti.ErrBusy, string(d.number)+" is busy")
	}
	return nil
}
