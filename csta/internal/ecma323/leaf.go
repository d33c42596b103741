package ecma323

import (
	"bytes"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// The leaves: elements whose content is text.

// stringField is text that is kept; must says that it is written even where empty.
func stringField[T any](name string, must bool, of func(*T) *string) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) { *of(v) = r.intern(r.readText()) },
		write: func(w *writer, name string, v *T) {
			if s := *of(v); must || s != "" {
				w.writeElement(name, s)
			}
		}}
}

// textField is text that aliases the message.
func textField[T any](name string, of func(*T) *message.Text) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) { *of(v) = present(r.readVerbatim()) },
		write: func(w *writer, name string, v *T) {
			if t := *of(v); t != nil {
				w.writeBytes(name, t)
			}
		}}
}

func present(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// identifierField is an identifier that is octets in BER and text here.
func identifierField[T any](name string, of func(*T) *message.Octets) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) { *of(v) = present(r.readText()) },
		write: func(w *writer, name string, v *T) {
			if t := *of(v); t != nil {
				w.writeBytes(name, t)
			}
		}}
}

// octetsField is hexBinary.
func octetsField[T any, B message.Octets | message.Hidden](name string, of func(*T) *B) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) { *of(v) = present(r.readHex()) },
		write: func(w *writer, name string, v *T) {
			if t := *of(v); t != nil {
				w.writeHex(name, t)
			}
		}}
}

// octetsOrPrivate is CorrelatorData and UserData: a choice of a string in
// hexBinary and private elements.
func octetsOrPrivate[T any](name string, of func(*T) *message.Octets) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) {
			for r.child() {
				switch string(r.scan.Name()) {
				case "string":
					*of(v) = present(r.readHex())
				case "private":
					*of(v) = r.readInner()
				default:
					r.skipElement()
				}
			}
		},
		write: func(w *writer, name string, v *T) {
			if t := *of(v); t != nil {
				w.openElement(name)
				w.writeHex("string", t)
				w.closeElement(name)
			}
		}}
}

// flagField is a boolean that must be there.
func flagField[T any](name string, of func(*T) *bool) field[T] {
	return field[T]{name: name,
		read:  func(r *reader, v *T) { *of(v) = r.readBoolean() },
		write: func(w *writer, name string, v *T) { w.writeBoolean(name, *of(v)) }}
}

// optFlag is a boolean that may be absent.
func optFlag[T any](name string, of func(*T) *message.Opt[bool]) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) { *of(v) = message.Some(r.readBoolean()) },
		write: func(w *writer, name string, v *T) {
			if o := of(v); o.Set {
				w.writeBoolean(name, o.Value)
			}
		}}
}

// numberField is an integer that may be absent.
func numberField[T any, N int8 | int16 | int64](name string, of func(*T) *message.Opt[N]) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) {
			n := r.readInteger()
			if int64(N(n)) != n {
				r.failf("%d is out of range", n)
			}
			*of(v) = message.Some(N(n))
		},
		write: func(w *writer, name string, v *T) {
			if o := of(v); o.Set {
				w.writeInteger(name, int64(o.Value))
			}
		}}
}

// integerField is one that must be there.
func integerField[T any](name string, of func(*T) *int64) field[T] {
	return field[T]{name: name,
		read:  func(r *reader, v *T) { *of(v) = r.readInteger() },
		write: func(w *writer, name string, v *T) { w.writeInteger(name, *of(v)) }}
}

// enumField is a choice of names that may be absent. A name that is none of them
// counts as passed over.
func enumField[T any, N ~int8 | ~int16 | ~uint8](name string, names []string, of func(*T) *message.Opt[N]) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) {
			if i := nameIndex(names, r.readText()); i >= 0 {
				*of(v) = message.Some(N(i))
			} else {
				r.skipped++
			}
		},
		write: func(w *writer, name string, v *T) {
			if o := of(v); o.Set {
				w.writeName(name, names, int(o.Value))
			}
		}}
}

// choiceField is an enum that must be there.
func choiceField[T any, N ~int8 | ~int16 | ~uint8](name string, names []string, of func(*T) *N) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) {
			if i := nameIndex(names, r.readText()); i >= 0 {
				*of(v) = N(i)
			} else {
				r.skipped++
			}
		},
		write: func(w *writer, name string, v *T) { w.writeName(name, names, int(*of(v))) }}
}

func (w *writer) writeName(name string, names []string, i int) {
	if i < 0 || i >= len(names) || names[i] == "" {
		w.notCarried("%s %d", name, i)
		return
	}
	w.writeElement(name, names[i])
}

// nameIndex finds a name, in any case; -1 for none of them.
func nameIndex(names []string, name []byte) int {
	if len(name) == 0 {
		return -1
	}
	for i, n := range names {
		if n == string(name) {
			return i
		}
	}
	for i, n := range names {
		if len(n) == len(name) && bytes.EqualFold([]byte(n), name) {
			return i
		}
	}
	return -1
}

// bit is one element of a list of booleans.
type bit struct {
	name  string
	bit   int
	since uint8
}

// bitsField is a list of booleans, one element each. Empty and absent differ.
func bitsField[T any](name string, known []bit, of func(*T) *message.Bits) field[T] {
	length := uint8(0)
	for _, k := range known {
		length = max(length, uint8(k.bit)+1)
	}
	return field[T]{name: name,
		read: func(r *reader, v *T) {
			b := message.Bits{Set: true, Len: length}
			at := 0
			for r.child() {
				i := findBit(known, r.scan.Name(), at)
				if i < 0 {
					r.skipElement()
					continue
				}
				if at = i + 1; r.readBoolean() {
					b.Mask |= 1 << known[i].bit
				}
			}
			*of(v) = b
		},
		write: func(w *writer, name string, v *T) {
			b := of(v)
			if !b.Set {
				return
			}
			w.openElement(name)
			for i := range known {
				if b.Has(known[i].bit) && known[i].since <= w.edition {
					w.writeBoolean(known[i].name, true)
				}
			}
			w.closeElement(name)
		}}
}

func findBit(known []bit, name []byte, from int) int {
	for i := from; i < len(known); i++ {
		if known[i].name == string(name) {
			return i
		}
	}
	for i := range min(from, len(known)) {
		if known[i].name == string(name) {
			return i
		}
	}
	return -1
}

// causeField is an EventCause; must says that an absent one is written as normal.
func causeField[T any](name string, must bool, of func(*T) *cti.Cause) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) {
			t := r.readText()
			if i := nameIndex(causeNames, t); i >= 0 {
				*of(v) = cti.Cause(i)
			} else if string(t) == "notAvaliableBearerService" { // as ECMA-285 prints it
				*of(v) = cti.CauseBearerServiceNotAvailable
			} else {
				r.skipped++
			}
		},
		write: func(w *writer, name string, v *T) {
			c := *of(v)
			if c == cti.CauseNone && must || w.edition < 4 && c >= cti.CauseCallInterception || w.edition < 4 &&
				c == cti.CauseMakeConnection {
				c = cti.CauseNormal
			}
			if c != cti.CauseNone {
				w.writeName(name, causeNames, int(c))
			}
		}}
}

// stateField is a LocalConnectionState.
func stateField[T any](name string, of func(*T) *cti.LocalState) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) {
			if i := nameIndex(stateNames, r.readText()); i > 0 {
				*of(v) = cti.LocalState(i)
			} else {
				r.skipped++
			}
		},
		write: func(w *writer, name string, v *T) {
			if s := *of(v); s != cti.StateUnknown {
				w.writeName(name, stateNames, int(s))
			}
		}}
}
