package ecma323

import (
	"bytes"
	"encoding/hex"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/internal/xmlscan"
)

func inEventExtensions(e *event) *message.Extensions           { return &e.Extensions }
func inRequestExtensions(r *request) *message.Extensions       { return &r.Extensions }
func inResultExtensions(r *message.Result) *message.Extensions { return &r.Extensions }

const hexOpen, hexClose = "<string>", "</string>"

// extensionsField is CSTACommonArguments: security and private data, passed through.
// Content that is only private data in hexBinary comes out as its bytes.
func extensionsField[T any](of func(*T) *message.Extensions) field[T] {
	return field[T]{name: "extensions",
		read: func(r *reader, v *T) {
			*of(v) = message.Extensions{Set: true, Raw: message.Raw(r.readRaw("privateData"))}
		},
		write: func(w *writer, name string, v *T) {
			e := of(v)
			if !e.Set {
				return
			}
			w.openElement(name)
			if len(e.Raw) > 0 && e.Raw[0] != '<' {
				w.openElement("privateData")
				w.writeHex("string", e.Raw)
				w.closeElement("privateData")
			} else {
				w.writeRaw(e.Raw)
			}
			w.closeElement(name)
		}}
}

// privateDataField is CSTAPrivateData: what is no XML goes as hexBinary.
func privateDataField[T any](of func(*T) *message.Raw) field[T] {
	return field[T]{name: "privateData",
		read: func(r *reader, v *T) { *of(v) = message.Raw(r.readRaw("")) },
		write: func(w *writer, name string, v *T) {
			data := *of(v)
			switch {
			case data == nil:
			case len(data) > 0 && data[0] == '<':
				w.openElement(name)
				if bytes.HasPrefix(data, []byte("<private")) || bytes.HasPrefix(data, []byte(hexOpen)) {
					w.writeRaw(data)
				} else {
					w.openElement("private")
					w.writeRaw(data)
					w.closeElement("private")
				}
				w.closeElement(name)
			default:
				w.openElement(name)
				w.writeHex("string", data)
				w.closeElement(name)
			}
		}}
}

// securityField is CSTASecurityData, passed through.
func securityField[T any](of func(*T) *message.Raw) field[T] {
	return field[T]{name: "security",
		read: func(r *reader, v *T) { *of(v) = message.Raw(r.readInner()) },
		write: func(w *writer, name string, v *T) {
			if data := *of(v); data != nil {
				w.openElement(name)
				w.writeRaw(data)
				w.closeElement(name)
			}
		}}
}

// readRaw is the content of the element at hand; one <string> inside around, and
// nothing else, is taken for its bytes.
func (r *reader) readRaw(around string) []byte {
	content := r.readInner()
	in := content
	if around != "" {
		in = bytes.TrimSuffix(bytes.TrimPrefix(in, []byte("<"+around+">")), []byte("</"+around+">"))
	}
	digits, opened := bytes.CutPrefix(bytes.TrimSpace(in), []byte(hexOpen))
	digits, closed := bytes.CutSuffix(digits, []byte(hexClose))
	if !opened || !closed {
		return content
	}
	from := len(r.octets)
	out, err := hex.AppendDecode(r.octets, digits)
	if err != nil {
		return content
	}
	r.octets = out
	return out[from:len(out):len(out)]
}

// writeRaw puts XML that came from outside, if it is well-formed.
func (w *writer) writeRaw(content []byte) {
	var s xmlscan.Scanner
	s.Reset(append(append([]byte("<a>"), content...), "</a>"...))
	for s.Next() {
	}
	if err := s.Err(); err != nil {
		w.failf("private data: %w", err)
		return
	}
	w.out = append(w.out, content...)
}
