package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// monitorStart watches a device, or a call where Device is absent.
func (p *phase) monitorStart(w *ber.Walker, r *message.Request) {
	switch {
	case w.Writing() && r.Device.IsSet(), w.Tag() == tagDevice:
		p.requireDevice(w, tagDevice, &r.Device)
	default:
		p.requireConnection(w, tagConnection, &r.Connection)
	}
	filter(w, 0xa0, &r.Filter)
	fields.OptInt(w, ber.TagEnumerated, &r.MonitorType)
	fields.OptBits(w, 0x81, &r.MediaClass)
}

func (p *phase) monitorStop(w *ber.Walker, r *message.Request) { p.requireCrossRef(w, &r.CrossRef) }

func (p *phase) changeMonitorFilter(w *ber.Walker, r *message.Request) {
	p.requireCrossRef(w, &r.CrossRef)
	m := w.Require(ber.TagSequence)
	filterLists(w, &r.Filter)
	w.Leave(m)
}

// filter is a MonitorFilter that may be absent.
func filter(w *ber.Walker, tag ber.Tag, f *message.Filter) {
	if m, ok := w.Enter(tag, f.Set); ok {
		filterLists(w, f)
		w.Leave(m)
	}
}

func filterLists(w *ber.Walker, f *message.Filter) {
	if !w.Writing() {
		f.Set = true
	}
	fields.OptBits(w, 0x80, &f.CallControl)
	fields.OptBits(w, 0x86, &f.CallAssociated)
	fields.OptBits(w, 0x87, &f.Media)
	fields.OptBits(w, 0x88, &f.Physical)
	fields.OptBits(w, 0x89, &f.Logical)
	fields.OptBits(w, 0x83, &f.Maintenance)
	fields.OptBits(w, 0x85, &f.VoiceUnit)
	fields.OptBits(w, 0x84, &f.Private)
}

func (p *phase) systemRegister(w *ber.Walker, r *message.Request) {
	fields.Bits(w, ber.TagBitString, &r.Types)
	fields.OptBits(w, ber.TagBitString, &r.Statuses)
}

func (p *phase) registerOnly(w *ber.Walker, r *message.Request) {
	ber.Octets(w, ber.TagOctetString, &r.Register)
}

// requestSystemStatus, and the notices of changes, have the identifier of the
// registration only.
func (p *phase) requestSystemStatus(w *ber.Walker, r *message.Request) {
	ber.OptOctets(w, ber.TagOctetString, &r.Register)
}

// changeSystemStatusFilter carries one status, not a list of them, as printed.
func (p *phase) changeSystemStatusFilter(w *ber.Walker, r *message.Request) {
	ber.Octets(w, ber.TagOctetString, &r.Register)
	ber.Int(w, ber.TagEnumerated, &r.Status)
}

func (p *phase) systemStatus(w *ber.Walker, r *message.Request) {
	ber.OptOctets(w, ber.TagOctetString, &r.Register)
	ber.Int(w, ber.TagEnumerated, &r.Status)
}

func (p *phase) getDevices(w *ber.Walker, r *message.Request) {
	p.optDevice(w, tagDevice, &r.Device)
	fields.OptInt(w, ber.TagEnumerated, &r.Category)
}

// escapeArgument is EscapeArgument: [0] EXPLICIT register identifier, security,
// private data of any type.
func escapeArgument(w *ber.Walker, r *message.Request) {
	if m, ok := w.Enter(0xa0, r.Register != nil); ok {
		ber.Octets(w, ber.TagOctetString, &r.Register)
		w.Leave(m)
	}
	securityAndPrivateData(w, &r.Security, &r.Escape)
}

// piece is one part of an answer that the switch sends in parts.
func (p *phase) piece(w *ber.Walker, r *message.Request) {
	ber.Octets(w, ber.TagOctetString, &r.Service)
	fields.OptInt(w, ber.TagInteger, &r.Segment)
	w.Bool(ber.TagBoolean, &r.Last)
	switch r.Op {
	case message.SnapshotCallData:
		fields.RequiredList(w, tagCallData, &r.Parties, p.callSnapshotInfo)
	case message.SnapshotDeviceData:
		fields.RequiredList(w, tagDeviceData, &r.Calls, p.deviceSnapshotInfo)
	default:
		fields.RequiredList(w, ber.TagSequence, &r.Devices, p.listedDevice)
	}
}

// listedDevice is one entry of DeviceList.
func (p *phase) listedDevice(w *ber.Walker, d *message.ListedDevice) {
	m := w.Require(ber.TagSequence)
	p.requireDevice(w, tagDevice, &d.Device)
	fields.OptInt(w, 0x80, &d.Category)
	fields.OptInt(w, 0x81, &d.Named)
	fields.OptBits(w, ber.TagBitString, &d.Attributes)
	ber.OptOctets(w, ber.TagIA5String, &d.Model)
	p.optDevice(w, tagDevice, &d.Group)
	w.Leave(m)
}
