package vtixml

import (
	"encoding/base64"
	"strconv"
	"unicode/utf8"
)

// writer appends the XML of the dialect.
type writer struct{ dst []byte }

func (w *writer) open(element string) {
	w.dst = append(w.dst, '<')
	w.dst = append(w.dst, element...)
}

func (w *writer) begin()              { w.dst = append(w.dst, '>') }
func (w *writer) empty()              { w.dst = append(w.dst, "/>"...) }
func (w *writer) end(element string)  { w.dst = append(append(append(w.dst, "</"...), element...), '>') }
func (w *writer) name(attr string)    { w.dst = append(append(append(w.dst, ' '), attr...), `="`...) }
func (w *writer) flag(attr string)    { w.name(attr); w.dst = append(w.dst, `true"`...) }
func (w *writer) text(attr, v string) { w.name(attr); w.escape(v); w.dst = append(w.dst, '"') }
func (w *writer) number(attr string, n int64) {
	w.name(attr)
	w.dst = append(strconv.AppendInt(w.dst, n, 10), '"')
}

// some is text that is left out when empty.
func (w *writer) some(attr, v string) {
	if v != "" {
		w.text(attr, v)
	}
}

// someNumber is left out at 0; the dialect has no numbers below.
func (w *writer) someNumber(attr string, n int64) {
	if n > 0 {
		w.number(attr, n)
	}
}

func (w *writer) someFlag(attr string, on bool) {
	if on {
		w.flag(attr)
	}
}

// bytes are written in base64: XML text cannot carry every byte.
func (w *writer) bytes(attr, v string) {
	if v != "" {
		w.name(attr)
		w.dst = append(base64.StdEncoding.AppendEncode(w.dst, []byte(v)), '"')
	}
}

// escape writes characters of an attribute value. What XML cannot carry becomes
// U+FFFD.
func (w *writer) escape(v string) {
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
