package ecma323

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// writer puts a document together.
type writer struct {
	out     []byte
	edition uint8
	err     error
}

func (w *writer) openElement(name string) {
	w.out = append(append(append(w.out, '<'), name...), '>')
}

func (w *writer) closeElement(name string) {
	w.out = append(append(append(w.out, "</"...), name...), '>')
}

func (w *writer) writeEmpty(name string) {
	w.out = append(append(append(w.out, '<'), name...), "/>"...)
}

func (w *writer) writeElement(name string, text string) {
	w.openElement(name)
	w.writeText(text)
	w.closeElement(name)
}

func (w *writer) writeBytes(name string, text []byte) {
	w.openElement(name)
	appendEscaped(w, text)
	w.closeElement(name)
}

func (w *writer) writeText(text string) { appendEscaped(w, text) }

// appendEscaped appends text. What XML cannot carry is an error: nothing is changed
// in silence.
func appendEscaped[T string | []byte](w *writer, text T) {
	for i := 0; i < len(text); {
		switch b := text[i]; {
		case b == '<':
			w.out = append(w.out, "&lt;"...)
		case b == '>':
			w.out = append(w.out, "&gt;"...)
		case b == '&':
			w.out = append(w.out, "&amp;"...)
		case b == '"':
			w.out = append(w.out, "&quot;"...)
		case b == '\r':
			w.out = append(w.out, "&#13;"...)
		case b >= ' ' && b < utf8.RuneSelf, b == '\t', b == '\n':
			w.out = append(w.out, b)
		case b < ' ':
			w.failf("a control character (%02x) cannot be sent in XML", b)
			return
		default:
			r, size := utf8.DecodeRuneInString(string(text[i:min(len(text), i+utf8.UTFMax)]))
			if r == utf8.RuneError && size < 2 || r == 0xFFFE || r == 0xFFFF {
				w.failf("text has bytes that XML cannot carry")
				return
			}
			w.out = utf8.AppendRune(w.out, r)
			i += size
			continue
		}
		i++
	}
}

func (w *writer) writeBoolean(name string, on bool) {
	w.openElement(name)
	w.out = strconv.AppendBool(w.out, on)
	w.closeElement(name)
}

func (w *writer) writeInteger(name string, n int64) {
	w.openElement(name)
	w.out = strconv.AppendInt(w.out, n, 10)
	w.closeElement(name)
}

func (w *writer) writeHex(name string, octets []byte) {
	w.openElement(name)
	w.out = hex.AppendEncode(w.out, octets)
	w.closeElement(name)
}

func (w *writer) failf(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf("csta: %w", fmt.Errorf(format, args...))
	}
}
