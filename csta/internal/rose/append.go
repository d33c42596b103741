package rose

import (
	"fmt"

	"github.com/ctikit/ctikit/csta/internal/acse"
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// AppendRequest implements message.Codec.
func (c *Codec) AppendRequest(dst []byte, id message.InvokeID, r *message.Request) ([]byte, error) {
	code, ok := c.dialect.Code(r.Op)
	if !ok {
		return dst, fmt.Errorf("%v: %w", r.Op, message.ErrNotCarried)
	}
	w := c.writer(dst)
	m := w.Require(tagInvoke)
	ber.Int(w, ber.TagInteger, &id)
	ber.Int(w, ber.TagInteger, &code)
	ok = c.dialect.Argument(w, r)
	w.Leave(m)
	return c.finishMessage(dst, w, ok, r.Op)
}

// AppendResult implements message.Codec.
func (c *Codec) AppendResult(dst []byte, id message.InvokeID, r *message.Result) ([]byte, error) {
	code, ok := c.dialect.Code(r.Op)
	if !ok {
		return dst, fmt.Errorf("%v: %w", r.Op, message.ErrNotCarried)
	}
	w := c.writer(dst)
	m := w.Require(tagResult)
	ber.Int(w, ber.TagInteger, &id)
	inner := w.Require(ber.TagSequence)
	ber.Int(w, ber.TagInteger, &code)
	ok = c.dialect.Answer(w, r)
	w.Leave(inner)
	w.Leave(m)
	return c.finishMessage(dst, w, ok, r.Op)
}

// AppendFailure implements message.Codec.
func (c *Codec) AppendFailure(dst []byte, id message.InvokeID, f *message.Failure) ([]byte, error) {
	code := int64(universalFailure)
	w := c.writer(dst)
	m := w.Require(tagError)
	ber.Int(w, ber.TagInteger, &id)
	ber.Int(w, ber.TagInteger, &code)
	c.dialect.Failure(w, f)
	w.Leave(m)
	return c.finishMessage(dst, w, true, f)
}

// AppendReject implements message.Codec.
func (c *Codec) AppendReject(dst []byte, r *message.Reject) ([]byte, error) {
	w := c.writer(dst)
	describeReject(w, r)
	return c.finishMessage(dst, w, true, r)
}

// AppendEvent implements message.Codec.
func (c *Codec) AppendEvent(dst []byte, id message.InvokeID, e *message.Event) ([]byte, error) {
	code := EventReport
	w := c.writer(dst)
	m := w.Require(tagInvoke)
	ber.Int(w, ber.TagInteger, &id)
	ber.Int(w, ber.TagInteger, &code)
	ok := c.dialect.Report(w, e)
	w.Leave(m)
	return c.finishMessage(dst, w, ok, e.Kind)
}

// AppendAssociation implements message.Codec.
func (c *Codec) AppendAssociation(dst []byte, a *message.Association) ([]byte, error) {
	w := c.writer(dst)
	acse.Write(w, a)
	return c.finishMessage(dst, w, true, a.Step)
}

func (c *Codec) writer(dst []byte) *ber.Walker {
	w := c.writers.Get().(*ber.Walker)
	w.Write(dst)
	return w
}

// finishMessage returns what was written, or dst as it was and why not.
func (c *Codec) finishMessage(dst []byte, w *ber.Walker, ok bool, what fmt.Stringer) ([]byte, error) {
	out, err := w.Bytes(), w.Err()
	w.Write(nil)
	c.writers.Put(w)
	switch {
	case !ok:
		return dst, fmt.Errorf("%v: %w", what, message.ErrNotCarried)
	case err != nil:
		return dst, fmt.Errorf("%v: %s: %w", what, err.Detail, message.ErrNotCarried)
	}
	return out, nil
}
