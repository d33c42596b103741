package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
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
	p.requireConnection(w, tagConnection, &e.Connection)
	switch e.Kind {
	case cti.CallInformation:
		p.callInformation(w, e)
	case cti.Charging:
		p.requireDevice(w, tagDevice, &e.Device)
		charging(w, ber.TagSequence, &e.Charging)
		if e.Charging == nil {
			w.Failf("charging information is missing")
		}
		fields.OptCause(w, ber.TagEnumerated, &e.Cause)
	case cti.DigitsGenerated:
		ber.Octets(w, ber.TagIA5String, &f.Digits)
		fields.List(w, 0xa0, &f.Durations, fields.Integer)
		fields.List(w, 0xa1, &f.Pauses, fields.Integer)
		p.connectionInfo(w, ber.TagSequence, &e.Data.Info)
	case cti.TelephonyTonesGenerated:
		fields.OptInt(w, ber.TagEnumerated, &f.Tone)
		fields.OptInt(w, 0x80, &f.Frequency)
		fields.OptInt(w, 0x81, &f.Duration)
		fields.OptInt(w, 0x82, &f.Pause)
		p.connectionInfo(w, ber.TagSequence, &e.Data.Info)
	case cti.MediaAttached, cti.MediaDetached:
		p.mediaEvent(w, e)
	}
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

func (p *phase) callInformation(w *ber.Walker, e *message.Event) {
	d := &e.Data
	p.requireParty(w, tagSubject, &e.Subject)
	p.optParty(w, tagCalling, &e.Calling)
	accountAndCorrelator(w, d, 0)
	p.services(w, 0xa3, &d.Services)
	fields.UserData(w, tagUserData, &d.UserData)
	ber.OptOctets(w, 0x84, &d.Qualifying)
	p.connectionInfo(w, ber.TagSequence, &d.Info)
	p.callLinkageList(w, 0xa5, d)
	fields.OptBits(w, 0x86, &d.Characteristics)
	subjectAndLanguages(w, d, 7)
	p.optDevice(w, 0xa9, &e.Device)
}

func (p *phase) mediaEvent(w *ber.Walker, e *message.Event) {
	f := &e.Feature
	p.requireParty(w, tagSubject, &e.Subject)
	ber.Int(w, ber.TagEnumerated, &f.MediaService)
	fields.OptInt(w, ber.TagInteger, &f.MediaVersion)
	ber.OptOctets(w, 0x80, &f.ID)
	ber.OptOctets(w, 0x81, &f.MediaStream)
	p.mediaCharacteristics(w, 0xa2, &e.Data.Media)
	fields.OptBits(w, ber.TagBitString, &e.Data.Characteristics)
	fields.State(w, tagState, &e.State)
	p.connectionInfo(w, 0xa3, &e.Data.Info)
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
	fields.Optional(w, 0xa0, &f.Secondary, p.failedCall)
	fields.List(w, 0xa1, &f.OthersPrimary, p.otherCall)
	fields.List(w, 0xa2, &f.OthersSecondary, p.otherCall)
	p.mediaCharacteristics(w, 0xa3, &e.Data.Media)
	fields.Cause(w, &e.Cause)
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

func (p *phase) otherCall(w *ber.Walker, c *message.FailedCall) {
	m := w.Require(ber.TagSequence)
	p.failedCall(w, c)
	w.Leave(m)
}

func (p *phase) failedCall(w *ber.Walker, c *message.FailedCall) {
	p.requireDevice(w, tagDevice, &c.Device)
	p.requireConnection(w, tagConnection, &c.Connection)
	fields.State(w, tagState, &c.State)
	p.connectionInfo(w, ber.TagSequence, &c.Info)
}
