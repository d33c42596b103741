package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// mediaCharacteristics is MediaCallCharacteristics. Like the next three it is the same in
// message after message, and shared among them.
func (p *phase) mediaCharacteristics(w *ber.Walker, tag ber.Tag, v **message.Media) {
	fields.Shared(w, p.medias, tag, v, func(w *ber.Walker, m *message.Media) {
		fields.Bits(w, ber.TagBitString, &m.Class)
		fields.OptInt(w, 0x80, &m.Rate)
		fields.OptInt(w, 0x81, &m.BitRate)
		fields.OptInt(w, 0x82, &m.DelayTolerance)
		fields.OptInt(w, 0x83, &m.CCIE)
		ber.OptOctets(w, ber.TagOctetString, &m.Elements)
		fields.Own(w, &m.Elements)
	})
}

// connectionInfo is ConnectionInformation.
func (p *phase) connectionInfo(w *ber.Walker, tag ber.Tag, v **message.ConnectionInfo) {
	fields.Shared(w, p.infos, tag, v, func(w *ber.Walker, c *message.ConnectionInfo) {
		fields.OptInt(w, ber.TagEnumerated, &c.Flow)
		fields.OptInt(w, ber.TagInteger, &c.Channels)
		ber.OptOctets(w, ber.TagIA5String, &c.Session)
		fields.Own(w, &c.Session)
	})
}

// services is ServicesPermitted.
func (p *phase) services(w *ber.Walker, tag ber.Tag, v **message.ServicesPermitted) {
	fields.Shared(w, p.permitted, tag, v, func(w *ber.Walker, s *message.ServicesPermitted) {
		fields.Bits(w, ber.TagBitString, &s.CallControl)
		fields.Bits(w, ber.TagBitString, &s.CallAssociated)
		fields.Bits(w, ber.TagBitString, &s.MediaAttachment)
		fields.Bits(w, ber.TagBitString, &s.Routeing)
		fields.Bits(w, ber.TagBitString, &s.VoiceUnit)
	})
}

// callLinkage is CallLinkageData.
func (p *phase) callLinkage(w *ber.Walker, tag ber.Tag, v **message.Linkage) {
	fields.Shared(w, p.linkages, tag, v, func(w *ber.Walker, l *message.Linkage) {
		m := w.Require(ber.TagSequence)
		linkageID(w, &l.Call)
		w.Leave(m)
		if m, ok := w.Enter(ber.TagSequence, l.Thread.Set); ok {
			linkageID(w, &l.Thread)
			w.Leave(m)
		}
	})
}

// callLinkageList is CallLinkageDataList.
func (p *phase) callLinkageList(w *ber.Walker, tag ber.Tag, d *message.CallData) {
	m, ok := w.Enter(tag, d.OldLinkage != nil && d.Linkage != nil)
	if !ok {
		return
	}
	p.callLinkage(w, ber.TagSequence, &d.Linkage)
	p.callLinkage(w, ber.TagSequence, &d.OldLinkage)
	w.Leave(m)
}

// linkageID is the content of GlobalCallData and of ThreadData, which are alike.
func linkageID(w *ber.Walker, id *message.LinkageID) {
	ber.OptOctets(w, ber.TagIA5String, &id.Domain)
	tag := ber.Tag(0x80)
	if !w.Writing() {
		id.Set, id.Unique = true, w.Tag() == 0x81
	}
	if id.Unique {
		tag = 0x81
	}
	ber.Octets(w, tag, &id.ID)
	ber.OptOctets(w, ber.TagGeneralized, &id.Time)
	fields.Own(w, &id.Domain)
	fields.Own(w, &id.ID)
	fields.Own(w, &id.Time)
}

// messageInfo is MessageInfo.
func messageInfo(w *ber.Walker, tag ber.Tag, v **message.MessageInfo) {
	fields.Optional(w, tag, v, func(w *ber.Walker, m *message.MessageInfo) {
		ber.Octets(w, ber.TagIA5String, &m.Contents)
		ber.OptOctets(w, ber.TagIA5String, &m.Type)
		fields.OptInt(w, ber.TagInteger, &m.Length)
	})
}

// history is DeviceHistory.
func (p *phase) history(w *ber.Walker, tag ber.Tag, v **message.History) {
	fields.Optional(w, tag, v, func(w *ber.Walker, h *message.History) {
		p.requireDevice(w, tagDevice, &h.Device)
		fields.OptCause(w, 0x81, &h.Cause)
		p.optConnection(w, 0xa2, &h.Connection)
	})
}

// connections is a ConnectionList that may be absent.
func (p *phase) connections(w *ber.Walker, tag ber.Tag, list *[]message.Connected) {
	fields.List(w, tag, list, p.connected)
}

// connected is one entry: its fields have EXPLICIT tags.
func (p *phase) connected(w *ber.Walker, c *message.Connected) {
	m := w.Require(ber.TagSequence)
	p.explicitConnection(w, 0xa0, &c.New)
	p.explicitConnection(w, 0xa1, &c.Old)
	p.endpointDevice(w, 0xa2, &c.Endpoint)
	p.endpointDevice(w, 0xa3, &c.Associated)
	p.connectionInfo(w, ber.TagSequence, &c.Info)
	w.Leave(m)
}

func (p *phase) explicitConnection(w *ber.Walker, tag ber.Tag, c *message.Connection) {
	if m, ok := w.Enter(tag, c.IsSet()); ok {
		p.requireConnection(w, tagConnection, c)
		w.Leave(m)
	}
}

// endpointDevice is a DeviceID, NULL for not known, or [1] NULL for restricted.
func (p *phase) endpointDevice(w *ber.Walker, tag ber.Tag, d *message.Device) {
	m, ok := w.Enter(tag, d.IsSet())
	if !ok {
		return
	}
	switch {
	case d.Status == message.NotKnown || w.Tag() == ber.TagNull:
		w.Null(ber.TagNull)
		if !w.Writing() {
			d.Status = message.NotKnown
		}
	case d.Status == message.Restricted || w.Tag() == 0xa1:
		inner := w.Require(0xa1)
		w.Null(ber.TagNull)
		w.Leave(inner)
		if !w.Writing() {
			d.Status = message.Restricted
		}
	default:
		p.requireDevice(w, tagDevice, d)
	}
	w.Leave(m)
}

// charging is ChargingInfo.
func charging(w *ber.Walker, tag ber.Tag, v **message.Charging) {
	fields.Optional(w, tag, v, func(w *ber.Walker, c *message.Charging) {
		if !fields.List(w, 0xa0, &c.Units, chargeUnit) {
			m := w.Require(0xa1)
			ber.Octets(w, ber.TagOctetString, &c.Currency)
			ber.Int(w, ber.TagInteger, &c.Amount)
			ber.Int(w, ber.TagEnumerated, &c.Multiplier)
			w.Leave(m)
		}
		kind := int8(0)
		if c.Total {
			kind = 1
		}
		ber.Int(w, ber.TagEnumerated, &kind)
		if !w.Writing() {
			c.Total = kind == 1
		}
	})
}

func chargeUnit(w *ber.Walker, u *message.ChargeUnit) {
	m := w.Require(ber.TagSequence)
	ber.Int(w, ber.TagInteger, &u.Units)
	ber.OptOctets(w, ber.TagOctetString, &u.Type)
	w.Leave(m)
}
