package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
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
