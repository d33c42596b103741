package csta

import (
	"context"
	"errors"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Call control: how the services of ECMA-269 answer.

// acts asks for a service that only acknowledges.
func acts(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	_, err := s.connects(ctx, q, r)
	return driver.Reply{}, err
}

// connects asks for a service that may answer with a connection. If the answer is
// late, a call that was started is cleared, where that is configured, or reported.
func (s *session) connects(ctx context.Context, q *driver.Request, r *message.Request) (reply, error) {
	return s.askAnd(ctx, q.Op, q.Device, r, request{late: func(a reply) {
		if a.err != nil {
			return
		}
		var undo func()
		if s.cfg.ClearLateCalls && q.Op.Info().StartsCall {
			undo = func() { s.post(message.Request{Op: message.ClearConnection, Connection: a.connection}) }
		}
		s.HandleLate(q.Op, cti.ConnectionID{Device: q.Device, Call: s.ids.call(a.connection.Call)}, undo)
	}})
}

// makes returns the device's connection in what a service makes or changes.
func makes(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	a, err := s.connects(ctx, q, r)
	if err != nil {
		return driver.Reply{}, err
	}
	return driver.Reply{Connection: s.own(q.Device, a.connection)}, nil
}

// adds is makes for the device that is added.
func adds(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	q.Device = q.Target
	return makes(s, ctx, q, r)
}

// joins is makes for services whose result names the party that stays.
func joins(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	a, err := s.connects(ctx, q, r)
	if err != nil {
		return driver.Reply{}, err
	}
	number, _ := a.connection.Device.Static()
	return driver.Reply{Connection: s.own(cti.DeviceID(number), a.connection)}, nil
}

// intrudes names the device's own connection to the busy one (ECMA-269
// 17.1.13): a call must have failed there before.
func intrudes(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	if q.Connection.Device != q.Device {
		return driver.Reply{}, &cti.Error{Op: cti.OpIntrudeCall, Device: q.Device, NotSent: true, Err: cti.ErrInvalidState,
			Detail: "CSTA intrudes from the device's own call that failed at the busy one; JoinCall enters a call of others"}
	}
	a, err := s.connects(ctx, q, r)
	if err != nil || !a.connection.IsSet() {
		return driver.Reply{Connection: q.Connection}, err // the PBX may leave the call out: then it is the same
	}
	return driver.Reply{Connection: s.own(q.Device, a.connection)}, nil
}

func tones(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	r.Digits, r.Mode = message.Text(q.Number), message.Some(int8(1))
	return acts(s, ctx, q, r)
}

func isNoCall(err error) bool { return errors.Is(err, cti.ErrInvalidCall) }
