package xmlscan

import "bytes"

// markup reads what begins with '<'. It reports whether Next has something to
// return.
func (s *Scanner) markup() bool {
	if s.pos+1 < len(s.data) && nameByte[s.data[s.pos+1]] == start { // as mostly
		s.pos++
		return s.startTag()
	}
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
	s.open = append(s.open, element{begin, s.pos - len(name), s.pos})
	s.rooted, s.count = true, 0
	if s.pos < len(s.data) && s.data[s.pos] == '>' { // as mostly
		s.pos++
		s.kind, s.prefix, s.name = Start, prefix, name
		return true
	}
	for {
		before := s.pos
		s.skipSpace()
		switch rest := s.data[s.pos:]; {
		case len(rest) > 0 && rest[0] == '>':
			s.pos++
		case len(rest) > 1 && rest[0] == '/' && rest[1] == '>':
			s.pos += len("/>")
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
	if s.count == MaxAttrs {
		return s.fail("too many attributes")
	}
	prefix, name, ok := s.qualified()
	if !ok {
		return false
	}
	for i := range s.Attrs() {
		if a := &s.attrs[i]; bytes.Equal(a.Name, name) && bytes.Equal(a.Prefix, prefix) {
			return s.fail("attribute given twice")
		}
	}
	s.skipSpace()
	if s.pos == len(s.data) || s.data[s.pos] != '=' {
		return s.fail("= expected behind the name of an attribute")
	}
	s.pos++
	s.skipSpace()
	value, ok := s.quoted()
	if !ok {
		return false
	}
	a := &s.attrs[s.count]
	a.Prefix, a.Name, a.Value = prefix, name, value
	s.count++
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
	if s.plainEnd(s.pos) {
		return true
	}
	open := s.open[len(s.open)-1]
	tag := s.data[open.begin:open.end]
	begin := s.pos
	prefix, name, ok := s.qualified()
	if !ok {
		return false
	}
	if !bytes.Equal(tag, s.data[begin:s.pos]) {
		return s.fail("end tag of another element than <" + string(tag) + ">")
	}
	s.skipSpace()
	if !s.take(">") {
		return s.fail("> expected at the end of a tag")
	}
	s.prefix, s.name = prefix, name
	s.leave()
	return true
}

// plainEnd reads an end tag whose name stands at a place, if it is written as
// nearly everybody does: without a blank.
func (s *Scanner) plainEnd(at int) bool {
	open := s.open[len(s.open)-1]
	tag := s.data[open.begin:open.end]
	end := at + len(tag)
	if end >= len(s.data) || s.data[end] != '>' || string(tag) != string(s.data[at:end]) {
		return false
	}
	s.pos = end + 1
	s.prefix, s.name = nil, s.data[open.name:open.end:open.end]
	if open.name > open.begin {
		s.prefix = s.data[open.begin : open.name-1]
	}
	s.leave()
	return true
}

// Leaf reads the element whose start tag was read last to its end, if it holds
// nothing but text in which nothing is to be resolved, as most elements do. It
// stands on the End then; else it has not moved and reports false.
func (s *Scanner) Leaf() (text []byte, ok bool) {
	if s.kind != Start || s.closing || s.err != nil {
		return nil, false
	}
	data, at := s.data, s.pos
	for at < len(data) && plain[data[at]] {
		at++
	}
	text = data[s.pos:at:at]
	if at+1 >= len(data) || data[at] != '<' || data[at+1] != '/' || !s.plainEnd(at+2) {
		return nil, false
	}
	return text, true
}

// leave closes the innermost element; its namespaces hold until the next Next.
func (s *Scanner) leave() {
	s.open = s.open[:len(s.open)-1]
	s.kind, s.count = End, 0
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
	data, at := s.data, s.pos
	for at < len(data) && plain[data[at]] {
		at++
	}
	if at < len(data) && data[at] == '<' && len(s.open) > 0 { // as mostly: nothing to resolve
		s.kind, s.text = Text, data[s.pos:at:at]
		s.pos = at
		return true
	}
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
	name, ok = s.simple()
	if !ok || s.pos == len(s.data) || s.data[s.pos] != ':' {
		return nil, name, ok
	}
	s.pos++
	prefix = name
	if name, ok = s.simple(); ok && s.pos < len(s.data) && s.data[s.pos] == ':' {
		return nil, nil, s.fail("name with characters that are not allowed here")
	}
	return prefix, name, ok
}

// simple reads a name without a colon.
func (s *Scanner) simple() (name []byte, ok bool) {
	data, begin := s.data, s.pos
	end := begin
	for end < len(data) && nameByte[data[end]] != 0 {
		end++
	}
	s.pos = end
	switch {
	case end == begin || nameByte[data[begin]] != start:
		return nil, s.fail("name expected")
	case end < len(data) && data[end] >= 0x80:
		return nil, s.fail("name with characters that are not allowed here")
	}
	return data[begin:end:end], true
}

const (
	start  = 1 // may begin a name
	inside = 2 // may stand inside it
)

var nameByte = func() (t [256]byte) {
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
