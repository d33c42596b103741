package phase12

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// This file gathers the structures that no source shows. Each is drawn from
// what it says above it. Further assumptions, a field or a value each, are
// marked where they stand: the SEQUENCE around an argument of one identifier,
// identifier and password in log on, lists of forwards, forwarding types by
// origin, II's filter bits and event tags outside of call control, the device
// in service initiated.

// assumedSequence gives the arguments of the services that phase II adds to I.
func (d *dialect) assumedSequence(op message.Operation) func(*dialect, *ber.Walker, *message.Request) {
	switch op {
	case message.AssociateData:
		return (*dialect).assumedAssociateData
	case message.ParkCall, message.SingleStepConference, message.SingleStepTransfer:
		return (*dialect).assumedConnectionAndDevice
	case message.GenerateDigits:
		return (*dialect).assumedSendDTMF
	}
	return nil
}

// assumedAssociateData: the first fields of III.
func (d *dialect) assumedAssociateData(w *ber.Walker, r *message.Request) {
	d.requireConnection(w, tagConnection, &r.Connection)
	ber.OptOctets(w, 0x80, &r.Data.Account)
	ber.OptOctets(w, 0x81, &r.Data.Authorization)
	ber.OptOctets(w, 0x82, &r.Data.Correlator)
}

// assumedConnectionAndDevice: connection and device, as in III; the device is a
// bare DeviceID as makeCall's calling device is.
func (d *dialect) assumedConnectionAndDevice(w *ber.Walker, r *message.Request) {
	d.requireConnection(w, tagConnection, &r.Connection)
	d.requireDevice(w, &r.To)
}

// assumedSendDTMF is sendDTMFTones: III's generateDigits without its mode.
func (d *dialect) assumedSendDTMF(w *ber.Walker, r *message.Request) {
	d.requireConnection(w, tagConnection, &r.Connection)
	ber.Octets(w, ber.TagIA5String, &r.Digits)
	fields.OptInt(w, 0x80, &r.Duration)
	fields.OptInt(w, 0x82, &r.Pause)
}

// assumedPickup is divertCall's pickup: III's directedPickupCall.
func (d *dialect) assumedPickup(w *ber.Walker, r *message.Request) {
	d.requireConnection(w, tagConnection, &r.Connection)
	d.requireDevice(w, &r.Device)
}

// assumedGroupPickup is divertCall's group pickup: III's groupPickupCall.
func (d *dialect) assumedGroupPickup(w *ber.Walker, r *message.Request) {
	d.requireDevice(w, &r.Device)
	d.optDevice(w, &r.To)
}

// assumedCallSnapshotInfo is SnapshotCallResponseInfo: like the one of a device's
// snapshot, which is sourced, and III's.
func (d *dialect) assumedCallSnapshotInfo(w *ber.Walker, c *message.CallParty) {
	m := w.Require(ber.TagSequence)
	d.requireParty(w, tagSubject, &c.Device)
	d.optConnection(w, tagConnection, &c.Connection)
	fields.State(w, tagState, &c.State)
	w.Leave(m)
}

// assumedFeatureEvent: call information and message waiting of phase I, and
// the feature events that II adds, each with III's fields.
func (d *dialect) assumedFeatureEvent(w *ber.Walker, e *message.Event) {
	f := &e.Feature
	if e.Kind == cti.CallInformation {
		d.requireConnection(w, tagConnection, &e.Connection)
		d.requireParty(w, tagSubject, &e.Subject)
		ber.OptOctets(w, 0x80, &e.Data.Account)
		ber.OptOctets(w, 0x81, &e.Data.Authorization)
		ber.OptOctets(w, 0x82, &e.Data.Correlator)
		return
	}
	d.requireParty(w, tagSubject, &e.Subject)
	switch e.Kind {
	case cti.MessageWaiting:
		d.optDevice(w, &e.Device)
		w.Bool(ber.TagBoolean, &f.On)
	case cti.AutoAnswer:
		w.Bool(ber.TagBoolean, &f.On)
		fields.OptInt(w, ber.TagInteger, &f.Rings)
	case cti.MicrophoneMute, cti.SpeakerMute:
		w.Bool(ber.TagBoolean, &f.On)
	case cti.SpeakerVolume:
		fields.OptInt(w, ber.TagInteger, &f.Level)
	}
}
