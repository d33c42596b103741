package phase12_test

import (
	"bufio"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/phase12"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

// captured reads the lines "C|S description : hex" of a capture.
func captured(t *testing.T, file string) map[string][]byte {
	f, err := os.Open(testenv.Vectors(t, "csta", "hex-captured", file))
	require.NoError(t, err)
	defer f.Close()
	out := make(map[string][]byte)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		name, digits, ok := strings.Cut(lines.Text(), ": ")
		if strings.HasPrefix(name, "#") || !ok {
			continue
		}
		pdu, err := hex.DecodeString(strings.Fields(digits)[0])
		require.NoError(t, err, name)
		out[strings.Join(strings.Fields(name), " ")] = pdu
	}
	return out
}

// TestOmniPCXEnterprise: the captured traffic of phase II is read, and written
// again to the same bytes.
func TestOmniPCXEnterprise(t *testing.T) {
	asked := map[message.InvokeID]message.Operation{1: message.MonitorStart, 2: message.MonitorStop}
	codec := phase12.New(phase12.Config{Phase: phase12.II}, message.Options{
		Asked: func(id message.InvokeID) message.Operation { return asked[id] },
	})
	lines := captured(t, "alcatel-oxe-phase2.txt")
	require.Len(t, lines, 10)
	for name, check := range map[string]func(*testing.T, *message.Message){
		"C monitorStart 3001": func(t *testing.T, m *message.Message) {
			require.Equal(t, message.Request{Op: message.MonitorStart, Device: message.Number("3001")}, m.Request)
		},
		"S monitorStart result": func(t *testing.T, m *message.Message) {
			require.Equal(t, message.MonitorStart, m.Result.Op)
			require.Equal(t, "\x01\x42\xf9\x00", m.Result.CrossRef)
			require.False(t, m.Result.Filter.Passes(cti.CallCleared))
			require.True(t, m.Result.Filter.Passes(cti.Delivered))
			require.True(t, m.Result.Filter.Passes(cti.CallInformation))
			require.False(t, m.Result.Filter.Passes(cti.Forwarding))
			require.True(t, m.Result.Filter.Passes(cti.Private))
		},
		"C monitorStop": func(t *testing.T, m *message.Message) {
			require.Equal(t, message.Request{Op: message.MonitorStop, CrossRef: "\x01\x42\xf9\x00"}, m.Request)
		},
		"S monitorStop result": func(t *testing.T, m *message.Message) {
			require.Equal(t, message.Result{Op: message.MonitorStop}, m.Result)
		},
		"S systemStatus normal (52)": func(t *testing.T, m *message.Message) {
			require.Equal(t, message.Request{Op: message.SystemStatus, Status: message.Normal}, m.Request)
			require.Equal(t, message.InvokeID(0x2bff), m.InvokeID)
		},
		"C systemStatus result": func(t *testing.T, m *message.Message) {
			require.Equal(t, message.Result{Op: message.SystemStatus}, m.Result)
		},
		"S reject of the malformed": func(t *testing.T, m *message.Message) {
			require.Equal(t, message.Reject{Class: message.RejectGeneral}, m.Reject)
			require.Equal(t, "unrecognized PDU", m.Reject.String())
		},
		"S delivered event (0142f900)": func(t *testing.T, m *message.Message) {
			e := m.Event
			require.NotEmpty(t, e.Extensions.Raw)
			e.Extensions = message.Extensions{}
			implicitPrivate := func(n string) message.Device {
				return message.Device{Status: message.Known, Form: message.ImplicitPrivate, Number: n}
			}
			require.Equal(t, message.Event{
				Kind: cti.Delivered, CrossRef: message.Text("\x01\x42\xf9\x00"), State: cti.Alerting, Cause: cti.CauseNewCall,
				Connection: message.ConnectionOf("\x00\x58", message.Device{
					Status: message.Known, Form: message.Dynamic, Number: "\x10\x96\x01\x00"}),
				Subject: implicitPrivate("3001"), Calling: implicitPrivate("3331"), Called: implicitPrivate("3001"),
				Redirection: message.Device{Status: message.NotRequired},
			}, e)
		},
		"C escape startIPRecording": func(t *testing.T, m *message.Message) {
			require.Equal(t, message.Escape, m.Request.Op)
			require.Equal(t, "301d06052b0c893618", hex.EncodeToString(m.Request.Escape[:9]))
		},
	} {
		t.Run(name, func(t *testing.T) {
			pdu := lines[name]
			require.NotNil(t, pdu, "%v", lines)
			var m message.Message
			require.NoError(t, codec.Decode(pdu, &m))
			require.False(t, m.Unknown)
			require.Zero(t, m.Skipped)
			check(t, &m)
			again, err := encode(codec, &m)
			require.NoError(t, err)
			require.Equal(t, hex.EncodeToString(pdu), hex.EncodeToString(again))
		})
	}
	var m message.Message
	var bad *message.DecodeError
	require.ErrorAs(t, codec.Decode(lines["C MALFORMED systemStatus res"], &m), &bad)
	require.Equal(t, message.Mistyped, bad.Problem)
}

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
