package csta

import (
	"context"
	"errors"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Features of a device, and the heartbeat.

// writeFeature sets a feature. That it is set already is not an error: setting is idempotent.
func writeFeature(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	_, err := requestAcknowledged(s, ctx, q, r)
	if e, ok := errors.AsType[*cti.Error](err); ok && e.Code == alreadySet.String() {
		return driver.Reply{}, nil
	}
	return driver.Reply{}, err
}

func writeForward(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	r.On, r.Forward = q.Forward.Active, message.Some(message.ForwardingTypeOf(q.Forward))
	if q.Forward.To != "" {
		r.To = message.Number(q.Forward.To)
	}
	return writeFeature(s, ctx, q, r)
}

// readFeature asks for a feature of a device.
func readFeature(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	a, err := s.askService(ctx, q.Op, q.Device, r)
	return driver.Reply{On: a.on, Agent: a.agent, Forwards: a.forwards}, err
}

// askFeature reads a feature by its operation.
func (s *session) askFeature(ctx context.Context, op cti.Operation, device cti.DeviceID) (driver.Reply, error) {
	return s.Do(ctx, driver.Request{Op: op, Device: device})
}

var agentRequests = map[cti.AgentState]message.AgentRequest{
	cti.AgentNull: message.LogOff, cti.AgentNotReady: message.SetNotReady, cti.AgentReady: message.SetReady,
	cti.AgentWorkingAfterCall: message.SetWorkingAfterCall,
}

// writeAgentState logs an agent on first if the PBX does not do so on its own.
func writeAgentState(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	var ok bool
	if r.Agent, ok = agentRequests[q.Agent.State]; !ok {
		return driver.Reply{}, &cti.Error{Op: q.Op, Device: q.Device, NotSent: true, Err: cti.ErrInvalidState,
			Detail: "agent state " + q.Agent.State.String() + " cannot be set"}
	}
	a, err := writeFeature(s, ctx, q, r)
	if errors.Is(err, cti.ErrInvalidState) && r.Agent != message.LogOff && s.isLoggedOff(ctx, q.Device) {
		on := *r
		on.Agent = message.LogOn
		if a, err = writeFeature(s, ctx, q, &on); err == nil {
			a, err = writeFeature(s, ctx, q, r)
		}
	}
	return a, err
}

func (s *session) isLoggedOff(ctx context.Context, device cti.DeviceID) bool {
	a, err := s.askFeature(ctx, cti.OpGetAgentState, device)
	return err == nil && a.Agent == cti.AgentNull
}

// readAllFeatures reads what a features-only monitor starts from; what the PBX
// cannot report stays unknown.
func (s *session) readAllFeatures(ctx context.Context, device cti.DeviceID) (f cti.Features, err error) {
	for _, op := range []cti.Operation{cti.OpGetForwarding, cti.OpGetDoNotDisturb, cti.OpGetMessageWaiting} {
		a, err := s.askFeature(ctx, op, device)
		switch {
		case errors.Is(err, ctikit.ErrUnsupported):
		case err != nil:
			return f, err
		case op == cti.OpGetForwarding:
			f.Forwards = append([]cti.Forward{}, a.Forwards...)
		case op == cti.OpGetDoNotDisturb:
			f.DoNotDisturb = &a.On
		default:
			f.MessageWaiting = &a.On
		}
	}
	return f, nil
}

// askHeartbeat asks for a sign of life. A negative answer is one.
func askHeartbeat(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	r.Status = message.Normal
	if s.profile.Heartbeat == RequestSystemStatus {
		*r = message.Request{Op: message.RequestSystemStatus}
	}
	_, err := s.askService(ctx, q.Op, "", r)
	if e, ok := errors.AsType[*cti.Error](err); ok && e.Code != "" {
		err = nil
	}
	return driver.Reply{}, err
}
