package bench

import (
	"fmt"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/internal/encoding"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// delivered is an event of an incoming call at each extension. It comes in three
// sizes: an internal call, one from outside with names, one with all that a
// switch may say of it.
func delivered(i int) message.Event {
	here := message.Number(string(number(i)))
	from := message.Number(fmt.Sprintf("01456789%02d", i))
	e := message.Event{
		Kind: cti.Delivered, CrossRef: message.Text("x" + here.Number), State: cti.Alerting, Cause: cti.CauseNewCall,
		Connection: message.ConnectionOf(string([]byte{1, byte(i)}), here),
		Subject:    here, Calling: from, Called: here, Redirection: message.Device{Status: message.NotRequired},
	}
	if i%3 == 0 {
		e.Calling = message.Number(string(number(i + extensions)))
		return e
	}
	e.Subject.HasName, e.Subject.PrivateName = true, "Martin"
	e.Called, e.AssociatedCalling = e.Subject, message.Number(fmt.Sprintf("T%d", i%30))
	if i%3 == 1 {
		return e
	}
	e.NetworkCalling, e.NetworkCalled = from, message.Number("0123456789")
	e.Data = message.CallData{
		Correlator: message.Octets(fmt.Sprintf("ticket %d", i)), UserData: message.Octets("from the portal"),
		Services: &message.ServicesPermitted{CallControl: message.BitsOf(27, 2, 7), CallAssociated: message.BitsOf(6),
			MediaAttachment: message.BitsOf(2), Routeing: message.BitsOf(9), VoiceUnit: message.BitsOf(15)},
		Linkage: &message.Linkage{Call: message.LinkageID{Set: true, Unique: true, ID: message.Octets(fmt.Sprintf("%08d", i))}},
	}
	return e
}

// encoded are the events of all extensions.
func encoded(t testing.TB, e csta.Encoding) (out [][]byte) {
	codec := encoding.New(e, encoding.Variant{}, message.Options{})
	for i := range extensions {
		event := delivered(i)
		if e.XML() {
			event.Connection.Call = fmt.Sprintf("FF000100000000002D65C85C1C75%04X", i)
			event.Data.Correlator = message.Octets(fmt.Sprintf("ticket %d of the portal", i))
		}
		b, err := codec.AppendEvent(nil, message.InvokeID(1+i), &event)
		require.NoError(t, err)
		out = append(out, b)
	}
	return out
}

// TestSizes: the events are of the sizes that the figures speak of.
func TestSizes(t *testing.T) {
	for i, b := range encoded(t, csta.BER3) {
		require.GreaterOrEqual(t, len(b), 78, i)
		require.LessOrEqual(t, len(b), 250, i)
	}
}

// BenchmarkBEREvent is the way of an event from its bytes: ours to the
// cti.Event that a host sees, that of go-asn1-ber to its tree of packets, from
// which the fields would still have to be read, and the least that any decoder
// does, a look at each tag and length.
func BenchmarkBEREvent(b *testing.B) {
	events := encoded(b, csta.BER3)
	b.Run("ctikit", func(b *testing.B) { benchmarkLink(b, csta.BER3, events) })
	b.Run("walk", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if walk(events[i%extensions]) < 10 {
				b.Fatal("not walked")
			}
		}
	})
	b.Run("go-asn1-ber", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, err := ber.DecodePacketErr(events[i%extensions]); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// walk counts the elements.
func walk(b []byte) (n int) {
	for len(b) >= 2 {
		constructed, length, size := b[0]&0x20 != 0, int(b[1]), 2
		if length >= 0x80 {
			for size += length & 0x7f; size > len(b); {
				return -1
			}
			length = 0
			for _, c := range b[2:size] {
				length = length<<8 | int(c)
			}
		}
		if length > len(b)-size {
			return -1
		}
		n++
		if constructed {
			n += walk(b[size : size+length])
		}
		b = b[size+length:]
	}
	return n
}
