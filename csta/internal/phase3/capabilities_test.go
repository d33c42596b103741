package phase3_test

import (
	"encoding/hex"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/phase3"
	"github.com/ctikit/ctikit/cti"
)

// exchanged is every service and event that has a place in the lists.
func exchanged() (services []message.Operation, events []cti.Kind) {
	for _, op := range message.Operations() {
		if op != message.EventReport && op < message.StartApplicationSession {
			services = append(services, op)
		}
	}
	for kind := cti.Bridged; kind <= cti.Private; kind++ {
		events = append(events, kind)
	}
	slices.Sort(services)
	return services, events
}

func TestCapabilities(t *testing.T) {
	codec := phase3.New(message.Options{})
	services, events := exchanged()
	for _, op := range []message.Operation{message.GetSwitchingFunctionCaps, message.GetCSTAFeatures} {
		want := message.Capabilities{Services: services, Events: events}
		if op == message.GetSwitchingFunctionCaps {
			want.Name, want.Manufacturer = message.Text("site"), message.Text("maker")
			want.Profiles, want.DeviceFormat, want.Features = message.BitsOf(14, 0), message.BitsOf(34, 0, 1), message.BitsOf(15, 1)
			want.Addressability, want.Appearances = message.BitsOf(2, 1), message.BitsOf(6)
			want.Linkage, want.LocalView, want.Lengths = message.BitsOf(2, 0), true, [12]int64{32, 5: 32, 11: 64}
			want.PrivateData, want.StatusTimer = []int64{1, 2}, message.Some(int64(30))
		}
		pdu, err := codec.AppendResult(nil, 1, &message.Result{Op: op, Capabilities: &want})
		require.NoError(t, err)
		var m message.Message
		require.NoError(t, codec.Decode(pdu, &m), hex.EncodeToString(pdu))
		require.False(t, m.Unknown)
		require.Zero(t, m.Skipped)
		slices.Sort(m.Result.Capabilities.Services)
		slices.Sort(m.Result.Capabilities.Events)
		require.Equal(t, &want, m.Result.Capabilities)
	}
}

// TestCapabilitiesByHand: bytes made from the module, with fields and lists
// that the model passes over, and both fields that have the tag [28].
func TestCapabilitiesByHand(t *testing.T) {
	lists := "a203 810100" + "a403 910100" + "a503 840100" + "a803 800100" + "ae03 810100" + "b705 a003 820100"
	pdu := sequence(t, 0xa2, "020101", sequenceText(t, 0x30, "020200cb", sequenceText(t, 0x30,
		"160173 16016d 030100 030100 030100 030100 030100 0a0101",
		"80020780 9c020780 930100 0a0100",
		sequenceText(t, 0x30, "020101 020102 020103 020104 020105 020106 020107 020108 020109 02010a 02010b 02010c"),
		sequenceText(t, 0xbc, "020101 020101 020101 020101 020101 020101"),
		sequenceText(t, 0xb6, lists), "98011e 990101 7e00")))
	var m message.Message
	require.NoError(t, phase3.New(message.Options{}).Decode(pdu, &m))
	require.Zero(t, m.Skipped)
	c := m.Result.Capabilities
	require.Equal(t, "s", c.Name.String())
	require.True(t, c.Reject)
	require.True(t, c.Linkage.Has(0))
	require.Equal(t, int64(12), c.Lengths[11])
	require.Equal(t, []message.Operation{message.MonitorStart, message.MakeCall, message.MonitorStop}, c.Services)
	require.Equal(t, []cti.Kind{cti.Delivered, cti.AgentLoggedOff}, c.Events)
	require.Equal(t, message.Some(int64(30)), c.StatusTimer)
	require.True(t, m.Result.Extensions.Set)
}

// sequence puts a tag and a length before parts in hexadecimal.
func sequence(t testing.TB, tag byte, parts ...string) []byte {
	var content []byte
	for _, p := range parts {
		content = append(content, unhex(t, p)...)
	}
	require.Less(t, len(content), 256)
	if len(content) < 128 {
		return append([]byte{tag, byte(len(content))}, content...)
	}
	return append([]byte{tag, 0x81, byte(len(content))}, content...)
}

func sequenceText(t testing.TB, tag byte, parts ...string) string {
	return hex.EncodeToString(sequence(t, tag, parts...))
}
