package phase12

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// The features that queryDevice asks for, and the tags of their answers (sourced).
var (
	queries = [...]message.Operation{message.GetMessageWaitingIndicator, message.GetDoNotDisturb,
		message.GetForwarding, message.GetAgentState}
	queryNumbers = [...]int8{0, 1, 2, 5}
	queryTags    = [...]ber.Tag{0x80, 0x81, 0xa2, 0x85}
)

// featureSet is the service that a setFeature stands for.
func featureSet(w *ber.Walker, d *dialect) message.Operation {
	var device message.Device
	w.Enter(ber.TagSequence, true)
	d.requireDevice(w, &device)
	switch w.Tag() {
	case 0x80, 0x81:
		return featuresSet[w.Tag()-0x80]
	case 0xa2, 0xa3:
		return featuresSet[w.Tag()-0xa0]
	}
	return message.NoOperation
}

// featureQueried is the service that a queryDevice stands for.
func featureQueried(w *ber.Walker, d *dialect) message.Operation {
	var device message.Device
	var feature int8
	w.Enter(ber.TagSequence, true)
	d.requireDevice(w, &device)
	ber.Int(w, ber.TagEnumerated, &feature)
	for i, n := range queryNumbers {
		if n == feature && w.Err() == nil {
			return queries[i]
		}
	}
	return message.NoOperation
}

// setFeature is SEQUENCE { device, CHOICE of features } (sourced).
func (d *dialect) setFeature(w *ber.Walker, r *message.Request) {
	d.requireDevice(w, &r.Device)
	switch r.Op {
	case message.SetMessageWaitingIndicator:
		w.Bool(0x80, &r.On)
	case message.SetDoNotDisturb:
		w.Bool(0x81, &r.On)
	case message.SetForwarding:
		m := w.Require(0xa2)
		d.forwardParameter(w, &r.Forward, &r.On, &r.To)
		w.Leave(m)
	default:
		m := w.Require(0xa3)
		d.agentParameter(w, r)
		w.Leave(m)
	}
}

// queryDevice is SEQUENCE { device, feature } (sourced).
func (d *dialect) queryDevice(w *ber.Walker, r *message.Request) {
	d.requireDevice(w, &r.Device)
	var feature int8
	for i, op := range queries {
		if op == r.Op {
			feature = queryNumbers[i]
		}
	}
	ber.Int(w, ber.TagEnumerated, &feature)
}

// forwardTypes are the forwarding types in the order of these phases, each of
// them with a number for on and the next one for off (first three sourced).
var forwardTypes = [...]message.ForwardingType{message.ForwardImmediate, message.ForwardBusy, message.ForwardNoAnswer,
	message.ForwardBusyInternal, message.ForwardBusyExternal, message.ForwardNoAnswerInternal,
	message.ForwardNoAnswerExternal}

// forwardParameter is the content of a ForwardParameter: type and number (sourced).
func (d *dialect) forwardParameter(w *ber.Walker, kind *message.Opt[message.ForwardingType], on *bool,
	to *message.Device) {
	number := int8(-1)
	for i, known := range forwardTypes {
		if known == kind.Value && (i < 3 || d.Phase == II) {
			number = int8(2 * i)
		}
	}
	if w.Writing() && number < 0 {
		w.Failf("unsupported forwarding type %v", kind.Value)
	}
	if !*on {
		number++
	}
	ber.Int(w, ber.TagEnumerated, &number)
	if !w.Writing() {
		if number < 0 || int(number) >= 2*len(forwardTypes) {
			w.Failf("unknown forwarding type %d", number)
			return
		}
		*kind, *on = message.Some(forwardTypes[number/2]), number%2 == 0
	}
	d.forwardNumber(w, to)
}

// forwardNumber is NumberDigits OPTIONAL, the plain number of a device.
func (d *dialect) forwardNumber(w *ber.Walker, to *message.Device) {
	if w.Writing() && to.Status == message.Known || w.Tag() == ber.TagIA5String {
		fields.Text(w, d.strings, ber.TagIA5String, &to.Number)
		fields.Readable(w, &to.Number)
		if !w.Writing() {
			to.Status = message.Known
		}
	}
}

// agentParameter is the CHOICE of the state asked for: log on and off as
// SEQUENCEs with the group (sourced; identifier and password assumed), the
// others as NULL.
func (d *dialect) agentParameter(w *ber.Walker, r *message.Request) {
	requests := [...]message.AgentRequest{message.LogOn, message.LogOff, message.SetNotReady, message.SetReady,
		message.SetWorkingAfterCall, message.SetWorkingAfterCall}
	choice := int(r.Agent)
	if !w.Writing() {
		choice = int(w.Tag() & 0x1f)
	}
	if choice >= len(requests) {
		w.Failf("unknown agent state %d", choice)
		return
	}
	if choice > int(message.LogOff) {
		w.Null(0x80 + ber.Tag(choice))
	} else {
		m := w.Require(0xa0 + ber.Tag(choice))
		ber.OptOctets(w, 0x8a, &r.AgentID)
		d.optDevice(w, &r.To)
		ber.OptOctets(w, 0x8b, &r.Password)
		w.Leave(m)
	}
	if !w.Writing() {
		r.Agent = requests[choice]
	}
}

// agentStates are the numbers of AgentState (sourced): log out, not ready,
// ready, work not ready, work ready.
var agentStates = [...]cti.AgentState{cti.AgentNull, cti.AgentNotReady, cti.AgentReady, cti.AgentWorkingAfterCall,
	cti.AgentWorkingAfterCall}

// queryResult is QueryDeviceInformation (sourced).
func (d *dialect) queryResult(w *ber.Walker, r *message.Result) {
	switch r.Op {
	case message.GetMessageWaitingIndicator:
		w.Bool(0x80, &r.On)
	case message.GetDoNotDisturb:
		w.Bool(0x81, &r.On)
	case message.GetForwarding:
		d.forwardParameters(w, r)
	default:
		d.agentStateResult(w, r)
	}
}

// forwardParameters is one ForwardParameter (sourced), or a list of them (assumed: the
// type is called a list, and a device has several).
func (d *dialect) forwardParameters(w *ber.Walker, r *message.Result) {
	m := w.Require(0xa2)
	one := func(w *ber.Walker, f *message.Forwarding) { d.forwardParameter(w, &f.Type, &f.On, &f.To) }
	switch {
	case w.Writing() && len(r.Forwards) == 1:
		one(w, &r.Forwards[0])
	case w.Tag() == ber.TagEnumerated:
		r.Forwards = make([]message.Forwarding, 1)
		one(w, &r.Forwards[0])
	default:
		fields.Elements(w, &r.Forwards, func(w *ber.Walker, f *message.Forwarding) {
			m := w.Require(ber.TagSequence)
			one(w, f)
			w.Leave(m)
		})
	}
	w.Leave(m)
}

func (d *dialect) agentStateResult(w *ber.Walker, r *message.Result) {
	state := int8(0)
	if w.Writing() && len(r.Agents) > 0 && len(r.Agents[0].States) > 0 {
		for i := range agentStates {
			if agentStates[i] == r.Agents[0].States[0].State {
				state = int8(i)
				break
			}
		}
	}
	ber.Int(w, 0x85, &state)
	if w.Writing() || w.Err() != nil {
		return
	}
	group := message.AgentGroupState{}
	if state >= 0 && int(state) < len(agentStates) {
		group.State = agentStates[state]
	}
	r.Agents = []message.Agent{{LoggedOn: group.State != cti.AgentNull, States: []message.AgentGroupState{group}}}
}
