package ctitest

import "github.com/ctikit/ctikit/cti"

// answer connects a device to the call that alerts or waits there, or goes off
// hook for a call that the set was prompted for.
func (x *exchange) answer(k *connection) error {
	for _, o := range k.device.conns {
		if o != k && o.state == cti.Initiated {
			return fail(cti.ErrInvalidState, string(k.device.number)+" is dialling")
		}
	}
	switch {
	case k.state == cti.Initiated && k.call.prompted != "":
		x.holdOthers(k)
		x.originate(k, k.call.prompted, cti.CauseMakeCall, cti.CauseNewCall)
		return nil
	case k.state != cti.Alerting && k.state != cti.Queued:
		return fail(cti.ErrInvalidState, k.id().String()+" is "+k.state.String())
	}
	x.holdOthers(k)
	x.establish(k)
	if to := k.call.backTo; to != "" {
		k.call.backTo = ""
		x.offer(k.call, to, cti.CauseCallBack)
	}
	return nil
}

// establish connects without asking.
func (x *exchange) establish(k *connection) {
	if k.ringing != nil {
		k.ringing.Stop()
	}
	k.state = cti.Connected
	x.report(k.call, cti.Event{Kind: cti.Established, Subject: k.party(), Cause: k.cause})
}

// holdOthers puts the active call of a device on hold because another begins.
func (x *exchange) holdOthers(k *connection) {
	for _, o := range k.device.conns {
		if o != k && o.state == cti.Connected && !k.device.outside {
			x.hold(o, cti.CauseNormal)
		}
	}
}

func (x *exchange) hold(k *connection, cause cti.Cause) {
	k.state = cti.Hold
	x.report(k.call, cti.Event{Kind: cti.Held, Subject: k.party(), Cause: cause})
}

func (x *exchange) unhold(k *connection, cause cti.Cause) {
	k.state = cti.Connected
	x.report(k.call, cti.Event{Kind: cti.Retrieved, Subject: k.party(), Cause: cause})
}

func (x *exchange) retrieve(k *connection) error {
	if o := k.device.in(cti.Connected, cti.Initiated); o != nil {
		return fail(cti.ErrInvalidState, o.id().String()+" is "+o.state.String())
	}
	x.unhold(k, cti.CauseNormal)
	return nil
}

// clear ends one connection, and the call where it was needed.
func (x *exchange) clear(k *connection) {
	c := k.call
	x.drop(k, cti.CauseNormalClearing)
	x.settle(c)
}

// clearCall ends every connection, that of k first.
func (x *exchange) clearCall(k *connection) {
	c := k.call
	x.drop(k, cti.CauseNormalClearing)
	x.end(c)
}

func (x *exchange) alternate(held, active *connection) {
	x.hold(active, cti.CauseAlternate)
	x.unhold(held, cti.CauseAlternate)
}

// reconnect clears active and goes back to held.
func (x *exchange) reconnect(held, active *connection) {
	x.clear(active)
	if held.state == cti.Hold {
		x.unhold(held, cti.CauseNormal)
	}
}

// generateDigits sends tones.
func (x *exchange) generateDigits(k *connection, digits string) error {
	for _, r := range digits {
		if (r < '0' || r > '9') && (r < 'A' || r > 'D') && r != '*' && r != '#' {
			return fail(cti.ErrInvalidState, "not DTMF: want 0-9, A-D, * and #")
		}
	}
	x.report(k.call, cti.Event{Kind: cti.DigitsGenerated, Subject: k.party(), Text: digits})
	return nil
}
