package ctitest

import "github.com/ctikit/ctikit/cti"

// answerConnection connects a device to the call that alerts or waits there, or
// goes off hook for a call that the set was prompted for.
func (x *exchange) answerConnection(k *connection) error {
	for _, o := range k.device.conns {
		if o != k && o.state == cti.Initiated {
			return pbxError(cti.ErrInvalidState, string(k.device.number)+" is dialling")
		}
	}
	switch {
	case k.state == cti.Initiated && k.call.prompted != "":
		x.holdOtherCalls(k)
		x.originateCall(k, k.call.prompted, cti.CauseMakeCall, cti.CauseNewCall)
		return nil
	case k.state != cti.Alerting && k.state != cti.Queued:
		return pbxError(cti.ErrInvalidState, k.id().String()+" is "+k.state.String())
	}
	x.holdOtherCalls(k)
	x.establishConnection(k)
	if to := k.call.backTo; to != "" {
		k.call.backTo = ""
		x.offerCall(k.call, to, cti.CauseCallBack)
	}
	return nil
}

// establishConnection connects without asking.
func (x *exchange) establishConnection(k *connection) {
	if k.ringing != nil {
		k.ringing.Stop()
	}
	k.state = cti.Connected
	x.reportCallEvent(k.call, cti.Event{Kind: cti.Established, Subject: k.asParty(), Cause: k.cause})
}

// holdOtherCalls puts the active call of a device on hold because another begins.
func (x *exchange) holdOtherCalls(k *connection) {
	for _, o := range k.device.conns {
		if o != k && o.state == cti.Connected && !k.device.outside {
			x.holdConnection(o, cti.CauseNormal)
		}
	}
}

func (x *exchange) holdConnection(k *connection, cause cti.Cause) {
	k.state = cti.Hold
	x.reportCallEvent(k.call, cti.Event{Kind: cti.Held, Subject: k.asParty(), Cause: cause})
}

func (x *exchange) unholdConnection(k *connection, cause cti.Cause) {
	k.state = cti.Connected
	x.reportCallEvent(k.call, cti.Event{Kind: cti.Retrieved, Subject: k.asParty(), Cause: cause})
}

func (x *exchange) retrieveConnection(k *connection) error {
	if o := k.device.connectionIn(cti.Connected, cti.Initiated); o != nil {
		return pbxError(cti.ErrInvalidState, o.id().String()+" is "+o.state.String())
	}
	x.unholdConnection(k, cti.CauseNormal)
	return nil
}

// clearConnection ends one connection, and the call where it was needed.
func (x *exchange) clearConnection(k *connection) {
	c := k.call
	x.dropConnection(k, cti.CauseNormalClearing)
	x.endDesertedCall(c)
}

// clearCall ends every connection, that of k first.
func (x *exchange) clearCall(k *connection) {
	c := k.call
	x.dropConnection(k, cti.CauseNormalClearing)
	x.endCall(c)
}

func (x *exchange) alternateConnections(held, active *connection) {
	x.holdConnection(active, cti.CauseAlternate)
	x.unholdConnection(held, cti.CauseAlternate)
}

// reconnectHeld clears active and goes back to held.
func (x *exchange) reconnectHeld(held, active *connection) {
	x.clearConnection(active)
	if held.state == cti.Hold {
		x.unholdConnection(held, cti.CauseNormal)
	}
}

// generateDigits sends tones.
func (x *exchange) generateDigits(k *connection, digits string) error {
	for _, r := range digits {
		if (r < '0' || r > '9') && (r < 'A' || r > 'D') && r != '*' && r != '#' {
			return pbxError(cti.ErrInvalidState, "invalid digits: must be 0-9, A-D, * or #")
		}
	}
	x.reportCallEvent(k.call, cti.Event{Kind: cti.DigitsGenerated, Subject: k.asParty(), Text: digits})
	return nil
}
