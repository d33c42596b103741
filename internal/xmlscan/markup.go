package xmlscan

import "bytes"

// scanMarkup reads what begins with '<'. It reports whether Next has something to
// return.
func (s *Scanner) scanMarkup() bool {
	if s.pos+1 < len(s.data) && nameByte[s.data[s.pos+1]] == start { // the usual case
		s.pos++
		return s.scanStartTag()
	}
	switch {
	case s.skipLiteral("</"):
		return s.scanEndTag()
	case s.skipLiteral("<!--"):
		return s.skipComment()
	case s.skipLiteral("<![CDATA["):
		return s.scanCDATA()
	case s.skipLiteral("<!"):
		return s.setError("document type declarations are refused")
	case s.skipLiteral("<?"):
		return s.setError("processing instructions are refused")
	}
	s.pos++
	return s.scanStartTag()
}

func (s *Scanner) scanStartTag() bool {
	if len(s.open) == 0 && s.rooted {
		return s.setError("a second root element")
	}
	if len(s.open) == MaxDepth {
		return s.setError("elements too deep")
	}
	begin := s.pos
	prefix, name, ok := s.scanQualifiedName()
	if !ok {
		return false
	}
	s.open = append(s.open, element{begin, s.pos - len(name), s.pos})
	s.rooted, s.count = true, 0
	if s.pos < len(s.data) && s.data[s.pos] == '>' { // the usual case
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
			return s.setError("blank or end of tag expected")
		default:
			if !s.scanAttribute() {
				return false
			}
			continue
		}
		s.kind, s.prefix, s.name = Start, prefix, name
		return true
	}
}

func (s *Scanner) scanAttribute() bool {
	if s.count == MaxAttrs {
		return s.setError("too many attributes")
	}
	prefix, name, ok := s.scanQualifiedName()
	if !ok {
		return false
	}
	for i := range s.Attrs() {
		if a := &s.attrs[i]; bytes.Equal(a.Name, name) && bytes.Equal(a.Prefix, prefix) {
			return s.setError("duplicate attribute")
		}
	}
	s.skipSpace()
	if s.pos == len(s.data) || s.data[s.pos] != '=' {
		return s.setError("= expected after the name of an attribute")
	}
	s.pos++
	s.skipSpace()
	value, ok := s.scanQuoted()
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

func (s *Scanner) scanEndTag() bool {
	if len(s.open) == 0 {
		return s.setError("end tag without start tag")
	}
	if s.scanPlainEnd(s.pos) {
		return true
	}
	open := s.open[len(s.open)-1]
	tag := s.data[open.begin:open.end]
	begin := s.pos
	prefix, name, ok := s.scanQualifiedName()
	if !ok {
		return false
	}
	if !bytes.Equal(tag, s.data[begin:s.pos]) {
		return s.setError("end tag of another element than <" + string(tag) + ">")
	}
	s.skipSpace()
	if !s.skipLiteral(">") {
		return s.setError("> expected at the end of a tag")
	}
	s.prefix, s.name = prefix, name
	s.closeElement()
	return true
}

// scanPlainEnd reads an end tag whose name starts at a position, if it is written
// in the usual way, without a blank.
func (s *Scanner) scanPlainEnd(at int) bool {
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
	s.closeElement()
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
	if at+1 >= len(data) || data[at] != '<' || data[at+1] != '/' || !s.scanPlainEnd(at+2) {
		return nil, false
	}
	return text, true
}

// closeElement closes the innermost element; its namespaces hold until the next Next.
func (s *Scanner) closeElement() {
	s.open = s.open[:len(s.open)-1]
	s.kind, s.count = End, 0
}

func (s *Scanner) dropBindings() {
	for n := len(s.bindings); n > 0 && s.bindings[n-1].depth > len(s.open); n-- {
		s.bindings = s.bindings[:n-1]
	}
}

func (s *Scanner) skipComment() bool {
	end := bytes.Index(s.data[s.pos:], []byte("--"))
	if end < 0 || s.pos+end+2 >= len(s.data) || s.data[s.pos+end+2] != '>' {
		return s.setError("comment without end, or -- inside it")
	}
	s.pos += end + len("-->")
	return false
}

func (s *Scanner) scanCDATA() bool {
	if len(s.open) == 0 {
		return s.setError("text outside the root element")
	}
	end := bytes.Index(s.data[s.pos:], []byte("]]>"))
	if end < 0 {
		return s.setError("CDATA without end")
	}
	text, ok := s.resolveValue(s.pos+end, inCDATA)
	if !ok {
		return false
	}
	s.pos += len("]]>")
	s.kind, s.text = Text, text
	return len(text) > 0
}

func (s *Scanner) scanCharacters() bool {
	data, at := s.data, s.pos
	for at < len(data) && plain[data[at]] {
		at++
	}
	if at < len(data) && data[at] == '<' && len(s.open) > 0 { // as usual: nothing to resolve
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
				return s.setError("text outside the root element")
			}
		}
		return false
	}
	text, ok := s.resolveValue(s.pos+end, inText)
	if !ok {
		return false
	}
	s.kind, s.text = Text, text
	return true
}

// scanQualifiedName reads a name, with or without a prefix.
func (s *Scanner) scanQualifiedName() (prefix, name []byte, ok bool) {
	name, ok = s.scanSimpleName()
	if !ok || s.pos == len(s.data) || s.data[s.pos] != ':' {
		return nil, name, ok
	}
	s.pos++
	prefix = name
	if name, ok = s.scanSimpleName(); ok && s.pos < len(s.data) && s.data[s.pos] == ':' {
		return nil, nil, s.setError("name with characters that are not allowed here")
	}
	return prefix, name, ok
}

// scanSimpleName reads a name without a colon.
func (s *Scanner) scanSimpleName() (name []byte, ok bool) {
	data, begin := s.data, s.pos
	end := begin
	for end < len(data) && nameByte[data[end]] != 0 {
		end++
	}
	s.pos = end
	switch {
	case end == begin || nameByte[data[begin]] != start:
		return nil, s.setError("name expected")
	case end < len(data) && data[end] >= 0x80:
		return nil, s.setError("name with characters that are not allowed here")
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
