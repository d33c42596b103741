package phase12

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// eventBody is the content of an event, by its kind. All are sourced (phase I; II's
// delivered too) but those that go to assumed.go.
func (d *dialect) eventBody(w *ber.Walker, e *message.Event) {
	switch e.Kind {
	case cti.Conferenced, cti.Transferred:
		d.requireConnection(w, tagConnection, &e.Connection)
		d.optConnection(w, tagConnection, &e.Secondary)
		d.requireParty(w, tagSubject, &e.Subject)
		d.requireParty(w, tagSubject, &e.Target)
		d.connections(w, &e.Connections)
	case cti.Delivered, cti.Established:
		d.newConnection(w, e)
	case cti.CallQueued:
		d.newConnection(w, e)
		fields.OptInt(w, ber.TagInteger, &e.NumberQueued)
	case cti.ConnectionCleared, cti.Held, cti.Retrieved:
		d.requireConnection(w, tagConnection, &e.Connection)
		d.requireParty(w, tagSubject, &e.Subject)
	case cti.Diverted:
		d.optConnection(w, tagConnection, &e.Connection)
		d.requireParty(w, tagSubject, &e.Subject)
		d.requireParty(w, tagCalled, &e.Target)
	case cti.CallFailed, cti.NetworkReached, cti.Originated:
		d.requireConnection(w, tagConnection, &e.Connection)
		d.requireParty(w, tagSubject, &e.Subject)
		d.requireParty(w, tagCalled, &e.Called)
	case cti.ServiceInitiated:
		d.requireConnection(w, tagConnection, &e.Connection)
		if !w.Writing() || d.Phase == II {
			d.optParty(w, tagSubject, &e.Subject) // assumed: phase I has no device here
		}
	case cti.CallCleared:
		d.requireConnection(w, tagConnection, &e.Connection)
	default:
		d.featureEventBody(w, e)
		return
	}
	d.callTail(w, e)
}

// callTail is what every call event ends with.
func (d *dialect) callTail(w *ber.Walker, e *message.Event) {
	fields.State(w, tagState, &e.State)
	fields.OptCause(w, ber.TagEnumerated, &e.Cause)
	d.eventExtensions(w, e)
}

// eventExtensions are in the event in phase I, behind it in II's form.
func (d *dialect) eventExtensions(w *ber.Walker, e *message.Event) {
	if w.Writing() && d.Events == ByChoice {
		return
	}
	if !e.Extensions.Set || w.Writing() {
		d.privateExtensions(w, &e.Extensions)
	}
}

func (d *dialect) newConnection(w *ber.Walker, e *message.Event) {
	d.requireConnection(w, tagConnection, &e.Connection)
	d.requireParty(w, tagSubject, &e.Subject)
	d.requireParty(w, tagCalling, &e.Calling)
	d.requireParty(w, tagCalled, &e.Called)
	d.requireParty(w, tagRedirection, &e.Redirection)
}

func (d *dialect) featureEventBody(w *ber.Walker, e *message.Event) {
	f := &e.Feature
	switch e.Kind {
	case cti.DoNotDisturb:
		d.requireParty(w, tagSubject, &e.Subject)
		w.Bool(ber.TagBoolean, &f.On)
	case cti.Forwarding:
		d.requireParty(w, tagSubject, &e.Subject)
		m := w.Require(ber.TagSequence)
		d.forwardParameter(w, &f.Forward, &f.On, &e.Device)
		w.Leave(m)
	case cti.AgentLoggedOn, cti.AgentLoggedOff:
		d.requireParty(w, tagSubject, &e.Subject)
		ber.OptOctets(w, 0x8a, &f.AgentID)
		d.optDevice(w, &e.Device)
		ber.OptOctets(w, 0x8b, &f.Password)
	case cti.AgentNotReadyEvent, cti.AgentReadyEvent, cti.AgentWorkingAfterCallEvent, cti.AgentBusyEvent:
		d.requireParty(w, tagSubject, &e.Subject)
		ber.OptOctets(w, 0x8a, &f.AgentID)
	case cti.BackInService, cti.OutOfService:
		d.requireDevice(w, &e.Subject) // a bare DeviceID
		fields.OptCause(w, ber.TagEnumerated, &e.Cause)
	default:
		d.assumedFeatureEvent(w, e)
	}
	d.eventExtensions(w, e)
}
