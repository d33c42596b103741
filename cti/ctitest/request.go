package ctitest

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// pending is a request of a session.
type pending struct {
	op     cti.Operation
	device cti.DeviceID
	work   func(*Switch) (any, error)
	due    time.Time // when it reaches the PBX
	// landed keeps what a good answer says, on the reader and under the
	// session's mutex, so that it is known before the next event is read.
	landed func(answer any)
	// after does on the reader what has to follow a good answer that is not late.
	after func()
	// undo takes back what a late answer created; nil: it cannot be.
	undo func(answer any)

	// Guarded by the session's mutex.
	sent      bool
	abandoned bool
	answer    any
	err       error
	ready     chan struct{} // closed when answer and err are there
}

// askSwitch sends a request and waits for its answer.
func askSwitch[T any](ctx context.Context, s *session, p *pending, work func(*Switch) (T, error)) (T, error) {
	var none T
	p.work = func(sw *Switch) (any, error) { return work(sw) }
	if err := s.submitPending(ctx, p); err != nil {
		return none, err
	}
	var err error
	select {
	case <-p.ready:
	case <-ctx.Done():
		err = s.abandonPending(p, ctx.Err())
	case <-s.done:
		err = s.abandonPending(p, s.endReason())
	}
	if err == nil {
		err = p.err
	}
	if err != nil {
		return none, err
	}
	return p.answer.(T), nil
}

// submitPending hands a request to the writer.
func (s *session) submitPending(ctx context.Context, p *pending) error {
	p.ready = make(chan struct{})
	p.due = time.Now().Add(s.options.Latency)
	if ctx.Err() != nil {
		return p.requestError(ctx.Err(), true)
	}
	s.mu.Lock()
	ending := s.ending
	if !ending {
		s.waiting = append(s.waiting, p)
	}
	s.mu.Unlock()
	if ending {
		return p.requestError(s.endReason(), true)
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return nil
}

// handOverRequests hands requests to the PBX in their order until the session ends.
func (s *session) handOverRequests() {
	for {
		if p := s.takeWaiting(); p == nil {
			select {
			case <-s.wake:
			case <-s.ctx.Done():
				return
			}
		} else if sleepUnder(s.ctx, time.Until(p.due)) == nil {
			s.assoc.Serve(p.op, p.device, p, p.work)
		}
		if s.ctx.Err() != nil {
			return
		}
	}
}

// takeWaiting takes the request that has waited longest; from here on it counts as
// sent.
func (s *session) takeWaiting() *pending {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending || len(s.waiting) == 0 {
		return nil
	}
	p := s.waiting[0]
	s.waiting = s.waiting[1:]
	p.sent = true
	s.counters.MessagesOut++
	return p
}

// matchAnswer matches an answer with its request.
func (s *session) matchAnswer(p *pending, answer any, err error) {
	s.mu.Lock()
	late := p.abandoned
	if !late {
		if p.answer, p.err = answer, err; err == nil && p.landed != nil {
			p.landed(answer)
		}
		close(p.ready)
	} else {
		s.counters.LateAnswers++
		if err == nil && p.undo != nil {
			s.counters.Undone++
		}
	}
	s.mu.Unlock()
	switch {
	case !late && err == nil && p.after != nil:
		p.after()
	case !late || err != nil || p.op.Info().LateHarmless:
	case p.undo != nil:
		p.undo(answer)
	default:
		s.sink.Event(&cti.Event{Kind: cti.LateAnswer, Time: time.Now(), Device: p.device,
			Text: p.op.String() + " completed after the request was abandoned"})
	}
}

// abandonPending gives a request up, unless its answer is there after all.
func (s *session) abandonPending(p *pending, cause error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-p.ready:
		return nil
	default:
	}
	p.abandoned = true
	s.waiting = slices.DeleteFunc(s.waiting, func(o *pending) bool { return o == p })
	return p.requestError(cause, !p.sent)
}

// requestError is the error of a request that got no answer.
func (p *pending) requestError(cause error, notSent bool) error {
	e := cti.Error{Err: cause}
	if known, ok := errors.AsType[*cti.Error](cause); ok {
		e = *known
	}
	e.Op, e.Device, e.NotSent = p.op, p.device, notSent
	return &e
}

// endReason is why a session that has ended does nothing more.
func (s *session) endReason() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		return pbxError(cti.ErrClosed, "")
	}
	return s.err
}
