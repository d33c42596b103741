package csta

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// deliverEvent hands an event report on. It runs on the reader.
func (s *session) deliverEvent(e *message.Event) {
	m := s.monitors.findByCrossRef(e.CrossRef)
	if m == nil {
		s.keepEarlyEvent(e.CrossRef) // of a monitor that is not known yet, or no longer
		return
	}
	if m.excludes(e.Kind) {
		return
	}
	ev := &s.scratch
	*ev = cti.Event{}
	ev.Time, ev.Kind, ev.Device, ev.State, ev.Cause = s.frames.Arrived(), e.Kind, m.device, e.State, e.Cause
	fillParty(&ev.Subject, &e.Subject)
	fillParty(&ev.Calling, &e.Calling)
	fillParty(&ev.Called, &e.Called)
	fillParty(&ev.Redirection, &e.Redirection)
	fillParty(&ev.Target, &e.Target)
	ev.Permitted, ev.Details = permittedOperations(e.Data.Services), s.reuseDetails(&m.last, e)
	switch ev.Kind.Class() {
	case cti.CallClass:
		s.fillCallEvent(&m.last, ev, e)
	case cti.FeatureClass:
		s.fillFeatureEvent(ev, e)
	}
	if s.cfg.KeepRaw {
		ev.Raw = append([]byte(nil), s.frame...)
	}
	s.Sink.Event(ev)
}

func (s *session) fillCallEvent(before *lastEvent, ev *cti.Event, e *message.Event) {
	if e.Feature.Failure != nil {
		s.fillFailedCalls(ev, e.Feature.Failure)
		return
	}
	ev.Call = before.reuseCallID(s.ids, e.Connection.Call)
	if e.Kind == cti.Conferenced || e.Kind == cti.Transferred {
		s.fillMergedCall(ev, e)
	}
	if ev.Subject.Status == cti.NotSpecified {
		ev.Subject = staticParty(&e.Connection.Device)
	} else if e.Connection.Device.Form == message.Dynamic {
		s.known.rememberConnection(cti.ConnectionID{Call: s.ids.translateCallID(e.Connection.Call),
			Device: ev.Subject.Number}, &e.Connection)
	}
	if ev.Kind == cti.Originated && ev.Subject.Status == cti.Known {
		ev.Calling = ev.Subject // that is what ECMA-269 calls its device (17.2.14)
	}
	if l := e.Data.Linkage; l != nil && l.Call.Set {
		ev.Global = before.reuseGlobalID(l.Call.ID)
	}
	if e.Data.UserData != nil {
		ev.UserData = reuseString(&before.userData, e.Data.UserData)
	}
	if e.Data.Correlator != nil {
		ev.Correlator = reuseString(&before.correlator, e.Data.Correlator)
	}
	ev.Text = eventText(e)
	if ev.Kind == cti.CallCleared {
		s.known.forgetCall(ev.Call)
	}
}

// fillMergedCall finds the call that remains. ECMA-269 names the old calls, and
// the new one in the list of connections.
func (s *session) fillMergedCall(ev *cti.Event, e *message.Event) {
	ev.OldCall = ev.Call
	ev.OtherCall = s.ids.translateCallID(e.Secondary.Call)
	for i := range e.Connections {
		if who := connectedParty(&e.Connections[i]); who.Status != cti.NotSpecified && who.Number != ev.Device {
			ev.Parties = append(ev.Parties, cti.CallParty{Device: who})
		}
		if c := &e.Connections[i].New; c.IsSet() && c.Call != "" {
			ev.Call = s.ids.translateCallID(c.Call)
			s.known.rememberConnection(cti.ConnectionID{Call: ev.Call,
				Device: cti.DeviceID(e.Connections[i].Endpoint.Number)}, c)
		}
	}
}

// translateParty translates a device of a message.
func translateParty(d *message.Device) (p cti.Party) {
	fillParty(&p, d)
	return p
}

// fillParty is translateParty into an empty party.
func fillParty(p *cti.Party, d *message.Device) {
	p.Status = partyStatuses[d.Status]
	if d.Status == message.Known {
		p.Number, p.Name = cti.DeviceID(d.Number), d.PrivateName
	}
}

// partyStatuses are those of cti; that a call was not redirected is not a party.
var partyStatuses = [...]cti.PartyStatus{
	message.Absent: cti.NotSpecified, message.Known: cti.Known, message.NotKnown: cti.NotKnown,
	message.Restricted: cti.Restricted, message.NotRequired: cti.NotSpecified, message.NotSpecified: cti.NotSpecified,
}

// connectedParty returns the device at the end of a connection of a list.
func connectedParty(c *message.Connected) cti.Party {
	if who := translateParty(&c.Endpoint); who.Status != cti.NotSpecified {
		return who
	}
	return staticParty(&c.New.Device)
}

// staticParty returns the device of a connection, if its identifier there
// contains its number.
func staticParty(d *message.Device) cti.Party {
	number, ok := d.Static()
	if !ok || d.Status != message.Known {
		return cti.Party{}
	}
	return cti.Party{Number: cti.DeviceID(number), Name: d.PrivateName, Status: cti.Known}
}

// fillFailedCalls fills in the calls that a service could not complete: the primary
// one is Call, the secondary one OtherCall, and all other devices are Parties.
func (s *session) fillFailedCalls(ev *cti.Event, f *message.CompletionFailure) {
	ev.Call, ev.Subject, ev.State = s.ids.translateCallID(f.Primary.Connection.Call),
		translateParty(&f.Primary.Device), f.Primary.State
	if f.Secondary != nil {
		ev.OtherCall = s.ids.translateCallID(f.Secondary.Connection.Call)
	}
	for _, list := range [][]message.FailedCall{f.OthersPrimary, f.OthersSecondary} {
		for i := range list {
			ev.Parties = append(ev.Parties, cti.CallParty{Device: translateParty(&list[i].Device), State: list[i].State})
		}
	}
}

// eventText returns the text of an event: digits, a charge, a tone.
func eventText(e *message.Event) string {
	switch e.Kind {
	case cti.DigitsGenerated:
		return message.ReadableText(e.Feature.Digits)
	case cti.DigitsDialed:
		return e.Device.Number
	case cti.Charging:
		return formatCharge(e.Charging)
	case cti.TelephonyTonesGenerated:
		return formatTone(&e.Feature)
	case cti.NetworkCapabilitiesChanged:
		return formatProgress(e.Progress)
	}
	return ""
}

func (s *session) fillFeatureEvent(ev *cti.Event, e *message.Event) {
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

// lastEvent holds values of the last event of a monitor. The next one is usually of
// the same call, and equal values are used again. The reader alone uses it.
type lastEvent struct {
	rawCall, rawGlobal   string
	callID               cti.CallID
	globalID             string
	userData, correlator string
	details              *cti.Details
	networkOnly          bool // details are of the public network only
}

func (b *lastEvent) reuseCallID(ids *identifiers, raw string) cti.CallID {
	if b.rawCall != raw {
		b.rawCall, b.callID = raw, ids.translateCallID(raw)
	}
	return b.callID
}

func (b *lastEvent) reuseGlobalID(raw []byte) string {
	if b.rawGlobal != string(raw) {
		b.rawGlobal = string(raw)
		b.globalID = string(formatCallID(b.rawGlobal))
	}
	return b.globalID
}

// longestKept bounds what is kept for each monitor.
const longestKept = 256

// reuseString returns now as a string: the previous one if it is equal.
func reuseString(before *string, now []byte) string {
	switch {
	case len(now) > longestKept:
		return string(now)
	case *before != string(now):
		*before = string(now)
	}
	return *before
}
