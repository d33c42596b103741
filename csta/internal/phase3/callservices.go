package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
)

func (p *phase) connectionOnly(w *ber.Walker, r *message.Request) {
	p.requireConnection(w, tagConnection, &r.Connection)
}

func (p *phase) heldAndActive(w *ber.Walker, r *message.Request) {
	p.requireConnection(w, tagConnection, &r.Held)
	p.requireConnection(w, tagConnection, &r.Connection)
}

// reconnectCall names the active call first.
func (p *phase) reconnectCall(w *ber.Walker, r *message.Request) {
	p.requireConnection(w, tagConnection, &r.Connection)
	p.requireConnection(w, tagConnection, &r.Held)
}

func (p *phase) alternateCall(w *ber.Walker, r *message.Request) {
	p.heldAndActive(w, r)
	fields.OptBool(w, ber.TagBoolean, &r.Reserve)
	fields.OptInt(w, ber.TagEnumerated, &r.Consult)
}

// correlatorAndUserData are the untagged pair that many services end with.
func correlatorAndUserData(w *ber.Walker, d *message.CallData) {
	ber.OptOctets(w, ber.TagOctetString, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
}

// accountAndCorrelator are three identifiers that several services have, in three
// tags from n on.
func accountAndCorrelator(w *ber.Walker, d *message.CallData, n ber.Tag) {
	ber.OptOctets(w, 0x80+n, &d.Account)
	ber.OptOctets(w, 0x81+n, &d.Authorization)
	ber.OptOctets(w, 0x82+n, &d.Correlator)
}

// subjectAndLanguages are the end of many services, in two tags from n on.
func subjectAndLanguages(w *ber.Walker, d *message.CallData, n ber.Tag) {
	ber.OptOctets(w, 0x80+n, &d.Subject)
	ber.OptOctets(w, 0x81+n, &d.Languages)
}

// answerCall is AnswerCallArgument and AcceptCallArgument.
func (p *phase) answerCall(w *ber.Walker, r *message.Request) {
	p.requireConnection(w, tagConnection, &r.Connection)
	correlatorAndUserData(w, &r.Data)
}

func (p *phase) clearCall(w *ber.Walker, r *message.Request) {
	p.requireConnection(w, tagConnection, &r.Connection)
	fields.UserData(w, tagUserData, &r.Data.UserData)
	fields.OptCause(w, ber.TagEnumerated, &r.Cause)
}

func (p *phase) clearConnection(w *ber.Walker, r *message.Request) {
	p.requireConnection(w, tagConnection, &r.Connection)
	correlatorAndUserData(w, &r.Data)
	fields.OptCause(w, ber.TagEnumerated, &r.Cause)
}

func (p *phase) holdCall(w *ber.Walker, r *message.Request) {
	p.requireConnection(w, tagConnection, &r.Connection)
	fields.OptBool(w, ber.TagBoolean, &r.Reserve)
}

// consultationCall prints [0] IMPLICIT ConnectionID and [6] IMPLICIT UserData,
// see the package comment; the consulted device has an EXPLICIT tag.
func (p *phase) consultationCall(w *ber.Walker, r *message.Request) {
	d := &r.Data
	p.requireConnection(w, 0xa0, &r.Connection)
	m := w.Require(0xa1)
	p.requireDevice(w, tagDevice, &r.To)
	w.Leave(m)
	fields.OptBool(w, 0x82, &r.Reserve)
	accountAndCorrelator(w, d, 3)
	fields.UserData(w, 0xa6, &d.UserData)
	fields.OptBits(w, 0x87, &d.Characteristics)
	p.mediaCharacteristics(w, 0xa8, &d.Media)
	p.connectionInfo(w, 0xa9, &d.Info)
	fields.OptInt(w, 0x8a, &r.Consult)
	subjectAndLanguages(w, d, 11)
}

func (p *phase) makeCallArgument(w *ber.Walker, r *message.Request) {
	d := &r.Data
	p.requireDevice(w, tagDevice, &r.Device)
	p.requireDevice(w, tagDevice, &r.To)
	ber.OptOctets(w, 0x80, &d.Account)
	ber.OptOctets(w, 0x81, &d.Authorization)
	fields.OptInt(w, 0x83, &r.AutoOriginate) // [3] stands before [2]
	ber.OptOctets(w, 0x82, &d.Correlator)
	fields.UserData(w, tagUserData, &d.UserData)
	fields.OptBits(w, ber.TagBitString, &d.Characteristics)
	p.mediaCharacteristics(w, 0xa4, &d.Media)
	p.connectionInfo(w, 0xa5, &d.Info)
	subjectAndLanguages(w, d, 6)
	fields.OptCause(w, 0x88, &r.Cause)
}

func (p *phase) makePredictiveCall(w *ber.Walker, r *message.Request) {
	d := &r.Data
	q := r.Predictive
	if q == nil {
		q = new(message.Predictive)
	}
	if !w.Writing() {
		r.Predictive = q
	}
	p.requireDevice(w, tagDevice, &r.Device)
	p.requireDevice(w, tagDevice, &r.To)
	if m, ok := w.Enter(0xa0, q.Signalling.Set); ok {
		if !w.Writing() {
			q.Signalling.Set = true
		}
		predictiveCondition(w, &q.Signalling.Value)
		w.Leave(m)
	}
	fields.List(w, 0xa1, &q.Destinations, func(w *ber.Walker, c *[2]int8) {
		m := w.Require(ber.TagSequence)
		predictiveCondition(w, c)
		w.Leave(m)
	})
	fields.OptInt(w, 0x82, &q.DefaultAction)
	ber.OptOctets(w, 0x83, &d.Account)
	ber.OptOctets(w, 0x84, &d.Authorization)
	fields.OptInt(w, 0x85, &r.AutoOriginate)
	fields.OptInt(w, 0x86, &q.AlertTime)
	ber.OptOctets(w, 0x87, &d.Correlator)
	fields.OptBits(w, 0x88, &d.Characteristics)
	fields.UserData(w, tagUserData, &d.UserData)
	subjectAndLanguages(w, d, 9)
}

// predictiveCondition is a condition and the action that it calls for.
func predictiveCondition(w *ber.Walker, c *[2]int8) {
	ber.Int(w, ber.TagEnumerated, &c[0])
	ber.Int(w, ber.TagEnumerated, &c[1])
}

func (p *phase) parkCall(w *ber.Walker, r *message.Request) {
	p.requireConnection(w, tagConnection, &r.Connection)
	p.requireDevice(w, tagDevice, &r.To)
	ber.OptOctets(w, ber.TagOctetString, &r.Data.Correlator)
	subjectAndLanguages(w, &r.Data, 0)
}

func (p *phase) singleStepConference(w *ber.Walker, r *message.Request) {
	d := &r.Data
	p.requireConnection(w, tagConnection, &r.Connection)
	p.requireDevice(w, tagDevice, &r.To)
	fields.OptInt(w, ber.TagEnumerated, &r.Participation)
	accountAndCorrelator(w, d, 0)
	fields.UserData(w, tagUserData, &d.UserData)
	subjectAndLanguages(w, d, 3)
}

func (p *phase) singleStepTransfer(w *ber.Walker, r *message.Request) {
	d := &r.Data
	p.requireConnection(w, tagConnection, &r.Connection)
	p.requireDevice(w, tagDevice, &r.To)
	accountAndCorrelator(w, d, 0)
	fields.UserData(w, tagUserData, &d.UserData)
	fields.OptBits(w, 0x83, &d.Characteristics)
	subjectAndLanguages(w, d, 4)
	fields.OptCause(w, 0x86, &r.Cause)
}

func (p *phase) callBackArgument(w *ber.Walker, r *message.Request) {
	p.requireConnection(w, tagConnection, &r.Connection)
	fields.OptBits(w, ber.TagBitString, &r.Data.Characteristics)
	subjectAndLanguages(w, &r.Data, 0)
}

func (p *phase) deflectCall(w *ber.Walker, r *message.Request) {
	d := &r.Data
	p.requireConnection(w, tagConnection, &r.Connection)
	p.requireDevice(w, tagDevice, &r.To)
	fields.List(w, ber.TagSequence, &r.More, p.listedNumber)
	correlatorAndUserData(w, d)
	fields.OptBits(w, 0x80, &d.Characteristics)
	subjectAndLanguages(w, d, 1)
	fields.OptCause(w, 0x83, &r.Cause)
}

func (p *phase) dialDigits(w *ber.Walker, r *message.Request) {
	p.requireConnection(w, tagConnection, &r.Connection)
	p.requireDevice(w, tagDevice, &r.To)
	ber.OptOctets(w, ber.TagOctetString, &r.Data.Correlator)
}

func (p *phase) directedPickup(w *ber.Walker, r *message.Request) {
	p.requireConnection(w, tagConnection, &r.Connection)
	p.requireDevice(w, tagDevice, &r.Device)
	correlatorAndUserData(w, &r.Data)
}

// groupPickup: To is the group whose call is picked up.
func (p *phase) groupPickup(w *ber.Walker, r *message.Request) {
	p.requireDevice(w, tagDevice, &r.Device)
	p.optDevice(w, tagDevice, &r.To)
	correlatorAndUserData(w, &r.Data)
}

func (p *phase) intrudeCall(w *ber.Walker, r *message.Request) {
	p.requireConnection(w, tagConnection, &r.Connection)
	fields.OptInt(w, ber.TagEnumerated, &r.Participation)
	fields.UserData(w, tagUserData, &r.Data.UserData)
}

func (p *phase) joinCall(w *ber.Walker, r *message.Request) {
	d := &r.Data
	p.requireConnection(w, tagConnection, &r.Connection)
	p.requireDevice(w, tagDevice, &r.Device)
	fields.OptInt(w, 0x80, &r.AutoOriginate)
	fields.OptInt(w, 0x81, &r.Participation)
	accountAndCorrelator(w, d, 2)
	fields.UserData(w, tagUserData, &d.UserData)
}

func (p *phase) associateData(w *ber.Walker, r *message.Request) {
	d := &r.Data
	p.requireConnection(w, tagConnection, &r.Connection)
	accountAndCorrelator(w, d, 0)
	ber.OptOctets(w, 0x83, &d.Qualifying)
	fields.OptBits(w, 0x84, &d.Characteristics)
	subjectAndLanguages(w, d, 5)
	p.optDevice(w, 0xa7, &r.Device)
}

func (p *phase) generateDigits(w *ber.Walker, r *message.Request) {
	p.requireConnection(w, tagConnection, &r.Connection)
	fields.OptInt(w, ber.TagEnumerated, &r.Mode)
	ber.Octets(w, ber.TagIA5String, &r.Digits)
	fields.OptInt(w, 0x80, &r.Duration)
	fields.OptInt(w, 0x81, &r.Rate)
	fields.OptInt(w, 0x82, &r.Pause)
}

func (p *phase) generateTones(w *ber.Walker, r *message.Request) {
	p.requireConnection(w, tagConnection, &r.Connection)
	ber.Int(w, ber.TagEnumerated, &r.Tone)
	fields.OptInt(w, ber.TagInteger, &r.Duration)
}

func (p *phase) sendUserInformation(w *ber.Walker, r *message.Request) {
	p.requireConnection(w, tagConnection, &r.Connection)
	m := w.Require(tagUserData)
	ber.Octets(w, ber.TagOctetString, &r.Data.UserData)
	w.Leave(m)
}
