// Package rose is the envelope of CSTA over BER in every phase: invoke, result,
// error and reject (ITU-T X.880), and the ACSE messages that travel beside
// them. What a phase puts into the envelopes is its [Dialect].
package rose

import (
	"fmt"
	"sync"

	"github.com/ctikit/ctikit/csta/internal/acse"
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// The envelopes.
const (
	tagInvoke ber.Tag = 0xa1
	tagResult ber.Tag = 0xa2
	tagError  ber.Tag = 0xa3
	tagReject ber.Tag = 0xa4

	tagLinkedID ber.Tag = 0x80

	// universalFailure is the error value that all services share.
	universalFailure = 1
)

// Dialect is a phase of CSTA. Argument, Answer, Report and Failure describe the
// content of an envelope in both directions (see package ber); those that
// return a bool report whether the phase has such a service or event.
type Dialect interface {
	// Code is the operation code of a service, false where the phase lacks it.
	Code(op message.Operation) (int64, bool)
	// Service is the service that an operation code and the argument at hand
	// mean, NoOperation if it is unknown.
	Service(code int64, argument ber.Walker) message.Operation
	// Answered is the same for a result; asked is the operation asked for, if known.
	Answered(code int64, asked message.Operation, result ber.Walker) message.Operation
	Argument(w *ber.Walker, r *message.Request) bool
	Answer(w *ber.Walker, r *message.Result) bool
	Report(w *ber.Walker, e *message.Event) bool
	Failure(w *ber.Walker, f *message.Failure)
}

// EventReport is the operation code of event reports in every phase.
const EventReport = int64(message.EventReport)

// Codec is the message.Codec of one dialect.
type Codec struct {
	dialect Dialect
	asked   func(message.InvokeID) message.Operation
	reader  ber.Walker
	writers sync.Pool
}

var _ message.Codec = (*Codec)(nil)

// New returns the codec of a dialect.
func New(d Dialect, o message.Options) *Codec {
	c := &Codec{dialect: d, asked: o.Asked}
	c.writers.New = func() any { return new(ber.Walker) }
	return c
}

// Decode implements message.Codec.
func (c *Codec) Decode(frame []byte, into *message.Message) error {
	into.Reset()
	w := &c.reader
	w.Read(frame)
	argument := false
	switch tag := w.Tag(); {
	case w.Err() != nil:
	case tag == tagInvoke:
		argument = c.readInvoke(w, into)
	case tag == tagResult:
		argument = c.readResult(w, into)
	case tag == tagError:
		argument = c.readError(w, into)
	case tag == tagReject:
		into.Kind = message.RejectKind
		describeReject(w, &into.Reject)
		into.InvokeID = into.Reject.InvokeID.Value
	case acse.Is(tag):
		into.Kind = message.AssociationKind
		acse.Read(w, &into.Association)
	default:
		return &message.DecodeError{Problem: message.Unrecognized,
			Detail: fmt.Sprintf("unknown message tag %v", tag)}
	}
	into.Skipped = w.Skipped
	if err := w.Err(); err != nil {
		return decodeError(err, argument)
	}
	if w.Tag() != ber.TagEnd {
		return &message.DecodeError{Problem: message.BadlyStructured, Offset: w.Offset(), Detail: "bytes after the message"}
	}
	return nil
}

func decodeError(err *ber.Error, argument bool) error {
	problem := message.Mistyped
	switch {
	case argument:
		problem = message.MistypedContent
	case err.Structure:
		problem = message.BadlyStructured
	}
	return &message.DecodeError{Problem: problem, Offset: err.Offset, Detail: err.Detail}
}

// readInvoke and the others report whether the envelope was right.
func (c *Codec) readInvoke(w *ber.Walker, into *message.Message) bool {
	into.Kind = message.RequestKind
	m := w.Require(tagInvoke)
	ber.Int(w, ber.TagInteger, &into.InvokeID)
	if w.Tag() == tagLinkedID {
		w.Skip()
	}
	c.readCode(w, into)
	if w.Err() != nil {
		return false
	}
	before := w.Here()
	if into.Code == EventReport && !into.Unknown {
		into.Kind = message.EventKind
		into.Event = message.Event{}
		into.Unknown = !c.dialect.Report(w, &into.Event)
	} else {
		into.Request = message.Request{}
		if !into.Unknown {
			into.Request.Op = c.dialect.Service(into.Code, *w)
		}
		into.Unknown = into.Request.Op == message.NoOperation || !c.dialect.Argument(w, &into.Request)
	}
	keepUnknown(w, into, before)
	w.Leave(m)
	return true
}

// readCode reads an operation code. A global one, an object identifier, is of
// no service that CSTA defines.
func (c *Codec) readCode(w *ber.Walker, into *message.Message) {
	if w.Tag() == ber.TagOID {
		into.Unknown = true
		w.Skip()
		return
	}
	ber.Int(w, ber.TagInteger, &into.Code)
}

// keepUnknown hands over what the dialect does not know, as it came.
func keepUnknown(w *ber.Walker, into *message.Message, before ber.Place) {
	if !into.Unknown || w.Err() != nil {
		return
	}
	w.Back(before)
	if w.Tag() != ber.TagEnd {
		into.Raw = w.TakeRaw()
	}
}

func (c *Codec) readResult(w *ber.Walker, into *message.Message) bool {
	into.Kind = message.ResultKind
	into.Result = message.Result{}
	m := w.Require(tagResult)
	ber.Int(w, ber.TagInteger, &into.InvokeID)
	asked := message.NoOperation
	if c.asked != nil && w.Err() == nil {
		asked = c.asked(into.InvokeID)
	}
	inner, ok := w.Enter(ber.TagSequence, true)
	if !ok {
		// X.880 lets a result without value leave the sequence out.
		into.Result.Op = asked
		w.Leave(m)
		return false
	}
	c.readCode(w, into)
	if w.Err() != nil {
		return false
	}
	before := w.Here()
	if !into.Unknown {
		into.Result.Op = c.dialect.Answered(into.Code, asked, *w)
	}
	into.Unknown = into.Result.Op == message.NoOperation || !c.dialect.Answer(w, &into.Result)
	keepUnknown(w, into, before)
	w.Leave(inner)
	w.Leave(m)
	return true
}

func (c *Codec) readError(w *ber.Walker, into *message.Message) bool {
	into.Kind = message.FailureKind
	into.Failure = message.Failure{Class: message.UnspecifiedError}
	m := w.Require(tagError)
	ber.Int(w, ber.TagInteger, &into.InvokeID)
	c.readCode(w, into)
	if w.Err() != nil {
		return false
	}
	before := w.Here()
	if into.Code == universalFailure && !into.Unknown {
		c.dialect.Failure(w, &into.Failure)
	} else {
		into.Unknown = true
	}
	keepUnknown(w, into, before)
	w.Leave(m)
	return true
}

// describeReject describes a RejectPDU: the identifier is NULL where it was not readable.
func describeReject(w *ber.Walker, r *message.Reject) {
	m := w.Require(tagReject)
	if !w.Writing() {
		r.InvokeID = message.Opt[message.InvokeID]{Set: w.Tag() == ber.TagInteger}
	}
	if !w.OptNull(ber.TagNull, !r.InvokeID.Set) {
		ber.Int(w, ber.TagInteger, &r.InvokeID.Value)
	}
	if !w.Writing() {
		class := w.Tag() - ber.Context
		if class > ber.Tag(message.RejectError) {
			w.Failf("expected a problem [0] to [3], got %v", w.Tag())
		}
		r.Class = message.RejectClass(class)
	}
	ber.Int(w, ber.Context+ber.Tag(r.Class), &r.Problem)
	w.Leave(m)
}
