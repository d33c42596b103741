package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// Tags of identifiers.
const (
	tagDevice       ber.Tag = 0x30 // DeviceID
	tagCalling      ber.Tag = 0x61
	tagCalled       ber.Tag = 0x62
	tagSubject      ber.Tag = 0x63
	tagRedirection  ber.Tag = 0x64
	tagAssocCalling ber.Tag = 0x65
	tagAssocCalled  ber.Tag = 0x66
	tagNetCalling   ber.Tag = 0x67
	tagNetCalled    ber.Tag = 0x68
	tagConnection   ber.Tag = 0x6b
	tagState        ber.Tag = 0x4e
	tagCrossRef     ber.Tag = 0x55
	tagUserData     ber.Tag = 0x7d
	tagExtensions   ber.Tag = 0x7e
)

// requireDevice is a DeviceID that must be there.
func (p *phase) requireDevice(w *ber.Walker, tag ber.Tag, d *message.Device) {
	if w.Writing() && d.Status != message.Known {
		w.Failf("a device is missing")
	}
	if !p.optDevice(w, tag, d) {
		m := w.Require(tag) // perhaps behind unknown elements
		p.deviceID(w, d)
		w.Leave(m)
	}
}

// optDevice is a DeviceID that may be absent.
func (p *phase) optDevice(w *ber.Walker, tag ber.Tag, d *message.Device) bool {
	if w.Writing() {
		m, ok := w.Enter(tag, d.Status == message.Known)
		if ok {
			p.deviceID(w, d)
			w.Leave(m)
		}
		return true
	}
	return fields.Cached(w, p.deviceIDs, tag, d, p.deviceID)
}

// deviceID is the content of a DeviceID.
func (p *phase) deviceID(w *ber.Walker, d *message.Device) {
	fields.Number(w, p.strings, d)
	p.explicitText(w, 0xa0, &d.PrivateNumber, &d.HasPrivate)
	p.explicitText(w, 0xa1, &d.PrivateName, &d.HasName)
	p.mediaCharacteristics(w, ber.TagSequence, &d.Media)
}

// explicitText is an optional [n] EXPLICIT IA5String.
func (p *phase) explicitText(w *ber.Walker, tag ber.Tag, s *string, set *bool) {
	m, ok := w.Enter(tag, *set || *s != "")
	if !w.Writing() {
		*set = ok
	}
	if ok {
		fields.Text(w, p.strings, ber.TagIA5String, s)
		fields.Readable(w, s)
		w.Leave(m)
	}
}

// requireParty is an ExtendedDeviceID that must be there; an absent one is written as
// not known.
func (p *phase) requireParty(w *ber.Walker, tag ber.Tag, d *message.Device) {
	switch {
	case p.optParty(w, tag, d):
	case w.Writing():
		p.optParty(w, tag, &message.Device{Status: message.NotKnown})
	default:
		m := w.Require(tag) // perhaps behind unknown elements
		p.extendedDeviceID(w, d)
		w.Leave(m)
	}
}

// optParty is an ExtendedDeviceID that may be absent.
func (p *phase) optParty(w *ber.Walker, tag ber.Tag, d *message.Device) bool {
	if w.Tag() == tag {
		// fields.Cached, without its call: an event has three to seven parties,
		// and is read 4 % faster so.
		if known := p.partyIDs.Find(w.Peek()); known != nil {
			*d = *known
			w.Next()
		} else {
			fields.Learn(w, p.partyIDs, tag, d, p.extendedDeviceID)
		}
		return true
	}
	if !w.Writing() {
		return false
	}
	m, ok := w.Enter(tag, d.Status != message.Absent)
	if ok {
		p.extendedDeviceID(w, d)
		w.Leave(m)
	}
	return ok
}

// extendedDeviceID is the CHOICE of an ExtendedDeviceID.
func (p *phase) extendedDeviceID(w *ber.Walker, d *message.Device) {
	if p.optDevice(w, tagDevice, d) && d.Status == message.Known {
		return
	}
	p.deviceStatus(w, d, message.NotKnown, message.Restricted)
}

// deviceStatus is one of the NULL alternatives [7], [8], ... that stand for statuses.
func (p *phase) deviceStatus(w *ber.Walker, d *message.Device, statuses ...message.Status) {
	for i, s := range statuses {
		if w.OptNull(0x87+ber.Tag(i), d.Status == s) {
			if !w.Writing() {
				d.Status = s
			}
			return
		}
	}
	w.Failf("expected a device or a status, got %v", w.Tag())
}

// redirection is a RedirectionDeviceID that must be there; an absent one is
// written as not specified.
func (p *phase) redirection(w *ber.Walker, d *message.Device) {
	if w.Writing() && d.Status == message.Absent {
		d = &message.Device{Status: message.NotSpecified}
	}
	if !w.Writing() && w.Tag() == tagRedirection && p.redirectionStatus(w, d) ||
		fields.Cached(w, p.redirectionIDs, tagRedirection, d, p.redirectionID) {
		return
	}
	m := w.Require(tagRedirection)
	p.redirectionID(w, d)
	w.Leave(m)
}

// redirectionStatus reads one that is a status, as most are.
func (p *phase) redirectionStatus(w *ber.Walker, d *message.Device) bool {
	b := w.Peek()
	if len(b) != 2 || b[1] != 0 || b[0] < 0x87 || int(b[0]-0x87) >= len(redirectionStatuses) {
		return false
	}
	d.Status = redirectionStatuses[b[0]-0x87]
	w.Next()
	return true
}

var redirectionStatuses = [...]message.Status{message.NotKnown, message.NotRequired, message.NotSpecified,
	message.Restricted}

// redirectionID is the CHOICE of a RedirectionDeviceID.
func (p *phase) redirectionID(w *ber.Walker, d *message.Device) {
	if !p.optDevice(w, tagDevice, d) || d.Status != message.Known {
		p.deviceStatus(w, d, redirectionStatuses[:]...)
	}
}

// requireConnection is a ConnectionID that must be there.
func (p *phase) requireConnection(w *ber.Walker, tag ber.Tag, c *message.Connection) {
	if w.Writing() && !c.IsSet() {
		w.Failf("a connection is missing")
	}
	if fields.Cached(w, p.connectionIDs, tag, c, p.connectionParts) {
		return
	}
	m := w.Require(tag)
	p.connectionParts(w, c)
	w.Leave(m)
}

// optConnection is a ConnectionID that may be absent.
func (p *phase) optConnection(w *ber.Walker, tag ber.Tag, c *message.Connection) {
	if !w.Writing() {
		if w.Tag() == tag {
			fields.Cached(w, p.connectionIDs, tag, c, p.connectionParts)
		}
		return
	}
	if m, ok := w.Enter(tag, c.IsSet()); ok {
		p.connectionParts(w, c)
		w.Leave(m)
	}
}

// connectionParts is the CHOICE of a ConnectionID.
func (p *phase) connectionParts(w *ber.Walker, c *message.Connection) {
	if !w.Writing() {
		switch w.Tag() {
		case 0x80:
			c.Parts = message.CallOnly
		case 0xa1:
			c.Parts = message.DeviceOnly
		default:
			c.Parts = message.CallAndDevice
		}
	}
	switch c.Parts {
	case message.CallOnly:
		fields.Text(w, p.strings, 0x80, &c.Call)
	case message.DeviceOnly:
		p.localDevice(w, &c.Device)
	default:
		m := w.Require(ber.TagSequence)
		fields.Text(w, p.strings, 0x80, &c.Call)
		p.localDevice(w, &c.Device)
		w.Leave(m)
	}
}

// localDevice is [1] LocalDeviceID.
func (p *phase) localDevice(w *ber.Walker, d *message.Device) {
	m := w.Require(0xa1)
	switch {
	case w.Writing() && d.Form == message.Dynamic, w.Tag() == 0x83:
		fields.Text(w, p.strings, 0x83, &d.Number)
		if !w.Writing() {
			d.Status, d.Form = message.Known, message.Dynamic
		}
	default:
		p.requireDevice(w, tagDevice, d)
	}
	w.Leave(m)
}

// requireCrossRef is a MonitorCrossRefID.
func (p *phase) requireCrossRef(w *ber.Walker, ref *string) {
	fields.Text(w, p.strings, tagCrossRef, ref)
}
