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
		r.readRoot()
	}
	for r.Next() { // what is left, for its form only
	}
	if err := r.Err(); err != nil {
		return err
	}
	return r.err
}

func (r *reader) readRoot() {
	m := r.m
	switch name := string(r.elementName()); name {
	case "event":
		m.Type = EventMessage
		r.readEvent()
	case "answer":
		m.Type = AnswerMessage
		r.readAnswer()
	case "refusal":
		m.Type = RefusalMessage
		r.readRefusal()
	case "open":
		m.Type = OpenMessage
		r.readOpen()
	case "opened":
		m.Type = OpenedMessage
		r.readCapabilities()
	case "capabilities":
		m.Type = CapabilitiesMessage
		r.readCapabilities()
	case "logon":
		m.Type = LogonMessage
		r.readLogons()
	case "close":
		m.Type = CloseMessage
	default:
		op, ok := operationOf[name]
		if !ok {
			r.countSkipped()
			return
		}
		m.Type, m.Op = RequestMessage, op
		r.readRequest()
	}
	if (m.Type == AnswerMessage || m.Type == RequestMessage) && m.ID == 0 {
		r.setError(errors.New("message without an identifier"))
	}
}

func (r *reader) setError(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *reader) countSkipped() { r.m.Skipped++ }

// localName is the name of an attribute, nil where a prefix says that it is of
// another namespace: the dialect has none.
func localName(a *xmlscan.Attr) []byte {
	if a.Prefix != nil {
		return nil
	}
	return a.Name
}

// elementName is likewise the name of the element.
func (r *reader) elementName() []byte {
	if r.Prefix() != nil {
		return nil
	}
	return r.Name()
}

func (r *reader) readText(a *xmlscan.Attr) string { return r.m.Text(a.Value) }

// readNumber reads a decimal number up to 2³¹-1. Anything else breaks the protocol:
// a message with a wrong identifier cannot be told from another.
func (r *reader) readNumber(a *xmlscan.Attr) uint32 {
	n, ok := uint32(0), len(a.Value) > 0 && len(a.Value) <= 10
	for _, b := range a.Value {
		if b < '0' || b > '9' || n > (1<<31-1)/10 {
			ok = false
			break
		}
		n = n*10 + uint32(b-'0')
	}
	if !ok || n >= 1<<31 {
		r.setError(fmt.Errorf("%s %s is no number", a.Name, strconv.QuoteToASCII(string(a.Value))))
		return 0
	}
	return n
}

// readFlag reads "true" or "false"; what is neither is not understood.
func (r *reader) readFlag(a *xmlscan.Attr) bool {
	switch string(a.Value) {
	case "true":
		return true
	case "false":
	default:
		r.countSkipped()
	}
	return false
}

// readBase64 reads base64.
func (r *reader) readBase64(a *xmlscan.Attr) []byte {
	out, err := base64.StdEncoding.AppendDecode(nil, a.Value)
	if err != nil {
		r.countSkipped()
		return nil
	}
	return out
}

// readName reads a name of an enumeration; an unknown one leaves the zero value.
func readName[T any](r *reader, a *xmlscan.Attr, of map[string]T) T {
	v, ok := of[string(a.Value)]
	if !ok {
		r.countSkipped()
	}
	return v
}

// eachChild goes through the child elements of the element whose start tag was
// read last, and stands on its end tag afterwards.
func (r *reader) eachChild(child func(name []byte)) {
	depth := r.Depth()
	for r.Next() && r.Depth() >= depth {
		switch {
		case r.Kind() == xmlscan.End && r.Depth() == depth:
			return
		case r.Kind() == xmlscan.Start:
			child(r.elementName())
			if r.Kind() == xmlscan.Start { // not read to its end by child
				r.Skip()
			}
		}
	}
}

func (r *reader) readRefusal() {
	m := r.m
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(localName(a)) {
		case "id":
			m.ID = r.readNumber(a)
		case "code":
			m.Failure.Code = r.readText(a)
			m.Failure.Err = sentinelOf(m.Failure.Code)
		case "limit":
			m.Failure.Limit = int(r.readNumber(a))
		case "text":
			m.Failure.Text = r.readText(a)
		default:
			r.countSkipped()
		}
	}
}

func (r *reader) readAnswer() {
	m := r.m
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(localName(a)) {
		case "id":
			m.ID = r.readNumber(a)
		case "monitor":
			m.Answer.Monitor = r.readNumber(a)
		case "device":
			m.Answer.Connection.Device = cti.DeviceID(r.readText(a))
		case "call":
			m.Answer.Connection.Call = cti.CallID(r.readText(a))
		case "on":
			m.Answer.On = r.readFlag(a)
		case "agent":
			m.Answer.Agent = readName(r, a, agentOf)
		case "data":
			m.Answer.Data = r.readBase64(a)
		default:
			r.countSkipped()
		}
	}
	r.eachChild(func(name []byte) {
		switch string(name) {
		case "snapshot":
			m.Answer.Snapshot = r.readSnapshot()
		case "call":
			c := r.readCall()
			m.Answer.Call = &c
		case "device":
			for i := range r.Attrs() {
				if a := &r.Attrs()[i]; string(localName(a)) == "number" {
					m.Answer.Devices = append(m.Answer.Devices, cti.DeviceID(r.readText(a)))
				} else {
					r.countSkipped()
				}
			}
		default:
			r.countSkipped()
		}
	})
}
