package csta

import (
	"context"
	"errors"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// Features of a device, and the heartbeat.

// set asks for a setting. That it is so already is no error: setting is idempotent.
func (s *session) set(ctx context.Context, op cti.Operation, device cti.DeviceID, r message.Request) error {
	err := s.do(ctx, op, device, r)
	var e *cti.Error
	if errors.As(err, &e) && e.Code == alreadySet.String() {
		return nil
	}
	return err
}

// get asks for a feature of a device.
func (s *session) get(ctx context.Context, op cti.Operation, service message.Operation, device cti.DeviceID) (reply, error) {
	return s.ask(ctx, op, device, &message.Request{Op: service, Device: s.device(device)})
}

func (s *session) Forwarding(ctx context.Context, device cti.DeviceID) ([]cti.Forward, error) {
	a, err := s.get(ctx, cti.OpGetForwarding, message.GetForwarding, device)
	return a.forwards, err
}

func (s *session) SetForwarding(ctx context.Context, device cti.DeviceID, f cti.Forward) error {
	r := message.Request{Op: message.SetForwarding, Device: s.device(device), On: f.Active,
		Forward: message.Some(message.ForwardingTypeOf(f))}
	if f.To != "" {
		r.To = message.Number(f.To)
	}
	return s.set(ctx, cti.OpSetForwarding, device, r)
}

func (s *session) DoNotDisturb(ctx context.Context, device cti.DeviceID) (bool, error) {
	a, err := s.get(ctx, cti.OpGetDoNotDisturb, message.GetDoNotDisturb, device)
	return a.on, err
}

func (s *session) SetDoNotDisturb(ctx context.Context, device cti.DeviceID, on bool) error {
	return s.set(ctx, cti.OpSetDoNotDisturb, device, message.Request{Op: message.SetDoNotDisturb, Device: s.device(device), On: on})
}

func (s *session) MessageWaiting(ctx context.Context, device cti.DeviceID) (bool, error) {
	a, err := s.get(ctx, cti.OpGetMessageWaiting, message.GetMessageWaitingIndicator, device)
	return a.on, err
}

func (s *session) SetMessageWaiting(ctx context.Context, device cti.DeviceID, on bool) error {
	return s.set(ctx, cti.OpSetMessageWaiting, device,
		message.Request{Op: message.SetMessageWaitingIndicator, Device: s.device(device), On: on})
}

func (s *session) AgentState(ctx context.Context, device cti.DeviceID) (cti.AgentState, error) {
	a, err := s.get(ctx, cti.OpGetAgentState, message.GetAgentState, device)
	return a.agent, err
}

var agentRequests = map[cti.AgentState]message.AgentRequest{
	cti.AgentNull: message.LogOff, cti.AgentNotReady: message.SetNotReady, cti.AgentReady: message.SetReady,
	cti.AgentWorkingAfterCall: message.SetWorkingAfterCall,
}

// SetAgentState logs an agent on first where the PBX does not do so by itself.
func (s *session) SetAgentState(ctx context.Context, device cti.DeviceID, state cti.AgentState) error {
	agent, ok := agentRequests[state]
	if !ok {
		return &cti.Error{Op: cti.OpSetAgentState, Device: device, NotSent: true, Err: cti.ErrInvalidState, Detail: "cannot be asked for: " + state.String()}
	}
	err := s.askAgent(ctx, device, agent)
	if errors.Is(err, cti.ErrInvalidState) && agent != message.LogOff && s.loggedOff(ctx, device) {
		if err = s.askAgent(ctx, device, message.LogOn); err == nil {
			err = s.askAgent(ctx, device, agent)
		}
	}
	return err
}

func (s *session) askAgent(ctx context.Context, device cti.DeviceID, agent message.AgentRequest) error {
	return s.set(ctx, cti.OpSetAgentState, device, message.Request{Op: message.SetAgentState, Device: s.device(device), Agent: agent})
}

func (s *session) loggedOff(ctx context.Context, device cti.DeviceID) bool {
	state, err := s.AgentState(ctx, device)
	return err == nil && state == cti.AgentNull
}

// readFeatures reads what a features-only monitor starts from; what the PBX
// cannot tell stays unknown.
func (s *session) readFeatures(ctx context.Context, device cti.DeviceID) (f cti.Features, err error) {
	forwards, err := s.Forwarding(ctx, device)
	if err == nil {
		f.Forwards = append([]cti.Forward{}, forwards...)
	} else if !errors.Is(err, cti.ErrUnsupported) {
		return f, err
	}
	if dnd, err := s.DoNotDisturb(ctx, device); err == nil {
		f.DoNotDisturb = &dnd
	} else if !errors.Is(err, cti.ErrUnsupported) {
		return f, err
	}
	if waiting, err := s.MessageWaiting(ctx, device); err == nil {
		f.MessageWaiting = &waiting
	} else if !errors.Is(err, cti.ErrUnsupported) {
		return f, err
	}
	return f, nil
}

// Ping asks for a sign of life. A negative answer is one.
func (s *session) Ping(ctx context.Context) error {
	r := message.Request{Op: message.SystemStatus, Status: message.Normal}
	if s.profile.Heartbeat == RequestSystemStatus {
		r = message.Request{Op: message.RequestSystemStatus}
	}
	_, err := s.ask(ctx, cti.OpPing, "", &r)
	var e *cti.Error
	if errors.As(err, &e) && e.Code != "" {
		return nil
	}
	return err
}
