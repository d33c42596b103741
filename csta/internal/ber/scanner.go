package ber

// Scanner finds the end of the first element of a stream as its bytes arrive,
// looking at each of them once. The zero Scanner is ready.
type Scanner struct {
	at    int // how far it has looked
	depth int // indefinite lengths that are open
}

// Length returns the length of the first element of in, 0 while too little of it
// has arrived to know. Between calls in may only grow; after a length was told
// the Scanner is ready for the next element.
func (s *Scanner) Length(in []byte) (int, error) {
	for {
		rest := in[min(s.at, len(in)):]
		if len(rest) < 2 {
			return 0, nil
		}
		if rest[0] == 0 && rest[1] == 0 && s.depth > 0 {
			s.depth--
			s.at += 2
		} else {
			size, length, err := s.scanHeader(rest)
			if err != nil || size == 0 {
				return 0, err
			}
			s.at += size + length
		}
		if s.depth == 0 {
			n := s.at
			*s = Scanner{}
			return n, nil
		}
	}
}

// scanHeader reads a tag of one octet and a length; size 0 asks for more bytes.
func (s *Scanner) scanHeader(in []byte) (size, length int, err error) {
	bad := func(detail string) (int, int, error) {
		return 0, 0, &Error{Offset: s.at, Detail: detail, Structure: true}
	}
	tag := in[0]
	size = 1
	if tag&0x1f == 0x1f {
		for more := true; more; size++ {
			if size > 4 {
				return bad("tag number too large")
			}
			if size >= len(in) {
				return 0, 0, nil
			}
			more = in[size]&0x80 != 0
		}
		if size >= len(in) {
			return 0, 0, nil
		}
	}
	first := int(in[size])
	size++
	switch {
	case tag == 0:
		return bad("no element starts with 00")
	case first < 0x80:
		return size, first, nil
	case first == 0x80:
		if Tag(tag)&Constructed == 0 {
			return bad("indefinite length of a primitive element")
		}
		if s.depth >= MaxDepth {
			return bad("nested too deep")
		}
		s.depth++
		return size, 0, nil
	case first > 0x84:
		return bad("length too large")
	}
	n := first & 0x7f
	if len(in) < size+n {
		return 0, 0, nil
	}
	for _, b := range in[size : size+n] {
		length = length<<8 | int(b)
	}
	return size + n, length, nil
}
