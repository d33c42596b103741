package ber

import "fmt"

// MaxDepth bounds the nesting of elements that are skipped or kept raw.
// The descriptions themselves nest by a fixed amount.
const MaxDepth = 64

// Walker is at one element of a structure, see the package comment. After an
// error every method does nothing.
type Walker struct {
	// Skipped counts the elements that were skipped.
	Skipped int

	writing bool
	err     *Error

	// Reading: the element at hand and the structure that it is in.
	in        []byte
	tag       Tag
	start     int // of its tag
	content   int // of its content
	contentTo int // end of its content
	next      int // of the element behind it
	end       int // of the structure

	out []byte // writing
}

// Error describes what is wrong with the bytes, and where.
type Error struct {
	Offset int
	Detail string
	// Structure: not even tags and lengths fit.
	Structure bool
}

func (e *Error) Error() string { return fmt.Sprintf("byte %d: %s", e.Offset, e.Detail) }

// Read starts at the first element of in.
func (w *Walker) Read(in []byte) {
	w.Skipped, w.writing, w.err, w.in, w.end, w.out = 0, false, nil, in, len(in), nil
	w.loadElement(0)
}

// Write starts to append to dst.
func (w *Walker) Write(dst []byte) {
	w.Skipped, w.writing, w.err, w.in, w.tag, w.out = 0, true, nil, nil, TagEnd, dst
}

// Writing reports the direction.
func (w *Walker) Writing() bool { return w.writing }

// Tag returns the tag of the current element; TagEnd after the last one, and when writing.
func (w *Walker) Tag() Tag { return w.tag }

// Offset returns where the current element starts.
func (w *Walker) Offset() int { return w.start }

// Err is the first error.
func (w *Walker) Err() *Error { return w.err }

// Bytes is what was written.
func (w *Walker) Bytes() []byte { return w.out }

// Rest returns the raw bytes from the current element to the end of the structure.
func (w *Walker) Rest() []byte { return w.in[w.start:w.end] }

// Failf records an error at the current element.
func (w *Walker) Failf(format string, args ...any) {
	w.recordError(&Error{Offset: w.start, Detail: fmt.Sprintf(format, args...)})
}

func (w *Walker) recordError(e *Error) {
	if w.err == nil {
		w.err = e
	}
	w.tag = TagEnd
	w.start, w.next = w.end, w.end
}

func (w *Walker) want(tag Tag) { w.Failf("expected tag %v, got %v", tag, w.tag) }

// loadElement makes the element at offset i the one at hand.
func (w *Walker) loadElement(i int) {
	if i >= w.end {
		w.tag, w.start, w.next = TagEnd, i, i
		return
	}
	// The usual header: a low tag number, and a length of one octet or, as around
	// what has 128 bytes and more (3 % of the time of all events), of one behind 81.
	if in := w.in; i+1 < len(in) {
		tag, length, content := in[i], int(in[i+1]), i+2
		if length == 0x81 && content < len(in) {
			length, content = int(in[content]), content+1
		} else if length >= 0x80 {
			length = len(in) // neither: too long for here
		}
		if next := content + length; tag&0x1f != 0x1f && tag != 0 && next <= w.end {
			w.tag, w.start, w.content, w.contentTo, w.next = Tag(tag), i, content, next, next
			return
		}
	}
	w.loadLongElement(i)
}

// loadLongElement does so for any header.
func (w *Walker) loadLongElement(i int) {
	w.start = i
	h, err := readHeader(w.in[:w.end], i, 0)
	if err != nil {
		w.recordError(err)
		return
	}
	w.tag, w.content, w.contentTo, w.next = h.tag, h.content, h.contentTo, h.next
}

// Mark is what Leave needs to undo an Enter.
type Mark struct {
	end, next int // reading: of the structure outside
	at        int // writing: of the length octet
}

// Enter goes into a structure that is optional: when reading it does so if it
// is at hand, when writing if present. It reports whether it did; the caller
// then describes the content and calls Leave.
func (w *Walker) Enter(tag Tag, present bool) (Mark, bool) {
	if w.writing {
		if !present || w.err != nil {
			return Mark{}, false
		}
		w.out = append(w.out, byte(tag), 0)
		return Mark{at: len(w.out) - 1}, true
	}
	if w.tag != tag {
		return Mark{}, false
	}
	m := Mark{end: w.end, next: w.next}
	w.end = w.contentTo
	w.loadElement(w.content)
	return m, true
}

// Require is Enter for a structure that must be there.
func (w *Walker) Require(tag Tag) Mark {
	if w.tag == tag && !w.writing { // as mostly
		m := Mark{end: w.end, next: w.next}
		w.end = w.contentTo
		w.loadElement(w.content)
		return m
	}
	m, ok := w.Enter(tag, true)
	if !ok && w.err == nil {
		if w.skipTo(tag) {
			m, _ = w.Enter(tag, true)
			return m
		}
		w.want(tag)
	}
	return m
}

// skipTo skips unknown elements before one that must be there.
func (w *Walker) skipTo(tag Tag) bool {
	for i := w.next; !w.writing && i < w.end; {
		h, err := readHeader(w.in[:w.end], i, 0)
		if err != nil {
			return false
		}
		if h.tag == tag {
			for w.tag != tag {
				w.Skipped++
				w.loadElement(w.next)
			}
			return true
		}
		i = h.next
	}
	return false
}

// Leave ends a structure. When reading, what is left in it is skipped.
func (w *Walker) Leave(m Mark) {
	if w.writing {
		if w.err == nil {
			w.patch(m.at)
		}
		return
	}
	for w.tag != TagEnd {
		w.Skip()
	}
	if w.err != nil {
		return
	}
	if w.end = m.end; m.next == m.end { // nothing behind it, as mostly
		w.tag, w.start, w.next = TagEnd, m.next, m.next
		return
	}
	w.loadElement(m.next)
}

// Skip skips the current element.
func (w *Walker) Skip() {
	if w.writing || w.tag == TagEnd {
		return
	}
	if w.tag&Constructed != 0 {
		if err := checkElements(w.in[w.content:w.contentTo], 0); err != nil {
			err.Offset += w.content
			w.recordError(err)
			return
		}
	}
	w.Skipped++
	w.loadElement(w.next)
}

// More reports whether a SEQUENCE OF that is being read has a further element,
// or when writing whether i is below n. It drives the loop over the elements.
func (w *Walker) More(i, n int) bool {
	if w.err != nil {
		return false
	}
	if w.writing {
		return i < n
	}
	return w.tag != TagEnd
}

// patch writes the length of what follows the length octet at i.
func (w *Walker) patch(i int) {
	n := len(w.out) - i - 1
	if n < 0x80 {
		w.out[i] = byte(n)
		return
	}
	size := 1
	for n>>(8*size) != 0 {
		size++
	}
	for range size {
		w.out = append(w.out, 0)
	}
	copy(w.out[i+1+size:], w.out[i+1:i+1+n])
	w.out[i] = 0x80 | byte(size)
	for j := range size {
		w.out[i+1+j] = byte(n >> (8 * (size - 1 - j)))
	}
}

// Place is where a Walker was, see Here.
type Place struct{ at, end, skipped int }

// Here returns the place of the current element, to go Back to when reading.
func (w *Walker) Here() Place { return Place{w.start, w.end, w.Skipped} }

// Back goes to a place that was left without an error.
func (w *Walker) Back(p Place) {
	w.end, w.Skipped = p.end, p.skipped
	w.loadElement(p.at)
}

// Done reports that nothing is left to read in the structure, so that the
// optional fields at its end need not be tried.
func (w *Walker) Done() bool { return !w.writing && w.tag == TagEnd }
