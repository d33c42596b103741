//go:build !race

package vtixml_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/vtixml"
)

// TestEventAllocations: device numbers and calls that were seen cost nothing,
// new text comes from chunks.
func TestEventAllocations(t *testing.T) {
	ev := fullEvent()
	ev.UserData, ev.Correlator = "", ""
	bytes, err := vtixml.Dialect{}.Append(nil, &vtixml.Message{Type: vtixml.EventMessage, Monitor: 12, Event: ev})
	require.NoError(t, err)
	var m vtixml.Message
	require.Zero(t, testing.AllocsPerRun(200, func() {
		m.Reset()
		if err := (vtixml.Dialect{}).Decode(bytes, &m); err != nil {
			t.Fatal(err)
		}
	}))
}

// TestNewCallsAllocateLittle: an event of a call and a caller never seen before
// costs less than one allocation.
func TestNewCallsAllocateLittle(t *testing.T) {
	var all [][]byte
	var calls []cti.CallID
	for i := range 10000 {
		ev := cti.Event{Kind: cti.Delivered, Device: "4001", State: cti.Alerting, Call: cti.CallID(fmt.Sprint("c", i)), Calling: cti.PartyOf(cti.DeviceID(fmt.Sprint("06", i)))}
		data, err := vtixml.Dialect{}.Append(nil, &vtixml.Message{Type: vtixml.EventMessage, Event: ev})
		require.NoError(t, err)
		all, calls = append(all, data), append(calls, ev.Call)
	}
	allocations := testing.AllocsPerRun(1, func() {
		var m vtixml.Message
		for i, data := range all {
			m.Reset()
			if err := (vtixml.Dialect{}).Decode(data, &m); err != nil || m.Event.Call != calls[i] {
				t.Fatal(err, m.Event.Call)
			}
		}
	})
	require.Less(t, allocations/float64(len(all)), 1.0)
}
