package vtixml

import (
	"context"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/wire"
)

// Do performs any operation: its row in package cti lists the parameters it has and
// what its answer must hold.
func (s *session) Do(ctx context.Context, q driver.Request) (driver.Reply, error) {
	if err := s.Capabilities().Refuse(&q); err != nil {
		return driver.Reply{}, err
	}
	r, err := buildParameters(&q)
	if err != nil {
		return driver.Reply{}, err
	}
	var undo func(reply)
	if s.cfg.ClearLateCalls && q.Op.Info().StartsCall {
		undo = func(r reply) {
			clear := driver.Request{Op: cti.OpClearConnection, Connection: r.Connection}
			s.Spawn(func() { _, _ = s.Do(context.Background(), clear) })
		}
	}
	a, err := s.askNoted(ctx, q.Op, r, undo, nil)
	if err == nil && !a.isComplete(&q) {
		err = s.incompleteError(q.Op, r.Device)
	}
	if err != nil {
		return driver.Reply{}, err
	}
	if a.Snapshot != nil {
		a.Snapshot.Time = time.Now()
	}
	return driver.Reply{Connection: a.Connection, On: a.On, Agent: a.Agent, Snapshot: a.Snapshot, Call: a.Call,
		Devices: a.Devices, Private: a.Data}, nil
}

// buildParameters returns the parameters of an operation as the protocol has them: the
// device that acts, and that of the connection only if it is another one.
func buildParameters(q *driver.Request) (*Request, error) {
	takes := q.Op.Info().Takes
	r := &Request{Device: q.Device, Call: q.Connection.Call, Held: q.Held.Call, Number: q.Number, Target: q.Target,
		On: q.On, Agent: q.Agent.State, Data: q.Private}
	switch {
	case !takes.Has(cti.FieldConnection):
	case takes.Has(cti.FieldDevice):
		r.Target = q.Connection.Device
	default:
		r.Device = q.Connection.Device
	}
	if takes.Has(cti.FieldHeld) && q.Held.Device != q.Connection.Device {
		return nil, &cti.Error{Op: q.Op, Device: r.Device, NotSent: true, Err: cti.ErrInvalidCall,
			Detail: "held and active connection belong to different devices"}
	}
	return r, nil
}

// isComplete reports whether an answer brings what the operation's row promises.
func (a *Answer) isComplete(q *driver.Request) bool {
	gives := q.Op.Info().Gives
	return (!gives.Has(cti.FieldConnection) || a.Connection.Call != "") &&
		(!gives.Has(cti.FieldCall) || a.Call != nil) &&
		(!gives.Has(cti.FieldSnapshot) || a.Snapshot != nil && a.Snapshot.Device == q.Device)
}

// askNoted sends a request and waits for its answer. undo, if not nil, undoes what a
// late answer created; the reader calls it. note, if not nil, gets the identifier of the
// request before it is sent.
func (s *session) askNoted(ctx context.Context, op cti.Operation, r *Request, undo func(reply),
	note func(id uint32)) (Answer, error) {
	answer, sent, err := s.Exchange.Do(ctx, func(dst []byte, id uint32) ([]byte, error) {
		m := &s.outgoing
		m.Type, m.ID, m.Op, m.Request = RequestMessage, id, op, *r
		if note != nil {
			note(id)
		}
		out, err := s.appendMessage(dst, m)
		if err != nil {
			err = &cti.Error{Err: err, NotSent: true}
		}
		return out, err
	}, s.lateHandler(op, r.Device, undo))
	return answer.Answer, requestError(op, r.Device, answer, sent, err)
}

// requestError returns the error of a request, nil if it succeeded.
func requestError(op cti.Operation, device cti.DeviceID, r reply, sent bool, err error) error {
	if err == nil && r.refused != nil {
		err = r.refused
	}
	return wire.RequestError(op, device, sent, err)
}

// lateHandler returns a function for the answer to a request that was abandoned; the
// reader calls it.
func (s *session) lateHandler(op cti.Operation, device cti.DeviceID, undo func(reply)) func(reply) {
	return func(r reply) {
		if r.refused != nil {
			return
		}
		var undoes func()
		if undo != nil {
			undoes = func() { undo(r) }
		}
		s.HandleLate(op, cti.ConnectionID{Device: device, Call: r.Connection.Call}, undoes)
	}
}
