package bench

import (
	"fmt"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/testenv/incoming"
)

// encoded are the events of all extensions. In XML the identifiers of calls are
// longer, and an event has about 900 bytes.
func encoded(t testing.TB, e csta.Encoding) (out [][]byte) {
	codec := newCodec(e)
	if !e.XML() {
		return incoming.Encoded(t, codec, extensions)
	}
	for i := range extensions {
		event := incoming.Delivered(i)
		event.Connection.Call = fmt.Sprintf("FF000100000000002D65C85C1C75%04X", i)
		event.Data.Correlator = message.Octets(fmt.Sprintf("ticket %d of the portal", i))
		b, err := codec.AppendEvent(nil, message.InvokeID(1+i), &event)
		require.NoError(t, err)
		out = append(out, b)
	}
	return out
}

// BenchmarkBEREvent is the way of an event from its bytes: ours to the
// cti.Event that a host sees, that of go-asn1-ber to its tree of packets, from
// which the fields would still have to be read.
func BenchmarkBEREvent(b *testing.B) {
	events := encoded(b, csta.BER3)
	b.Run("ctikit", func(b *testing.B) { benchmarkLink(b, csta.BER3, events) })
	b.Run("go-asn1-ber", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, err := ber.DecodePacketErr(events[i%extensions]); err != nil {
				b.Fatal(err)
			}
		}
	})
}
