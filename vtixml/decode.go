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
		r.setError(errors.New("message has no identifier"))
	}
}

func (r *reader) setError(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *reader) countSkipped() { r.m.Skipped++ }

// localName returns the name of an attribute, nil if a prefix puts it into another
// namespace: the dialect has none.
func localName(a *xmlscan.Attr) []byte {
	if a.Prefix != nil {
		return nil
	}
	return a.Name
}

// elementName returns the name of the element; the same applies.
func (r *reader) elementName() []byte {
	if r.Prefix() != nil {
		return nil
	}
	return r.Name()
}

func (r *reader) readText(a *xmlscan.Attr) string { return r.m.Text(a.Value) }

// readNumber reads a decimal number up to 2³¹-1. Anything else breaks the protocol:
// a message with a wrong identifier could be taken for another.
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
		r.setError(fmt.Errorf("%s: invalid number %s", a.Name, strconv.QuoteToASCII(string(a.Value))))
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
// read last, and ends at its end tag.
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

// isReportable reports whether the dialect carries a kind: those of calls, those of
// features but forwards, which go over CSTA, and the end of a supervision.
func isReportable(k cti.Kind) bool {
	class := k.Class()
	return class == cti.CallClass || class == cti.FeatureClass && k != cti.Forwarding || k == cti.MonitorStopped
}

// readEvent reads a report. One of a kind that the dialect lacks is an unknown
// message.
func (r *reader) readEvent() {
	ev := &r.m.Event
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(localName(a)) {
		case "monitor":
			r.m.Monitor = r.readNumber(a)
		case "kind":
			ev.Kind = readName(r, a, kindOf)
		case "device":
			ev.Device = cti.DeviceID(r.readText(a))
		case "call":
			ev.Call = cti.CallID(r.readText(a))
		case "state":
			ev.State = r.readState(a)
		case "cause":
			ev.Cause = readName(r, a, causeOf)
		case "oldCall":
			ev.OldCall = cti.CallID(r.readText(a))
		case "otherCall":
			ev.OtherCall = cti.CallID(r.readText(a))
		case "global":
			ev.Global = r.readText(a)
		case "on":
			ev.On = r.readFlag(a)
		case "level":
			ev.Level = int(r.readNumber(a))
		case "agent":
			ev.Agent = r.readText(a)
		case "text":
			ev.Text = r.readText(a)
		case "userData":
			ev.UserData = string(r.readBase64(a))
		case "correlator":
			ev.Correlator = string(r.readBase64(a))
		default:
			r.countSkipped()
		}
	}
	if !isReportable(ev.Kind) {
		r.m.Type = UnknownMessage
		return
	}
	r.eachChild(r.readEventParty)
}

// readEventParty reads one party of an event.
func (r *reader) readEventParty(element []byte) {
	ev := &r.m.Event
	p, state := r.readParty()
	switch string(element) {
	case "subject":
		ev.Subject = p
	case "calling":
		ev.Calling = p
	case "called":
		ev.Called = p
	case "redirection":
		ev.Redirection = p
	case "target":
		ev.Target = p
	case "party":
		ev.Parties = append(ev.Parties, cti.CallParty{Device: p, State: state})
	default:
		r.countSkipped()
	}
}

// readParty reads the attributes of a party; without a number and a status it is
// not specified.
func (r *reader) readParty() (p cti.Party, state cti.LocalState) {
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(localName(a)) {
		case "number":
			p.Number, p.Status = cti.DeviceID(r.readText(a)), cti.Known
		case "name":
			p.Name = r.readText(a)
		case "status":
			switch string(a.Value) {
			case "unknown":
				p.Status = cti.NotKnown
			case "restricted":
				p.Status = cti.Restricted
			default:
				r.countSkipped()
			}
		case "state":
			state = r.readState(a)
		default:
			r.countSkipped()
		}
	}
	return p, state
}

func (r *reader) readState(a *xmlscan.Attr) cti.LocalState {
	if string(a.Value) == "unknown" {
		return cti.StateUnknown
	}
	return readName(r, a, stateOf)
}
