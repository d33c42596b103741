package ctitest

import "github.com/ctikit/ctikit/cti"

// consult holds a call and makes another.
func (x *exchange) consult(active *connection, number string) (*connection, error) {
	d := active.device
	if x.find(cti.DeviceID(number)) == nil {
		return nil, fail(cti.ErrInvalidDestination, "no such number")
	}
	x.hold(active, cti.CauseConsultation)
	c := x.newCall("")
	c.calling, c.called = d.party(), cti.PartyOf(cti.DeviceID(number))
	k := x.join(c, d, d.number, cti.Initiated, cti.CauseNone)
	x.report(c, cti.Event{Kind: cti.ServiceInitiated, Subject: k.party(), Cause: cti.CauseConsultation})
	x.originate(k, number, cti.CauseConsultation, cti.CauseNewCall)
	return k, nil
}

// mergeable tells why the calls of held and active cannot become one.
func mergeable(held, active *connection) error {
	for _, k := range active.call.others(active.device) {
		if held.call.of(k.device) != nil {
			return fail(cti.ErrInvalidState, string(k.shown)+" is in both calls")
		}
	}
	first, second := held.call.others(held.device), active.call.others(active.device)
	if len(first) == 0 || len(second) == 0 || !taking(append(first, second...)) {
		return fail(cti.ErrInvalidState, "nobody to join")
	}
	return nil
}

// transfer joins the other parties of two calls.
func (x *exchange) transfer(held, active *connection) (*connection, error) {
	if err := mergeable(held, active); err != nil {
		return nil, err
	}
	d, first, second := held.device, held.call, active.call
	stays, reached := first.others(d)[0], second.others(d)[0]
	x.leave(held)
	x.leave(active)
	c := x.merge(first, second)
	c.calling, c.called = stays.party(), reached.party()
	x.reportMerge(c, first, second, cti.Event{Kind: cti.Transferred, Subject: d.party(),
		Target: reached.party(), Cause: cti.CauseTransfer}, d)
	return stays, nil
}

// conference joins two calls and stays in.
func (x *exchange) conference(held, active *connection) (*connection, error) {
	if err := mergeable(held, active); err != nil {
		return nil, err
	}
	d, first, second := held.device, held.call, active.call
	reached := second.others(d)[0]
	x.leave(active)
	held.state = cti.Connected
	c := x.merge(first, second)
	x.reportMerge(c, first, second, cti.Event{Kind: cti.Conferenced, Subject: d.party(),
		Target: reached.party(), Cause: cti.CauseConference})
	return held, nil
}

// merge moves the connections of one or two calls into a new one.
func (x *exchange) merge(first, second *call) *call {
	c := x.newCall(first.global)
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
	if x.find(number) == nil {
		return nil, fail(cti.ErrInvalidDestination, "no such number")
	}
	others := old.others(d)
	if !taking(others) {
		return nil, fail(cti.ErrInvalidState, "nobody to transfer")
	}
	x.leave(k)
	c := x.merge(old, nil)
	c.calling, c.called = others[0].party(), cti.PartyOf(number)
	x.reportMerge(c, old, nil, cti.Event{Kind: cti.Transferred, Subject: d.party(),
		Target: cti.PartyOf(number), Cause: cti.CauseSingleStepTransfer}, d)
	x.offer(c, number, cti.CauseSingleStepTransfer)
	return others[0], nil
}

// singleStepConference adds a free set to a call, which keeps its identifier.
func (x *exchange) singleStepConference(k *connection, d *device) (*connection, error) {
	if err := x.enterable(k, d); err != nil {
		return nil, err
	}
	added := x.join(k.call, d, d.number, cti.Connected, cti.CauseSingleStepConference)
	x.report(k.call, cti.Event{Kind: cti.Conferenced, Subject: k.party(), Target: added.party(),
		OldCall: k.call.id, Cause: cti.CauseSingleStepConference})
	return added, nil
}

// enter lets a free set into a call of others.
func (x *exchange) enter(d *device, k *connection, cause cti.Cause) (*connection, error) {
	if err := x.enterable(k, d); err != nil {
		return nil, err
	}
	added := x.join(k.call, d, d.number, cti.Connected, cause)
	x.report(k.call, cti.Event{Kind: cti.Established, Subject: added.party(), Cause: cause})
	return added, nil
}

func (x *exchange) enterable(k *connection, d *device) error {
	switch {
	case k.call.of(d) != nil:
		return fail(cti.ErrInvalidState, string(d.number)+" is in the call already")
	case d.in(cti.Initiated, cti.Alerting, cti.Connected) != nil || d.busy():
		return fail(cti.ErrBusy, string(d.number)+" is busy")
	}
	return nil
}
