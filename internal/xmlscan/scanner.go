package xmlscan

import (
	"bytes"
	"fmt"
)

// Limits of a message. Deeper or larger input is an [Error], before anything is
// kept of it.
const (
	MaxDepth = 64
	MaxAttrs = 64
)

// Kind is the kind of the current token.
type Kind uint8

// The kinds.
const (
	None  Kind = iota
	Start      // a start tag; an empty element is a Start and an End
	End        // an end tag
	Text       // text or CDATA; one text may come in several pieces
)

// Attr is one attribute. Declarations of namespaces are attributes too.
type Attr struct {
	Prefix, Name, Value []byte
}

// Error is malformed or refused input.
type Error struct {
	Offset int // in the message (after the conversion of ISO-8859-1)
	Reason string
}

func (e *Error) Error() string { return fmt.Sprintf("XML at byte %d: %s", e.Offset, e.Reason) }

// Scanner reads one message after another. The zero value is ready for Reset.
// Results of its methods are valid until the next Reset, Attrs until the next
// Next, and all of it only as long as the message is not changed.
type Scanner struct {
	data    []byte
	pos     int
	scratch []byte // decoded values; earlier views stay valid when it grows
	latin   []byte // the message, turned into UTF-8

	kind         Kind
	prefix, name []byte
	text         []byte
	attrs        [MaxAttrs]Attr
	count        int // attributes of the start tag read last
	open         []element
	bindings     []binding
	closing      bool // the start tag just read was of an empty element
	rooted       bool
	err          error
}

// element is an open one: where in the message its name stands, with its prefix
// from begin, without it from name.
type element struct{ begin, name, end int }

// binding is a namespace declared on an open element.
type binding struct {
	depth       int
	prefix, uri []byte
}

// Reset begins a new message, which the scanner does not change.
func (s *Scanner) Reset(data []byte) {
	s.data, s.pos, s.scratch = data, 0, s.scratch[:0]
	s.kind, s.prefix, s.name, s.text = None, nil, nil, nil
	s.count, s.open, s.bindings = 0, s.open[:0], s.bindings[:0]
	s.closing, s.rooted, s.err = false, false, nil
	s.scanDeclaration()
}

// Next goes on to the next start tag, end tag or text. It returns false at the
// end of the message and after an error.
func (s *Scanner) Next() bool {
	if s.err != nil {
		return false
	}
	if s.closing {
		s.closing = false
		s.closeElement()
		return true
	}
	if s.kind == End {
		s.dropBindings()
	}
	for s.pos < len(s.data) {
		var found bool
		if s.data[s.pos] == '<' {
			found = s.scanMarkup()
		} else {
			found = s.scanCharacters()
		}
		if found || s.err != nil {
			return s.err == nil
		}
	}
	switch {
	case len(s.open) > 0:
		last := s.open[len(s.open)-1]
		s.setError("ends inside <" + string(s.data[last.begin:last.end]) + ">")
	case !s.rooted:
		s.setError("no element")
	}
	s.kind = None
	return false
}

// Skip skips the remainder of the element whose start tag was read last.
func (s *Scanner) Skip() {
	for depth := len(s.open); len(s.open) >= depth && s.Next(); {
	}
}

// Kind returns the kind of what Next found.
func (s *Scanner) Kind() Kind { return s.kind }

// Prefix is the part of the element's name before the colon, nil without one.
func (s *Scanner) Prefix() []byte { return s.prefix }

// Name is the element's local name.
func (s *Scanner) Name() []byte { return s.name }

// Attrs are the attributes of a start tag, in their order.
func (s *Scanner) Attrs() []Attr { return s.attrs[:s.count] }

// Text is the text found, with references resolved and line ends as \n.
func (s *Scanner) Text() []byte { return s.text }

// Depth counts the open elements; that of a Start or End tag is not closed yet.
func (s *Scanner) Depth() int {
	if s.kind == End {
		return len(s.open) + 1
	}
	return len(s.open)
}

// Err is the error that ended the scan, an [*Error], or nil.
func (s *Scanner) Err() error { return s.err }

// Namespace returns what the prefix is bound to at the current position, nil
// for none. The empty prefix asks for the default namespace. A prefix that
// nothing binds is not an error: many peers forget the declaration.
func (s *Scanner) Namespace(prefix []byte) []byte {
	for i := len(s.bindings) - 1; i >= 0; i-- {
		if bytes.Equal(s.bindings[i].prefix, prefix) {
			return s.bindings[i].uri
		}
	}
	return nil
}

func (s *Scanner) setError(reason string) bool {
	if s.err == nil {
		s.err = &Error{Offset: s.pos, Reason: reason}
	}
	return false
}

func (s *Scanner) skipSpace() {
	pos := s.pos
	for pos < len(s.data) && isSpace(s.data[pos]) {
		pos++
	}
	s.pos = pos
}

// skipLiteral passes over a literal if the input goes on with it.
func (s *Scanner) skipLiteral(literal string) bool {
	if len(s.data)-s.pos < len(literal) || string(s.data[s.pos:s.pos+len(literal)]) != literal {
		return false
	}
	s.pos += len(literal)
	return true
}

func isSpace(b byte) bool { return b <= ' ' && (b == ' ' || b == '\n' || b == '\t' || b == '\r') }

// Pos is where the scan continues: after what Next found. It counts in the
// message after the conversion of ISO-8859-1.
func (s *Scanner) Pos() int { return s.pos }

// Slice is the message from one place to another.
func (s *Scanner) Slice(from, to int) []byte { return s.data[from:to:to] }
