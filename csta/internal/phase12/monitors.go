package phase12

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// monitorStart (sourced, I and II): the object is a bare DeviceID or a
// ConnectionID, the filter a bare SEQUENCE.
func (d *dialect) monitorStart(w *ber.Walker, r *message.Request) {
	if w.Writing() && r.Device.IsSet() || isDevice(w.Tag()) {
		d.requireDevice(w, &r.Device)
	} else {
		d.requireConnection(w, tagConnection, &r.Connection)
	}
	d.filter(w, ber.TagSequence, &r.Filter)
	fields.OptInt(w, ber.TagEnumerated, &r.MonitorType)
}

// monitorStartResult (sourced, I and II).
func (d *dialect) monitorStartResult(w *ber.Walker, r *message.Result) {
	m := w.Require(ber.TagSequence)
	d.requireCrossRef(w, &r.CrossRef)
	d.filter(w, ber.TagSequence, &r.Filter)
	d.privateExtensions(w, &r.Extensions)
	w.Leave(m)
}

// changeMonitorFilter (sourced).
func (d *dialect) changeMonitorFilter(w *ber.Walker, r *message.Request) {
	d.requireCrossRef(w, &r.CrossRef)
	m := w.Require(ber.TagSequence)
	d.filterLists(w, &r.Filter)
	w.Leave(m)
}

// filter is a MonitorFilter that may be absent.
func (d *dialect) filter(w *ber.Walker, tag ber.Tag, f *message.Filter) {
	if m, ok := w.Enter(tag, f.Set); ok {
		d.filterLists(w, f)
		w.Leave(m)
	}
}

// The lists of a filter. That of the calls is sourced; the others are I's events in
// order of their numbers, then those that II adds (assumed): the lengths (8, 6, 2,
// 7) are those that an OmniPCX Enterprise sends.
const (
	featureBitsI = 4 // of featureBits, those of phase I
	voiceBits    = 7
)

// filterLists is the content of a MonitorFilter (sourced), translated from and
// to the model's lists.
func (d *dialect) filterLists(w *ber.Walker, f *message.Filter) {
	features, agent := featureBits, agentBits
	if d.Phase == I {
		features, agent = featureBits[:featureBitsI], agentBitsI
	}
	if !w.Writing() {
		f.Set = true
	}
	d.filterList(w, 0x80, f, callBits)
	d.filterList(w, 0x81, f, features)
	d.filterList(w, 0x82, f, agent)
	d.filterList(w, 0x83, f, maintenanceBits)
	if d.Phase == II {
		voice := message.Bits{Mask: f.VoiceUnit.Mask, Len: voiceBits, Set: f.Set}
		fields.OptBits(w, 0x85, &voice)
		if !w.Writing() && voice.Set {
			f.VoiceUnit = voice
		}
	}
	private, set := !f.Passes(cti.Private), true
	w.OptBool(0x84, &private, &set)
	if !w.Writing() && private {
		*f = f.Without(cti.Private)
	}
}

// filterList is one list: bit i stands for kinds[i].
func (d *dialect) filterList(w *ber.Walker, tag ber.Tag, f *message.Filter, kinds []cti.Kind) {
	list := message.Bits{Len: uint8(len(kinds)), Set: true}
	if w.Writing() {
		for i, k := range kinds {
			if !f.Passes(k) {
				list.Mask |= 1 << i
			}
		}
	}
	fields.OptBits(w, tag, &list)
	if w.Writing() {
		return
	}
	for i, k := range kinds {
		if list.Set && list.Has(i) {
			*f = f.Without(k)
		}
	}
}
