package phase3_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/phase3"
	cstaenv "github.com/ctikit/ctikit/csta/internal/testenv"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

// sent is a message that was written, with its type in the module.
type sent struct {
	name, kind string
	pdu        []byte
	message    message.Message
}

// changes are the two notices of ECMA-285 that are not in the module at hand; each
// has one of its own, with the structures of requestSysStat and systemStatus.
const changes = `
Invoke-swFunctionCapsChanged ::= [1] IMPLICIT SEQUENCE { invokeID INTEGER, opcode INTEGER, argument RequestSysStatArg }
Result-swFunctionCapsChanged ::= [2] IMPLICIT SEQUENCE { invokeID INTEGER, result SEQUENCE { opcode INTEGER, result SystemStatusRes } }
Invoke-swFunctionDevicesChanged ::= [1] IMPLICIT SEQUENCE { invokeID INTEGER, opcode INTEGER, argument RequestSysStatArg }
Result-swFunctionDevicesChanged ::= [2] IMPLICIT SEQUENCE { invokeID INTEGER, result SEQUENCE { opcode INTEGER, result SystemStatusRes } }
END
`

// TestAgainstASN1C: random messages of every service and event, written by us,
// are read by asn1c; it finds in every field the value that was put there, and
// makes the same bytes of it. We read them again to the same bytes too.
func TestAgainstASN1C(t *testing.T) {
	module, err := os.ReadFile(testenv.Standards(t, "csta", "CSTA3.asn1"))
	require.NoError(t, err)
	module = append(bytes.TrimSuffix(bytes.TrimSpace(module), []byte("END")), changes...)
	x, messages := newXER(t), randomMessages(t)
	require.Greater(t, len(messages), 800)
	pdus := make([]cstaenv.PDU, len(messages))
	for i, m := range messages {
		pdus[i] = cstaenv.PDU{Type: m.kind, DER: m.pdu}
	}
	values := cstaenv.ASN1C(t, module, pdus)
	codec, compared := phase3.New(message.Options{}), 0
	for i, m := range messages {
		require.Empty(t, values[i].Error, "%s %x", m.name, m.pdu)
		require.Equal(t, hex.EncodeToString(m.pdu), hex.EncodeToString(values[i].DER), m.name)
		compared += compare(t, x, m.name, values[i].XER, "", &m.message)

		var read message.Message
		require.NoError(t, codec.Decode(m.pdu, &read), "%s %x", m.name, m.pdu)
		require.False(t, read.Unknown, m.name)
		require.Zero(t, read.Skipped, m.name)
		again, err := encode(codec, &read)
		require.NoError(t, err, m.name)
		require.Equal(t, hex.EncodeToString(m.pdu), hex.EncodeToString(again), m.name)
	}
	t.Logf("%d messages, %d fields compared", len(messages), compared)
}

// randomMessages writes several of every service, result and event.
func randomMessages(t testing.TB) (out []sent) {
	codec, random := phase3.New(message.Options{}), filler{testenv.Rand(t)}
	for range 5 {
		for _, op := range message.Operations() {
			m := message.Message{Kind: message.RequestKind, InvokeID: message.InvokeID(random.integer())}
			m.Request.Op = op
			if op == message.EventReport || op >= message.StartApplicationSession {
				continue
			}
			random.fillMessage(&m.Request, &m.Request.Op, op)
			if op == message.MonitorStart && random.IntN(2) == 0 {
				m.Request.Device = message.Device{}
			} else if op == message.MonitorStart {
				m.Request.Connection = message.Connection{}
			}
			pdu, err := codec.AppendRequest(nil, m.InvokeID, &m.Request)
			require.NoError(t, err, op.String())
			out = append(out, sent{"req-" + op.String() + "-random", "Invoke-" + op.String(), pdu, m})
		}
		for _, op := range message.Operations() {
			m := message.Message{Kind: message.ResultKind, InvokeID: message.InvokeID(random.integer())}
			random.fillMessage(&m.Result, &m.Result.Op, op)
			m.Result.Escape = nil
			if op == message.GetSwitchingFunctionDevices {
				m.Result.Service = message.Octets{1}
			}
			pdu, err := codec.AppendResult(nil, m.InvokeID, &m.Result)
			if errors.Is(err, message.ErrNotCarried) || op == message.GetSwitchingFunctionCaps || op == message.GetCSTAFeatures {
				continue // the last two results are not in the module
			}
			out = append(out, sent{"res-" + op.String() + "-random", "Result-" + op.String(), pdu, m})
		}
		for kind := cti.Bridged; kind <= cti.Private; kind++ {
			m := message.Message{Kind: message.EventKind, InvokeID: message.InvokeID(random.integer())}
			random.fill(reflect.ValueOf(&m.Event).Elem(), "")
			m.Event.Kind = kind
			m.Event.Feature.Level.Set = m.Event.Feature.Level.Set || kind == cti.LampMode
			pdu, err := codec.AppendEvent(nil, m.InvokeID, &m.Event)
			require.NoError(t, err, kind.String())
			out = append(out, sent{"evt-" + kind.String() + "-random", "Invoke-cSTAEventReport", pdu, m})
		}
	}
	return out
}

// fillMessage fills a request or result of the given operation.
func (f filler) fillMessage(into any, at *message.Operation, op message.Operation) {
	v := reflect.ValueOf(into).Elem()
	for i := range v.NumField() {
		switch name := v.Type().Field(i).Name; name {
		case "Op", "Session", "Capabilities": // Session: XML only
		default:
			f.fill(v.Field(i), name)
		}
	}
	f.repair(v)
	*at = op
}
