package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

const (
	tagExtensions ber.Tag = 0x7e
	tagUserData   ber.Tag = 0x7d
)

func optInt[T ber.Integer](w *ber.Walker, tag ber.Tag, v *message.Opt[T]) {
	ber.OptInt(w, tag, &v.Value, &v.Set)
}

func optBool(w *ber.Walker, tag ber.Tag, v *message.Opt[bool]) { w.OptBool(tag, &v.Value, &v.Set) }

func bits(w *ber.Walker, tag ber.Tag, v *message.Bits) {
	w.Bits(tag, &v.Mask, &v.Len)
	if !w.Writing() {
		v.Set = true
	}
}

func optBits(w *ber.Walker, tag ber.Tag, v *message.Bits) {
	w.OptBits(tag, &v.Mask, &v.Len, &v.Set)
}

// cause is an EventCause that must be there; none is written as normal (78).
func cause(w *ber.Walker, c *cti.Cause) {
	v := *c
	if v == cti.CauseNone {
		v = cti.CauseNormal
	}
	ber.Int(w, ber.TagEnumerated, &v)
	if !w.Writing() {
		*c = v
	}
}

// optCause is an EventCause that may be absent.
func optCause(w *ber.Walker, tag ber.Tag, c *cti.Cause) {
	set := *c != cti.CauseNone
	ber.OptInt(w, tag, c, &set)
}

// state is a LocalConnectionState that may be absent: null is 0 on the wire
// and cti.Null in the model.
func state(w *ber.Walker, tag ber.Tag, s *cti.LocalState) {
	v, set := int8(*s)-1, *s != cti.StateUnknown
	ber.OptInt(w, tag, &v, &set)
	if !w.Writing() && set {
		*s = localState(v)
	}
}

func localState(v int8) cti.LocalState {
	if v < 0 || v > int8(cti.Failed)-1 {
		return cti.StateUnknown
	}
	return cti.LocalState(v + 1)
}

// extensions is CSTACommonArguments, whose content is passed through.
func extensions(w *ber.Walker, tag ber.Tag, e *message.Extensions) {
	if w.Writing() {
		if m, ok := w.Enter(tag, e.Set); ok {
			w.PutRaw(e.Raw)
			w.Leave(m)
		}
	} else if e.Set = w.Tag() == tag; e.Set {
		e.Raw = w.TakeContent()
	}
}

// userData is [APPLICATION 29] OCTET STRING with an EXPLICIT tag.
func userData(w *ber.Walker, tag ber.Tag, v *message.Octets) {
	if m, ok := w.Enter(tag, *v != nil); ok {
		ber.Octets(w, ber.TagOctetString, v)
		w.Leave(m)
	}
}

// listOf is a SEQUENCE OF that may be absent, which is nil.
func listOf[T any](w *ber.Walker, tag ber.Tag, list *[]T, each func(*ber.Walker, *T)) bool {
	m, ok := w.Enter(tag, *list != nil)
	if ok {
		elements(w, list, each)
		w.Leave(m)
	}
	return ok
}

// requiredList is one that must be there; nil is written as empty.
func requiredList[T any](w *ber.Walker, tag ber.Tag, list *[]T, each func(*ber.Walker, *T)) {
	m := w.Require(tag)
	elements(w, list, each)
	w.Leave(m)
}

func elements[T any](w *ber.Walker, list *[]T, each func(*ber.Walker, *T)) {
	if w.Writing() {
		for i := range *list {
			each(w, &(*list)[i])
		}
		return
	}
	*list = []T{}
	for w.Tag() != ber.TagEnd {
		var one T
		each(w, &one)
		*list = append(*list, one)
	}
}

// optional is a structure that may be absent, which is nil.
func optional[T any](w *ber.Walker, tag ber.Tag, v **T, body func(*ber.Walker, *T)) {
	m, ok := w.Enter(tag, *v != nil)
	if !ok {
		return
	}
	if !w.Writing() {
		*v = new(T)
	}
	body(w, *v)
	w.Leave(m)
}

func integer(w *ber.Walker, v *int64) { ber.Int(w, ber.TagInteger, v) }
