package ctitest

import "github.com/ctikit/ctikit/cti"

// Forwarding reads the active forwards of a set.
func (s *Switch) Forwarding(number cti.DeviceID) ([]cti.Forward, error) {
	d, err := s.reachableDevice(number)
	if err != nil {
		return nil, err
	}
	return d.activeForwards(), nil
}

// SetForwarding sets or cancels a forward.
func (s *Switch) SetForwarding(number cti.DeviceID, f cti.Forward) error {
	d, err := s.reachableDevice(number)
	if err != nil {
		return err
	}
	return s.x.setForward(d, f)
}

// DoNotDisturb reads do-not-disturb.
func (s *Switch) DoNotDisturb(number cti.DeviceID) (bool, error) {
	d, err := s.reachableDevice(number)
	return err == nil && d.dnd, err
}

// SetDoNotDisturb switches do-not-disturb.
func (s *Switch) SetDoNotDisturb(number cti.DeviceID, on bool) error {
	d, err := s.reachableDevice(number)
	if err == nil {
		s.x.setDoNotDisturb(d, on)
	}
	return err
}

// MessageWaiting reads the message waiting indicator.
func (s *Switch) MessageWaiting(number cti.DeviceID) (bool, error) {
	d, err := s.reachableDevice(number)
	return err == nil && d.waiting, err
}

// SetMessageWaiting switches the message waiting indicator.
func (s *Switch) SetMessageWaiting(number cti.DeviceID, on bool) error {
	d, err := s.reachableDevice(number)
	if err == nil {
		s.x.setMessageWaiting(d, on)
	}
	return err
}

// AgentState reads the state of the agent at a set.
func (s *Switch) AgentState(number cti.DeviceID) (cti.AgentState, error) {
	d, err := s.reachableDevice(number)
	if err != nil {
		return cti.AgentUnknown, err
	}
	return d.agent, nil
}

// SetAgentState changes the state of the agent at a set.
func (s *Switch) SetAgentState(number cti.DeviceID, state cti.AgentState) error {
	d, err := s.reachableDevice(number)
	if err != nil {
		return err
	}
	return s.x.setAgent(d, state)
}
