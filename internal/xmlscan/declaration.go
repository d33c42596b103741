package xmlscan

import (
	"bytes"
	"unicode/utf8"
)

// usual is the declaration that nearly everybody sends.
const usual = `<?xml version="1.0" encoding="UTF-8"?>`

// scanDeclaration passes over a byte order mark and the XML declaration, and turns
// ISO-8859-1 into UTF-8 where it declares that.
func (s *Scanner) scanDeclaration() {
	s.skipLiteral("\xEF\xBB\xBF")
	if s.skipLiteral(usual) {
		return
	}
	begin := s.pos
	if !s.skipLiteral("<?xml") {
		return
	}
	if s.pos == len(s.data) || !isSpace(s.data[s.pos]) {
		s.pos = begin // another target: refused as a processing instruction
		return
	}
	end := bytes.Index(s.data[s.pos:], []byte("?>"))
	if end < 0 {
		s.setError("XML declaration without end")
		return
	}
	text := s.data[s.pos : s.pos+end]
	if v := pseudoAttribute(text, "version"); v != nil && string(v) != "1.0" {
		s.setError("XML version other than 1.0")
		return
	}
	encoding := pseudoAttribute(text, "encoding")
	s.pos += end + len("?>")
	switch {
	case len(encoding) == 0, equalFold(encoding, "UTF-8"), equalFold(encoding, "US-ASCII"):
	case equalFold(encoding, "ISO-8859-1"), equalFold(encoding, "LATIN1"):
		s.latin = s.latin[:0]
		for _, b := range s.data[s.pos:] {
			s.latin = utf8.AppendRune(s.latin, rune(b))
		}
		s.data, s.pos = s.latin, 0
	default:
		s.setError("encoding other than UTF-8 and ISO-8859-1")
	}
}

// pseudoAttribute finds the value of an attribute of the declaration, nil without it.
func pseudoAttribute(text []byte, name string) []byte {
	i := bytes.Index(text, []byte(name))
	if i < 0 {
		return nil
	}
	rest := bytes.TrimLeft(text[i+len(name):], " \t\r\n")
	if len(rest) == 0 || rest[0] != '=' {
		return nil
	}
	rest = bytes.TrimLeft(rest[1:], " \t\r\n")
	if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
		return nil
	}
	value, _, ok := bytes.Cut(rest[1:], rest[:1])
	if !ok {
		return nil
	}
	return value
}

func equalFold(b []byte, s string) bool { return bytes.EqualFold(b, []byte(s)) }
