package csta

import (
	"context"
	"errors"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Call control: how the services of ECMA-269 answer.

// requestAcknowledged performs a service that only acknowledges.
func requestAcknowledged(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	_, err := s.requestConnection(ctx, q, r)
	return driver.Reply{}, err
}

// requestConnection asks for a service that may answer with a connection. If the answer is
// late, a call that was started is cleared, where that is configured, or reported.
func (s *session) requestConnection(ctx context.Context, q *driver.Request, r *message.Request) (reply, error) {
	return s.askNoted(ctx, q.Op, q.Device, r, request{onLate: func(a reply) {
		if a.err != nil {
			return
		}
		var undo func()
		if s.cfg.ClearLateCalls && q.Op.Info().StartsCall {
			undo = func() { s.postNoted(message.Request{Op: message.ClearConnection, Connection: a.connection}, request{}) }
		}
		s.HandleLate(q.Op, cti.ConnectionID{Device: q.Device, Call: s.ids.translateCallID(a.connection.Call)}, undo)
	}})
}

// makeConnection returns the device's connection in what a service makes or changes.
func makeConnection(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	a, err := s.requestConnection(ctx, q, r)
	if err != nil {
		return driver.Reply{}, err
	}
	return driver.Reply{Connection: s.rememberOwn(q.Device, a.connection)}, nil
}

// addDevice is makeConnection for the device that is added.
func addDevice(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	q.Device = q.Target
	return makeConnection(s, ctx, q, r)
}

// joinParties is makeConnection for services whose result names the party that stays.
func joinParties(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	a, err := s.requestConnection(ctx, q, r)
	if err != nil {
		return driver.Reply{}, err
	}
	number, _ := a.connection.Device.Static()
	return driver.Reply{Connection: s.rememberOwn(cti.DeviceID(number), a.connection)}, nil
}

// intrudeCall names the device's own connection to the busy one (ECMA-269
// 17.1.13): a call must have failed there before.
func intrudeCall(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	if q.Connection.Device != q.Device {
		return driver.Reply{}, &cti.Error{Op: cti.OpIntrudeCall, Device: q.Device, NotSent: true, Err: cti.ErrInvalidState,
			Detail: "CSTA intrudes on the device's own call that failed at the busy one; " +
				"use JoinCall to enter a call of other devices"}
	}
	a, err := s.requestConnection(ctx, q, r)
	if err != nil || !a.connection.IsSet() {
		return driver.Reply{Connection: q.Connection}, err // the PBX may leave the call out: then it is the same
	}
	return driver.Reply{Connection: s.rememberOwn(q.Device, a.connection)}, nil
}

func sendTones(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	r.Digits, r.Mode = message.Text(q.Number), message.Some(int8(1))
	return requestAcknowledged(s, ctx, q, r)
}

func isMissingCall(err error) bool { return errors.Is(err, cti.ErrInvalidCall) }
