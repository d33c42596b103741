package phase3_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/phase3"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

// asn1c returns the program that testdata/asn1c/batch.c describes, built from
// the published module. Building takes a while: it is kept in the folder for
// temporary files, under the hash of what it was made from.
func asn1c(t testing.TB) string {
	compiler, gcc := testenv.Tool(t, "asn1c", "asn1c"), testenv.Tool(t, "asn1c", "gcc")
	module := testenv.Standards(t, "csta", "CSTA3.asn1")
	main, err := filepath.Abs("testdata/asn1c/batch.c")
	require.NoError(t, err)
	hash := sha256.New()
	for _, file := range []string{module, main} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		hash.Write(text)
	}
	program := filepath.Join(os.TempDir(), fmt.Sprintf("ctikit-asn1c-%x", hash.Sum(nil)[:8]))
	if _, err := os.Stat(program); err == nil {
		return program
	}
	dir := t.TempDir()
	build := fmt.Sprintf(`set -e
%s -fcompound-names -pdu=all %s >asn1c.log 2>&1 || { cat asn1c.log; exit 1; }
rm -f converter-sample.c
cp %s .
ls *.c | xargs -P 2 -n 40 %s -w -O0 -I. -DASN_PDU_COLLECTION -c
%s -o program *.o -lm`, compiler, module, main, gcc, gcc)
	cmd := exec.Command("sh", "-c", build)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	data, err := os.ReadFile(filepath.Join(dir, "program"))
	require.NoError(t, err)
	// Written aside and renamed, so that no other run sees half of it.
	require.NoError(t, os.WriteFile(program+".new", data, 0o700))
	require.NoError(t, os.Rename(program+".new", program))
	return program
}

// sent is a message that was written, with its type in the module.
type sent struct {
	name, kind string
	pdu        []byte
	message    message.Message
}

// TestAgainstASN1C: random messages of every service and event, written by us,
// are read by asn1c; it finds in every field the value that was put there, and
// makes the same bytes of it. We read them again to the same bytes too.
func TestAgainstASN1C(t *testing.T) {
	program, x := asn1c(t), newXER(t)
	messages := randomMessages(t)
	require.Greater(t, len(messages), 800)
	var input bytes.Buffer
	for _, m := range messages {
		fmt.Fprintf(&input, "%s %x\n", m.kind, m.pdu)
	}
	cmd := exec.Command(program)
	cmd.Stdin = &input
	out, err := cmd.Output()
	require.NoError(t, err)
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<22)
	codec, compared := phase3.New(message.Options{}), 0
	for _, m := range messages {
		require.True(t, lines.Scan(), m.name)
		value := lines.Text()
		require.False(t, strings.HasPrefix(value, "ERROR"), "%s: %s\n%x", m.name, value, m.pdu)
		require.True(t, lines.Scan(), m.name)
		require.Equal(t, hex.EncodeToString(m.pdu), lines.Text(), m.name)
		compared += compare(t, x, m.name, value, "", &m.message)

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
