package fields

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// longest is the longest content that is worth remembering, and so bounds what
// a cache can hold.
const longest = 128

// Cached reads a structure if the current element has the tag, and reports whether
// it had. It is looked up by its complete content: one that is known is not
// decoded again. What body makes must not alias the input.
func Cached[T any](w *ber.Walker, cache *message.Cache[T], tag ber.Tag, v *T, body func(*ber.Walker, *T)) bool {
	if w.Tag() != tag { // as it is when writing, too
		return false
	}
	if known := cache.Find(w.Peek()); known != nil {
		*v = *known
		w.Next()
	} else {
		Learn(w, cache, tag, v, body)
	}
	return true
}

// Learn is Cached for a structure that is not known yet: it is decoded.
func Learn[T any](w *ber.Walker, cache *message.Cache[T], tag ber.Tag, v *T, body func(*ber.Walker, *T)) {
	content, skipped := w.Peek(), w.Skipped
	m := w.Require(tag)
	body(w, v)
	w.Leave(m)
	if w.Err() == nil && w.Skipped == skipped && len(content) <= longest {
		cache.Put(content, *v)
	}
}

// Shared is an optional structure that one message after another carries alike,
// nil where it is absent. When reading, a known one is shared with the messages
// before: it must not be changed. What body makes must not alias the input, see
// Own.
func Shared[T any](w *ber.Walker, cache *message.Cache[*T], tag ber.Tag, v **T, body func(*ber.Walker, *T)) {
	if w.Writing() {
		Optional(w, tag, v, body)
		return
	}
	if w.Tag() != tag {
		return
	}
	Cached(w, cache, tag, v, func(w *ber.Walker, v **T) {
		*v = new(T)
		body(w, *v)
	})
}

// Own makes a string that was read a copy, for what is remembered.
func Own[T ~[]byte](w *ber.Walker, v *T) {
	if !w.Writing() && *v != nil {
		*v = append(T{}, *v...)
	}
}
