package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// place is where the kind of an event stands among the categories.
type eventPlace struct{ category, tag ber.Tag }

var places = func() map[cti.Kind]eventPlace {
	out := make(map[cti.Kind]eventPlace)
	for c, list := range eventKinds {
		for t, k := range list {
			out[k] = eventPlace{ber.Tag(c), ber.Tag(t)}
		}
	}
	return out
}()

// Report implements rose.Dialect: CSTAEventReportArgument. A category has an
// EXPLICIT tag, the event in it an IMPLICIT one.
func (p *phase) Report(w *ber.Walker, e *message.Event) bool {
	if w.Writing() {
		return p.writeReport(w, e)
	}
	m := w.Require(ber.TagSequence)
	ber.Octets(w, tagCrossRef, &e.CrossRef)
	category, inner := p.enterCategory(w)
	tag := w.Tag() - 0xa0
	known := category < ber.Tag(len(eventKinds)) && tag < ber.Tag(len(eventKinds[category]))
	if known {
		e.Kind = eventKinds[category][tag]
		body := w.Require(w.Tag())
		p.eventBody(w, e)
		w.Leave(body)
	}
	if w.Err() != nil {
		return true
	}
	w.Leave(inner)
	w.Leave(m)
	return known
}

func (p *phase) enterCategory(w *ber.Walker) (ber.Tag, ber.Mark) {
	tag := w.Tag()
	if tag < 0xa0 || tag > 0xbe {
		w.Failf("expected an event category, got %v", tag)
	}
	return tag - 0xa0, w.Require(tag)
}

func (p *phase) writeReport(w *ber.Walker, e *message.Event) bool {
	place, ok := places[e.Kind]
	if !ok {
		return false
	}
	m := w.Require(ber.TagSequence)
	ber.Octets(w, tagCrossRef, &e.CrossRef)
	category := w.Require(0xa0 + place.category)
	body := w.Require(0xa0 + place.tag)
	p.eventBody(w, e)
	w.Leave(body)
	w.Leave(category)
	w.Leave(m)
	return true
}

// eventBody is the content of an event, by its kind.
func (p *phase) eventBody(w *ber.Walker, e *message.Event) {
	switch e.Kind {
	case cti.Delivered, cti.CallFailed:
		p.offeredCall(w, e, 0x80, 1)
	case cti.Established:
		p.offeredCall(w, e, 0x81, 2)
	case cti.Offered:
		p.offeredCall(w, e, ber.TagOctetString, 0)
	case cti.ConnectionCleared:
		p.connectionCleared(w, e)
	case cti.CallCleared:
		p.callCleared(w, e)
	case cti.Originated:
		p.originated(w, e)
	case cti.ServiceInitiated:
		p.serviceInitiated(w, e)
	case cti.Held, cti.Retrieved:
		p.heldOrRetrieved(w, e)
	case cti.Conferenced:
		p.conferenced(w, e)
	case cti.Transferred:
		p.transferred(w, e)
	case cti.Diverted:
		p.diverted(w, e)
	case cti.CallQueued:
		p.offeredCall(w, e, 0x82, 3)
	case cti.NetworkReached:
		p.networkReached(w, e)
	case cti.NetworkCapabilitiesChanged:
		p.networkCapabilitiesChanged(w, e)
	case cti.Bridged:
		p.bridged(w, e)
	case cti.DigitsDialed:
		p.digitsDialed(w, e)
	case cti.Private:
		p.private(w, e)
	default:
		switch places[e.Kind].category {
		case 1, 2:
			p.callAssociated(w, e)
		case 3:
			p.physical(w, e)
		case 4:
			p.logical(w, e)
		default:
			p.maintenance(w, e)
		}
	}
}

// private is PrivateEvent: the security data has the same SEQUENCE tag that
// private data may have; only with both there is the first one security.
func (p *phase) private(w *ber.Walker, e *message.Event) {
	securityAndPrivateData(w, &e.Security, &e.Private)
}

// securityAndPrivateData is an optional CSTASecurityData in front of CSTAPrivateData of
// any type.
func securityAndPrivateData(w *ber.Walker, security, data *message.Raw) {
	if w.Writing() {
		w.PutRaw(*security)
		if len(*data) == 0 {
			w.Failf("private data is missing")
		}
		w.PutRaw(*data)
		return
	}
	*data = w.TakeRaw()
	if *data == nil && w.Err() == nil {
		w.Failf("private data is missing")
	}
	if w.Tag() != ber.TagEnd {
		*security = *data
		*data = w.TakeRaw()
	}
}

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
	p.requireParty(w, tagSubject, &e.Subject)
	p.requireParty(w, tagCalling, &e.Calling)
	p.requireParty(w, tagCalled, &e.Called)
	p.redirection(w, &e.Redirection)
}

// offeredCall is Delivered, Established, Failed, Offered and Queued: a party is
// offered a call, or has taken it. They differ by the tag of the correlator data, by
// n, the number of the first tag after the cause, and by what precedes the state.
func (p *phase) offeredCall(w *ber.Walker, e *message.Event, correlator, n ber.Tag) {
	d := &e.Data
	p.requireConnection(w, tagConnection, &e.Connection)
	p.parties(w, e)
	if e.Kind == cti.CallQueued {
		fields.OptInt(w, 0x80, &e.NumberQueued)
		fields.OptInt(w, 0x81, &e.CallsInFront)
	} else {
		p.optConnection(w, tagConnection, &e.OriginatingNID)
	}
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, correlator, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
	fields.Cause(w, &e.Cause)
	if w.Done() {
		return
	}
	p.services(w, 0xa0+n, &d.Services)
	p.networkParties(w, e)
	if w.Done() {
		return
	}
	p.mediaCharacteristics(w, 0xa1+n, &d.Media)
	fields.OptBits(w, 0x82+n, &d.Characteristics)
	p.connectionInfo(w, 0xa3+n, &d.Info)
	p.callLinkage(w, 0xa4+n, &d.Linkage)
	if w.Done() {
		return
	}
	ber.OptOctets(w, 0x85+n, &d.Subject)
	messageInfo(w, 0xa6+n, &d.Message)
	p.languageTail(w, e, 7+n)
}

// callNature is what most events say about the call after its cause, in four
// tags from n on.
func (p *phase) callNature(w *ber.Walker, d *message.CallData, n ber.Tag) {
	p.services(w, 0xa0+n, &d.Services)
	p.mediaCharacteristics(w, 0xa1+n, &d.Media)
	fields.OptBits(w, 0x82+n, &d.Characteristics)
	p.connectionInfo(w, 0xa3+n, &d.Info)
}

// languageTail is the end of an event with a device history, in three tags from n on.
func (p *phase) languageTail(w *ber.Walker, e *message.Event, n ber.Tag) {
	ber.OptOctets(w, 0x80+n, &e.Data.Languages)
	p.history(w, 0xa1+n, &e.Data.History)
	locations(w, 0xa2+n, &e.Data.Locations)
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

// locationTail is the end of an event without a device history, in two tags from n on.
func (p *phase) locationTail(w *ber.Walker, e *message.Event, n ber.Tag) {
	ber.OptOctets(w, 0x80+n, &e.Data.Languages)
	locations(w, 0xa1+n, &e.Data.Locations)
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

func (p *phase) connectionCleared(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.requireConnection(w, tagConnection, &e.Connection)
	p.requireParty(w, tagSubject, &e.Subject)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x80, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
	charging(w, 0xa1, &e.Charging)
	fields.Cause(w, &e.Cause)
	if w.Done() {
		return
	}
	p.callNature(w, d, 2)
	p.callLinkage(w, 0xa6, &d.Linkage)
	p.languageTail(w, e, 7)
}

func (p *phase) callCleared(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.requireConnection(w, tagConnection, &e.Connection)
	ber.OptOctets(w, 0x81, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
	fields.Cause(w, &e.Cause)
	p.mediaCharacteristics(w, 0xa2, &d.Media)
	fields.OptBits(w, 0x83, &d.Characteristics)
	p.callLinkage(w, 0xa4, &d.Linkage)
	p.locationTail(w, e, 5)
}

// originated has its calling device as the subject, and the device that it was
// originated from as a bare DeviceID.
func (p *phase) originated(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.requireConnection(w, tagConnection, &e.Connection)
	p.requireParty(w, tagSubject, &e.Subject)
	p.requireParty(w, tagCalled, &e.Called)
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
	p.mediaCharacteristics(w, 0xa4, &d.Media)
	fields.OptBits(w, 0x85, &d.Characteristics)
	p.connectionInfo(w, 0xa6, &d.Info)
	p.callLinkage(w, 0xa7, &d.Linkage)
	ber.OptOctets(w, 0x88, &d.Subject)
	messageInfo(w, 0xa9, &d.Message)
	p.locationTail(w, e, 10)
}

func (p *phase) serviceInitiated(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.requireConnection(w, tagConnection, &e.Connection)
	p.requireParty(w, tagSubject, &e.Subject)
	p.optParty(w, tagCalled, &e.Called)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x80, &d.Correlator)
	fields.Cause(w, &e.Cause)
	if w.Done() {
		return
	}
	p.callNature(w, d, 1)
	p.optParty(w, tagNetCalling, &e.NetworkCalling)
	p.optParty(w, tagNetCalled, &e.NetworkCalled)
	p.optParty(w, tagAssocCalling, &e.AssociatedCalling)
	p.callLinkage(w, 0xa5, &d.Linkage)
	ber.OptOctets(w, 0x87, &d.Subject)
	messageInfo(w, 0xa8, &d.Message)
	p.locationTail(w, e, 9)
}

// heldOrRetrieved: the two events are alike.
func (p *phase) heldOrRetrieved(w *ber.Walker, e *message.Event) {
	p.requireConnection(w, tagConnection, &e.Connection)
	p.requireParty(w, tagSubject, &e.Subject)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x80, &e.Data.Correlator)
	fields.Cause(w, &e.Cause)
	if w.Done() {
		return
	}
	p.plainTail(w, e)
}

// plainTail is the end of Held, Retrieved, Bridged and NetworkCapabilitiesChanged,
// after the cause.
func (p *phase) plainTail(w *ber.Walker, e *message.Event) {
	p.callNature(w, &e.Data, 1)
	p.callLinkage(w, 0xa5, &e.Data.Linkage)
	p.locationTail(w, e, 6)
}

func (p *phase) bridged(w *ber.Walker, e *message.Event) {
	p.requireConnection(w, tagConnection, &e.Connection)
	p.requireParty(w, tagSubject, &e.Subject)
	fields.State(w, tagState, &e.State)
	ber.OptOctets(w, 0x80, &e.Data.Correlator)
	fields.UserData(w, tagUserData, &e.Data.UserData)
	fields.Cause(w, &e.Cause)
	p.plainTail(w, e)
}

func (p *phase) diverted(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.requireConnection(w, tagConnection, &e.Connection)
	p.requireParty(w, tagSubject, &e.Subject)
	p.requireParty(w, tagSubject, &e.Target)
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
	p.callNature(w, d, 1)
	p.networkParties(w, e)
	if w.Done() {
		return
	}
	p.callLinkage(w, 0xa5, &d.Linkage)
	if w.Done() {
		return
	}
	ber.OptOctets(w, 0x86, &d.Subject)
	messageInfo(w, 0xa7, &d.Message)
	p.languageTail(w, e, 8)
}
