package phase12

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// Argument implements rose.Dialect.
func (d *dialect) Argument(w *ber.Walker, r *message.Request) bool {
	switch r.Op {
	case message.AnswerCall, message.ClearCall, message.ClearConnection, message.RetrieveCall, message.SnapshotCall:
		d.bareArgument(w, r, func() { d.requireConnection(w, tagConnection, &r.Connection) })
	case message.SnapshotDevice:
		d.bareArgument(w, r, func() { d.requireDevice(w, &r.Device) })
	case message.MonitorStop:
		d.bareArgument(w, r, func() { d.requireCrossRef(w, &r.CrossRef) })
	case message.SystemStatus:
		d.bareArgument(w, r, func() { ber.Int(w, ber.TagEnumerated, &r.Status) })
	case message.AlternateCall, message.ConferenceCall, message.ReconnectCall, message.TransferCall:
		d.connectionDetails(w, r)
	case message.CampOnCall:
		d.requireConnection(w, 0xa0, &r.Connection)
	case message.CallBack:
		d.requireConnection(w, 0xa1, &r.Connection)
	case message.IntrudeCall:
		d.requireConnection(w, 0xa2, &r.Connection)
	case message.DeflectCall, message.DirectedPickupCall, message.GroupPickupCall:
		d.divert(w, r)
	case message.Escape:
		d.escapeArgument(w, r)
	default:
		describe := d.sequence(r.Op)
		if describe == nil {
			return false
		}
		m := w.Require(ber.TagSequence)
		describe(d, w, r)
		d.privateExtensions(w, &r.Extensions)
		w.Leave(m)
	}
	return true
}

// sequence gives the description of an argument that is a SEQUENCE.
func (d *dialect) sequence(op message.Operation) func(*dialect, *ber.Walker, *message.Request) {
	switch op {
	case message.ConsultationCall:
		return (*dialect).consultationCall
	case message.HoldCall:
		return (*dialect).holdCall
	case message.MakeCall:
		return (*dialect).makeCallArgument
	case message.MonitorStart:
		return (*dialect).monitorStart
	case message.ChangeMonitorFilter:
		return (*dialect).changeMonitorFilter
	case message.SetMessageWaitingIndicator, message.SetDoNotDisturb, message.SetForwarding, message.SetAgentState:
		return (*dialect).setFeature
	case message.GetMessageWaitingIndicator, message.GetDoNotDisturb, message.GetForwarding, message.GetAgentState:
		return (*dialect).queryDevice
	}
	return d.assumedSequence(op)
}

// bareArgument is an argument of one identifier (sourced: phase I, and for monitorStop
// and systemStatus the capture of phase II). The form in a SEQUENCE, which has
// room for extensions, is assumed.
func (d *dialect) bareArgument(w *ber.Walker, r *message.Request, body func()) {
	m, ok := w.Enter(ber.TagSequence, d.Wrapped || r.Extensions.Set)
	body()
	if ok {
		d.privateExtensions(w, &r.Extensions)
		w.Leave(m)
	}
}

// connectionDetails is the CHOICE of the held [0], the active [1] or both
// calls [2] (sourced).
func (d *dialect) connectionDetails(w *ber.Walker, r *message.Request) {
	switch {
	case w.Tag() == 0xa2 || w.Writing() && r.Held.IsSet() && r.Connection.IsSet():
		m := w.Require(0xa2)
		d.requireConnection(w, tagConnection, &r.Held)
		d.requireConnection(w, tagConnection, &r.Connection)
		w.Leave(m)
	case w.Tag() == 0xa0 || w.Writing() && r.Held.IsSet():
		d.requireConnection(w, 0xa0, &r.Held)
	default:
		d.requireConnection(w, 0xa1, &r.Connection)
	}
}

// consultationCall (sourced).
func (d *dialect) consultationCall(w *ber.Walker, r *message.Request) {
	d.requireConnection(w, tagConnection, &r.Connection)
	d.requireParty(w, tagCalled, &r.To)
}

// holdCall (sourced).
func (d *dialect) holdCall(w *ber.Walker, r *message.Request) {
	d.requireConnection(w, tagConnection, &r.Connection)
	fields.OptBool(w, ber.TagBoolean, &r.Reserve)
}

// makeCallArgument (sourced).
func (d *dialect) makeCallArgument(w *ber.Walker, r *message.Request) {
	d.requireDevice(w, &r.Device)
	d.requireParty(w, tagCalled, &r.To)
}

// divert is divertCall: [0] deflection (sourced), [1] and [2] the pickups (assumed).
func (d *dialect) divert(w *ber.Walker, r *message.Request) {
	switch r.Op {
	case message.DeflectCall:
		m := w.Require(0xa0)
		d.requireConnection(w, tagConnection, &r.Connection)
		d.requireParty(w, tagCalled, &r.To)
		w.Leave(m)
	case message.DirectedPickupCall:
		m := w.Require(0xa1)
		d.assumedPickup(w, r)
		w.Leave(m)
	default:
		m := w.Require(0xa2)
		d.assumedGroupPickup(w, r)
		w.Leave(m)
	}
}

// escapeArgument is SEQUENCE { security [0], private data [1] SEQUENCE OF } (sourced:
// II). Any other form, phase I's among them, is taken as it is.
func (d *dialect) escapeArgument(w *ber.Walker, r *message.Request) {
	if w.Writing() {
		d.writeEscape(w, r)
		return
	}
	if probe := *w; !d.readEscape(&probe, r) || probe.Err() != nil {
		r.Security, r.Escape = nil, w.TakeRaw()
		return
	}
	d.readEscape(w, r)
}

func (d *dialect) writeEscape(w *ber.Walker, r *message.Request) {
	if len(r.Escape) == 0 {
		w.Failf("private data is missing")
	}
	if d.Phase == I {
		w.PutRaw(r.Escape)
		return
	}
	m := w.Require(ber.TagSequence)
	w.PutRaw(r.Security)
	list := w.Require(0xa1)
	w.PutRaw(r.Escape)
	w.Leave(list)
	w.Leave(m)
}

// readEscape reads phase II's form, and reports whether it is that.
func (d *dialect) readEscape(w *ber.Walker, r *message.Request) bool {
	m, ok := w.Enter(ber.TagSequence, true)
	if !ok {
		return false
	}
	if w.Tag() == 0xa0 {
		r.Security = w.TakeRaw()
	}
	if w.Tag() != 0xa1 {
		return false
	}
	r.Escape = w.TakeContent()
	ok = w.Tag() == ber.TagEnd
	w.Leave(m)
	return ok
}
