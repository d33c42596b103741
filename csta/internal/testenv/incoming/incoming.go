// Package incoming is the delivered events of incoming calls, one for each
// extension, as benchmarks and tests of allocations play them.
package incoming

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// Extension is the number of the i-th extension.
func Extension(i int) cti.DeviceID { return cti.DeviceID(fmt.Sprint(4000 + i)) }

// CrossRef is that of the monitor of an extension.
func CrossRef(extension cti.DeviceID) string { return "x" + string(extension) }

// Delivered is the event of the call at the i-th extension. It comes in three
// sizes, in BER about 80, 110 and 220 bytes: an internal call, one from outside
// with names, one with all that a switch may say of it.
func Delivered(i int) message.Event {
	here := message.Number(string(Extension(i)))
	from := message.Number(fmt.Sprintf("01456789%02d", i%100))
	e := message.Event{
		Kind: cti.Delivered, CrossRef: message.Text(CrossRef(Extension(i))), State: cti.Alerting, Cause: cti.CauseNewCall,
		Connection: message.ConnectionOf(string([]byte{1 + byte(i>>8), byte(i)}), here),
		Subject:    here, Calling: from, Called: here, Redirection: message.Device{Status: message.NotRequired},
	}
	if i%3 == 0 {
		e.Calling = message.Number(string(Extension(i + 100)))
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
		Linkage: &message.Linkage{Call: message.LinkageID{Set: true, Unique: true,
			ID: message.Octets(fmt.Sprintf("%08d", i))}},
	}
	return e
}

// Encoded are the events of n extensions.
func Encoded(t testing.TB, codec message.Codec, n int) (out [][]byte) {
	for i := range n {
		e := Delivered(i)
		b, err := codec.AppendEvent(nil, message.InvokeID(1+i), &e)
		require.NoError(t, err)
		out = append(out, b)
	}
	return out
}
