package phase3_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/phase3"
	"github.com/ctikit/ctikit/cti"
)

// typical is a delivered event as a switch sends it for an incoming call.
func typical(t testing.TB) (message.Codec, []byte) {
	codec := phase3.New(message.Options{})
	called := message.Number("4001")
	called.HasName, called.PrivateName = true, "Martin"
	e := message.Event{
		Kind: cti.Delivered, CrossRef: message.Text("\x01\x42\xf9\x00"),
		Connection: message.ConnectionOf("\x00\x58", message.Number("4001")),
		Subject:    called, Calling: message.Number("0145678901"), Called: called,
		Redirection: message.Device{Status: message.NotRequired},
		State:       cti.Alerting, Cause: cti.CauseNewCall,
		AssociatedCalling: message.Number("T1"),
		Data:              message.CallData{Correlator: message.Octets("ticket 4711"), Linkage: nil},
	}
	pdu, err := codec.AppendEvent(nil, 1, &e)
	require.NoError(t, err)
	return codec, pdu
}

func BenchmarkDelivered(b *testing.B) {
	codec, pdu := typical(b)
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(len(pdu)))
		b.ReportAllocs()
		var m message.Message
		for b.Loop() {
			if err := codec.Decode(pdu, &m); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encode", func(b *testing.B) {
		var m message.Message
		require.NoError(b, codec.Decode(pdu, &m))
		b.ReportAllocs()
		dst := make([]byte, 0, 512)
		for b.Loop() {
			if _, err := codec.AppendEvent(dst, 1, &m.Event); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkCallEvents is every event of call control, as usual and with all that
// it may say of its call.
func BenchmarkCallEvents(b *testing.B) {
	codec, pdu := typical(b)
	var m message.Message
	require.NoError(b, codec.Decode(pdu, &m))
	usual := m.Event
	usual.Target, usual.Secondary = message.Number("4002"), usual.Connection
	usual.Device, usual.Progress = message.Number("4003"), message.Some([2]int8{1, 2})
	usual.NetworkType = message.Some(int8(1))
	full := usual
	full.NetworkCalling, full.Data = message.Number("0145678901"), message.CallData{
		Correlator: usual.Data.Correlator, UserData: message.Octets("0123456789"),
		Services:        &message.ServicesPermitted{CallControl: message.BitsOf(27, 2, 7)},
		Media:           &message.Media{Class: message.BitsOf(12, 0)},
		Characteristics: message.BitsOf(8, 1),
		Linkage:         &message.Linkage{Call: message.LinkageID{Set: true, Unique: true, ID: message.Octets("12345678")}},
		Info:            &message.ConnectionInfo{Session: message.Text("s")},
		Subject:         message.Text("subject"), Languages: message.Text("fr"),
	}
	for kind := cti.Bridged; kind <= cti.Transferred; kind++ {
		for name, e := range map[string]message.Event{"usual": usual, "full": full} {
			e.Kind = kind
			pdu, err := codec.AppendEvent(nil, 1, &e)
			require.NoError(b, err)
			b.Run(kind.String()+"/"+name+"/decode", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := codec.Decode(pdu, &m); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(kind.String()+"/"+name+"/encode", func(b *testing.B) {
				b.ReportAllocs()
				dst := make([]byte, 0, 1024)
				for b.Loop() {
					if _, err := codec.AppendEvent(dst, 1, &e); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkMakeCall(b *testing.B) {
	codec := phase3.New(message.Options{})
	r := message.Request{Op: message.MakeCall, Device: message.Number("4001"), To: message.Number("0145678901")}
	dst := make([]byte, 0, 512)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := codec.AppendRequest(dst, 1, &r); err != nil {
			b.Fatal(err)
		}
	}
}

// racing: the race detector watches, which allocates.
var racing bool

// TestAllocations: a known event is decoded, with all that it may say of its
// call, and a request written into a
// buffer that is large enough, without allocating.
func TestAllocations(t *testing.T) {
	if racing {
		t.Skip("the race detector allocates")
	}
	codec, pdu := typical(t)
	require.Greater(t, len(pdu), 80)
	require.Less(t, len(pdu), 240)
	var m message.Message
	require.Zero(t, testing.AllocsPerRun(100, func() { _ = codec.Decode(pdu, &m) }))
	require.Equal(t, cti.Delivered, m.Event.Kind)

	full := m.Event
	full.Data.Linkage = &message.Linkage{Call: message.LinkageID{Set: true, Unique: true, ID: message.Octets("12345678")}}
	full.Data.Services = &message.ServicesPermitted{CallControl: message.BitsOf(27, 2, 7), CallAssociated: message.BitsOf(6),
		MediaAttachment: message.BitsOf(2), Routeing: message.BitsOf(9), VoiceUnit: message.BitsOf(15)}
	full.Data.Media = &message.Media{Class: message.BitsOf(12, 0)}
	full.Data.Info = &message.ConnectionInfo{Session: message.Text("s")}
	pdu, err := codec.AppendEvent(nil, 1, &full)
	require.NoError(t, err)
	require.NoError(t, codec.Decode(pdu, &m))
	require.Equal(t, full, m.Event)
	require.Zero(t, testing.AllocsPerRun(100, func() { _ = codec.Decode(pdu, &m) }))
	clear(pdu) // what is shared is no part of the frame
	require.Equal(t, "12345678", string(m.Event.Data.Linkage.Call.ID))
	require.Equal(t, "s", m.Event.Data.Info.Session.String())
	r := message.Request{Op: message.MakeCall, Device: message.Number("4001"), To: message.Number("0145678901")}
	dst := make([]byte, 0, 512)
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = codec.AppendRequest(dst, 1, &r) }))
}
