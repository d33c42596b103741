//go:build !race

package ecma323_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// TestAllocations: an event of devices that the link knows costs nothing, nor
// does a request into a buffer that is used again.
func TestAllocations(t *testing.T) {
	c := codec(4)
	frame := openscapeLike(t, c)
	var m message.Message
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if err := c.Decode(frame, &m); err != nil {
			panic(err)
		}
	}))
	r := message.Request{Op: message.MakeCall, Device: message.Number("4001"), To: message.Number("0612345678")}
	var buf []byte
	require.Zero(t, testing.AllocsPerRun(100, func() {
		out, err := c.AppendRequest(buf[:0], 7, &r)
		if err != nil {
			panic(err)
		}
		buf = out
	}))
}

// openscapeLike is a Delivered of the length that a real switch sends.
func openscapeLike(t testing.TB, c message.Codec) []byte {
	out, err := c.AppendEvent(nil, 0, &message.Event{Kind: cti.Delivered, CrossRef: message.Text("1169730059"),
		State: cti.Alerting, Cause: cti.CauseNewCall,
		Connection: message.ConnectionOf("FF000100000000002D65C85C1C750000", message.Number("302118840100")),
		Subject:    message.Number("302118840100"),
		Calling:    message.Device{Status: message.Known, Number: "302118840101", PrivateName: "Ada"},
		Called:     message.Number("302118840100"),
		Data: message.CallData{Services: &message.ServicesPermitted{CallControl: message.Bits{Set: true, Mask: 7}},
			Media: &message.Media{Class: message.Bits{Set: true, Mask: 1}}}})
	require.NoError(t, err)
	return out
}
