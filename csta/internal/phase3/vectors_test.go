package phase3_test

import (
	"bufio"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/phase3"
	"github.com/ctikit/ctikit/internal/testenv"
)

// vectors reads VECTORS.txt: name and PDU.
func vectors(t testing.TB) map[string][]byte {
	f, err := os.Open(testenv.Vectors(t, "csta", "asn1c", "VECTORS.txt"))
	require.NoError(t, err)
	defer f.Close()
	out := make(map[string][]byte)
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		name, text, ok := strings.Cut(lines.Text(), ":")
		require.True(t, ok, lines.Text())
		pdu, err := hex.DecodeString(strings.TrimSpace(text))
		require.NoError(t, err, name)
		out[name] = pdu
	}
	require.NoError(t, lines.Err())
	require.Greater(t, len(out), 400)
	return out
}

// defaults are the vectors that carry a DEFAULT, which we need not send.
func defaults(t testing.TB) map[string]bool {
	text, err := os.ReadFile(testenv.Vectors(t, "csta", "asn1c", "DEFAULTS.txt"))
	require.NoError(t, err)
	out := make(map[string]bool)
	for _, name := range strings.Fields(string(text)) {
		out[name] = true
	}
	return out
}

// encode writes a decoded message again.
func encode(c message.Codec, m *message.Message) ([]byte, error) {
	switch m.Kind {
	case message.RequestKind:
		return c.AppendRequest(nil, m.InvokeID, &m.Request)
	case message.ResultKind:
		return c.AppendResult(nil, m.InvokeID, &m.Result)
	case message.FailureKind:
		return c.AppendFailure(nil, m.InvokeID, &m.Failure)
	case message.RejectKind:
		return c.AppendReject(nil, &m.Reject)
	case message.EventKind:
		return c.AppendEvent(nil, m.InvokeID, &m.Event)
	}
	return c.AppendAssociation(nil, &m.Association)
}

// TestVectors: every PDU is decoded and comes out the same, or is told to be
// unknown with its raw value.
func TestVectors(t *testing.T) {
	codec := phase3.New(message.Options{})
	skip, known := defaults(t), 0
	var unknown []string
	for name, pdu := range vectors(t) {
		if strings.HasPrefix(name, "acse-") {
			continue // user information only, see package acse
		}
		var m message.Message
		if !assertNoError(t, name, codec.Decode(pdu, &m)) {
			continue
		}
		if m.Unknown {
			require.Contains(t, hex.EncodeToString(pdu), hex.EncodeToString(m.Raw), name)
			require.NotEmpty(t, m.Raw, name)
			require.False(t, strings.HasPrefix(name, "evt-"), "no event is unknown: %s", name)
			operation := strings.Split(name, "-")[1]
			unknown = append(unknown, operation)
			continue
		}
		known++
		require.Zero(t, m.Skipped, name)
		again, err := encode(codec, &m)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !skip[name] && hex.EncodeToString(pdu) != hex.EncodeToString(again) {
			t.Errorf("%s:\n%x\n%x", name, pdu, again)
		}
	}
	for _, op := range message.Operations() {
		require.NotContains(t, unknown, op.String())
	}
	require.GreaterOrEqual(t, known, 379)
	t.Logf("%d known, %d unknown: %v", known, len(unknown), unknown)
}

func assertNoError(t *testing.T, name string, err error) bool {
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return err == nil
}
