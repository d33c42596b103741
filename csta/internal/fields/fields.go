// Package fields is the leaf types of the message model over a ber.Walker: what
// the phases of CSTA have in common below their structures.
package fields

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// OptInt is an INTEGER or ENUMERATED that may be absent.
func OptInt[T ber.Integer](w *ber.Walker, tag ber.Tag, v *message.Opt[T]) {
	ber.OptInt(w, tag, &v.Value, &v.Set)
}

// OptBool is a BOOLEAN that may be absent.
func OptBool(w *ber.Walker, tag ber.Tag, v *message.Opt[bool]) { w.OptBool(tag, &v.Value, &v.Set) }

// Bits is a BIT STRING that must be there.
func Bits(w *ber.Walker, tag ber.Tag, v *message.Bits) {
	w.Bits(tag, &v.Mask, &v.Len)
	if !w.Writing() {
		v.Set = true
	}
}

// OptBits is a BIT STRING that may be absent.
func OptBits(w *ber.Walker, tag ber.Tag, v *message.Bits) {
	w.OptBits(tag, &v.Mask, &v.Len, &v.Set)
}

// Cause is an EventCause that must be there; none is written as normal (78).
func Cause(w *ber.Walker, c *cti.Cause) {
	if w.Writing() && *c == cti.CauseNone {
		normal := cti.CauseNormal
		c = &normal
	}
	ber.Int(w, ber.TagEnumerated, c)
}

// OptCause is an EventCause that may be absent.
func OptCause(w *ber.Walker, tag ber.Tag, c *cti.Cause) {
	if w.Tag() == tag || w.Writing() && *c != cti.CauseNone {
		ber.Int(w, tag, c)
	}
}

// State is a LocalConnectionState that may be absent: null is 0 on the wire
// and cti.Null in the model.
func State(w *ber.Walker, tag ber.Tag, s *cti.LocalState) {
	if w.Tag() != tag && (!w.Writing() || *s == cti.StateUnknown) {
		return
	}
	if w.Writing() {
		v := int8(*s) - 1
		ber.Int(w, tag, &v)
		return
	}
	*s = localState(w.ReadInt())
}

func localState(v int64) cti.LocalState {
	if v < 0 || v > int64(cti.Failed)-1 {
		return cti.StateUnknown
	}
	return cti.LocalState(v + 1)
}

// Extensions is CSTACommonArguments, whose content is passed through.
func Extensions(w *ber.Walker, tag ber.Tag, e *message.Extensions) {
	if w.Writing() {
		if m, ok := w.Enter(tag, e.Set); ok {
			w.PutRaw(e.Raw)
			w.Leave(m)
		}
	} else if e.Set = w.Tag() == tag; e.Set {
		e.Raw = w.TakeContent()
	}
}

// UserData is [APPLICATION 29] OCTET STRING with an EXPLICIT tag.
func UserData(w *ber.Walker, tag ber.Tag, v *message.Octets) {
	if m, ok := w.Enter(tag, *v != nil); ok {
		ber.Octets(w, ber.TagOctetString, v)
		w.Leave(m)
	}
}

// List is a SEQUENCE OF that may be absent, which is nil.
func List[T any](w *ber.Walker, tag ber.Tag, list *[]T, each func(*ber.Walker, *T)) bool {
	m, ok := w.Enter(tag, *list != nil)
	if ok {
		Elements(w, list, each)
		w.Leave(m)
	}
	return ok
}

// RequiredList is one that must be there; nil is written as empty.
func RequiredList[T any](w *ber.Walker, tag ber.Tag, list *[]T, each func(*ber.Walker, *T)) {
	m := w.Require(tag)
	Elements(w, list, each)
	w.Leave(m)
}

// Elements is the elements of a SEQUENCE OF.
func Elements[T any](w *ber.Walker, list *[]T, each func(*ber.Walker, *T)) {
	if w.Writing() {
		for i := range *list {
			each(w, &(*list)[i])
		}
		return
	}
	*list = []T{}
	for w.Tag() != ber.TagEnd {
		var one T
		at := w.Offset()
		each(w, &one)
		if w.Offset() == at { // an element that is none of the list's
			w.Skip()
			continue
		}
		*list = append(*list, one)
	}
}

// Optional is a structure that may be absent, which is nil.
func Optional[T any](w *ber.Walker, tag ber.Tag, v **T, body func(*ber.Walker, *T)) {
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

// Integer is an INTEGER as an element of a list.
func Integer(w *ber.Walker, v *int64) { ber.Int(w, ber.TagInteger, v) }
