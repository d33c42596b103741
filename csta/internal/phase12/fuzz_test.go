package phase12_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/phase12"
)

// FuzzDecode: nothing that arrives panics or hangs in either phase; what is
// understood comes out the same when it is written and read again.
func FuzzDecode(f *testing.F) {
	var seeds []message.Codec
	for _, c := range []phase12.Config{{}, {Phase: phase12.II}} {
		codec := phase12.New(c, message.Options{CacheSize: 64})
		seeds = append(seeds, codec)
		add := func(pdu []byte, err error) {
			require.NoError(f, err)
			f.Add(c.Phase == phase12.II, pdu)
		}
		for _, r := range requests(c.Phase) {
			add(codec.AppendRequest(nil, 1, &r))
		}
		for _, r := range results() {
			add(codec.AppendResult(nil, 1, &r))
		}
		for _, e := range events() {
			add(codec.AppendEvent(nil, 1, &e))
		}
	}
	f.Fuzz(func(t *testing.T, second bool, pdu []byte) {
		codec := seeds[0]
		if second {
			codec = seeds[1]
		}
		var m message.Message
		if codec.Decode(pdu, &m) != nil || m.Unknown {
			return
		}
		first, err := encode(codec, &m)
		if err != nil {
			require.ErrorIs(t, err, message.ErrNotCarried)
			return
		}
		require.NoError(t, codec.Decode(first, &m), hex.EncodeToString(first))
		again, err := encode(codec, &m)
		require.NoError(t, err)
		require.Equal(t, hex.EncodeToString(first), hex.EncodeToString(again))
	})
}

// TestTruncated: no message that is cut off anywhere is taken for a whole one.
func TestTruncated(t *testing.T) {
	codec := phase12.New(phase12.Config{Phase: phase12.II}, message.Options{})
	var m message.Message
	for _, e := range events() {
		pdu, err := codec.AppendEvent(nil, 1, &e)
		require.NoError(t, err)
		for n := range pdu {
			require.Error(t, codec.Decode(pdu[:n], &m))
		}
	}
}

// TestUnknown: what is not known is handed over as it came.
func TestUnknown(t *testing.T) {
	codec := phase12.New(phase12.Config{}, message.Options{})
	for name, text := range map[string]string{
		"operation":           "a10a 020105 02013c 04020102",
		"feature to set":      "a10d 020105 02010f 3005 800131 8400",
		"feature to query":    "a10e 020105 02010c 3006 800131 0a0103",
		"event number":        "a10e 020105 020115 3006 550178 800163",
		"event by tag":        "a10f 020105 020115 3007 550178 a002be00",
		"diversion of no way": "a108 020105 020108 a300",
		"answer to a query":   "a20a 020105 3005 02010c 8900",
	} {
		pdu, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
		require.NoError(t, err)
		var m message.Message
		require.NoError(t, codec.Decode(pdu, &m), name)
		require.True(t, m.Unknown, name)
		require.NotEmpty(t, m.Raw, name)
	}
}
