package bench

import (
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/phase3"
	"github.com/ctikit/ctikit/cti"
)

// delivered is an event of an incoming call, 114 bytes.
func delivered(b *testing.B) (message.Codec, []byte) {
	codec := phase3.New(message.Options{})
	e := message.Event{
		Kind: cti.Delivered, CrossRef: "\x01\x42\xf9\x00",
		Connection: message.ConnectionOf("\x00\x58", message.Number("4001")),
		Subject:    message.Number("4001"), Calling: message.Number("0145678901"), Called: message.Number("4001"),
		Redirection: message.Device{Status: message.NotRequired}, AssociatedCalling: message.Number("T1"),
		State: cti.Alerting, Cause: cti.CauseNewCall, Data: message.CallData{Correlator: message.Octets("ticket 4711")},
	}
	pdu, err := codec.AppendEvent(nil, 1, &e)
	require.NoError(b, err)
	return codec, pdu
}

// BenchmarkDelivered is the decoding of one event: ours into the message model,
// that of go-asn1-ber into its tree of packets, from which the fields would
// still have to be read.
func BenchmarkDelivered(b *testing.B) {
	codec, pdu := delivered(b)
	b.Run("ctikit", func(b *testing.B) {
		b.ReportAllocs()
		var m message.Message
		for b.Loop() {
			if err := codec.Decode(pdu, &m); err != nil {
				b.Fatal(err)
			}
		}
		require.Equal(b, "0145678901", m.Event.Calling.Number)
	})
	b.Run("go-asn1-ber", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ber.DecodePacketErr(pdu); err != nil {
				b.Fatal(err)
			}
		}
	})
}
