package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

const (
	tagDeviceData ber.Tag = 0x76
	tagCallData   ber.Tag = 0x77
)

// deviceSnapshotInfo is SnapshotDeviceResponseInfo.
func (p *phase) deviceSnapshotInfo(w *ber.Walker, c *message.DeviceCall) {
	m := w.Require(ber.TagSequence)
	p.requireConnection(w, tagConnection, &c.Connection)
	p.optParty(w, 0xa3, &c.Endpoint)
	callState(w, c)
	p.services(w, 0xa0, &c.Services)
	fields.List(w, 0xa1, &c.Streams, func(w *ber.Walker, s *message.Stream) {
		m := w.Require(ber.TagSequence)
		ber.OptOctets(w, ber.TagOctetString, &s.ID)
		p.connectionInfo(w, ber.TagSequence, &s.Info)
		w.Leave(m)
	})
	p.mediaCharacteristics(w, 0xa2, &c.Media)
	p.callLinkage(w, 0xa4, &c.Linkage)
	w.Leave(m)
}

// callState is the CHOICE CallState: compound, simple or unknown.
func callState(w *ber.Walker, c *message.DeviceCall) {
	if fields.List(w, 0xa0, &c.States, func(w *ber.Walker, s *cti.LocalState) { fields.State(w, tagState, s) }) {
		return
	}
	fields.OptInt(w, 0x81, &c.Simple)
	if !c.Simple.Set {
		w.Null(0x82)
	}
}

// callSnapshotInfo is SnapshotCallResponseInfo.
func (p *phase) callSnapshotInfo(w *ber.Walker, c *message.CallParty) {
	m := w.Require(ber.TagSequence)
	p.requireParty(w, tagSubject, &c.Device)
	p.optConnection(w, tagConnection, &c.Connection)
	fields.State(w, tagState, &c.State)
	p.services(w, 0xa0, &c.Services)
	fields.List(w, 0xa1, &c.Streams, func(w *ber.Walker, s *message.Stream) {
		m := w.Require(ber.TagSequence)
		ber.Int(w, 0x80, &s.Service)
		fields.OptInt(w, 0x81, &s.Version)
		ber.OptOctets(w, 0x82, &s.Instance)
		ber.OptOctets(w, 0x83, &s.ID)
		p.connectionInfo(w, 0xa4, &s.Info)
		w.Leave(m)
	})
	locations(w, 0xa2, &c.Locations)
	w.Leave(m)
}

// snapshotDeviceResult has its cross reference untagged, snapshotCallResult
// under [0].
func (p *phase) snapshotDeviceResult(w *ber.Walker, r *message.Result) {
	if ber.OptOctets(w, ber.TagOctetString, &r.Service); r.Service == nil {
		fields.RequiredList(w, tagDeviceData, &r.Calls, p.deviceSnapshotInfo)
	}
}

func (p *phase) snapshotCallResult(w *ber.Walker, r *message.Result) {
	d := &r.Data
	if ber.OptOctets(w, 0x80, &r.Service); r.Service == nil {
		fields.RequiredList(w, tagCallData, &r.Parties, p.callSnapshotInfo)
	}
	p.mediaCharacteristics(w, ber.TagSequence, &d.Media)
	fields.OptBits(w, ber.TagBitString, &d.Characteristics)
	p.optParty(w, tagCalling, &r.Calling)
	p.optParty(w, tagCalled, &r.Called)
	p.optParty(w, tagAssocCalling, &r.AssociatedCalling)
	p.optParty(w, tagAssocCalled, &r.AssociatedCalled)
	ber.OptOctets(w, 0x81, &d.Correlator)
	p.callLinkage(w, 0xa2, &d.Linkage)
	ber.OptOctets(w, 0x83, &d.Subject)
	messageInfo(w, 0xa4, &d.Message)
	ber.OptOctets(w, 0x85, &d.Languages)
	p.history(w, 0xa6, &d.History)
}
