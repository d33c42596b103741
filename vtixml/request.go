package vtixml

import (
	"context"
	"errors"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/exchange"
)

// ask sends a request and waits for its answer. undo, if not nil, takes back
// what a late answer created; it runs on the reader.
func (s *session) ask(ctx context.Context, op cti.Operation, r *Request, undo func(reply)) (Answer, error) {
	return s.askNoted(ctx, op, r, undo, func(uint32) {})
}

// askNoted is ask that tells the identifier of the request before it is sent.
func (s *session) askNoted(ctx context.Context, op cti.Operation, r *Request, undo func(reply), note func(id uint32)) (Answer, error) {
	answer, sent, err := s.x.Do(ctx, func(dst []byte, id uint32) ([]byte, error) {
		m := &s.outgoing
		m.Type, m.ID, m.Op, m.Request = RequestMessage, id, op, *r
		note(id)
		return s.frame(dst, m)
	}, s.late(op, r.Device, undo))
	return answer.Answer, s.failed(op, r.Device, answer, sent, err)
}

// failed is the error of a request, nil when it was answered well.
func (s *session) failed(op cti.Operation, device cti.DeviceID, r reply, sent bool, err error) error {
	var e cti.Error
	switch {
	case err == nil && r.refused == nil:
		return nil
	case err == nil:
		e = *r.refused
	case errors.Is(err, exchange.ErrEnded):
		e = cti.Error{Err: cti.ErrClosed, NotSent: !sent}
	case errors.Is(err, exchange.ErrExhausted):
		e = cti.Error{Err: cti.ErrBusy, Detail: err.Error(), NotSent: true}
	case s.x.Err() != nil && errors.Is(err, s.x.Err()):
		e = cti.Error{Err: lost(err), NotSent: !sent}
	default: // of ctx or of the codec
		e = cti.Error{Err: err, NotSent: !sent}
	}
	e.Op, e.Device = op, device
	return &e
}

// late deals with an answer whose request was given up; it runs on the reader.
func (s *session) late(op cti.Operation, device cti.DeviceID, undo func(reply)) func(reply) {
	return func(r reply) {
		s.counters.Late.Add(1)
		switch {
		case r.refused != nil || op.Info().LateHarmless:
		case undo != nil:
			s.counters.Undone.Add(1)
			undo(r)
		default:
			s.sink.Event(&cti.Event{Kind: cti.LateAnswer, Time: time.Now(), Device: device,
				Text: op.String() + " was done after it had been given up"})
		}
	}
}
