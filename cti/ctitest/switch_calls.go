package ctitest

import "github.com/ctikit/ctikit/cti"

// connectionIDOf is the identifier of a connection that an operation returned.
func connectionIDOf(k *connection, err error) (cti.ConnectionID, error) {
	if err != nil {
		return cti.ConnectionID{}, err
	}
	return k.id(), nil
}

// MakeCall calls number from a set; "" only takes the set off hook.
func (s *Switch) MakeCall(number cti.DeviceID, to string) (cti.ConnectionID, error) {
	d, err := s.reachableDevice(number)
	if err != nil {
		return cti.ConnectionID{}, err
	}
	return connectionIDOf(s.x.startCall(d, to))
}

// AnswerCall answers an alerting or waiting call.
func (s *Switch) AnswerCall(c cti.ConnectionID) error {
	return s.actOnState(c, s.x.answerConnection, cti.Alerting, cti.Queued, cti.Initiated)
}

// ClearConnection takes one device out of a call.
func (s *Switch) ClearConnection(c cti.ConnectionID) error {
	k, err := s.x.findConnection(c)
	if err == nil {
		s.x.clearConnection(k)
	}
	return err
}

// ClearCall ends a call.
func (s *Switch) ClearCall(c cti.ConnectionID) error {
	k, err := s.x.findConnection(c)
	if err == nil {
		s.x.clearCall(k)
	}
	return err
}

// HoldCall puts an active call on hold.
func (s *Switch) HoldCall(c cti.ConnectionID) error {
	return s.actOnState(c, func(k *connection) error { s.x.holdConnection(k, cti.CauseNormal); return nil }, cti.Connected)
}

// RetrieveCall takes a held call back.
func (s *Switch) RetrieveCall(c cti.ConnectionID) error {
	return s.actOnState(c, s.x.retrieveConnection, cti.Hold)
}

// AlternateCall swaps two calls of a set.
func (s *Switch) AlternateCall(held, active cti.ConnectionID) error {
	h, a, err := s.x.findHeldAndActive(held, active)
	if err == nil {
		s.x.alternateConnections(h, a)
	}
	return err
}

// ReconnectCall clears the active call of a set and goes back to the held one.
func (s *Switch) ReconnectCall(held, active cti.ConnectionID) error {
	h, a, err := s.x.findHeldAndActive(held, active)
	if err == nil {
		s.x.reconnectHeld(h, a)
	}
	return err
}

// ConsultationCall holds a call and calls number.
func (s *Switch) ConsultationCall(active cti.ConnectionID, number string) (cti.ConnectionID, error) {
	k, err := s.x.findConnectionIn(active, cti.Connected)
	if err != nil {
		return cti.ConnectionID{}, err
	}
	return connectionIDOf(s.x.startConsultation(k, number))
}

// TransferCall joins the others of two calls and returns the party that was held.
func (s *Switch) TransferCall(held, active cti.ConnectionID) (cti.ConnectionID, error) {
	h, a, err := s.x.findHeldAndActive(held, active)
	if err != nil {
		return cti.ConnectionID{}, err
	}
	return connectionIDOf(s.x.transferCalls(h, a))
}

// ConferenceCall joins two calls and returns the set's connection to the result.
func (s *Switch) ConferenceCall(held, active cti.ConnectionID) (cti.ConnectionID, error) {
	h, a, err := s.x.findHeldAndActive(held, active)
	if err != nil {
		return cti.ConnectionID{}, err
	}
	return connectionIDOf(s.x.conferenceCalls(h, a))
}

// SingleStepTransfer sends the others of a call to number.
func (s *Switch) SingleStepTransfer(c cti.ConnectionID, number string) (cti.ConnectionID, error) {
	k, err := s.x.findConnectionIn(c, cti.Connected, cti.Hold)
	if err != nil {
		return cti.ConnectionID{}, err
	}
	return connectionIDOf(s.x.singleStepTransfer(k, cti.DeviceID(number)))
}

// SingleStepConference adds a free set to a call.
func (s *Switch) SingleStepConference(c cti.ConnectionID, number cti.DeviceID) (cti.ConnectionID, error) {
	k, err := s.x.findConnectionIn(c, cti.Connected)
	if err != nil {
		return cti.ConnectionID{}, err
	}
	d, err := s.reachableDevice(number)
	if err != nil {
		return cti.ConnectionID{}, err
	}
	return connectionIDOf(s.x.singleStepConference(k, d))
}

// JoinCall lets a set into a call of others.
func (s *Switch) JoinCall(number cti.DeviceID, c cti.ConnectionID) (cti.ConnectionID, error) {
	return s.enterConnected(number, c, cti.CauseJoinCall)
}

// IntrudeCall breaks into a call: from the set's own call that failed at a busy
// set, or like JoinCall.
func (s *Switch) IntrudeCall(number cti.DeviceID, c cti.ConnectionID) (cti.ConnectionID, error) {
	if c.Device == number {
		k, err := s.x.findConnectionIn(c, cti.Connected)
		if err != nil {
			return cti.ConnectionID{}, err
		}
		return connectionIDOf(s.x.intrudeOnBusy(k))
	}
	return s.enterConnected(number, c, cti.CauseIntrude)
}

func (s *Switch) enterConnected(number cti.DeviceID, c cti.ConnectionID, cause cti.Cause) (cti.ConnectionID, error) {
	d, err := s.reachableDevice(number)
	if err != nil {
		return cti.ConnectionID{}, err
	}
	k, err := s.x.findConnectionIn(c, cti.Connected)
	if err != nil {
		return cti.ConnectionID{}, err
	}
	return connectionIDOf(s.x.enterCall(d, k, cause))
}

// DeflectCall sends an alerting call elsewhere.
func (s *Switch) DeflectCall(c cti.ConnectionID, number string) error {
	deflect := func(k *connection) error { return s.x.deflectConnection(k, cti.DeviceID(number)) }
	return s.actOnState(c, deflect, cti.Alerting)
}

// DirectedPickup takes a call that alerts or waits at another set.
func (s *Switch) DirectedPickup(number cti.DeviceID, alerting cti.ConnectionID) error {
	d, err := s.reachableDevice(number)
	if err != nil {
		return err
	}
	return s.actOnState(alerting, func(k *connection) error { return s.x.pickUp(d, k) }, cti.Alerting, cti.Queued)
}

// GroupPickup takes the call that alerts longest in the set's group.
func (s *Switch) GroupPickup(number cti.DeviceID) error {
	d, err := s.reachableDevice(number)
	if err != nil {
		return err
	}
	return s.x.groupPickUp(d)
}

// ParkCall leaves a call waiting at a set.
func (s *Switch) ParkCall(c cti.ConnectionID, at cti.DeviceID) error {
	d, err := s.reachableDevice(at)
	if err != nil {
		return err
	}
	return s.actOnState(c, func(k *connection) error { return s.x.parkConnection(k, d) }, cti.Connected)
}

// CampOnCall waits for the busy set that was called.
func (s *Switch) CampOnCall(c cti.ConnectionID) error {
	return s.actOnState(c, s.x.campOnDevice, cti.Connected)
}

// CallBack ends the call, and has the PBX call when both sides are free.
func (s *Switch) CallBack(c cti.ConnectionID) error {
	return s.actOnState(c, s.x.requestCallBack, cti.Connected)
}

// DialDigits dials further digits.
func (s *Switch) DialDigits(c cti.ConnectionID, digits string) error {
	return s.actOnState(c, func(k *connection) error { return s.x.dialDigits(k, digits) }, cti.Initiated)
}

// GenerateDigits sends tones.
func (s *Switch) GenerateDigits(c cti.ConnectionID, digits string) error {
	return s.actOnState(c, func(k *connection) error { return s.x.generateDigits(k, digits) }, cti.Connected)
}

// actOnState acts on a connection in one of the states.
func (s *Switch) actOnState(c cti.ConnectionID, act func(*connection) error, states ...cti.LocalState) error {
	k, err := s.x.findConnectionIn(c, states...)
	if err != nil {
		return err
	}
	return act(k)
}
