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

// sets asks for a setting. That it is so already is no error: setting is idempotent.
func sets(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	_, err := acts(s, ctx, q, r)
	if e, ok := errors.AsType[*cti.Error](err); ok && e.Code == alreadySet.String() {
		return driver.Reply{}, nil
	}
	return driver.Reply{}, err
}

func forwards(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	r.On, r.Forward = q.Forward.Active, message.Some(message.ForwardingTypeOf(q.Forward))
	if q.Forward.To != "" {
		r.To = message.Number(q.Forward.To)
	}
	return sets(s, ctx, q, r)
}

// gets asks for a feature of a device.
func gets(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	a, err := s.ask(ctx, q.Op, q.Device, r)
	return driver.Reply{On: a.on, Agent: a.agent, Forwards: a.forwards}, err
}

// feature is gets by the operation.
func (s *session) feature(ctx context.Context, op cti.Operation, device cti.DeviceID) (driver.Reply, error) {
	return s.Do(ctx, driver.Request{Op: op, Device: device})
}

var agentRequests = map[cti.AgentState]message.AgentRequest{
	cti.AgentNull: message.LogOff, cti.AgentNotReady: message.SetNotReady, cti.AgentReady: message.SetReady,
	cti.AgentWorkingAfterCall: message.SetWorkingAfterCall,
}

// setsAgent logs an agent on first where the PBX does not do so by itself.
func setsAgent(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	var ok bool
	if r.Agent, ok = agentRequests[q.Agent.State]; !ok {
		return driver.Reply{}, &cti.Error{Op: q.Op, Device: q.Device, NotSent: true, Err: cti.ErrInvalidState, Detail: "cannot be asked for: " + q.Agent.State.String()}
	}
	a, err := sets(s, ctx, q, r)
	if errors.Is(err, cti.ErrInvalidState) && r.Agent != message.LogOff && s.loggedOff(ctx, q.Device) {
		on := *r
		on.Agent = message.LogOn
		if a, err = sets(s, ctx, q, &on); err == nil {
			a, err = sets(s, ctx, q, r)
		}
	}
	return a, err
}

func (s *session) loggedOff(ctx context.Context, device cti.DeviceID) bool {
	a, err := s.feature(ctx, cti.OpGetAgentState, device)
	return err == nil && a.Agent == cti.AgentNull
}

// readFeatures reads what a features-only monitor starts from; what the PBX
// cannot tell stays unknown.
func (s *session) readFeatures(ctx context.Context, device cti.DeviceID) (f cti.Features, err error) {
	for _, op := range []cti.Operation{cti.OpGetForwarding, cti.OpGetDoNotDisturb, cti.OpGetMessageWaiting} {
		a, err := s.feature(ctx, op, device)
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

// pings asks for a sign of life. A negative answer is one.
func pings(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	r.Status = message.Normal
	if s.profile.Heartbeat == RequestSystemStatus {
		*r = message.Request{Op: message.RequestSystemStatus}
	}
	_, err := s.ask(ctx, q.Op, "", r)
	if e, ok := errors.AsType[*cti.Error](err); ok && e.Code != "" {
		err = nil
	}
	return driver.Reply{}, err
}
