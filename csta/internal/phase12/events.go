package phase12

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// categories are the kinds of events: those of one category have the numbers
// from its base on in phase I (sourced, but for those beyond featureBitsI), and
// the tags from [0] on in II (sourced for the calls, assumed for the others).
var categories = [...]struct {
	base  int64
	kinds []cti.Kind
}{
	{1, callBits},
	{101, featureBits},
	{201, []cti.Kind{cti.AgentLoggedOn, cti.AgentLoggedOff, cti.AgentNotReadyEvent, cti.AgentReadyEvent,
		cti.AgentWorkingAfterCallEvent, workReady, cti.AgentBusyEvent}},
	{301, maintenanceBits},
	{401, []cti.Kind{cti.Private}},
}

// workReady is phase I's event for an agent who works after a call and will be
// ready then: working after call with a pending state in the model.
const workReady = cti.Kind(255)

// findKind gives the category of a kind and its place there.
func findKind(e *message.Event) (category, at int, ok bool) {
	kind := e.Kind
	if kind == cti.AgentWorkingAfterCallEvent && e.Feature.Pending == cti.AgentReady {
		kind = workReady
	}
	for c := range categories {
		for i, k := range categories[c].kinds {
			if k == kind {
				return c, i, true
			}
		}
	}
	return 0, 0, false
}

// Report implements rose.Dialect. Both forms are read in either phase.
func (d *dialect) Report(w *ber.Walker, e *message.Event) bool {
	if w.Writing() {
		return d.writeReport(w, e)
	}
	m := w.Require(ber.TagSequence)
	ber.Octets(w, tagCrossRef, &e.CrossRef)
	var known bool
	if w.Tag() == tagNumber {
		known = d.readByNumber(w, e)
	} else {
		known = d.readByChoice(w, e)
	}
	if !known && w.Err() == nil {
		return false
	}
	if !e.Extensions.Set {
		d.privateExtensions(w, &e.Extensions)
	}
	w.Leave(m)
	return true
}

const tagNumber ber.Tag = 0x80

// readByNumber is phase I: [0] IMPLICIT INTEGER and the event.
func (d *dialect) readByNumber(w *ber.Walker, e *message.Event) bool {
	var number int64
	ber.Int(w, tagNumber, &number)
	for c := range categories {
		if i := number - categories[c].base; i >= 0 && i < int64(len(categories[c].kinds)) {
			setKind(e, categories[c].kinds[i])
			if e.Kind == cti.Private {
				e.Private = w.TakeRaw()
				return true
			}
			m := w.Require(ber.TagSequence)
			d.eventBody(w, e)
			w.Leave(m)
			return true
		}
	}
	return false
}

// readByChoice is phase II: the category, the event in it, and in that its
// SEQUENCE; one without that SEQUENCE, as an IMPLICIT tag makes it, is read too.
func (d *dialect) readByChoice(w *ber.Walker, e *message.Event) bool {
	category := int(w.Tag()) - 0xa0
	if category < 0 || category > 0x1e {
		w.Failf("expected an event category, got %v", w.Tag())
		return true
	}
	outer := w.Require(w.Tag())
	at := int(w.Tag()) - 0xa0
	if category >= len(categories) || at < 0 || at >= len(categories[category].kinds) {
		return false
	}
	setKind(e, categories[category].kinds[at])
	inner := w.Require(w.Tag())
	if e.Kind == cti.Private {
		e.Private = w.TakeRaw()
	} else if m, ok := w.Enter(ber.TagSequence, true); ok {
		d.eventBody(w, e)
		w.Leave(m)
	} else {
		d.eventBody(w, e)
	}
	w.Leave(inner)
	w.Leave(outer)
	return true
}

func setKind(e *message.Event, kind cti.Kind) {
	e.Kind = kind
	if kind == workReady {
		e.Kind, e.Feature.Pending = cti.AgentWorkingAfterCallEvent, cti.AgentReady
	}
}

func (d *dialect) writeReport(w *ber.Walker, e *message.Event) bool {
	category, at, ok := findKind(e)
	if !ok || d.Phase == I && (e.Kind == cti.AgentBusyEvent || category == 1 && at >= featureBitsI) {
		return false
	}
	m := w.Require(ber.TagSequence)
	ber.Octets(w, tagCrossRef, &e.CrossRef)
	if d.Events == ByNumber {
		number := categories[category].base + int64(at)
		ber.Int(w, tagNumber, &number)
		d.writeEvent(w, e)
	} else {
		outer := w.Require(0xa0 + ber.Tag(category))
		inner := w.Require(0xa0 + ber.Tag(at))
		d.writeEvent(w, e)
		w.Leave(inner)
		w.Leave(outer)
		d.privateExtensions(w, &e.Extensions)
	}
	w.Leave(m)
	return true
}

// writeEvent writes the SEQUENCE of an event. By number it has the private data
// in it, by choice that stands behind it in the report.
func (d *dialect) writeEvent(w *ber.Walker, e *message.Event) {
	if e.Kind == cti.Private {
		w.PutRaw(e.Private)
		return
	}
	m := w.Require(ber.TagSequence)
	d.eventBody(w, e)
	w.Leave(m)
}
