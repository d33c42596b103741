package csta

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// readMessages is the reader: it decodes message after message until the connection
// ends, and hands each on.
func (s *session) readMessages(conn io.Reader) {
	s.frames = framing.NewReader(conn, s.framing, s.cfg.MaxMessage)
	var m message.Message
	for {
		frame, err := s.frames.Next()
		if err != nil {
			s.endSession(err)
			return
		}
		s.frame = frame
		s.Figures.CountMessage()
		err = s.codec.Decode(frame, &m)
		s.recordReceived(frame, &m)
		if err != nil {
			if !s.skipUndecodable(&m, err) {
				s.endSession(err)
				return
			}
			continue
		}
		if m.Skipped > 0 {
			s.Figures.Skipped.Add(uint64(m.Skipped))
		}
		if err := s.handleMessage(&m); err != nil {
			s.endSession(err)
			return
		}
	}
}

// endSession ends the session for the reason that the reader met.
func (s *session) endSession(err error) {
	var bad *framing.Error
	var undecodable *message.DecodeError
	if errors.As(err, &bad) && bad.Err != io.ErrUnexpectedEOF || errors.As(err, &undecodable) {
		err = fmt.Errorf("%w: %w", cti.ErrProtocol, err)
	}
	s.Finish(err)
	s.recorder.stopWriter()
}

// skipUndecodable deals with a message that cannot be read: it reports whether the
// session goes on. The next one starts at a known place, so only a stream that is
// no CSTA at all, or an association that cannot be read, ends the session.
func (s *session) skipUndecodable(m *message.Message, err error) bool {
	var e *message.DecodeError
	if !errors.As(err, &e) || e.Problem == message.Unrecognized || m.Kind == message.AssociationKind {
		return false
	}
	s.Figures.Skipped.Add(1)
	switch m.Kind {
	case message.ResultKind, message.FailureKind:
		s.handleAnswer(m.InvokeID, reply{err: &cti.Error{Err: fmt.Errorf("%w: %w", cti.ErrProtocol, err)}})
	case message.RequestKind:
		if e.Problem == message.MistypedContent {
			s.sendReject(m.InvokeID, 2)
			break
		}
		_ = s.sendMessage(func(dst []byte) ([]byte, error) { // not even its identifier is certain
			return s.codec.AppendReject(dst, &message.Reject{Class: message.RejectGeneral, Problem: int64(e.Problem)})
		})
	}
	return true
}

// handleMessage deals with one message.
func (s *session) handleMessage(m *message.Message) error {
	switch m.Kind {
	case message.EventKind:
		if m.Unknown {
			s.Figures.Skipped.Add(1)
			return nil
		}
		s.deliverEvent(&m.Event)
	case message.ResultKind:
		if m.Unknown {
			s.Figures.Skipped.Add(1)
			s.handleAnswer(m.InvokeID, reply{err: &cti.Error{Err: cti.ErrProtocol, Code: "result of an unknown operation"}})
			return nil
		}
		if asked := s.requestedOperation(m.InvokeID); asked != message.NoOperation && asked != m.Result.Op {
			s.Figures.Skipped.Add(1)
			s.handleAnswer(m.InvokeID, reply{err: &cti.Error{Err: cti.ErrProtocol,
				Code: fmt.Sprintf("got a result of %v in reply to %v", m.Result.Op, asked)}})
			return nil
		}
		s.handleAnswer(m.InvokeID, s.translateResult(&m.Result))
	case message.FailureKind:
		s.handleAnswer(m.InvokeID, reply{err: failureError(m.Failure)})
	case message.RejectKind:
		if m.Reject.InvokeID.Set {
			s.handleAnswer(m.Reject.InvokeID.Value, reply{err: rejectError(&m.Reject)})
		} else {
			s.Figures.Skipped.Add(1)
		}
	case message.RequestKind:
		return s.serveRequest(m)
	case message.AssociationKind:
		return s.handleAssociation(&m.Association)
	}
	return nil
}

// reportEvent reports an event of the session itself. It runs on the reader.
func (s *session) reportEvent(ev cti.Event) {
	s.scratch = ev
	s.scratch.Time = time.Now()
	s.Sink.Event(&s.scratch)
}

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
