package phase12

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// requireDevice is a DeviceID that must be there: the bare CHOICE [0] to [6] (sourced;
// the phase I notation has only [0] and [1] here and the rest in extended ones).
func (d *dialect) requireDevice(w *ber.Walker, v *message.Device) {
	if w.Writing() && v.Status != message.Known {
		w.Failf("a device is missing")
		return
	}
	fields.Number(w, d.strings, v)
}

// optDevice is one that may be absent.
func (d *dialect) optDevice(w *ber.Walker, v *message.Device) {
	if w.Writing() && v.Status == message.Known || isDevice(w.Tag()) {
		d.requireDevice(w, v)
	}
}

func isDevice(tag ber.Tag) bool {
	return tag >= 0x80 && tag <= 0x82 || tag == 0xa3 || tag == 0x84 || tag == 0xa5 || tag == 0x86
}

// requireParty is an extended identifier that must be there; an absent one is written
// as not known, which it says just as well.
func (d *dialect) requireParty(w *ber.Walker, tag ber.Tag, v *message.Device) {
	if fields.Cached(w, d.parties, tag, v, d.extendedDeviceID) {
		return
	}
	if w.Writing() && v.Status == message.Absent {
		v = &message.Device{Status: message.NotKnown}
	}
	m := w.Require(tag)
	d.extendedDeviceID(w, v)
	w.Leave(m)
}

// optParty is one that may be absent.
func (d *dialect) optParty(w *ber.Walker, tag ber.Tag, v *message.Device) {
	if m, ok := w.Enter(tag, v.Status != message.Absent); ok {
		d.extendedDeviceID(w, v)
		w.Leave(m)
	}
}

// extendedDeviceID is a DeviceID, [7] not known or [8] not required (sourced). What
// III tells besides is sent as the nearest of the two.
func (d *dialect) extendedDeviceID(w *ber.Walker, v *message.Device) {
	if w.Writing() {
		switch v.Status {
		case message.Known:
			fields.Number(w, d.strings, v)
		case message.NotRequired:
			w.Null(0x88)
		default:
			w.Null(0x87)
		}
		return
	}
	switch {
	case w.OptNull(0x87, false):
		v.Status = message.NotKnown
	case w.OptNull(0x88, false):
		v.Status = message.NotRequired
	case w.OptNull(0x89, false): // assumed, as in III
		v.Status = message.NotSpecified
	default:
		fields.Number(w, d.strings, v)
	}
}

// requireConnection is a ConnectionID that must be there (sourced).
func (d *dialect) requireConnection(w *ber.Walker, tag ber.Tag, c *message.Connection) {
	if fields.Cached(w, d.calls, tag, c, d.connectionParts) {
		return
	}
	if w.Writing() && !c.IsSet() {
		w.Failf("a connection is missing")
	}
	m := w.Require(tag)
	d.connectionParts(w, c)
	w.Leave(m)
}

// optConnection is one that may be absent.
func (d *dialect) optConnection(w *ber.Walker, tag ber.Tag, c *message.Connection) bool {
	m, ok := w.Enter(tag, c.IsSet())
	if ok {
		d.connectionParts(w, c)
		w.Leave(m)
	}
	return ok
}

// connectionParts is SEQUENCE { call [2] OCTET STRING, device CHOICE }, each
// optional, with the device static as a DeviceID or dynamic as [3] OCTET STRING.
func (d *dialect) connectionParts(w *ber.Walker, c *message.Connection) {
	hasCall, hasDevice := c.Parts != message.DeviceOnly, c.Parts != message.CallOnly
	if !w.Writing() {
		hasCall = w.Tag() == tagCall
	}
	if hasCall {
		fields.Text(w, d.strings, tagCall, &c.Call)
	}
	if !w.Writing() {
		hasDevice = w.Tag() != ber.TagEnd
	}
	switch {
	case !hasDevice:
	case w.Writing() && c.Device.Form == message.Dynamic || w.Tag() == tagDynamic:
		fields.Text(w, d.strings, tagDynamic, &c.Device.Number)
		if !w.Writing() {
			c.Device.Status, c.Device.Form = message.Known, message.Dynamic
		}
	default:
		d.requireDevice(w, &c.Device)
	}
	if w.Writing() {
		return
	}
	switch {
	case hasCall && hasDevice:
		c.Parts = message.CallAndDevice
	case hasCall:
		c.Parts = message.CallOnly
	case hasDevice:
		c.Parts = message.DeviceOnly
	default:
		w.Failf("connection without call and device")
	}
}

const (
	tagCall    ber.Tag = 0x82
	tagDynamic ber.Tag = 0x83
)

// connections is a ConnectionList: [APPLICATION 12] IMPLICIT SEQUENCE OF
// ConnectionID (sourced), an element of which may be wrapped in a SEQUENCE.
func (d *dialect) connections(w *ber.Walker, list *[]message.Connected) {
	fields.List(w, tagConnections, list, func(w *ber.Walker, c *message.Connected) {
		if w.Tag() == ber.TagSequence {
			m := w.Require(ber.TagSequence)
			d.requireConnection(w, tagConnection, &c.New)
			w.Leave(m)
			return
		}
		if w.Writing() && !c.New.IsSet() {
			d.requireConnection(w, tagConnection, &c.Old)
			return
		}
		d.requireConnection(w, tagConnection, &c.New)
	})
}

// requireCrossRef is a MonitorCrossRefID (sourced).
func (d *dialect) requireCrossRef(w *ber.Walker, ref *string) {
	fields.Text(w, d.strings, tagCrossRef, ref)
}
