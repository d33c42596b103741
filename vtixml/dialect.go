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
// PROTOCOL.md. The vendor's format is another one and not public.
type Dialect struct{}

// Append writes a message in UTF-8.
func (Dialect) Append(dst []byte, m *Message) ([]byte, error) {
	w := writer{dst}
	switch m.Type {
	case OpenMessage:
		w.openElement("open")
		w.writeText("version", Version)
		w.writeOptional("application", m.Open.Application)
		w.endEmptyTag()
	case OpenedMessage:
		w.openElement("opened")
		w.writeText("version", Version)
		w.writeCapabilities(&m.Capabilities)
		w.endEmptyTag()
	case CapabilitiesMessage:
		w.openElement("capabilities")
		w.writeCapabilities(&m.Capabilities)
		w.endEmptyTag()
	case LogonMessage:
		w.writeLogons(m)
	case RequestMessage:
		name, ok := operationNames[m.Op]
		if !ok {
			return dst, fmt.Errorf("%w: %s has no operation %q", ctikit.ErrUnsupported, Version, m.Op)
		}
		w.writeRequest(name, m.ID, &m.Request)
	case AnswerMessage:
		w.writeAnswer(m.ID, &m.Answer)
	case RefusalMessage:
		w.writeRefusal(m.ID, &m.Failure)
	case EventMessage:
		if !isReportable(m.Event.Kind) {
			return dst, fmt.Errorf("%w: %s has no event %q", ctikit.ErrUnsupported, Version, m.Event.Kind)
		}
		w.writeEvent(m.Monitor, &m.Event)
	case CloseMessage:
		w.openElement("close")
		w.endEmptyTag()
	default:
		return dst, fmt.Errorf("unknown message type %d", m.Type)
	}
	return w.dst, nil
}

func (w *writer) writeCapabilities(c *driver.Capabilities) {
	w.startAttr("operations")
	for i, op := range c.Operations.List() {
		if name, ok := operationNames[op]; ok {
			if i > 0 {
				w.dst = append(w.dst, ' ')
			}
			w.dst = append(w.dst, name...)
		}
	}
	w.dst = append(w.dst, '"')
	w.writePositive("maxSupervisions", int64(c.MaxSupervisions))
	w.writeIfTrue("snapshotAtomic", c.SnapshotAtomic)
	w.writeIfTrue("reportsExistingCalls", c.ReportsExistingCalls)
	w.writeIfTrue("globalCallIDs", c.GlobalCallIDs)
}

func (w *writer) writeLogons(m *Message) {
	w.openElement("logon")
	if !m.Place.IsZero() {
		w.writeText("place", m.Place.String())
	}
	w.endStartTag()
	for _, l := range m.Logons {
		w.openElement("extension")
		w.writeNumber("id", int64(l.ID))
		w.writeText("device", string(l.Device))
		if l.SetType != cti.UnknownSet {
			w.writeText("setType", l.SetType.String())
		}
		w.writeOptional("password", l.Password.Reveal())
		w.endEmptyTag()
	}
	w.closeElement("logon")
}

func (w *writer) writeRequest(name string, id uint32, r *Request) {
	w.openElement(name)
	w.writeNumber("id", int64(id))
	w.writeOptional("device", string(r.Device))
	w.writeOptional("call", string(r.Call))
	w.writeOptional("held", string(r.Held))
	w.writeOptional("number", r.Number)
	w.writeOptional("target", string(r.Target))
	w.writePositive("monitor", int64(r.Monitor))
	w.writeIfTrue("on", r.On)
	if r.Agent != cti.AgentUnknown {
		w.writeText("agent", r.Agent.String())
	}
	w.writeBase64("data", string(r.Data))
	w.endEmptyTag()
}

func (w *writer) writeAnswer(id uint32, a *Answer) {
	w.openElement("answer")
	w.writeNumber("id", int64(id))
	w.writePositive("monitor", int64(a.Monitor))
	w.writeOptional("device", string(a.Connection.Device))
	w.writeOptional("call", string(a.Connection.Call))
	w.writeIfTrue("on", a.On)
	if a.Agent != cti.AgentUnknown {
		w.writeText("agent", a.Agent.String())
	}
	w.writeBase64("data", string(a.Data))
	if a.Snapshot == nil && a.Call == nil && len(a.Devices) == 0 {
		w.endEmptyTag()
		return
	}
	w.endStartTag()
	if a.Snapshot != nil {
		w.writeSnapshot(a.Snapshot)
	}
	if a.Call != nil {
		w.writeCall(a.Call)
	}
	for _, d := range a.Devices {
		w.openElement("device")
		w.writeText("number", string(d))
		w.endEmptyTag()
	}
	w.closeElement("answer")
}

func (w *writer) writeRefusal(id uint32, f *Failure) {
	w.openElement("refusal")
	w.writePositive("id", int64(id))
	code := f.Code
	if code == "" {
		code = codeOf(f.Err)
	}
	w.writeText("code", code)
	w.writePositive("limit", int64(f.Limit))
	w.writeOptional("text", f.Text)
	w.endEmptyTag()
}

func (w *writer) writeSnapshot(s *cti.Snapshot) {
	w.openElement("snapshot")
	w.writeText("device", string(s.Device))
	w.writeIfKnown("doNotDisturb", s.Features.DoNotDisturb)
	w.writeIfKnown("messageWaiting", s.Features.MessageWaiting)
	if s.Features.Agent != cti.AgentUnknown {
		w.writeText("agent", s.Features.Agent.String())
	}
	w.endStartTag()
	for i := range s.Calls {
		w.writeCall(&s.Calls[i])
	}
	w.closeElement("snapshot")
}

// writeIfKnown writes a feature unless it is unknown.
func (w *writer) writeIfKnown(attr string, on *bool) {
	if on == nil {
		return
	}
	text := "false"
	if *on {
		text = "true"
	}
	w.writeText(attr, text)
}

func (w *writer) writeCall(c *cti.Call) {
	w.openElement("call")
	w.writeText("id", string(c.ID))
	w.writeOptional("global", c.Global)
	w.writeText("state", c.State.String())
	w.endStartTag()
	w.writeParty("calling", c.Calling, cti.StateUnknown)
	w.writeParty("called", c.Called, cti.StateUnknown)
	w.writeParty("redirection", c.Redirection, cti.StateUnknown)
	for _, p := range c.Parties {
		w.writeParty("party", p.Device, p.State)
	}
	w.closeElement("call")
}

// writeParty writes one side of a call, unless it is not specified and has no state.
func (w *writer) writeParty(element string, p cti.Party, state cti.LocalState) {
	if p.Status == cti.NotSpecified && state == cti.StateUnknown {
		return
	}
	w.openElement(element)
	switch p.Status {
	case cti.Known:
		w.writeText("number", string(p.Number))
	case cti.NotKnown:
		w.writeText("status", "unknown")
	case cti.Restricted:
		w.writeText("status", "restricted")
	}
	w.writeOptional("name", p.Name)
	if state != cti.StateUnknown {
		w.writeText("state", state.String())
	}
	w.endEmptyTag()
}

func (w *writer) writeEvent(monitor uint32, ev *cti.Event) {
	w.openElement("event")
	w.writePositive("monitor", int64(monitor))
	w.writeText("kind", ev.Kind.String())
	w.writeOptional("device", string(ev.Device))
	w.writeOptional("call", string(ev.Call))
	if ev.State != cti.StateUnknown {
		w.writeText("state", ev.State.String())
	}
	w.writeOptional("cause", ev.Cause.String())
	w.writeOptional("oldCall", string(ev.OldCall))
	w.writeOptional("otherCall", string(ev.OtherCall))
	w.writeOptional("global", ev.Global)
	w.writeIfTrue("on", ev.On)
	w.writePositive("level", int64(ev.Level))
	w.writeOptional("agent", ev.Agent)
	w.writeOptional("text", ev.Text)
	w.writeBase64("userData", ev.UserData)
	w.writeBase64("correlator", ev.Correlator)
	w.endStartTag()
	w.writeParty("subject", ev.Subject, cti.StateUnknown)
	w.writeParty("calling", ev.Calling, cti.StateUnknown)
	w.writeParty("called", ev.Called, cti.StateUnknown)
	w.writeParty("redirection", ev.Redirection, cti.StateUnknown)
	w.writeParty("target", ev.Target, cti.StateUnknown)
	for _, p := range ev.Parties {
		w.writeParty("party", p.Device, p.State)
	}
	w.closeElement("event")
}
