package vtixml

import (
	"encoding/base64"
	"strconv"
	"unicode/utf8"
)

// writer appends the XML of the dialect.
type writer struct{ dst []byte }

func (w *writer) openElement(element string) {
	w.dst = append(w.dst, '<')
	w.dst = append(w.dst, element...)
}

func (w *writer) endStartTag() { w.dst = append(w.dst, '>') }
func (w *writer) endEmptyTag() { w.dst = append(w.dst, "/>"...) }
func (w *writer) closeElement(element string) {
	w.dst = append(append(append(w.dst, "</"...), element...), '>')
}
func (w *writer) startAttr(attr string) { w.dst = append(append(append(w.dst, ' '), attr...), `="`...) }
func (w *writer) writeFlag(attr string) { w.startAttr(attr); w.dst = append(w.dst, `true"`...) }
func (w *writer) writeText(attr, v string) {
	w.startAttr(attr)
	w.appendEscaped(v)
	w.dst = append(w.dst, '"')
}
func (w *writer) writeNumber(attr string, n int64) {
	w.startAttr(attr)
	w.dst = append(strconv.AppendInt(w.dst, n, 10), '"')
}

// writeOptional writes text unless it is empty.
func (w *writer) writeOptional(attr, v string) {
	if v != "" {
		w.writeText(attr, v)
	}
}

// writePositive writes a number unless it is 0; the dialect has none below.
func (w *writer) writePositive(attr string, n int64) {
	if n > 0 {
		w.writeNumber(attr, n)
	}
}

func (w *writer) writeIfTrue(attr string, on bool) {
	if on {
		w.writeFlag(attr)
	}
}

// writeBase64 are written in base64: XML text cannot carry every byte.
func (w *writer) writeBase64(attr, v string) {
	if v != "" {
		w.startAttr(attr)
		w.dst = append(base64.StdEncoding.AppendEncode(w.dst, []byte(v)), '"')
	}
}

// appendEscaped writes characters of an attribute value. What XML cannot carry becomes
// U+FFFD.
func (w *writer) appendEscaped(v string) {
	for _, r := range v {
		switch r {
		case '&':
			w.dst = append(w.dst, "&amp;"...)
		case '<':
			w.dst = append(w.dst, "&lt;"...)
		case '>':
			w.dst = append(w.dst, "&gt;"...)
		case '"':
			w.dst = append(w.dst, "&quot;"...)
		case '\t', '\n', '\r': // a reader may turn them into blanks
			w.dst = append(append(w.dst, "&#"...), strconv.Itoa(int(r))...)
			w.dst = append(w.dst, ';')
		default:
			if r < 0x20 || r == 0xFFFE || r == 0xFFFF {
				r = utf8.RuneError
			}
			w.dst = utf8.AppendRune(w.dst, r)
		}
	}
}
