package ber

// Integer is the types that INTEGER and ENUMERATED fields have in the model.
type Integer interface {
	~int8 | ~int16 | ~int64 | ~uint8 | ~uint16
}

// takeContent returns the content of the element at hand and goes to the next one.
func (w *Walker) takeContent() []byte {
	b := w.in[w.content:w.contentTo]
	w.loadElement(w.next)
	return b
}

// findElement reports whether tag is at hand; for a field that must be there it looks
// after unknown elements, and fails if it is not.
func (w *Walker) findElement(tag Tag, required bool) bool {
	if w.tag == tag {
		return true
	}
	if !required || w.err != nil {
		return false
	}
	if w.skipTo(tag) {
		return true
	}
	w.want(tag)
	return false
}

// Int is an INTEGER or ENUMERATED under the tag, which must be there.
func Int[T Integer](w *Walker, tag Tag, v *T) {
	switch {
	case w.writing:
		w.putInt(tag, int64(*v))
	case w.tag == tag || w.findElement(tag, true):
		readInt(w, v)
	}
}

// OptInt is an INTEGER or ENUMERATED that may be absent.
func OptInt[T Integer](w *Walker, tag Tag, v *T, set *bool) {
	if w.writing {
		if *set {
			w.putInt(tag, int64(*v))
		}
	} else if *set = w.tag == tag; *set {
		readInt(w, v)
	}
}

func readInt[T Integer](w *Walker, v *T) {
	if w.contentTo-w.content == 1 && w.in[w.content] < 0x80 { // as most are
		*v = T(w.in[w.content])
		w.loadElement(w.next)
		return
	}
	n, ok := parseInt(w.in[w.content:w.contentTo])
	if !ok || int64(T(n)) != n {
		w.Failf("integer %x does not fit", w.in[w.content:w.contentTo])
		return
	}
	*v = T(n)
	w.loadElement(w.next)
}

// ReadInt reads the current INTEGER or ENUMERATED, whatever its tag.
func (w *Walker) ReadInt() (v int64) {
	readInt(w, &v)
	return v
}

func parseInt(b []byte) (int64, bool) {
	if len(b) == 1 {
		return int64(int8(b[0])), true
	}
	if len(b) == 0 || len(b) > 8 {
		return 0, false
	}
	n := int64(int8(b[0]))
	for _, c := range b[1:] {
		n = n<<8 | int64(c)
	}
	return n, true
}

func (w *Walker) putInt(tag Tag, v int64) {
	if w.err != nil {
		return
	}
	size := 1
	for size < 8 && v>>(8*size-1) != 0 && v>>(8*size-1) != -1 {
		size++
	}
	w.out = append(w.out, byte(tag), byte(size))
	for i := size - 1; i >= 0; i-- {
		w.out = append(w.out, byte(v>>(8*i)))
	}
}

// Bool is a BOOLEAN that must be there.
func (w *Walker) Bool(tag Tag, v *bool) {
	if w.writing {
		w.putBool(tag, *v)
	} else if w.findElement(tag, true) {
		w.readBool(v)
	}
}

// OptBool is a BOOLEAN that may be absent.
func (w *Walker) OptBool(tag Tag, v, set *bool) {
	if w.writing {
		if *set {
			w.putBool(tag, *v)
		}
	} else if *set = w.tag == tag; *set {
		w.readBool(v)
	}
}

func (w *Walker) putBool(tag Tag, v bool) {
	if w.err != nil {
		return
	}
	b := byte(0)
	if v {
		b = 0xff
	}
	w.out = append(w.out, byte(tag), 1, b)
}

func (w *Walker) readBool(v *bool) {
	if w.contentTo-w.content != 1 {
		w.Failf("invalid boolean of %d bytes", w.contentTo-w.content)
		return
	}
	*v = w.in[w.content] != 0
	w.loadElement(w.next)
}

// Null is a NULL that must be there.
func (w *Walker) Null(tag Tag) {
	if !w.OptNull(tag, true) && w.err == nil {
		w.want(tag)
	}
}

// OptNull is a NULL: written if present, read if it is the current element. It reports whether it did.
func (w *Walker) OptNull(tag Tag, present bool) bool {
	if w.writing {
		if present && w.err == nil {
			w.out = append(w.out, byte(tag), 0)
		}
		return present
	}
	if w.tag != tag {
		return false
	}
	if w.contentTo != w.content {
		w.Failf("invalid NULL of %d bytes", w.contentTo-w.content)
		return false
	}
	w.loadElement(w.next)
	return true
}

// Octets is a string of bytes or characters that must be there. What is read
// aliases the input and is not nil.
func Octets[T ~[]byte](w *Walker, tag Tag, v *T) {
	if w.writing {
		w.Put(tag, *v)
	} else if w.tag == tag || w.findElement(tag, true) {
		*v = w.takeContent()
	}
}

// OptOctets is a string that may be absent, which is nil.
func OptOctets[T ~[]byte](w *Walker, tag Tag, v *T) {
	if w.writing {
		if *v != nil {
			w.Put(tag, *v)
		}
	} else if w.tag == tag {
		*v = w.takeContent()
	} else {
		*v = nil
	}
}

// Put writes an element with the given content.
func (w *Walker) Put(tag Tag, content []byte) {
	if w.err != nil {
		return
	}
	w.putHeader(tag, len(content))
	w.out = append(w.out, content...)
}

// PutString is Put for a string.
func (w *Walker) PutString(tag Tag, content string) {
	if w.err != nil {
		return
	}
	w.putHeader(tag, len(content))
	w.out = append(w.out, content...)
}

func (w *Walker) putHeader(tag Tag, n int) {
	if n < 0x80 {
		w.out = append(w.out, byte(tag), byte(n))
		return
	}
	size := 1
	for n>>(8*size) != 0 {
		size++
	}
	w.out = append(w.out, byte(tag), 0x80|byte(size))
	for i := size - 1; i >= 0; i-- {
		w.out = append(w.out, byte(n>>(8*i)))
	}
}

// PutRaw writes complete elements unchanged.
func (w *Walker) PutRaw(elements []byte) {
	if w.err == nil {
		w.out = append(w.out, elements...)
	}
}

// Take reads the content of the current element if it has the tag; for a
// required one it fails where it has not. The content aliases the input.
func (w *Walker) Take(tag Tag, required bool) ([]byte, bool) {
	if w.writing || !w.findElement(tag, required) {
		return nil, false
	}
	return w.takeContent(), true
}

// Next goes to the element after the current one, whose content the caller
// knows from Peek.
func (w *Walker) Next() { w.loadElement(w.next) }

// Peek returns the content of the current element.
func (w *Walker) Peek() []byte { return w.in[w.content:w.contentTo] }

// TakeRaw reads the complete current element with its tag, after checking that it
// is well-formed all the way down.
func (w *Walker) TakeRaw() []byte {
	if w.writing || w.tag == TagEnd {
		return nil
	}
	from, to := w.start, w.next
	skipped := w.Skipped
	w.Skip()
	w.Skipped = skipped
	if w.err != nil {
		return nil
	}
	return w.in[from:to:to]
}

// TakeContent reads the content of the current element in the same way.
func (w *Walker) TakeContent() []byte {
	from, to := w.content, w.contentTo
	if w.TakeRaw() == nil {
		return nil
	}
	return w.in[from:to:to]
}

// Bits is a BIT STRING that must be there, as the mask of its first 64 bits
// (bit 0 first) and its length.
func (w *Walker) Bits(tag Tag, mask *uint64, n *uint8) {
	if w.writing {
		w.putBits(tag, *mask, *n)
	} else if w.findElement(tag, true) {
		w.readBits(mask, n)
	}
}

// OptBits is a BIT STRING that may be absent.
func (w *Walker) OptBits(tag Tag, mask *uint64, n *uint8, set *bool) {
	if w.writing {
		if *set {
			w.putBits(tag, *mask, *n)
		}
	} else if *set = w.tag == tag; *set {
		w.readBits(mask, n)
	}
}

func (w *Walker) putBits(tag Tag, mask uint64, n uint8) {
	if w.err != nil {
		return
	}
	n = min(n, 64)
	size := int(n+7) / 8
	w.putHeader(tag, 1+size)
	w.out = append(w.out, byte(size*8-int(n)))
	for i := range size {
		b := byte(0)
		for bit := range 8 {
			if at := i*8 + bit; at < int(n) && mask>>at&1 == 1 {
				b |= 0x80 >> bit
			}
		}
		w.out = append(w.out, b)
	}
}

func (w *Walker) readBits(mask *uint64, n *uint8) {
	b := w.in[w.content:w.contentTo]
	if len(b) == 0 || b[0] > 7 || (len(b) == 1 && b[0] != 0) {
		w.Failf("invalid bit string %x", b)
		return
	}
	length := min((len(b)-1)*8-int(b[0]), 64)
	*mask, *n = 0, uint8(length)
	for i := range length {
		if b[1+i/8]>>(7-i%8)&1 == 1 {
			*mask |= 1 << i
		}
	}
	w.loadElement(w.next)
}
