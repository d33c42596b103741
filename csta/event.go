package csta

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// event hands an event report on. It runs on the reader.
func (s *session) event(e *message.Event) {
	m := s.monitors.byCrossRef(e.CrossRef)
	if m == nil {
		s.unmonitored(e.CrossRef) // a monitor that we do not have yet, or any more
		return
	}
	if m.leavesOut(e.Kind) {
		return
	}
	ev := &s.scratch
	*ev = cti.Event{}
	ev.Time, ev.Kind, ev.Device, ev.State, ev.Cause = s.frames.Arrived(), e.Kind, m.device, e.State, e.Cause
	setParty(&ev.Subject, &e.Subject)
	setParty(&ev.Calling, &e.Calling)
	setParty(&ev.Called, &e.Called)
	setParty(&ev.Redirection, &e.Redirection)
	setParty(&ev.Target, &e.Target)
	ev.Permitted, ev.Details = permitted(e.Data.Services), s.details(&m.before, e)
	switch ev.Kind.Class() {
	case cti.CallClass:
		s.callEvent(&m.before, ev, e)
	case cti.FeatureClass:
		s.featureEvent(ev, e)
	}
	if s.cfg.KeepRaw {
		ev.Raw = append([]byte(nil), s.frame...)
	}
	s.Sink.Event(ev)
}

func (s *session) callEvent(before *before, ev *cti.Event, e *message.Event) {
	if e.Feature.Failure != nil {
		s.failureEvent(ev, e.Feature.Failure)
		return
	}
	ev.Call = before.call(s.ids, e.Connection.Call)
	if e.Kind == cti.Conferenced || e.Kind == cti.Transferred {
		s.mergeEvent(ev, e)
	}
	if ev.Subject.Status == cti.NotSpecified {
		ev.Subject = staticParty(&e.Connection.Device)
	} else if e.Connection.Device.Form == message.Dynamic {
		s.known.note(cti.ConnectionID{Call: s.ids.call(e.Connection.Call), Device: ev.Subject.Number}, &e.Connection)
	}
	if ev.Kind == cti.Originated && ev.Subject.Status == cti.Known {
		ev.Calling = ev.Subject // that is what ECMA-269 calls its device (17.2.14)
	}
	if l := e.Data.Linkage; l != nil && l.Call.Set {
		ev.Global = before.global(l.Call.ID)
	}
	if e.Data.UserData != nil {
		ev.UserData = same(&before.userData, e.Data.UserData)
	}
	if e.Data.Correlator != nil {
		ev.Correlator = same(&before.correlator, e.Data.Correlator)
	}
	ev.Text = text(e)
	if ev.Kind == cti.CallCleared {
		s.known.forget(ev.Call)
	}
}

// mergeEvent finds the call that remains. ECMA-269 names the old calls, and
// the new one in the list of connections.
func (s *session) mergeEvent(ev *cti.Event, e *message.Event) {
	ev.OldCall = ev.Call
	ev.OtherCall = s.ids.call(e.Secondary.Call)
	for i := range e.Connections {
		if who := endpoint(&e.Connections[i]); who.Status != cti.NotSpecified && who.Number != ev.Device {
			ev.Parties = append(ev.Parties, cti.CallParty{Device: who})
		}
		if c := &e.Connections[i].New; c.IsSet() && c.Call != "" {
			ev.Call = s.ids.call(c.Call)
			s.known.note(cti.ConnectionID{Call: ev.Call, Device: cti.DeviceID(e.Connections[i].Endpoint.Number)}, c)
		}
	}
}

// endpoint is the device at the end of a connection of a list.
func endpoint(c *message.Connected) cti.Party {
	if who := party(&c.Endpoint); who.Status != cti.NotSpecified {
		return who
	}
	return staticParty(&c.New.Device)
}

// staticParty is the device of a connection, as far as its identifier there
// tells its number.
func staticParty(d *message.Device) cti.Party {
	number, ok := d.Static()
	if !ok || d.Status != message.Known {
		return cti.Party{}
	}
	return cti.Party{Number: cti.DeviceID(number), Name: d.PrivateName, Status: cti.Known}
}

// failureEvent tells of the calls that a service could not complete: the primary
// one is Call, the secondary one OtherCall, and all other devices are Parties.
func (s *session) failureEvent(ev *cti.Event, f *message.CompletionFailure) {
	ev.Call, ev.Subject, ev.State = s.ids.call(f.Primary.Connection.Call), party(&f.Primary.Device), f.Primary.State
	if f.Secondary != nil {
		ev.OtherCall = s.ids.call(f.Secondary.Connection.Call)
	}
	for _, list := range [][]message.FailedCall{f.OthersPrimary, f.OthersSecondary} {
		for i := range list {
			ev.Parties = append(ev.Parties, cti.CallParty{Device: party(&list[i].Device), State: list[i].State})
		}
	}
}

// text is what of an event is text: digits, a charge, a tone.
func text(e *message.Event) string {
	switch e.Kind {
	case cti.DigitsGenerated:
		return message.ReadableText(e.Feature.Digits)
	case cti.DigitsDialed:
		return e.Device.Number
	case cti.Charging:
		return charge(e.Charging)
	case cti.TelephonyTonesGenerated:
		return tone(&e.Feature)
	case cti.NetworkCapabilitiesChanged:
		return progress(e.Progress)
	}
	return ""
}

func (s *session) featureEvent(ev *cti.Event, e *message.Event) {
	f := &e.Feature
	ev.On = f.On
	ev.Level = int(f.Level.Value)
	ev.Agent = string(f.AgentID)
	switch e.Kind {
	case cti.Forwarding:
		t := message.ForwardImmediate
		if f.Forward.Set {
			t = f.Forward.Value
		}
		ev.Forward = t.Forward(f.On, e.Device.Number)
	case cti.DisplayUpdated:
		if f.Display != nil {
			ev.Text = message.ReadableText(f.Display.Contents)
		}
	case cti.RingerStatus:
		ev.On = f.Ringing.Set && f.Ringing.Value == 0
	case cti.ButtonInformation, cti.ButtonPress, cti.LampMode, cti.Hookswitch:
		ev.Text = string(f.ID)
	case cti.Private:
		ev.Text = string(s.encoding.PrivateData(e.Private))
	}
}
