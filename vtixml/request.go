package vtixml

import (
	"context"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/wire"
)

// askOperation sends a request and waits for its answer. undo, if not nil, takes back
// what a late answer created; it runs on the reader.
func (s *session) askOperation(ctx context.Context, op cti.Operation, r *Request, undo func(reply)) (Answer, error) {
	return s.askNoted(ctx, op, r, undo, func(uint32) {})
}

// askNoted is ask that tells the identifier of the request before it is sent.
func (s *session) askNoted(ctx context.Context, op cti.Operation, r *Request, undo func(reply), note func(id uint32)) (Answer, error) {
	answer, sent, err := s.Exchange.Do(ctx, func(dst []byte, id uint32) ([]byte, error) {
		m := &s.outgoing
		m.Type, m.ID, m.Op, m.Request = RequestMessage, id, op, *r
		note(id)
		out, err := s.appendMessage(dst, m)
		if err != nil {
			err = &cti.Error{Err: err, NotSent: true}
		}
		return out, err
	}, s.lateHandler(op, r.Device, undo))
	return answer.Answer, requestError(op, r.Device, answer, sent, err)
}

// requestError is the error of a request, nil when it was answered well.
func requestError(op cti.Operation, device cti.DeviceID, r reply, sent bool, err error) error {
	if err == nil && r.refused != nil {
		err = r.refused
	}
	return wire.RequestError(op, device, sent, err)
}

// lateHandler deals with an answer whose request was abandoned; it runs on the reader.
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
