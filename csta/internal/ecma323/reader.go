package ecma323

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/internal/xmlscan"
)

// reader takes a document apart. Text that it returns aliases the document or
// the reader's own buffers, until the next document.
type reader struct {
	scan    xmlscan.Scanner
	root    []byte // namespace of the root element
	skipped int
	err     *message.DecodeError
	octets  []byte // what hexBinary stood for
	plain   []byte // texts in several pieces

	strings *message.Cache[string]
	devices *message.Cache[message.Device]
	scratch scratch
}

// scratch is room for the parts that most events have, so that an event costs
// no allocation. They are good for one message.
type scratch struct {
	services message.ServicesPermitted
	media    message.Media
	linkage  message.Linkage
	old      message.Linkage
	info     message.ConnectionInfo
}

func (r *reader) startDocument(document []byte) {
	r.scan.Reset(document)
	r.root, r.skipped, r.err = nil, 0, nil
	r.octets, r.plain = r.octets[:0], r.plain[:0]
}

// child goes on to the next element inside the one at hand, and reports false
// at its end. Foreign elements are passed over.
func (r *reader) child() bool {
	for r.err == nil && r.scan.Next() {
		switch r.scan.Kind() {
		case xmlscan.Start:
			if !r.foreign() {
				return true
			}
			r.skipElement()
		case xmlscan.End:
			return false
		}
	}
	return false
}

// foreign: in a namespace that is neither the root's nor one of ECMA's.
func (r *reader) foreign() bool {
	ns := r.scan.Namespace(r.scan.Prefix())
	return len(ns) > 0 && !bytes.Equal(ns, r.root) && !ecma(ns)
}

func ecma(ns []byte) bool {
	return bytes.Contains(ns, []byte("/standards/ecma-323/")) || bytes.Contains(ns, []byte("/standards/ecma-354/"))
}

// skipElement passes over the element at hand.
func (r *reader) skipElement() {
	r.skipped++
	r.scan.Skip()
}

// readText is the text of the element at hand without blanks around it; elements
// inside it are passed over.
func (r *reader) readText() []byte { return bytes.TrimSpace(r.readVerbatim()) }

// readVerbatim is the text with its blanks.
func (r *reader) readVerbatim() []byte {
	if text, ok := r.scan.Leaf(); ok {
		return text
	}
	var text []byte
	pieces := 0
	for r.scan.Next() {
		switch r.scan.Kind() {
		case xmlscan.Text:
			if pieces++; pieces == 1 {
				text = r.scan.Text()
				continue
			}
			from := len(r.plain)
			r.plain = append(append(r.plain, text...), r.scan.Text()...)
			text = r.plain[from:len(r.plain):len(r.plain)]
		case xmlscan.Start:
			r.skipElement()
		case xmlscan.End:
			return text
		}
	}
	return nil
}

// readInner is what stands inside the element at hand, as it stands.
func (r *reader) readInner() []byte {
	from, depth := r.scan.Pos(), r.scan.Depth()
	if string(r.scan.Slice(from-2, from)) == "/>" {
		r.scan.Skip()
		return []byte{}
	}
	for to := from; r.scan.Next(); to = r.scan.Pos() {
		if r.scan.Kind() == xmlscan.End && r.scan.Depth() == depth {
			return bytes.TrimSpace(r.scan.Slice(from, to))
		}
	}
	return nil
}

// attr is the value of an attribute of the start tag at hand, nil without it.
func (r *reader) attr(name string) []byte {
	attrs := r.scan.Attrs()
	for i := range attrs {
		if string(attrs[i].Name) == name && attrs[i].Prefix == nil {
			return attrs[i].Value
		}
	}
	return nil
}

func (r *reader) failf(format string, args ...any) {
	if r.err == nil {
		r.err = &message.DecodeError{Problem: message.MistypedContent, Offset: r.scan.Pos() + digits,
			Detail: fmt.Sprintf(format, args...)}
	}
}

func (r *reader) readBoolean() bool {
	switch t := r.readText(); string(t) {
	case "true", "1":
		return true
	case "false", "0", "":
		return false
	default:
		if bytes.EqualFold(t, []byte("true")) {
			return true
		}
		if !bytes.EqualFold(t, []byte("false")) {
			r.failf("expected true or false, got %.40q", t)
		}
		return false
	}
}

func (r *reader) readInteger() int64 {
	t := r.readText()
	if len(t) > 20 {
		r.failf("expected a number, got %.40q", t)
		return 0
	}
	n, err := strconv.ParseInt(string(t), 10, 64)
	if err != nil {
		r.failf("expected a number, got %.40q", t)
	}
	return n
}

// readHex is hexBinary; what is none of it is taken as it stands, as some send
// plain text there.
func (r *reader) readHex() []byte {
	t := r.readText()
	from := len(r.octets)
	out, err := hex.AppendDecode(r.octets, t)
	if err != nil {
		return t
	}
	r.octets = out
	return out[from:len(out):len(out)]
}

// intern is text that is kept.
func (r *reader) intern(t []byte) string {
	if len(t) > longest {
		return string(t)
	}
	return message.Intern(r.strings, t)
}

// longest is the longest text that is worth remembering, and so bounds what the
// caches can hold.
const longest = 128
