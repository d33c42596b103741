package xmlscan

import "bytes"

// markup reads what begins with '<'. It reports whether Next has something to
// return.
func (s *Scanner) markup() bool {
	switch {
	case s.take("</"):
		return s.endTag()
	case s.take("<!--"):
		return s.comment()
	case s.take("<![CDATA["):
		return s.cdata()
	case s.take("<!"):
		return s.fail("document type declarations are refused")
	case s.take("<?"):
		return s.fail("processing instructions are refused")
	}
	s.pos++
	return s.startTag()
}

func (s *Scanner) startTag() bool {
	if len(s.open) == 0 && s.rooted {
		return s.fail("a second root element")
	}
	if len(s.open) == MaxDepth {
		return s.fail("elements too deep")
	}
	begin := s.pos
	prefix, name, ok := s.qualified()
	if !ok {
		return false
	}
	s.open = append(s.open, s.data[begin:s.pos])
	s.rooted, s.attrs = true, s.attrs[:0]
	for {
		before := s.pos
		s.skipSpace()
		switch {
		case s.take(">"):
		case s.take("/>"):
			s.closing = true
		case s.pos == before:
			return s.fail("blank or end of tag expected")
		default:
			if !s.attribute() {
				return false
			}
			continue
		}
		s.kind, s.prefix, s.name = Start, prefix, name
		return true
	}
}

func (s *Scanner) attribute() bool {
	if len(s.attrs) == MaxAttrs {
		return s.fail("too many attributes")
	}
	prefix, name, ok := s.qualified()
	if !ok {
		return false
	}
	for i := range s.attrs {
		if bytes.Equal(s.attrs[i].Name, name) && bytes.Equal(s.attrs[i].Prefix, prefix) {
			return s.fail("attribute given twice")
		}
	}
	s.skipSpace()
	if !s.take("=") {
		return s.fail("= expected behind the name of an attribute")
	}
	s.skipSpace()
	var quote byte
	switch {
	case s.take(`"`):
		quote = '"'
	case s.take(`'`):
		quote = '\''
	default:
		return s.fail("attribute value without quotes")
	}
	end := bytes.IndexByte(s.data[s.pos:], quote)
	if end < 0 {
		return s.fail("attribute value without end")
	}
	value, ok := s.value(s.pos+end, inValue)
	if !ok {
		return false
	}
	s.pos++
	s.attrs = append(s.attrs, Attr{Prefix: prefix, Name: name, Value: value})
	switch {
	case string(prefix) == "xmlns":
		s.bindings = append(s.bindings, binding{len(s.open), name, value})
	case prefix == nil && string(name) == "xmlns":
		s.bindings = append(s.bindings, binding{len(s.open), nil, value})
	}
	return true
}

func (s *Scanner) endTag() bool {
	if len(s.open) == 0 {
		return s.fail("end tag without start tag")
	}
	begin := s.pos
	prefix, name, ok := s.qualified()
	if !ok {
		return false
	}
	if open := s.open[len(s.open)-1]; !bytes.Equal(open, s.data[begin:s.pos]) {
		return s.fail("end tag of another element than <" + string(open) + ">")
	}
	s.skipSpace()
	if !s.take(">") {
		return s.fail("> expected at the end of a tag")
	}
	s.prefix, s.name = prefix, name
	s.leave()
	return true
}

// leave closes the innermost element; its namespaces hold until the next Next.
func (s *Scanner) leave() {
	s.open = s.open[:len(s.open)-1]
	s.kind, s.attrs = End, s.attrs[:0]
}

func (s *Scanner) unbind() {
	for n := len(s.bindings); n > 0 && s.bindings[n-1].depth > len(s.open); n-- {
		s.bindings = s.bindings[:n-1]
	}
}

func (s *Scanner) comment() bool {
	end := bytes.Index(s.data[s.pos:], []byte("--"))
	if end < 0 || s.pos+end+2 >= len(s.data) || s.data[s.pos+end+2] != '>' {
		return s.fail("comment without end, or -- inside it")
	}
	s.pos += end + len("-->")
	return false
}

func (s *Scanner) cdata() bool {
	if len(s.open) == 0 {
		return s.fail("text outside the root element")
	}
	end := bytes.Index(s.data[s.pos:], []byte("]]>"))
	if end < 0 {
		return s.fail("CDATA without end")
	}
	text, ok := s.value(s.pos+end, inCDATA)
	if !ok {
		return false
	}
	s.pos += len("]]>")
	s.kind, s.text = Text, text
	return len(text) > 0
}

func (s *Scanner) characters() bool {
	end := bytes.IndexByte(s.data[s.pos:], '<')
	if end < 0 {
		end = len(s.data) - s.pos
	}
	if len(s.open) == 0 {
		for stop := s.pos + end; s.pos < stop; s.pos++ {
			if !isSpace(s.data[s.pos]) {
				return s.fail("text outside the root element")
			}
		}
		return false
	}
	text, ok := s.value(s.pos+end, inText)
	if !ok {
		return false
	}
	s.kind, s.text = Text, text
	return true
}

// qualified reads a name, with or without a prefix.
func (s *Scanner) qualified() (prefix, name []byte, ok bool) {
	begin, colon := s.pos, -1
	for ; s.pos < len(s.data); s.pos++ {
		b := s.data[s.pos]
		switch {
		case b == ':' && colon < 0:
			colon = s.pos
		case b < 0x80 && nameByte[b] == start:
		case b < 0x80 && nameByte[b] == inside && s.pos > begin && s.pos != colon+1:
		default:
			return s.split(begin, colon)
		}
	}
	return s.split(begin, colon)
}

func (s *Scanner) split(begin, colon int) (prefix, name []byte, ok bool) {
	switch {
	case s.pos == begin || colon == begin || colon == s.pos-1:
		return nil, nil, s.fail("name expected")
	case s.pos < len(s.data) && (s.data[s.pos] >= 0x80 || s.data[s.pos] == ':' || nameByte[s.data[s.pos]] != 0):
		return nil, nil, s.fail("name with characters that are not allowed here")
	case colon < 0:
		return nil, s.data[begin:s.pos:s.pos], true
	}
	return s.data[begin:colon:colon], s.data[colon+1 : s.pos : s.pos], true
}

const (
	start  = 1 // may begin a name
	inside = 2 // may stand inside it
)

var nameByte = func() (t [0x80]byte) {
	for b := byte('a'); b <= 'z'; b++ {
		t[b], t[b-'a'+'A'] = start, start
	}
	t['_'] = start
	for b := byte('0'); b <= '9'; b++ {
		t[b] = inside
	}
	t['-'], t['.'] = inside, inside
	return t
}()
