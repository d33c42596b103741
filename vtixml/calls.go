package vtixml

import (
	"context"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Do asks for any operation: its row in package cti tells which parameters it has
// and what its answer must hold.
func (s *session) Do(ctx context.Context, q driver.Request) (driver.Reply, error) {
	if err := s.Capabilities().Refuse(&q); err != nil {
		return driver.Reply{}, err
	}
	r, err := buildParameters(&q)
	if err != nil {
		return driver.Reply{}, err
	}
	a, err := s.askOperation(ctx, q.Op, r, s.lateCallCleaner(q.Op))
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

// buildParameters are those of an operation in the terms of the protocol, which names
// the device that acts, and that of the connection only where it is another's.
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
			Detail: "the held and the active connection are of two devices"}
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

// lateCallCleaner takes back a call that was begun for somebody who has left, nil where
// that is not wanted.
func (s *session) lateCallCleaner(op cti.Operation) func(reply) {
	if !s.cfg.ClearLateCalls || !op.Info().StartsCall {
		return nil
	}
	return func(r reply) {
		s.Spawn(func() {
			_, _ = s.Do(context.Background(), driver.Request{Op: cti.OpClearConnection, Connection: r.Connection})
		})
	}
}
