package phase3

import (
	"strconv"

	"github.com/ctikit/ctikit/csta/internal/ber"
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
)

// device is a DeviceID that must be there.
func (p *phase) device(w *ber.Walker, tag ber.Tag, d *message.Device) {
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
	if w.Tag() != tag {
		return false
	}
	content := w.Peek()
	if known, ok := p.devices.Get(content); ok {
		*d = known
		w.Take(tag, true)
		return true
	}
	skipped := w.Skipped
	m, _ := w.Enter(tag, true)
	p.deviceID(w, d)
	w.Leave(m)
	if w.Err() == nil && w.Skipped == skipped && d.Media == nil {
		p.devices.Put(content, *d)
	}
	return true
}

// deviceID is the content of a DeviceID.
func (p *phase) deviceID(w *ber.Walker, d *message.Device) {
	if w.Writing() {
		writeNumber(w, d)
	} else {
		d.Status = message.Known
		p.readNumber(w, d)
	}
	p.explicitText(w, 0xa0, &d.PrivateNumber, &d.HasPrivate)
	p.explicitText(w, 0xa1, &d.PrivateName, &d.HasName)
	media(w, ber.TagSequence, &d.Media)
}

// explicitText is an optional [n] EXPLICIT IA5String.
func (p *phase) explicitText(w *ber.Walker, tag ber.Tag, s *string, set *bool) {
	m, ok := w.Enter(tag, *set || *s != "")
	if !w.Writing() {
		*set = ok
	}
	if ok {
		p.text(w, ber.TagIA5String, s)
		w.Leave(m)
	}
}

// text is a string that must be there and that is worth remembering.
func (p *phase) text(w *ber.Walker, tag ber.Tag, s *string) {
	if w.Writing() {
		w.PutString(tag, *s)
	} else if b, ok := w.Take(tag, true); ok {
		*s = message.Intern(p.strings, b)
	}
}

// writeNumber writes the CHOICE of a DeviceID.
func writeNumber(w *ber.Walker, d *message.Device) {
	switch f := d.Form; {
	case f == message.DialingNumber:
		w.PutString(0x80, d.Number)
	case f == message.DeviceNumber:
		n, err := strconv.ParseInt(d.Number, 10, 64)
		if err != nil {
			w.Failf("device number %q is no integer", d.Number)
		}
		ber.Int(w, 0x81, &n)
	case f == message.ImplicitPublic:
		w.PutString(0x82, d.Number)
	case f >= message.PublicUnknown && f <= message.PublicAbbreviated:
		m := w.Require(0xa3)
		w.PutString(0x80+ber.Tag(f-message.PublicUnknown), d.Number)
		w.Leave(m)
	case f == message.ImplicitPrivate:
		w.PutString(0x84, d.Number)
	case f >= message.PrivateUnknown && f <= message.PrivateAbbreviated:
		m := w.Require(0xa5)
		w.PutString(0x80+ber.Tag(f-message.PrivateUnknown), d.Number)
		w.Leave(m)
	case f == message.OtherPlan:
		w.PutString(0x86, d.Number)
	default:
		w.Failf("device form %v stands in connections only", f)
	}
}

// readNumber reads it.
func (p *phase) readNumber(w *ber.Walker, d *message.Device) {
	switch tag := w.Tag(); tag {
	case 0x80:
		d.Form = message.DialingNumber
	case 0x81:
		d.Form, d.Number = message.DeviceNumber, strconv.FormatInt(w.ReadInt(), 10)
		return
	case 0x82:
		d.Form = message.ImplicitPublic
	case 0xa3:
		p.typedNumber(w, d, message.PublicUnknown, message.PublicAbbreviated)
		return
	case 0x84:
		d.Form = message.ImplicitPrivate
	case 0xa5:
		p.typedNumber(w, d, message.PrivateUnknown, message.PrivateAbbreviated)
		return
	case 0x86:
		d.Form = message.OtherPlan
	default:
		w.Failf("want a device identifier [0] to [6], found %v", tag)
		return
	}
	p.text(w, w.Tag(), &d.Number)
}

func (p *phase) typedNumber(w *ber.Walker, d *message.Device, first, last message.Form) {
	m := w.Require(w.Tag())
	d.Form = first + message.Form(w.Tag()-0x80)
	if w.Tag() < 0x80 || d.Form > last {
		w.Failf("type of number %v", w.Tag())
		return
	}
	p.text(w, w.Tag(), &d.Number)
	w.Leave(m)
}

// party is an ExtendedDeviceID that must be there; an absent one is written as
// not known.
func (p *phase) party(w *ber.Walker, tag ber.Tag, d *message.Device) {
	if !p.optParty(w, tag, d) {
		if w.Writing() {
			p.optParty(w, tag, &message.Device{Status: message.NotKnown})
			return
		}
		m := w.Require(tag)
		p.extended(w, d)
		w.Leave(m)
	}
}

// optParty is an ExtendedDeviceID that may be absent.
func (p *phase) optParty(w *ber.Walker, tag ber.Tag, d *message.Device) bool {
	m, ok := w.Enter(tag, d.Status != message.Absent)
	if ok {
		p.extended(w, d)
		w.Leave(m)
	}
	return ok
}

// extended is the CHOICE of an ExtendedDeviceID.
func (p *phase) extended(w *ber.Walker, d *message.Device) {
	if p.optDevice(w, tagDevice, d) && d.Status == message.Known {
		return
	}
	p.status(w, d, message.NotKnown, message.Restricted)
}

// status is one of the NULL alternatives [7], [8], ... that stand for statuses.
func (p *phase) status(w *ber.Walker, d *message.Device, statuses ...message.Status) {
	for i, s := range statuses {
		if w.OptNull(0x87+ber.Tag(i), d.Status == s) {
			if !w.Writing() {
				d.Status = s
			}
			return
		}
	}
	w.Failf("want a device or a status, found %v", w.Tag())
}

// redirection is a RedirectionDeviceID that must be there; an absent one is
// written as not specified.
func (p *phase) redirection(w *ber.Walker, d *message.Device) {
	if w.Writing() && d.Status == message.Absent {
		d = &message.Device{Status: message.NotSpecified}
	}
	m := w.Require(tagRedirection)
	if !p.optDevice(w, tagDevice, d) || d.Status != message.Known {
		p.status(w, d, message.NotKnown, message.NotRequired, message.NotSpecified, message.Restricted)
	}
	w.Leave(m)
}

// connection is a ConnectionID that must be there.
func (p *phase) connection(w *ber.Walker, tag ber.Tag, c *message.Connection) {
	if w.Writing() && !c.IsSet() {
		w.Failf("a connection is missing")
	}
	m := w.Require(tag)
	p.connectionID(w, c)
	w.Leave(m)
}

// optConnection is a ConnectionID that may be absent.
func (p *phase) optConnection(w *ber.Walker, tag ber.Tag, c *message.Connection) {
	if m, ok := w.Enter(tag, c.IsSet()); ok {
		p.connectionID(w, c)
		w.Leave(m)
	}
}

// connectionID is the CHOICE of a ConnectionID.
func (p *phase) connectionID(w *ber.Walker, c *message.Connection) {
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
		p.text(w, 0x80, &c.Call)
	case message.DeviceOnly:
		p.localDevice(w, &c.Device)
	default:
		m := w.Require(ber.TagSequence)
		p.text(w, 0x80, &c.Call)
		p.localDevice(w, &c.Device)
		w.Leave(m)
	}
}

// localDevice is [1] LocalDeviceID.
func (p *phase) localDevice(w *ber.Walker, d *message.Device) {
	m := w.Require(0xa1)
	switch {
	case w.Writing() && d.Form == message.Dynamic, w.Tag() == 0x83:
		p.text(w, 0x83, &d.Number)
		if !w.Writing() {
			d.Status, d.Form = message.Known, message.Dynamic
		}
	default:
		p.device(w, tagDevice, d)
	}
	w.Leave(m)
}

// crossRef is a MonitorCrossRefID.
func (p *phase) crossRef(w *ber.Walker, ref *string) { p.text(w, tagCrossRef, ref) }
