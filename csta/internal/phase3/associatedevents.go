package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// callAssociated is the events that go with a call, and those of media.
func (p *phase) callAssociated(w *ber.Walker, e *message.Event) {
	f := &e.Feature
	if e.Kind == cti.ServiceCompletionFailure {
		p.completionFailure(w, e)
		return
	}
	p.connection(w, tagConnection, &e.Connection)
	switch e.Kind {
	case cti.CallInformation:
		p.callInformation(w, e)
	case cti.Charging:
		p.device(w, tagDevice, &e.Device)
		charging(w, ber.TagSequence, &e.Charging)
		if e.Charging == nil {
			w.Failf("charging information is missing")
		}
		optCause(w, ber.TagEnumerated, &e.Cause)
	case cti.DigitsGenerated:
		ber.Octets(w, ber.TagIA5String, &f.Digits)
		listOf(w, 0xa0, &f.Durations, integer)
		listOf(w, 0xa1, &f.Pauses, integer)
		connectionInfo(w, ber.TagSequence, &e.Data.Info)
	case cti.TelephonyTonesGenerated:
		optInt(w, ber.TagEnumerated, &f.Tone)
		optInt(w, 0x80, &f.Frequency)
		optInt(w, 0x81, &f.Duration)
		optInt(w, 0x82, &f.Pause)
		connectionInfo(w, ber.TagSequence, &e.Data.Info)
	case cti.MediaAttached, cti.MediaDetached:
		p.mediaEvent(w, e)
	}
	extensions(w, tagExtensions, &e.Extensions)
}

func (p *phase) callInformation(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.party(w, tagSubject, &e.Subject)
	p.optParty(w, tagCalling, &e.Calling)
	ber.OptOctets(w, 0x80, &d.Account)
	ber.OptOctets(w, 0x81, &d.Authorization)
	ber.OptOctets(w, 0x82, &d.Correlator)
	services(w, 0xa3, &d.Services)
	userData(w, tagUserData, &d.UserData)
	ber.OptOctets(w, 0x84, &d.Qualifying)
	connectionInfo(w, ber.TagSequence, &d.Info)
	linkageList(w, 0xa5, d)
	optBits(w, 0x86, &d.Characteristics)
	ber.OptOctets(w, 0x87, &d.Subject)
	ber.OptOctets(w, 0x88, &d.Languages)
	p.optDevice(w, 0xa9, &e.Device)
}

func (p *phase) mediaEvent(w *ber.Walker, e *message.Event) {
	f := &e.Feature
	p.party(w, tagSubject, &e.Subject)
	ber.Int(w, ber.TagEnumerated, &f.MediaService)
	optInt(w, ber.TagInteger, &f.MediaVersion)
	ber.OptOctets(w, 0x80, &f.ID)
	ber.OptOctets(w, 0x81, &f.MediaStream)
	media(w, 0xa2, &e.Data.Media)
	optBits(w, ber.TagBitString, &e.Data.Characteristics)
	state(w, tagState, &e.State)
	connectionInfo(w, 0xa3, &e.Data.Info)
}

func (p *phase) completionFailure(w *ber.Walker, e *message.Event) {
	if w.Writing() && e.Feature.Failure == nil {
		w.Failf("the calls are missing")
		return
	}
	if !w.Writing() {
		e.Feature.Failure = new(message.CompletionFailure)
	}
	f := e.Feature.Failure
	m := w.Require(ber.TagSequence)
	p.failedCall(w, &f.Primary)
	w.Leave(m)
	optional(w, 0xa0, &f.Secondary, p.failedCall)
	listOf(w, 0xa1, &f.OthersPrimary, p.otherCall)
	listOf(w, 0xa2, &f.OthersSecondary, p.otherCall)
	media(w, 0xa3, &e.Data.Media)
	cause(w, &e.Cause)
	extensions(w, tagExtensions, &e.Extensions)
}

func (p *phase) otherCall(w *ber.Walker, c *message.FailedCall) {
	m := w.Require(ber.TagSequence)
	p.failedCall(w, c)
	w.Leave(m)
}

func (p *phase) failedCall(w *ber.Walker, c *message.FailedCall) {
	p.device(w, tagDevice, &c.Device)
	p.connection(w, tagConnection, &c.Connection)
	state(w, tagState, &c.State)
	connectionInfo(w, ber.TagSequence, &c.Info)
}
