package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// networkParties are the network's and the associated devices, in the order
// that most events have them.
func (p *phase) networkParties(w *ber.Walker, e *message.Event) {
	if !w.Writing() && (w.Tag() < tagAssocCalling || w.Tag() > tagNetCalled) {
		return // none of them is at hand
	}
	p.optParty(w, tagNetCalling, &e.NetworkCalling)
	p.optParty(w, tagNetCalled, &e.NetworkCalled)
	p.optParty(w, tagAssocCalling, &e.AssociatedCalling)
	p.optParty(w, tagAssocCalled, &e.AssociatedCalled)
}

// parties are those that every event about a new connection has.
func (p *phase) parties(w *ber.Walker, e *message.Event) {
	p.party(w, tagSubject, &e.Subject)
	p.party(w, tagCalling, &e.Calling)
	p.party(w, tagCalled, &e.Called)
	p.redirection(w, &e.Redirection)
}

func (p *phase) delivered(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.connection(w, tagConnection, &e.Connection)
	p.parties(w, e)
	p.optConnection(w, tagConnection, &e.OriginatingNID)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x80, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
	fields.Cause(w, &e.Cause)
	if w.Done() {
		return
	}
	p.services(w, 0xa1, &d.Services)
	p.networkParties(w, e)
	if w.Done() {
		return
	}
	p.media(w, 0xa2, &d.Media)
	fields.OptBits(w, 0x83, &d.Characteristics)
	p.connectionInfo(w, 0xa4, &d.Info)
	p.linkage(w, 0xa5, &d.Linkage)
	if w.Done() {
		return
	}
	ber.OptOctets(w, 0x86, &d.Subject)
	messageInfo(w, 0xa7, &d.Message)
	ber.OptOctets(w, 0x88, &d.Languages)
	p.history(w, 0xa9, &d.History)
	locations(w, 0xaa, &d.Locations)
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

func (p *phase) established(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.connection(w, tagConnection, &e.Connection)
	p.parties(w, e)
	p.optConnection(w, tagConnection, &e.OriginatingNID)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x81, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
	fields.Cause(w, &e.Cause)
	if w.Done() {
		return
	}
	p.services(w, 0xa2, &d.Services)
	p.networkParties(w, e)
	if w.Done() {
		return
	}
	p.media(w, 0xa3, &d.Media)
	fields.OptBits(w, 0x84, &d.Characteristics)
	p.connectionInfo(w, 0xa5, &d.Info)
	p.linkage(w, 0xa6, &d.Linkage)
	ber.OptOctets(w, 0x87, &d.Subject)
	messageInfo(w, 0xa8, &d.Message)
	ber.OptOctets(w, 0x89, &d.Languages)
	p.history(w, 0xaa, &d.History)
	locations(w, 0xab, &d.Locations)
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

func (p *phase) connectionCleared(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.connection(w, tagConnection, &e.Connection)
	p.party(w, tagSubject, &e.Subject)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x80, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
	charging(w, 0xa1, &e.Charging)
	fields.Cause(w, &e.Cause)
	if w.Done() {
		return
	}
	p.services(w, 0xa2, &d.Services)
	p.media(w, 0xa3, &d.Media)
	fields.OptBits(w, 0x84, &d.Characteristics)
	p.connectionInfo(w, 0xa5, &d.Info)
	p.linkage(w, 0xa6, &d.Linkage)
	ber.OptOctets(w, 0x87, &d.Languages)
	p.history(w, 0xa8, &d.History)
	locations(w, 0xa9, &d.Locations)
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

func (p *phase) callCleared(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.connection(w, tagConnection, &e.Connection)
	ber.OptOctets(w, 0x81, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
	fields.Cause(w, &e.Cause)
	p.media(w, 0xa2, &d.Media)
	fields.OptBits(w, 0x83, &d.Characteristics)
	p.linkage(w, 0xa4, &d.Linkage)
	ber.OptOctets(w, 0x85, &d.Languages)
	locations(w, 0xa6, &d.Locations)
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

// originated has its calling device as the subject, and the device that it was
// originated from as a bare DeviceID.
func (p *phase) originated(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.connection(w, tagConnection, &e.Connection)
	p.party(w, tagSubject, &e.Subject)
	p.party(w, tagCalled, &e.Called)
	p.optDevice(w, tagDevice, &e.Device)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x82, &d.Correlator)
	fields.Cause(w, &e.Cause)
	if w.Done() {
		return
	}
	p.services(w, 0xa3, &d.Services)
	p.networkParties(w, e)
	if w.Done() {
		return
	}
	p.media(w, 0xa4, &d.Media)
	fields.OptBits(w, 0x85, &d.Characteristics)
	p.connectionInfo(w, 0xa6, &d.Info)
	p.linkage(w, 0xa7, &d.Linkage)
	ber.OptOctets(w, 0x88, &d.Subject)
	messageInfo(w, 0xa9, &d.Message)
	ber.OptOctets(w, 0x8a, &d.Languages)
	locations(w, 0xab, &d.Locations)
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

func (p *phase) serviceInitiated(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.connection(w, tagConnection, &e.Connection)
	p.party(w, tagSubject, &e.Subject)
	p.optParty(w, tagCalled, &e.Called)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x80, &d.Correlator)
	fields.Cause(w, &e.Cause)
	if w.Done() {
		return
	}
	p.services(w, 0xa1, &d.Services)
	p.media(w, 0xa2, &d.Media)
	fields.OptBits(w, 0x83, &d.Characteristics)
	p.connectionInfo(w, 0xa4, &d.Info)
	p.optParty(w, tagNetCalling, &e.NetworkCalling)
	p.optParty(w, tagNetCalled, &e.NetworkCalled)
	p.optParty(w, tagAssocCalling, &e.AssociatedCalling)
	p.linkage(w, 0xa5, &d.Linkage)
	ber.OptOctets(w, 0x87, &d.Subject)
	messageInfo(w, 0xa8, &d.Message)
	ber.OptOctets(w, 0x89, &d.Languages)
	locations(w, 0xaa, &d.Locations)
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

// heldOrRetrieved: the two events are alike.
func (p *phase) heldOrRetrieved(w *ber.Walker, e *message.Event) {
	p.connection(w, tagConnection, &e.Connection)
	p.party(w, tagSubject, &e.Subject)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x80, &e.Data.Correlator)
	fields.Cause(w, &e.Cause)
	if w.Done() {
		return
	}
	p.plainTail(w, e)
}

// plainTail is the end of held, retrieved and, behind its cause, bridged.
func (p *phase) plainTail(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.services(w, 0xa1, &d.Services)
	p.media(w, 0xa2, &d.Media)
	fields.OptBits(w, 0x83, &d.Characteristics)
	p.connectionInfo(w, 0xa4, &d.Info)
	p.linkage(w, 0xa5, &d.Linkage)
	ber.OptOctets(w, 0x86, &d.Languages)
	locations(w, 0xa7, &d.Locations)
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

func (p *phase) bridged(w *ber.Walker, e *message.Event) {
	p.connection(w, tagConnection, &e.Connection)
	p.party(w, tagSubject, &e.Subject)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x80, &e.Data.Correlator)
	fields.UserData(w, tagUserData, &e.Data.UserData)
	fields.Cause(w, &e.Cause)
	p.plainTail(w, e)
}

func (p *phase) diverted(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.connection(w, tagConnection, &e.Connection)
	p.party(w, tagSubject, &e.Subject)
	p.party(w, tagSubject, &e.Target)
	p.optParty(w, tagCalling, &e.Calling)
	p.optParty(w, tagCalled, &e.Called)
	p.redirection(w, &e.Redirection)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x80, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
	fields.Cause(w, &e.Cause)
	if w.Done() {
		return
	}
	p.services(w, 0xa1, &d.Services)
	p.media(w, 0xa2, &d.Media)
	fields.OptBits(w, 0x83, &d.Characteristics)
	p.connectionInfo(w, 0xa4, &d.Info)
	p.networkParties(w, e)
	if w.Done() {
		return
	}
	p.linkage(w, 0xa5, &d.Linkage)
	if w.Done() {
		return
	}
	ber.OptOctets(w, 0x86, &d.Subject)
	messageInfo(w, 0xa7, &d.Message)
	ber.OptOctets(w, 0x88, &d.Languages)
	p.history(w, 0xa9, &d.History)
	locations(w, 0xaa, &d.Locations)
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

// failed is laid out like delivered.
func (p *phase) failed(w *ber.Walker, e *message.Event) { p.delivered(w, e) }

func (p *phase) queued(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.connection(w, tagConnection, &e.Connection)
	p.parties(w, e)
	fields.OptInt(w, 0x80, &e.NumberQueued)
	fields.OptInt(w, 0x81, &e.CallsInFront)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x82, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
	fields.Cause(w, &e.Cause)
	if w.Done() {
		return
	}
	p.services(w, 0xa3, &d.Services)
	p.networkParties(w, e)
	if w.Done() {
		return
	}
	p.media(w, 0xa4, &d.Media)
	fields.OptBits(w, 0x85, &d.Characteristics)
	p.connectionInfo(w, 0xa6, &d.Info)
	p.linkage(w, 0xa7, &d.Linkage)
	ber.OptOctets(w, 0x88, &d.Subject)
	messageInfo(w, 0xa9, &d.Message)
	ber.OptOctets(w, 0x8a, &d.Languages)
	p.history(w, 0xab, &d.History)
	locations(w, 0xac, &d.Locations)
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

func (p *phase) offered(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.connection(w, tagConnection, &e.Connection)
	p.parties(w, e)
	p.optConnection(w, tagConnection, &e.OriginatingNID)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, ber.TagOctetString, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
	fields.Cause(w, &e.Cause)
	if w.Done() {
		return
	}
	p.services(w, 0xa0, &d.Services)
	p.networkParties(w, e)
	if w.Done() {
		return
	}
	p.media(w, 0xa1, &d.Media)
	fields.OptBits(w, 0x82, &d.Characteristics)
	p.connectionInfo(w, 0xa3, &d.Info)
	p.linkage(w, 0xa4, &d.Linkage)
	ber.OptOctets(w, 0x85, &d.Subject)
	messageInfo(w, 0xa6, &d.Message)
	ber.OptOctets(w, 0x87, &d.Languages)
	p.history(w, 0xa8, &d.History)
	locations(w, 0xa9, &d.Locations)
	fields.Extensions(w, tagExtensions, &e.Extensions)
}
