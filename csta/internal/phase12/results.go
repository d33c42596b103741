package phase12

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// Answer implements rose.Dialect.
func (d *dialect) Answer(w *ber.Walker, r *message.Result) bool {
	switch r.Op {
	case message.MakeCall, message.ConsultationCall:
		d.newCallResult(w, r)
	case message.ConferenceCall, message.TransferCall:
		d.joinedCallResult(w, r)
	case message.MonitorStart:
		d.monitorStartResult(w, r)
	case message.ChangeMonitorFilter:
		d.filter(w, 0xa0, &r.Filter)
	case message.SnapshotDevice:
		fields.RequiredList(w, tagDeviceData, &r.Calls, d.deviceSnapshotInfo)
	case message.SnapshotCall:
		fields.RequiredList(w, tagCallData, &r.Parties, d.assumedCallSnapshotInfo)
	case message.GetMessageWaitingIndicator, message.GetDoNotDisturb, message.GetForwarding, message.GetAgentState:
		d.queryResult(w, r)
	case message.SingleStepConference, message.SingleStepTransfer:
		d.newCallResult(w, r) // assumed
	default:
		d.acknowledgement(w, r)
	}
	return true
}

// acknowledgement is NULL (sourced), or private data (assumed, as in III).
func (d *dialect) acknowledgement(w *ber.Walker, r *message.Result) {
	d.privateExtensions(w, &r.Extensions)
	if !r.Extensions.Set && !w.OptNull(ber.TagNull, true) && r.Op == message.Escape && w.Tag() != ber.TagEnd {
		r.Escape = w.TakeRaw()
	}
}

// newCallResult is a bare ConnectionID (sourced), or one in a SEQUENCE (assumed).
func (d *dialect) newCallResult(w *ber.Walker, r *message.Result) {
	if w.Tag() == ber.TagSequence {
		m := w.Require(ber.TagSequence)
		d.requireConnection(w, tagConnection, &r.Connection)
		d.privateExtensions(w, &r.Extensions)
		w.Leave(m)
		return
	}
	d.requireConnection(w, tagConnection, &r.Connection)
}

// joinedCallResult is the result of conference and transfer (sourced; that the
// latter may leave the call out, too).
func (d *dialect) joinedCallResult(w *ber.Walker, r *message.Result) {
	m := w.Require(ber.TagSequence)
	if !d.optConnection(w, tagConnection, &r.Connection) && r.Op == message.ConferenceCall {
		w.Failf("expected the conference call, got %v", w.Tag())
	}
	d.connections(w, &r.Connections)
	d.privateExtensions(w, &r.Extensions)
	w.Leave(m)
}

// deviceSnapshotInfo is SnapshotDeviceResponseInfo (sourced).
func (d *dialect) deviceSnapshotInfo(w *ber.Walker, c *message.DeviceCall) {
	m := w.Require(ber.TagSequence)
	d.requireParty(w, tagSubject, &c.Endpoint)
	d.requireConnection(w, tagConnection, &c.Connection)
	var state cti.LocalState
	if len(c.States) > 0 {
		state = c.States[0]
	}
	fields.State(w, tagState, &state)
	if !w.Writing() && state != cti.StateUnknown {
		c.States = []cti.LocalState{state}
	}
	w.Leave(m)
}
