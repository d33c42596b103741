package vtixml

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/xmlscan"
)

// reader reads a message of the dialect.
type reader struct {
	*xmlscan.Scanner
	m   *Message
	err error
}

// Decode reads a message in UTF-8 or, where the XML declaration says so,
// ISO-8859-1.
func (Dialect) Decode(data []byte, m *Message) error {
	r := reader{Scanner: &m.buffers().scan, m: m}
	r.Reset(data)
	if r.Next() { // the start tag of the root element, or an error
		r.message()
	}
	for r.Next() { // what is left, for its form only
	}
	if err := r.Err(); err != nil {
		return err
	}
	return r.err
}

func (r *reader) message() {
	m := r.m
	switch name := string(r.element()); name {
	case "event":
		m.Type = EventMessage
		r.event()
	case "answer":
		m.Type = AnswerMessage
		r.answer()
	case "refusal":
		m.Type = RefusalMessage
		r.refusal()
	case "open":
		m.Type = OpenMessage
		r.open()
	case "opened":
		m.Type = OpenedMessage
		r.capabilities()
	case "capabilities":
		m.Type = CapabilitiesMessage
		r.capabilities()
	case "logon":
		m.Type = LogonMessage
		r.logons()
	case "close":
		m.Type = CloseMessage
	default:
		op, ok := operationOf[name]
		if !ok {
			r.skipped()
			return
		}
		m.Type, m.Op = RequestMessage, op
		r.request()
	}
	if (m.Type == AnswerMessage || m.Type == RequestMessage) && m.ID == 0 {
		r.fail(errors.New("message without an identifier"))
	}
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *reader) skipped() { r.m.Skipped++ }

// own is the name of an attribute, nil where a prefix says that it is of
// another namespace: the dialect has none.
func own(a *xmlscan.Attr) []byte {
	if a.Prefix != nil {
		return nil
	}
	return a.Name
}

// element is likewise the name of the element.
func (r *reader) element() []byte {
	if r.Prefix() != nil {
		return nil
	}
	return r.Name()
}

func (r *reader) text(a *xmlscan.Attr) string { return r.m.Text(a.Value) }

// number reads a decimal number up to 2³¹-1. Anything else breaks the protocol:
// a message with a wrong identifier cannot be told from another.
func (r *reader) number(a *xmlscan.Attr) uint32 {
	n, ok := uint32(0), len(a.Value) > 0 && len(a.Value) <= 10
	for _, b := range a.Value {
		if b < '0' || b > '9' || n > (1<<31-1)/10 {
			ok = false
			break
		}
		n = n*10 + uint32(b-'0')
	}
	if !ok || n >= 1<<31 {
		r.fail(fmt.Errorf("%s %s is no number", a.Name, strconv.QuoteToASCII(string(a.Value))))
		return 0
	}
	return n
}

// flag reads "true" or "false"; what is neither is not understood.
func (r *reader) flag(a *xmlscan.Attr) bool {
	switch string(a.Value) {
	case "true":
		return true
	case "false":
	default:
		r.skipped()
	}
	return false
}

// bytes reads base64.
func (r *reader) bytes(a *xmlscan.Attr) []byte {
	out, err := base64.StdEncoding.AppendDecode(nil, a.Value)
	if err != nil {
		r.skipped()
		return nil
	}
	return out
}

// named reads a name of an enumeration; an unknown one leaves the zero value.
func named[T any](r *reader, a *xmlscan.Attr, of map[string]T) T {
	v, ok := of[string(a.Value)]
	if !ok {
		r.skipped()
	}
	return v
}

// children goes through the child elements of the element whose start tag was
// read last, and stands on its end tag afterwards.
func (r *reader) children(child func(name []byte)) {
	depth := r.Depth()
	for r.Next() && r.Depth() >= depth {
		switch {
		case r.Kind() == xmlscan.End && r.Depth() == depth:
			return
		case r.Kind() == xmlscan.Start:
			child(r.element())
			if r.Kind() == xmlscan.Start { // not read to its end by child
				r.Skip()
			}
		}
	}
}

func (r *reader) refusal() {
	m := r.m
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(own(a)) {
		case "id":
			m.ID = r.number(a)
		case "code":
			m.Failure.Code = r.text(a)
			m.Failure.Err = meaning(m.Failure.Code)
		case "limit":
			m.Failure.Limit = int(r.number(a))
		case "text":
			m.Failure.Text = r.text(a)
		default:
			r.skipped()
		}
	}
}

func (r *reader) answer() {
	m := r.m
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(own(a)) {
		case "id":
			m.ID = r.number(a)
		case "monitor":
			m.Answer.Monitor = r.number(a)
		case "device":
			m.Answer.Connection.Device = cti.DeviceID(r.text(a))
		case "call":
			m.Answer.Connection.Call = cti.CallID(r.text(a))
		case "on":
			m.Answer.On = r.flag(a)
		case "agent":
			m.Answer.Agent = named(r, a, agentOf)
		case "data":
			m.Answer.Data = r.bytes(a)
		default:
			r.skipped()
		}
	}
	r.children(func(name []byte) {
		switch string(name) {
		case "snapshot":
			m.Answer.Snapshot = r.snapshot()
		case "call":
			c := r.call()
			m.Answer.Call = &c
		case "device":
			for i := range r.Attrs() {
				if a := &r.Attrs()[i]; string(own(a)) == "number" {
					m.Answer.Devices = append(m.Answer.Devices, cti.DeviceID(r.text(a)))
				} else {
					r.skipped()
				}
			}
		default:
			r.skipped()
		}
	})
}
