package xmlscan

import (
	"bytes"
	"unicode/utf8"
)

// place is where characters stand.
type place uint8

const (
	inText place = iota
	inValue
	inCDATA
)

// plain are the bytes that need no look in text and values.
var plain = func() (t [256]bool) {
	for b := 0x20; b < 0x80; b++ {
		t[b] = true
	}
	t['\t'], t['\n'] = true, true
	t['&'], t['<'], t['>'] = false, false, false
	return t
}()

// scanQuoted reads the value of an attribute with its quotes.
func (s *Scanner) scanQuoted() (value []byte, ok bool) {
	data := s.data
	if s.pos == len(data) || data[s.pos] != '"' && data[s.pos] != '\'' {
		return nil, s.setError("attribute value without quotes")
	}
	quote := data[s.pos]
	s.pos++
	end := s.pos
	for end < len(data) && data[end] != quote && plain[data[end]] {
		end++
	}
	if end < len(data) && data[end] == quote { // as nearly always: nothing to resolve
		value, ok = data[s.pos:end:end], true
	} else if length := bytes.IndexByte(data[end:], quote); length < 0 {
		return nil, s.setError("attribute value without end")
	} else {
		end += length
		value, ok = s.resolveValue(end, inValue)
	}
	s.pos = end + 1
	return value, ok
}

// resolveValue reads characters up to end and stands there afterwards. It returns a
// view of the message where nothing had to be resolved. Line ends become \n
// (XML 1.0, 2.11); blanks in attribute values stay as they are, as in
// encoding/xml.
func (s *Scanner) resolveValue(end int, where place) (value []byte, ok bool) {
	begin := s.pos
	for s.pos < end && plain[s.data[s.pos]] {
		s.pos++
	}
	if s.pos == end {
		return s.data[begin:end:end], true
	}
	first := len(s.scratch)
	for {
		s.scratch = append(s.scratch, s.data[begin:s.pos]...)
		if s.pos == end {
			break
		}
		if !s.resolveCharacter(end, where) {
			return nil, false
		}
		for begin = s.pos; s.pos < end && plain[s.data[s.pos]]; s.pos++ {
		}
	}
	return s.scratch[first:len(s.scratch):len(s.scratch)], true
}

// resolveCharacter resolves one character or reference into the scratch buffer.
func (s *Scanner) resolveCharacter(end int, where place) bool {
	switch b := s.data[s.pos]; {
	case plain[b]:
		s.scratch = append(s.scratch, b)
		s.pos++
		return true
	case b == '&' && where != inCDATA:
		return s.resolveReference(end)
	case b == '<' && where == inValue:
		return s.setError("< in an attribute value")
	case b == '>' && where == inText && bytes.HasSuffix(s.data[:s.pos], []byte("]]")):
		return s.setError("]]> in text")
	case b == '\r':
		if s.pos++; s.pos < end && s.data[s.pos] == '\n' {
			s.pos++
		}
		s.scratch = append(s.scratch, '\n')
		return true
	}
	r, size := utf8.DecodeRune(s.data[s.pos:end])
	if r == utf8.RuneError && size < 2 {
		return s.setError("not UTF-8")
	}
	if !isXMLCharacter(r) {
		return s.setError("character that XML does not allow")
	}
	s.scratch = append(s.scratch, s.data[s.pos:s.pos+size]...)
	s.pos += size
	return true
}

// resolveReference resolves "&name;", "&#decimal;" or "&#xhex;".
func (s *Scanner) resolveReference(end int) bool {
	length := bytes.IndexByte(s.data[s.pos:end], ';')
	if length < 0 {
		return s.setError("reference without ;")
	}
	ref := s.data[s.pos+1 : s.pos+length]
	var r rune
	switch string(ref) {
	case "lt":
		r = '<'
	case "gt":
		r = '>'
	case "amp":
		r = '&'
	case "apos":
		r = '\''
	case "quot":
		r = '"'
	default:
		if r = parseCharacterNumber(ref); r < 0 || !isXMLCharacter(r) {
			return s.setError("unknown reference")
		}
	}
	s.scratch = utf8.AppendRune(s.scratch, r)
	s.pos += length + 1
	return true
}

// parseCharacterNumber reads "#123" or "#x7b"; -1 for anything else.
func parseCharacterNumber(ref []byte) rune {
	if len(ref) < 2 || ref[0] != '#' {
		return -1
	}
	base, digits := rune(10), ref[1:]
	if digits[0] == 'x' {
		base, digits = 16, digits[1:]
	}
	if len(digits) == 0 {
		return -1
	}
	var n rune
	for _, b := range digits {
		d := digitValue(b)
		if d < 0 || d >= base {
			return -1
		}
		if n = n*base + d; n > utf8.MaxRune {
			return -1
		}
	}
	return n
}

func digitValue(b byte) rune {
	switch {
	case '0' <= b && b <= '9':
		return rune(b - '0')
	case 'a' <= b && b <= 'f':
		return rune(b-'a') + 10
	case 'A' <= b && b <= 'F':
		return rune(b-'A') + 10
	}
	return -1
}

// isXMLCharacter is production 2 of XML 1.0.
func isXMLCharacter(r rune) bool {
	return r >= 0x20 && r <= 0xD7FF || r == '\t' || r == '\n' || r == '\r' ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}
