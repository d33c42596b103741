package ecma323

// field is one element of a structure. read is called behind its start tag and
// takes everything up to its end tag; write puts the element, if it is present.
type field[T any] struct {
	name  string
	alias string // a spelling that others use
	since uint8  // the first edition that has it
	read  func(r *reader, v *T)
	write func(w *writer, name string, v *T)
}

// structure is the elements of a type in the order of the schema.
type structure[T any] []field[T]

// readChildren takes the children of the element at hand, in any order.
func (s structure[T]) readChildren(r *reader, v *T) {
	at := 0
	for r.child() {
		i := s.findField(r.scan.Name(), at)
		if i < 0 {
			r.skipElement()
			continue
		}
		s[i].read(r, v)
		at = i + 1
	}
}

// findField looks for a name, first from where the schema would have it.
func (s structure[T]) findField(name []byte, from int) int {
	for i := from; i < len(s); i++ {
		if s[i].name == string(name) {
			return i
		}
	}
	for i := range s {
		if s[i].name == string(name) || s[i].alias == string(name) {
			return i
		}
	}
	return -1
}

func (s structure[T]) writeChildren(w *writer, v *T) {
	for i := range s {
		if f := &s[i]; f.since <= w.edition {
			f.write(w, f.name, v)
		}
	}
}

// joinFields makes one structure of several.
func joinFields[T any](parts ...[]field[T]) structure[T] {
	var out structure[T]
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func fieldsOf[T any](fields ...field[T]) []field[T] { return fields }

// sinceEdition marks a field that earlier editions lack.
func sinceEdition[T any](edition uint8, f field[T]) field[T] {
	f.since = edition
	return f
}

// also gives a field another spelling.
func also[T any](alias string, f field[T]) field[T] {
	f.alias = alias
	return f
}

// nestedField is an element with a structure of its own, which is nil where absent.
func nestedField[T, U any](name string, of func(*T) **U, s structure[U]) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) {
			u := new(U)
			s.readChildren(r, u)
			*of(v) = u
		},
		write: func(w *writer, name string, v *T) {
			if u := *of(v); u != nil {
				w.openElement(name)
				s.writeChildren(w, u)
				w.closeElement(name)
			}
		}}
}

// groupField is an element with a structure of its own whose values belong to T
// itself; it is written where present says so.
func groupField[T any](name string, present func(*T) bool, s structure[T]) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) { s.readChildren(r, v) },
		write: func(w *writer, name string, v *T) {
			if present(v) {
				w.openElement(name)
				s.writeChildren(w, v)
				w.closeElement(name)
			}
		}}
}

// listField is an element with one item for each value; a nil list is absent.
func listField[T, U any](name, item string, of func(*T) *[]U, f field[U]) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) {
			items := []U{}
			for r.child() {
				if string(r.scan.Name()) != item {
					r.skipElement()
					continue
				}
				var u U
				f.read(r, &u)
				items = append(items, u)
			}
			*of(v) = items
		},
		write: func(w *writer, name string, v *T) {
			items := *of(v)
			if items == nil {
				return
			}
			w.openElement(name)
			for i := range items {
				f.write(w, item, &items[i])
			}
			w.closeElement(name)
		}}
}

// need is a field that must be there and for which nothing can stand in.
func need[T any](f field[T]) field[T] {
	write := f.write
	f.write = func(w *writer, name string, v *T) {
		before := len(w.out)
		if write(w, name, v); len(w.out) == before {
			w.failf("%s is missing", name)
		}
	}
	return f
}

// required writes the element even where there is nothing in it.
func required[T any](f field[T]) field[T] {
	write := f.write
	f.write = func(w *writer, name string, v *T) {
		before := len(w.out)
		if write(w, name, v); len(w.out) == before && w.err == nil {
			w.openElement(name)
			w.closeElement(name)
		}
	}
	return f
}

// item is an entry of a list, which has a structure of its own.
func item[U any](s structure[U]) field[U] {
	return field[U]{
		read: func(r *reader, v *U) { s.readChildren(r, v) },
		write: func(w *writer, name string, v *U) {
			w.openElement(name)
			s.writeChildren(w, v)
			w.closeElement(name)
		}}
}
