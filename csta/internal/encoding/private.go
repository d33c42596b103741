package encoding

import (
	"bytes"

	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// Private data of a vendor is any octets to a host. In BER CSTAPrivateData is an
// element of any type, its usual one an OCTET STRING: what is one whole element
// goes as it is, anything else as an OCTET STRING. In XML it is elements, or
// octets, which travel as hexBinary (see package ecma323).

const octetString = 0x04

// Private is data as the codec wants it: without data it is empty, not absent.
func (e Encoding) Private(data []byte) message.Raw {
	if e.XML() && data == nil {
		return message.Raw{}
	}
	if e.XML() || oneElement(data) {
		return append(message.Raw{}, data...) // never nil, which is absent
	}
	var w ber.Walker
	w.Write(nil)
	octets := message.Octets(data)
	ber.Octets(&w, octetString, &octets)
	return message.Raw(w.Bytes())
}

// PrivateData is the way back. An OCTET STRING that holds what looks like an
// element stays one, so that the two can be told apart.
func (e Encoding) PrivateData(raw message.Raw) []byte {
	if !e.XML() && len(raw) > 0 && raw[0] == octetString {
		if content, ok := inside(raw); ok && !oneElement(content) {
			return bytes.Clone(content)
		}
	}
	return bytes.Clone(raw)
}

// tagPrivateList is that of the list of private data in CSTACommonArguments.
const tagPrivateList = 0xa1

// listed reports whether extensions have private data in a list (ECMA-285; of
// CSTA II seen in the traffic of an OmniPCX Enterprise).
func (e Encoding) listed() bool { return e == BER3 || e == BER2 }

// PrivateExtension is private data as the extensions of an answer have it.
func (e Encoding) PrivateExtension(data []byte) message.Extensions {
	raw := e.Private(data)
	if e.listed() {
		var w ber.Walker
		w.Write(nil)
		m := w.Require(tagPrivateList)
		w.PutRaw(raw)
		w.Leave(m)
		raw = message.Raw(w.Bytes())
	}
	return message.Extensions{Set: true, Raw: raw}
}

// ExtensionData is the private data of extensions: that which is the only entry
// of the list, else all of their content as it stands.
func (e Encoding) ExtensionData(x *message.Extensions) []byte {
	if e.listed() && len(x.Raw) > 0 && x.Raw[0] == tagPrivateList {
		if content, ok := inside(x.Raw); ok && oneElement(content) {
			return e.PrivateData(message.Raw(content))
		}
		return bytes.Clone(x.Raw)
	}
	return e.PrivateData(x.Raw)
}

// inside is the content of what is one element and nothing else.
func inside(b []byte) ([]byte, bool) {
	if !oneElement(b) {
		return nil, false
	}
	var w ber.Walker
	w.Read(b)
	return w.Peek(), true
}

func oneElement(b []byte) bool {
	var w ber.Walker
	w.Read(b)
	return w.Tag() != ber.TagEnd && w.TakeRaw() != nil && w.Tag() == ber.TagEnd && w.Err() == nil
}
