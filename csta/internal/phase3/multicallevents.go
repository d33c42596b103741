package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// conferenced has its extensions under [5] IMPLICIT, and a bare secondary old call.
func (p *phase) conferenced(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.requireConnection(w, tagConnection, &e.Connection)
	p.optConnection(w, tagConnection, &e.Secondary)
	p.requireParty(w, tagSubject, &e.Subject)
	p.requireParty(w, tagSubject, &e.Target)
	fields.RequiredList(w, ber.TagSequence, &e.Connections, p.connected)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x81, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
	fields.Cause(w, &e.Cause)
	p.services(w, 0xa2, &d.Services)
	p.mediaCharacteristics(w, 0xa3, &d.Media)
	fields.OptBits(w, 0x84, &d.Characteristics)
	p.callLinkageList(w, 0xa6, d)
	ber.OptOctets(w, 0x87, &d.Languages)
	p.history(w, 0xa8, &d.History)
	locations(w, 0xa9, &d.Locations)
	fields.Extensions(w, 0xa5, &e.Extensions)
}

func (p *phase) transferred(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.requireConnection(w, tagConnection, &e.Connection)
	p.optConnection(w, 0xa0, &e.Secondary)
	p.requireParty(w, tagSubject, &e.Subject)
	p.requireParty(w, tagSubject, &e.Target)
	fields.RequiredList(w, 0xa1, &e.Connections, p.connected)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x82, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
	charging(w, 0xa3, &e.Charging)
	fields.Cause(w, &e.Cause)
	p.services(w, 0xa4, &d.Services)
	p.mediaCharacteristics(w, 0xa5, &d.Media)
	fields.OptBits(w, 0x86, &d.Characteristics)
	p.callLinkageList(w, 0xa7, d)
	p.languageTail(w, e, 8)
}

func (p *phase) digitsDialed(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.requireConnection(w, tagConnection, &e.Connection)
	p.requireParty(w, tagSubject, &e.Subject)
	p.requireDevice(w, tagDevice, &e.Device)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x80, &d.Correlator)
	fields.Cause(w, &e.Cause)
	p.services(w, 0xa1, &d.Services)
	p.networkParties(w, e)
	p.connectionInfo(w, 0xa2, &d.Info)
	fields.OptBits(w, 0x83, &d.Characteristics)
	p.callLinkage(w, 0xa4, &d.Linkage)
	p.locationTail(w, e, 5)
}

func (p *phase) networkReached(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.requireConnection(w, tagConnection, &e.Connection)
	p.parties(w, e)
	p.optConnection(w, tagConnection, &e.OriginatingNID)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x80, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
	networkCapability(w, 0xa1, e)
	fields.Cause(w, &e.Cause)
	p.callNature(w, d, 2)
	p.optParty(w, tagNetCalling, &e.NetworkCalling)
	p.optParty(w, tagNetCalled, &e.NetworkCalled)
	p.optParty(w, tagAssocCalling, &e.AssociatedCalling)
	p.callLinkage(w, 0xa6, &d.Linkage)
	p.languageTail(w, e, 7)
}

func (p *phase) networkCapabilitiesChanged(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.requireConnection(w, tagConnection, &e.Connection)
	p.requireParty(w, tagSubject, &e.Subject)
	p.requireParty(w, tagCalled, &e.Called)
	progress := w.Require(ber.TagSequence)
	ber.Int(w, ber.TagEnumerated, &e.Progress.Value[0])
	ber.Int(w, ber.TagEnumerated, &e.Progress.Value[1])
	w.Leave(progress)
	if !w.Writing() {
		e.Progress.Set = true
	}
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, ber.TagOctetString, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
	networkCapability(w, 0xa0, e)
	fields.Cause(w, &e.Cause)
	p.plainTail(w, e)
}

// networkCapability is NetworkCapability.
func networkCapability(w *ber.Walker, tag ber.Tag, e *message.Event) {
	m, ok := w.Enter(tag, e.NetworkType.Set)
	if !ok {
		return
	}
	ber.Int(w, ber.TagEnumerated, &e.NetworkType.Value)
	if !w.Writing() {
		e.NetworkType.Set = true
	}
	fields.OptBits(w, ber.TagBitString, &e.NetworkEvents)
	w.Leave(m)
}
