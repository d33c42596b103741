package ber

// head is a parsed tag and length.
type head struct {
	tag                      Tag
	content, contentTo, next int
}

// readHeader parses the tag and length at in[i:]; depth counts the indefinite
// lengths around it.
func readHeader(in []byte, i, depth int) (h head, err *Error) {
	start := i
	bad := func(detail string) (head, *Error) {
		return head{}, &Error{Offset: start, Detail: detail, Structure: true}
	}
	h.tag = Tag(in[i])
	i++
	if h.tag&0x1f == 0x1f {
		number := Tag(0)
		for more := true; more; i++ {
			if i >= len(in) || i-start > 3 {
				return bad("tag number cut off or too large")
			}
			number = number<<7 | Tag(in[i]&0x7f)
			more = in[i]&0x80 != 0
		}
		h.tag |= number << 8
	}
	if h.tag == TagEnd {
		return bad("end-of-contents without an indefinite length")
	}
	if i >= len(in) {
		return bad("cut off before the length")
	}
	length := int(in[i])
	i++
	switch {
	case length == 0x80:
		return indefinite(in, h, i, start, depth)
	case length > 0x80:
		size := length & 0x7f
		if size > 4 || i+size > len(in) {
			return bad("length cut off or too large")
		}
		length = 0
		for range size {
			length = length<<8 | int(in[i])
			i++
		}
	}
	if length > len(in)-i {
		return bad("length beyond the end")
	}
	h.content, h.contentTo, h.next = i, i+length, i+length
	return h, nil
}

// indefinite finds the end-of-contents octets of a constructed element.
func indefinite(in []byte, h head, i, start, depth int) (head, *Error) {
	if h.tag&Constructed == 0 {
		return head{}, &Error{Offset: start, Detail: "indefinite length of a primitive element", Structure: true}
	}
	if depth >= MaxDepth {
		return head{}, &Error{Offset: start, Detail: "nested too deep", Structure: true}
	}
	h.content = i
	for {
		if i+1 < len(in) && in[i] == 0 && in[i+1] == 0 {
			h.contentTo, h.next = i, i+2
			return h, nil
		}
		if i >= len(in) {
			return head{}, &Error{Offset: start, Detail: "no end of an indefinite length", Structure: true}
		}
		inner, err := readHeader(in, i, depth+1)
		if err != nil {
			return head{}, err
		}
		i = inner.next
	}
}

// checkElements reports whether in is a row of well-formed elements all the way down.
func checkElements(in []byte, depth int) *Error {
	if depth >= MaxDepth {
		return &Error{Detail: "nested too deep", Structure: true}
	}
	for i := 0; i < len(in); {
		h, err := readHeader(in, i, depth)
		if err != nil {
			return err
		}
		if h.tag&Constructed != 0 {
			if err := checkElements(in[h.content:h.contentTo], depth+1); err != nil {
				err.Offset += h.content
				return err
			}
		}
		i = h.next
	}
	return nil
}
