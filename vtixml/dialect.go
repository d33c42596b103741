package vtixml

import (
	"fmt"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Version is the version of this package's dialect.
const Version = "ctikit-1"

// Dialect is the codec of this package's own dialect, documented in
// PROTOCOL.md. It is not the vendor's format, which is not public.
type Dialect struct{}

// Append writes a message in UTF-8.
func (Dialect) Append(dst []byte, m *Message) ([]byte, error) {
	w := writer{dst}
	switch m.Type {
	case OpenMessage:
		w.open("open")
		w.text("version", Version)
		w.some("application", m.Open.Application)
		w.empty()
	case OpenedMessage:
		w.open("opened")
		w.text("version", Version)
		w.capabilities(&m.Capabilities)
		w.empty()
	case CapabilitiesMessage:
		w.open("capabilities")
		w.capabilities(&m.Capabilities)
		w.empty()
	case LogonMessage:
		w.logons(m)
	case RequestMessage:
		name, ok := operationNames[m.Op]
		if !ok {
			return dst, fmt.Errorf("%w: no %s in %s", ctikit.ErrUnsupported, m.Op, Version)
		}
		w.request(name, m.ID, &m.Request)
	case AnswerMessage:
		w.answer(m.ID, &m.Answer)
	case RefusalMessage:
		w.refusal(m.ID, &m.Failure)
	case EventMessage:
		if !reported(m.Event.Kind) {
			return dst, fmt.Errorf("%w: no event %s in %s", ctikit.ErrUnsupported, m.Event.Kind, Version)
		}
		w.event(m.Monitor, &m.Event)
	case CloseMessage:
		w.open("close")
		w.empty()
	default:
		return dst, fmt.Errorf("no message of type %d in %s", m.Type, Version)
	}
	return w.dst, nil
}

func (w *writer) capabilities(c *driver.Capabilities) {
	w.name("operations")
	for i, op := range c.Operations.List() {
		if name, ok := operationNames[op]; ok {
			if i > 0 {
				w.dst = append(w.dst, ' ')
			}
			w.dst = append(w.dst, name...)
		}
	}
	w.dst = append(w.dst, '"')
	w.someNumber("maxSupervisions", int64(c.MaxSupervisions))
	w.someFlag("snapshotAtomic", c.SnapshotAtomic)
	w.someFlag("reportsExistingCalls", c.ReportsExistingCalls)
	w.someFlag("globalCallIDs", c.GlobalCallIDs)
}

func (w *writer) logons(m *Message) {
	w.open("logon")
	if !m.Place.IsZero() {
		w.text("place", m.Place.String())
	}
	w.begin()
	for _, l := range m.Logons {
		w.open("extension")
		w.number("id", int64(l.ID))
		w.text("device", string(l.Device))
		if l.SetType != cti.UnknownSet {
			w.text("setType", l.SetType.String())
		}
		w.some("password", l.Password.Reveal())
		w.empty()
	}
	w.end("logon")
}

func (w *writer) request(name string, id uint32, r *Request) {
	w.open(name)
	w.number("id", int64(id))
	w.some("device", string(r.Device))
	w.some("call", string(r.Call))
	w.some("held", string(r.Held))
	w.some("number", r.Number)
	w.some("target", string(r.Target))
	w.someNumber("monitor", int64(r.Monitor))
	w.someFlag("on", r.On)
	if r.Agent != cti.AgentUnknown {
		w.text("agent", r.Agent.String())
	}
	w.bytes("data", string(r.Data))
	w.empty()
}

func (w *writer) answer(id uint32, a *Answer) {
	w.open("answer")
	w.number("id", int64(id))
	w.someNumber("monitor", int64(a.Monitor))
	w.some("device", string(a.Connection.Device))
	w.some("call", string(a.Connection.Call))
	w.someFlag("on", a.On)
	if a.Agent != cti.AgentUnknown {
		w.text("agent", a.Agent.String())
	}
	w.bytes("data", string(a.Data))
	if a.Snapshot == nil && a.Call == nil && len(a.Devices) == 0 {
		w.empty()
		return
	}
	w.begin()
	if a.Snapshot != nil {
		w.snapshot(a.Snapshot)
	}
	if a.Call != nil {
		w.call(a.Call)
	}
	for _, d := range a.Devices {
		w.open("device")
		w.text("number", string(d))
		w.empty()
	}
	w.end("answer")
}

func (w *writer) refusal(id uint32, f *Failure) {
	w.open("refusal")
	w.someNumber("id", int64(id))
	code := f.Code
	if code == "" {
		code = codeOf(f.Err)
	}
	w.text("code", code)
	w.someNumber("limit", int64(f.Limit))
	w.some("text", f.Text)
	w.empty()
}

func (w *writer) snapshot(s *cti.Snapshot) {
	w.open("snapshot")
	w.text("device", string(s.Device))
	w.known("doNotDisturb", s.Features.DoNotDisturb)
	w.known("messageWaiting", s.Features.MessageWaiting)
	if s.Features.Agent != cti.AgentUnknown {
		w.text("agent", s.Features.Agent.String())
	}
	w.begin()
	for i := range s.Calls {
		w.call(&s.Calls[i])
	}
	w.end("snapshot")
}

// known is a feature that may be unknown: then it is left out.
func (w *writer) known(attr string, on *bool) {
	if on == nil {
		return
	}
	text := "false"
	if *on {
		text = "true"
	}
	w.text(attr, text)
}

func (w *writer) call(c *cti.Call) {
	w.open("call")
	w.text("id", string(c.ID))
	w.some("global", c.Global)
	w.text("state", c.State.String())
	w.begin()
	w.party("calling", c.Calling, cti.StateUnknown)
	w.party("called", c.Called, cti.StateUnknown)
	w.party("redirection", c.Redirection, cti.StateUnknown)
	for _, p := range c.Parties {
		w.party("party", p.Device, p.State)
	}
	w.end("call")
}

// party is one side of a call; not specified, it is left out, unless it has a state.
func (w *writer) party(element string, p cti.Party, state cti.LocalState) {
	if p.Status == cti.NotSpecified && state == cti.StateUnknown {
		return
	}
	w.open(element)
	switch p.Status {
	case cti.Known:
		w.text("number", string(p.Number))
	case cti.NotKnown:
		w.text("status", "unknown")
	case cti.Restricted:
		w.text("status", "restricted")
	}
	w.some("name", p.Name)
	if state != cti.StateUnknown {
		w.text("state", state.String())
	}
	w.empty()
}

func (w *writer) event(monitor uint32, ev *cti.Event) {
	w.open("event")
	w.someNumber("monitor", int64(monitor))
	w.text("kind", ev.Kind.String())
	w.some("device", string(ev.Device))
	w.some("call", string(ev.Call))
	if ev.State != cti.StateUnknown {
		w.text("state", ev.State.String())
	}
	w.some("cause", ev.Cause.String())
	w.some("oldCall", string(ev.OldCall))
	w.some("otherCall", string(ev.OtherCall))
	w.some("global", ev.Global)
	w.someFlag("on", ev.On)
	w.someNumber("level", int64(ev.Level))
	w.some("agent", ev.Agent)
	w.some("text", ev.Text)
	w.bytes("userData", ev.UserData)
	w.bytes("correlator", ev.Correlator)
	w.begin()
	w.party("subject", ev.Subject, cti.StateUnknown)
	w.party("calling", ev.Calling, cti.StateUnknown)
	w.party("called", ev.Called, cti.StateUnknown)
	w.party("redirection", ev.Redirection, cti.StateUnknown)
	w.party("target", ev.Target, cti.StateUnknown)
	for _, p := range ev.Parties {
		w.party("party", p.Device, p.State)
	}
	w.end("event")
}
