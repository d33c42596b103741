package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
)

func (p *phase) deviceOnly(w *ber.Walker, r *message.Request) {
	p.requireDevice(w, tagDevice, &r.Device)
}

func (p *phase) twoDevices(w *ber.Walker, r *message.Request) {
	p.requireDevice(w, tagDevice, &r.Device)
	p.requireDevice(w, tagDevice, &r.To)
}

func (p *phase) setForwarding(w *ber.Walker, r *message.Request) {
	p.requireDevice(w, tagDevice, &r.Device)
	fields.OptInt(w, ber.TagEnumerated, &r.Forward)
	w.Bool(ber.TagBoolean, &r.On)
	p.optDevice(w, tagDevice, &r.To)
	fields.OptInt(w, ber.TagInteger, &r.RingCount)
	fields.OptInt(w, 0x83, &r.RingTime)
}

func (p *phase) setDoNotDisturb(w *ber.Walker, r *message.Request) {
	p.requireDevice(w, tagDevice, &r.Device)
	w.Bool(ber.TagBoolean, &r.On)
	fields.OptBits(w, ber.TagBitString, &r.Origin)
	fields.List(w, ber.TagSequence, &r.More, p.listedNumber)
}

func (p *phase) setMessageWaiting(w *ber.Walker, r *message.Request) {
	p.requireDevice(w, tagDevice, &r.Device)
	w.Bool(ber.TagBoolean, &r.On)
	p.optDevice(w, tagDevice, &r.To)
}

func (p *phase) setAutoAnswer(w *ber.Walker, r *message.Request) {
	p.requireDevice(w, tagDevice, &r.Device)
	w.Bool(ber.TagBoolean, &r.On)
	fields.OptInt(w, ber.TagInteger, &r.RingCount)
}

func (p *phase) getAgentState(w *ber.Walker, r *message.Request) {
	p.requireDevice(w, tagDevice, &r.Device)
	p.optDevice(w, tagDevice, &r.To)
}

func (p *phase) setAgentState(w *ber.Walker, r *message.Request) {
	p.requireDevice(w, tagDevice, &r.Device)
	ber.Int(w, ber.TagEnumerated, &r.Agent)
	ber.OptOctets(w, 0x82, &r.AgentID)
	ber.OptOctets(w, 0x83, &r.Password)
	p.optDevice(w, tagDevice, &r.To)
}

// forwardEntry is one entry of ForwardList.
func (p *phase) forwardEntry(w *ber.Walker, f *message.Forwarding) {
	m := w.Require(ber.TagSequence)
	fields.OptInt(w, ber.TagEnumerated, &f.Type)
	w.Bool(ber.TagBoolean, &f.On)
	p.optDevice(w, tagDevice, &f.To)
	fields.OptInt(w, ber.TagEnumerated, &f.Default)
	fields.OptInt(w, 0x80, &f.RingTime)
	fields.OptInt(w, ber.TagInteger, &f.RingCount)
	w.Leave(m)
}

// agentEntry is AgentStateEntry.
func (p *phase) agentEntry(w *ber.Walker, a *message.Agent) {
	m := w.Require(ber.TagSequence)
	ber.OptOctets(w, ber.TagOctetString, &a.ID)
	w.Bool(ber.TagBoolean, &a.LoggedOn)
	fields.List(w, ber.TagSequence, &a.States, p.agentInfo)
	w.Leave(m)
}

func (p *phase) agentInfo(w *ber.Walker, s *message.AgentGroupState) {
	m := w.Require(ber.TagSequence)
	p.optDevice(w, tagDevice, &s.Group)
	optAgentState(w, ber.TagEnumerated, &s.State, agentStates)
	optAgentState(w, 0x80, &s.Pending, pendings)
	fields.OptInt(w, 0x81, &s.Condition)
	w.Leave(m)
}
