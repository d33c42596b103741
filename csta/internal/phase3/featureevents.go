package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// logical is the events of the features of a logical device.
func (p *phase) logical(w *ber.Walker, e *message.Event) {
	f := &e.Feature
	if e.Kind == cti.CallerIDStatus {
		p.requireDevice(w, tagDevice, &e.Device)
	} else {
		p.requireParty(w, tagSubject, &e.Subject)
	}
	switch e.Kind {
	case cti.AgentBusyEvent, cti.AgentWorkingAfterCallEvent:
		ber.OptOctets(w, ber.TagOctetString, &f.AgentID)
		p.optDevice(w, tagDevice, &e.Device)
		optPendingState(w, 0x82, &f.Pending, e.Kind)
		fields.OptCause(w, 0x83, &e.Cause)
	case cti.AgentLoggedOn, cti.AgentLoggedOff:
		ber.OptOctets(w, 0x82, &f.AgentID)
		p.optDevice(w, tagDevice, &e.Device)
		ber.OptOctets(w, 0x83, &f.Password)
		fields.OptCause(w, ber.TagEnumerated, &e.Cause)
	case cti.AgentNotReadyEvent, cti.AgentReadyEvent:
		ber.OptOctets(w, ber.TagOctetString, &f.AgentID)
		p.optDevice(w, tagDevice, &e.Device)
		fields.OptCause(w, ber.TagEnumerated, &e.Cause)
	case cti.AutoAnswer:
		w.Bool(ber.TagBoolean, &f.On)
		fields.OptInt(w, ber.TagInteger, &f.Rings)
	case cti.AutoWorkMode:
		w.Bool(ber.TagBoolean, &f.On)
		ber.Int(w, ber.TagInteger, &f.Interval.Value)
		if !w.Writing() {
			f.Interval.Set = true
		}
	case cti.CallBackChanged, cti.CallBackMessageChanged:
		p.requireParty(w, tagSubject, &e.Target)
		w.Bool(ber.TagBoolean, &f.On)
	case cti.CallerIDStatus, cti.RouteingMode:
		w.Bool(ber.TagBoolean, &f.On)
	case cti.DoNotDisturb:
		w.Bool(ber.TagBoolean, &f.On)
		fields.OptBits(w, ber.TagBitString, &f.Origin)
		fields.List(w, ber.TagSequence, &f.More, p.listedNumber)
	case cti.Forwarding:
		p.forwarding(w, e)
	case cti.PresenceState:
		presence(w, e)
	}
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

// listedNumber is a DeviceID as an element of a list.
func (p *phase) listedNumber(w *ber.Walker, d *message.Device) { p.requireDevice(w, tagDevice, d) }

func (p *phase) forwarding(w *ber.Walker, e *message.Event) {
	f := &e.Feature
	fields.OptInt(w, ber.TagEnumerated, &f.Forward)
	w.Bool(ber.TagBoolean, &f.On)
	p.optDevice(w, tagDevice, &e.Device)
	fields.OptInt(w, ber.TagEnumerated, &f.Default)
	fields.OptInt(w, ber.TagInteger, &f.Rings)
	fields.OptInt(w, 0x84, &f.RingTime)
}

func presence(w *ber.Walker, e *message.Event) {
	if w.Writing() && e.Feature.Presence == nil {
		w.Failf("a presence state is missing")
		return
	}
	if !w.Writing() {
		e.Feature.Presence = new(message.Presence)
	}
	s := e.Feature.Presence
	fields.Bits(w, ber.TagBitString, &s.State)
	ber.OptOctets(w, 0x80, &s.From)
	ber.OptOctets(w, 0x81, &s.Until)
	ber.OptOctets(w, 0x82, &s.Place)
	ber.OptOctets(w, 0x83, &s.Mood)
	ber.OptOctets(w, 0x84, &s.Named)
}

// maintenance is the events of a device's service state.
func (p *phase) maintenance(w *ber.Walker, e *message.Event) {
	p.requireParty(w, tagSubject, &e.Subject)
	fields.OptCause(w, ber.TagEnumerated, &e.Cause)
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

// physical is the events of the features of a physical device.
func (p *phase) physical(w *ber.Walker, e *message.Event) {
	f := &e.Feature
	p.requireParty(w, tagSubject, &e.Subject)
	switch e.Kind {
	case cti.ButtonInformation, cti.ButtonPress:
		ber.Octets(w, ber.TagOctetString, &f.ID)
		ber.OptOctets(w, ber.TagIA5String, &f.Label)
		p.optDevice(w, tagDevice, &e.Device)
		if e.Kind == cti.ButtonInformation {
			fields.OptBool(w, ber.TagBoolean, &f.Pressable)
		}
	case cti.DisplayUpdated:
		display(w, f)
	case cti.Hookswitch, cti.MicrophoneMute, cti.SpeakerMute:
		ber.Octets(w, ber.TagOctetString, &f.ID)
		w.Bool(ber.TagBoolean, &f.On)
	case cti.LampMode:
		lampMode(w, f)
	case cti.MessageWaiting:
		p.optDevice(w, tagDevice, &e.Device)
		w.Bool(ber.TagBoolean, &f.On)
	case cti.MicrophoneGain, cti.SpeakerVolume:
		ber.Octets(w, ber.TagOctetString, &f.ID)
		level(w, f)
	case cti.RingerStatus:
		ringer(w, f)
	}
	fields.Extensions(w, tagExtensions, &e.Extensions)
}

// level is MicrophoneGain or Volume: an absolute value or a step.
func level(w *ber.Walker, f *message.Feature) {
	fields.OptInt(w, ber.TagInteger, &f.Level)
	if !f.Level.Set {
		ber.Int(w, ber.TagEnumerated, &f.Step.Value)
		if !w.Writing() {
			f.Step.Set = true
		}
	}
}

func lampMode(w *ber.Walker, f *message.Feature) {
	ber.Octets(w, ber.TagOctetString, &f.ID)
	ber.OptOctets(w, ber.TagOctetString, &f.Label)
	ber.Int(w, ber.TagInteger, &f.Level.Value)
	if !w.Writing() {
		f.Level.Set = true
	}
	fields.OptInt(w, ber.TagEnumerated, &f.Brightness)
	fields.OptInt(w, ber.TagInteger, &f.Color)
}

func ringer(w *ber.Walker, f *message.Feature) {
	ber.Octets(w, ber.TagOctetString, &f.ID)
	fields.OptInt(w, ber.TagEnumerated, &f.Ringing)
	fields.OptInt(w, 0x80, &f.Rings)
	fields.OptInt(w, 0x83, &f.RingTime)
	fields.OptInt(w, 0x81, &f.Pattern)
	if m, ok := w.Enter(0xa2, f.Level.Set || f.Step.Set); ok {
		level(w, f)
		w.Leave(m)
	}
}

func display(w *ber.Walker, f *message.Feature) {
	if w.Writing() && f.Display == nil {
		w.Failf("the display is missing")
		return
	}
	if !w.Writing() {
		f.Display = new(message.Display)
	}
	d := f.Display
	ber.OptOctets(w, ber.TagOctetString, &f.ID)
	ber.Int(w, ber.TagInteger, &d.Rows)
	ber.Int(w, ber.TagInteger, &d.Columns)
	fields.OptInt(w, 0x80, &d.PhysicalRows)
	fields.OptInt(w, 0x81, &d.PhysicalColumns)
	fields.OptInt(w, 0x82, &d.BaseRow)
	fields.OptInt(w, 0x83, &d.BaseColumn)
	fields.OptInt(w, ber.TagEnumerated, &d.CharacterSet)
	ber.Octets(w, ber.TagIA5String, &d.Contents)
}
