package ctitest

import (
	"errors"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

// Serve does the work of one request and queues its answer with tag, so that
// [Association.Next] returns it in its place among the events. device is the
// extension that the request is about, or the device of its connection.
//
// Serve returns at once. work runs once or, where a fault or the link's
// operations forbid it, not at all; it must neither block nor use the
// [Network]. What it returns as an error is completed to a [*cti.Error] with
// operation and device.
func (a *Association) Serve(op cti.Operation, device cti.DeviceID, tag any, work func(*Switch) (any, error)) {
	n := a.link.net
	n.withLock(func() {
		if a.ended || a.muted {
			return
		}
		r := request{a: a, op: op, device: device, tag: tag, work: work}
		if f := n.findStrikeLocked(a.link.name, op, device); f != nil {
			r.applyFault(f)
			return
		}
		r.queueAnswer(r.performWork())
	})
}

type request struct {
	a      *Association
	op     cti.Operation
	device cti.DeviceID
	tag    any
	work   func(*Switch) (any, error)
}

func (r *request) performWork() (any, error) {
	if !r.a.link.options.Operations.Has(r.op) {
		return nil, pbxError(ctikit.ErrUnsupported, "")
	}
	return r.work(&Switch{x: &r.a.link.net.pbx, a: r.a})
}

func (r *request) queueAnswer(answer any, err error) {
	if err != nil {
		answer, err = nil, r.completeError(err)
	}
	m := Message{Kind: AnswerMessage, Tag: r.tag, Op: r.op, Answer: answer, Err: err}
	if r.op == cti.OpSnapshotDevice && !r.a.link.options.SnapshotAtomic {
		r.a.queueMessageFirst(m) // events that the snapshot contains come behind it
		return
	}
	r.a.queueMessage(m)
}

// completeError makes an error say what was asked.
func (r *request) completeError(err error) error {
	var known *cti.Error
	e := cti.Error{Err: err}
	if errors.As(err, &known) {
		e = *known
	}
	e.Op, e.Device = r.op, r.device
	return &e
}

// applyFault does to a request what a fault says.
func (r *request) applyFault(f *Fault) {
	after := func(work func()) {
		r.a.link.net.pbx.after(f.Delay, func() {
			if !r.a.ended && !r.a.muted {
				work()
			}
		})
	}
	switch f.Action {
	case Refuse:
		r.queueAnswer(nil, f.refusalError())
	case DelayRequest:
		after(func() { r.queueAnswer(r.performWork()) })
	case DelayAnswer:
		answer, err := r.performWork()
		after(func() { r.queueAnswer(answer, err) })
	case LoseRequest:
	case LoseAnswer:
		r.performWork()
	case DropBefore:
		r.a.endAssociation()
	case DropAfter:
		r.performWork()
		r.a.endAssociation()
	case GoSilent:
		r.a.muted = true
	case Break:
		r.performWork()
		r.a.queueMessage(Message{Kind: MangledMessage, Mangle: f.Mangle})
	}
}
