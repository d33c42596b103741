package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// member is a service or an event in one of the lists of CSTA-capability-
// exchange. The presence of its tag says that the switch has it; the bits
// behind the tag tell of its optional parameters and are not used.
type member struct {
	tag  ber.Tag
	op   message.Operation
	kind cti.Kind
}

// eventMembers is a category's list: the events with the tags that they have
// in event reports, save that logged off stands before logged on.
func eventMembers(category int) (out []member) {
	for i, kind := range eventKinds[category] {
		switch kind {
		case cti.AgentLoggedOn:
			kind = cti.AgentLoggedOff
		case cti.AgentLoggedOff:
			kind = cti.AgentLoggedOn
		}
		out = append(out, member{tag: ber.Tag(i), kind: kind})
	}
	return out
}

// capabilityList is a list under its tag; nil members is one that is passed over.
type capabilityList struct {
	tag     ber.Tag
	members []member
}

// servEvtsList are the lists of ServEvtsList.
var servEvtsList = []capabilityList{{0, exchangeServices}, {1, systemServices}, {2, monitorServices},
	{3, snapshotServices},
	{4, callServices}, {5, eventMembers(0)}, {6, associatedServices}, {7, eventMembers(1)}, {9, eventMembers(2)},
	{11, physicalServices}, {12, eventMembers(3)}, {13, logicalServices}, {14, eventMembers(4)}, {15, eventMembers(5)},
	{21, vendorServices}, {22, eventMembers(7)}}

// statusReportingList are those of StatusReportingServList, [23] in it, which
// says the same again.
const tagStatusReporting ber.Tag = 23

var statusReportingList = []capabilityList{{0, monitorServices}, {1, snapshotServices}, {2, systemServices}}

// supportedServices and supportedEvents are the lists of GetCSTAFeatureResult.
var (
	supportedServices = []capabilityList{{0, exchangeServices}, {1, systemServices}, {2, monitorServices},
		{3, snapshotServices}, {4, callServices}, {5, associatedServices}, {8, physicalServices}, {9, logicalServices},
		{14, vendorServices}}
	supportedEvents = []capabilityList{{0, eventMembers(0)}, {1, eventMembers(1)}, {2, eventMembers(2)},
		{3, eventMembers(3)}, {4, eventMembers(4)}, {5, eventMembers(5)}, {7, eventMembers(7)}}
)

// capabilityLists reads or writes lists; explicit ones have a SEQUENCE of their
// own inside the tag.
func capabilityLists(w *ber.Walker, c *message.Capabilities, lists []capabilityList, explicit bool) {
	if w.Writing() {
		for _, l := range lists {
			writeMembers(w, c, l, explicit)
		}
		return
	}
	for w.Tag() != ber.TagEnd {
		list := capabilityList{}
		for _, l := range lists {
			if w.Tag() == 0xa0+l.tag {
				list = l
			}
		}
		if w.Tag() == 0xa0+tagStatusReporting && !explicit {
			m := w.Require(w.Tag())
			capabilityLists(w, c, statusReportingList, false)
			w.Leave(m)
			continue
		}
		if list.members == nil {
			w.TakeRaw() // a list of services that we have no use for
			continue
		}
		m := w.Require(w.Tag())
		if explicit {
			inner := w.Require(ber.TagSequence)
			readMembers(w, c, list.members)
			w.Leave(inner)
		} else {
			readMembers(w, c, list.members)
		}
		w.Leave(m)
	}
}

func readMembers(w *ber.Walker, c *message.Capabilities, members []member) {
	for w.Tag() != ber.TagEnd {
		for _, m := range members {
			switch {
			case w.Tag() != 0x80+m.tag:
			case m.op != message.NoOperation && !c.Has(m.op):
				c.Services = append(c.Services, m.op)
			case m.kind != cti.NoKind:
				c.Events = append(c.Events, m.kind)
			}
		}
		w.TakeRaw()
	}
}

func writeMembers(w *ber.Walker, c *message.Capabilities, l capabilityList, explicit bool) {
	has := func(m member) bool {
		return m.op != message.NoOperation && c.Has(m.op) || m.kind != cti.NoKind && c.Reports(m.kind)
	}
	some := false
	for _, m := range l.members {
		some = some || has(m)
	}
	if !some {
		return
	}
	outer := w.Require(0xa0 + l.tag)
	var inner ber.Mark
	if explicit {
		inner = w.Require(ber.TagSequence)
	}
	for _, m := range l.members {
		if has(m) {
			w.Put(0x80+m.tag, []byte{0}) // no optional parameter
		}
	}
	if explicit {
		w.Leave(inner)
	}
	w.Leave(outer)
}

// featuresResult is GetCSTAFeatureResult.
func (p *phase) featuresResult(w *ber.Walker, r *message.Result) {
	c := ensureCapabilities(w, r)
	m := w.Require(ber.TagSequence)
	capabilityLists(w, c, supportedServices, true)
	w.Leave(m)
	if m, ok := w.Enter(ber.TagSequence, len(c.Events) > 0); ok {
		capabilityLists(w, c, supportedEvents, true)
		w.Leave(m)
	}
}

// ensureCapabilities is the part of a result that holds them.
func ensureCapabilities(w *ber.Walker, r *message.Result) *message.Capabilities {
	c := r.Capabilities
	if c == nil {
		c = new(message.Capabilities)
	}
	if !w.Writing() {
		r.Capabilities = c
	}
	return c
}

// capabilitiesResult is GetSwitchingFunctionCapsResult. Optional fields that
// the model has no use for are passed over. [28] stands for two of them, one a
// BIT STRING and the other a SEQUENCE, which their octets tell apart.
func (p *phase) capabilitiesResult(w *ber.Walker, r *message.Result) {
	c := ensureCapabilities(w, r)
	ber.Octets(w, ber.TagIA5String, &c.Name)
	ber.Octets(w, ber.TagIA5String, &c.Manufacturer)
	for _, b := range []*message.Bits{&c.Profiles, &c.DeviceFormat, &c.Features, &c.Addressability, &c.Appearances} {
		fields.Bits(w, ber.TagBitString, b)
	}
	enumerated(w, &c.Reject)
	passOver(w, 0x9c, ber.TagEnumerated)
	fields.OptBits(w, 0x9c, &c.Linkage)
	passOver(w, ber.TagEnumerated)
	enumerated(w, &c.LocalView)
	m := w.Require(ber.TagSequence)
	for i := range c.Lengths {
		ber.Int(w, ber.TagInteger, &c.Lengths[i])
	}
	w.Leave(m)
	passOver(w, 0xb6, 0xb7, 0x98, tagExtensions)
	if m, ok := w.Enter(0xb6, len(c.Services)+len(c.Events) > 0); ok {
		capabilityLists(w, c, servEvtsList, false)
		w.Leave(m)
	}
	fields.List(w, 0xb7, &c.PrivateData, fields.Integer)
	fields.OptInt(w, 0x98, &c.StatusTimer)
	passOver(w, tagExtensions)
}

// enumerated is an ENUMERATED of two values.
func enumerated(w *ber.Walker, v *bool) {
	n := int8(0)
	if *v {
		n = 1
	}
	ber.Int(w, ber.TagEnumerated, &n)
	if !w.Writing() {
		*v = n == 1
	}
}

// passOver goes to the first of the tags, or to the end.
func passOver(w *ber.Walker, until ...ber.Tag) {
	for !w.Writing() && w.Tag() != ber.TagEnd {
		for _, tag := range until {
			if w.Tag() == tag {
				return
			}
		}
		w.TakeRaw()
	}
}
