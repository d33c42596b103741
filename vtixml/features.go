package vtixml

import (
	"context"

	"github.com/ctikit/ctikit/cti"
)

// get asks for a feature of a device.
func (s *session) get(ctx context.Context, op cti.Operation, device cti.DeviceID) (Answer, error) {
	return s.ask(ctx, op, &Request{Device: device}, nil)
}

func (s *session) DoNotDisturb(ctx context.Context, device cti.DeviceID) (bool, error) {
	a, err := s.get(ctx, cti.OpGetDoNotDisturb, device)
	return a.On, err
}

func (s *session) SetDoNotDisturb(ctx context.Context, device cti.DeviceID, on bool) error {
	return s.do(ctx, cti.OpSetDoNotDisturb, &Request{Device: device, On: on})
}

func (s *session) MessageWaiting(ctx context.Context, device cti.DeviceID) (bool, error) {
	a, err := s.get(ctx, cti.OpGetMessageWaiting, device)
	return a.On, err
}

func (s *session) SetMessageWaiting(ctx context.Context, device cti.DeviceID, on bool) error {
	return s.do(ctx, cti.OpSetMessageWaiting, &Request{Device: device, On: on})
}

func (s *session) AgentState(ctx context.Context, device cti.DeviceID) (cti.AgentState, error) {
	a, err := s.get(ctx, cti.OpGetAgentState, device)
	return a.Agent, err
}

func (s *session) SetAgentState(ctx context.Context, device cti.DeviceID, state cti.AgentState) error {
	return s.do(ctx, cti.OpSetAgentState, &Request{Device: device, Agent: state})
}

// ListDevices lists the extensions that the link can supervise.
func (s *session) ListDevices(ctx context.Context) ([]cti.DeviceID, error) {
	a, err := s.get(ctx, cti.OpListDevices, "")
	return a.Devices, err
}
