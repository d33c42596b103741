package csta_test

import (
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/internal/encoding"
	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// speak is a PBX that takes one monitor of any device, and then sends events.
func speak(c net.Conn, p csta.Profile, events []message.Event) error {
	codec := newCodec(p)
	frames := framing.NewReader(c, framing.Framing(p.Framing), 0)
	put := func(encode func([]byte) ([]byte, error)) error {
		out, err := encode(framing.Framing(p.Framing).Begin(nil))
		if err == nil {
			err = framing.Framing(p.Framing).End(out, 0)
		}
		if err == nil {
			_, err = c.Write(out)
		}
		return err
	}
	for {
		frame, err := frames.Next()
		if err != nil {
			return err
		}
		var m message.Message
		if err := codec.Decode(frame, &m); err != nil {
			return err
		}
		if m.Kind != message.RequestKind {
			continue
		}
		answer := message.Result{Op: m.Request.Op, CrossRef: "1", Status: message.Normal}
		if err := put(func(dst []byte) ([]byte, error) { return codec.AppendResult(dst, m.InvokeID, &answer) }); err != nil {
			return err
		}
		if m.Request.Op != message.SnapshotDevice {
			continue
		}
		for i := range events {
			if err := put(func(dst []byte) ([]byte, error) { return codec.AppendEvent(dst, 1, &events[i]) }); err != nil {
				return err
			}
		}
	}
}

// told sends events over a link and returns what became of them.
func told(t *testing.T, p csta.Profile, events ...message.Event) []cti.Event {
	p.AskCapabilities, p.Association, p.Session, p.Register, p.Start = false, false, false, false, csta.NoStart
	listener := ctitest.Listen(ctitest.PipeOptions{})
	defer listener.Close()
	spoken := make(chan error, 1)
	go func() {
		c, err := listener.Accept()
		if err == nil {
			err = speak(c, p, events)
		}
		spoken <- err
	}()
	seen := &sink{}
	s, err := csta.Config{Addr: "pbx", Profile: p, Dial: listener.Dial}.Open(t.Context(), seen)
	require.NoError(t, err)
	_, err = s.Supervise(t.Context(), cti.Extension{Number: "4001"})
	require.NoError(t, err)
	require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing})) // answered behind the events
	require.NoError(t, s.Close())
	require.ErrorIs(t, <-spoken, io.EOF)
	require.Len(t, seen.all, len(events))
	return seen.all
}

func own() message.Connection { return message.ConnectionOf("7", message.Number("4001")) }

// TestDetails: what a PBX tells beyond the usual reaches the host, in BER as in XML.
func TestDetails(t *testing.T) {
	pbx := func(kind cti.Kind) message.Event {
		return message.Event{Kind: kind, CrossRef: message.Text("1"), Connection: own(), Subject: message.Number("4001"), State: cti.Connected, Cause: cti.CauseNormal,
			Calling: message.Number("4002"), Called: message.Number("4001"), Redirection: message.Device{Status: message.NotRequired}}
	}
	for name, p := range map[string]csta.Profile{"BER III": csta.Generic3, "XML ed6": csta.GenericXML} {
		t.Run(name, func(t *testing.T) {
			external := pbx(cti.Delivered)
			external.NetworkCalling, external.AssociatedCalling = message.Number("0123456789"), message.Number("801")
			external.Data.Services = &message.ServicesPermitted{CallControl: message.BitsOf(25, 2, 7, 10), CallAssociated: message.BitsOf(3, 2),
				MediaAttachment: message.BitsOf(1), Routeing: message.BitsOf(1), VoiceUnit: message.BitsOf(1)}
			external.Data.Subject = message.Text("order 17")
			queued := pbx(cti.CallQueued)
			queued.NumberQueued, queued.CallsInFront = message.Some(int64(5)), message.Some(int64(2))
			charged := pbx(cti.Charging)
			charged.Device = message.Number("4001")
			charged.Charging = &message.Charging{Units: []message.ChargeUnit{{Units: 3}}}
			tones := pbx(cti.TelephonyTonesGenerated)
			tones.Feature.Tone = message.Some(int16(2))
			failed := pbx(cti.ServiceCompletionFailure)
			failed.Feature.Failure = &message.CompletionFailure{
				Primary:       message.FailedCall{Device: message.Number("4001"), Connection: own(), State: cti.Hold},
				Secondary:     &message.FailedCall{Device: message.Number("4001"), Connection: message.ConnectionOf("8", message.Number("4001")), State: cti.Connected},
				OthersPrimary: []message.FailedCall{{Device: message.Number("4002"), Connection: message.ConnectionOf("7", message.Number("4002")), State: cti.Connected}},
			}
			agent := pbx(cti.AgentBusyEvent)
			agent.Feature.AgentID, agent.Feature.Pending, agent.Device = message.Octets("17"), cti.AgentNull, message.Number("9500")
			forward := pbx(cti.Forwarding)
			forward.Feature.On, forward.Feature.Forward, forward.Device = true, message.Some(message.ForwardNoAnswer), message.Number("4009")
			forward.Feature.Rings = message.Some(int64(4))
			ringer := pbx(cti.RingerStatus)
			ringer.Feature.ID, ringer.Feature.Ringing = message.Octets("1"), message.Some(int8(0))

			got := told(t, p, external, queued, charged, tones, failed, agent, forward, ringer)
			require.Equal(t, cti.PartyOf("0123456789"), got[0].Details.NetworkCalling)
			require.Equal(t, cti.PartyOf("801"), got[0].Details.AssociatedCalling)
			require.Equal(t, "order 17", got[0].Details.Subject)
			require.Equal(t, cti.OperationsOf(cti.OpAnswerCall, cti.OpClearConnection, cti.OpDeflectCall, cti.OpGenerateDigits), got[0].Permitted)
			require.Equal(t, []int{5, 2}, []int{got[1].Details.NumberQueued, got[1].Details.CallsInFront})
			require.Equal(t, "3 units, sub-total", got[2].Text)
			require.Equal(t, "tone 2", got[3].Text)
			require.EqualValues(t, []string{"7", "8"}, []string{string(got[4].Call), string(got[4].OtherCall)})
			require.Equal(t, cti.Hold, got[4].State)
			require.Equal(t, []cti.CallParty{{Device: cti.PartyOf("4002"), State: cti.Connected}}, got[4].Parties)
			require.Equal(t, "17", got[5].Agent)
			require.Equal(t, cti.PartyOf("9500"), got[5].Details.Device)
			require.Equal(t, cti.AgentNull, got[5].Details.Pending)
			require.Equal(t, cti.Forward{Type: cti.ForwardNoAnswer, Active: true, To: "4009"}, got[6].Forward)
			require.Equal(t, 4, got[6].Details.Rings)
			require.True(t, got[7].On)
			require.Equal(t, "1", got[7].Details.ID)
		})
	}
}

// TestEveryKindIsTold: an event of each kind that an encoding carries reaches
// the host; none is dropped in silence.
func TestEveryKindIsTold(t *testing.T) {
	for name, p := range profiles(t) {
		t.Run(name, func(t *testing.T) {
			codec := newCodec(p)
			var sent []message.Event
			for kind := cti.Bridged; kind <= cti.Private; kind++ {
				e := message.Event{Kind: kind, CrossRef: message.Text("1"), Connection: own(), Secondary: own(), Subject: message.Number("4001"), Device: message.Number("4002"),
					Calling: message.Number("4002"), Called: message.Number("4001"), Target: message.Number("4003"), Redirection: message.Device{Status: message.NotRequired},
					State: cti.Connected, Cause: cti.CauseNormal, Private: encoding.Encoding(p.Encoding).Private([]byte{1, 2})}
				e.Feature.ID, e.Feature.Level, e.Feature.Interval = message.Octets("1"), message.Some(int64(1)), message.Some(int64(1))
				e.Feature.Display = &message.Display{Contents: message.Text("x")}
				e.Feature.Failure = &message.CompletionFailure{Primary: message.FailedCall{Device: message.Number("4001"), Connection: own()}}
				e.Feature.Presence = &message.Presence{State: message.BitsOf(1, 0)}
				e.Charging = &message.Charging{Currency: message.Octets("EUR"), Amount: 1}
				e.Progress = message.Some([2]int8{0, 0})
				if kind != cti.ServiceCompletionFailure {
					e.Feature.Failure = nil
				}
				if _, err := codec.AppendEvent(nil, 1, &e); err != nil {
					require.ErrorIs(t, err, message.ErrNotCarried, kind.String())
					continue
				}
				sent = append(sent, e)
			}
			got := told(t, p, sent...)
			for i := range sent {
				require.Equal(t, sent[i].Kind, got[i].Kind)
				require.EqualValues(t, "4001", got[i].Device)
			}
			t.Logf("%d kinds", len(sent))
		})
	}
}
