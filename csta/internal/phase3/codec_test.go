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
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

func unhex(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	require.NoError(t, err)
	return b
}

// TestPanasonic: the captured traffic of a switch of phase III.
func TestPanasonic(t *testing.T) {
	f, err := os.Open(testenv.Vectors(t, "csta", "hex-captured", "panasonic-phase3.txt"))
	require.NoError(t, err)
	defer f.Close()
	codec, seen := phase3.New(message.Options{}), 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		name, text, ok := strings.Cut(lines.Text(), ": ")
		if strings.HasPrefix(name, "#") || !ok {
			continue
		}
		pdu := unhex(t, strings.Fields(text)[0])
		var m message.Message
		require.NoError(t, codec.Decode(pdu, &m), name)
		require.False(t, m.Unknown, name)
		require.Zero(t, m.Skipped, name)
		seen++
		switch strings.Fields(name)[1] {
		case "systemStatus":
			require.Equal(t, message.SystemStatus, max(m.Request.Op, m.Result.Op), name)
		case "escape":
			require.Equal(t, message.Escape, m.Request.Op, name)
			require.Equal(t, byte(0xa4), m.Request.Escape[0], name)
		case "monitorStart":
			require.Equal(t, message.Number("101"), m.Request.Device, name)
			require.True(t, m.Request.Filter.Set, name)
		case "AARE":
			require.Equal(t, message.Associated, m.Association.Step)
			continue
		}
		again, err := encode(codec, &m)
		require.NoError(t, err)
		require.Equal(t, hex.EncodeToString(pdu), hex.EncodeToString(again), name)
	}
	require.Equal(t, 6, seen)
}

// TestUnknown: an operation, event, result or error that is not known is
// handed over as it came.
func TestUnknown(t *testing.T) {
	for name, test := range map[string]struct {
		pdu, raw string
		kind     message.Kind
		code     int64
	}{
		"operation":        {"a10e 020105 02020400 3005 0403 010203", "3005 0403 010203", message.RequestKind, 1024},
		"global operation": {"a10a 020105 06022a03 040109", "040109", message.RequestKind, 0},
		"no argument":      {"a107 020105 02020400", "", message.RequestKind, 1024},
		"event":            {"a10f 020105 020115 3007 550178 be02 be00", "3007 550178 be02 be00", message.EventKind, 21},
		"event category":   {"a10f 020105 020115 3007 550178 aa02 a000", "3007 550178 aa02 a000", message.EventKind, 21},
		"voice unit event": {"a10f 020105 020115 3007 550178 a602 a000", "3007 550178 a602 a000", message.EventKind, 21},
		"result":           {"a20d 020105 3008 02020400 0402 0102", "0402 0102", message.ResultKind, 1024},
		"error":            {"a309 020105 020102 040109", "040109", message.FailureKind, 2},
	} {
		var m message.Message
		require.NoError(t, phase3.New(message.Options{}).Decode(unhex(t, test.pdu), &m), name)
		require.True(t, m.Unknown, name)
		require.Equal(t, test.kind, m.Kind, name)
		require.Equal(t, test.code, m.Code, name)
		require.Equal(t, message.InvokeID(5), m.InvokeID, name)
		require.Equal(t, strings.ReplaceAll(test.raw, " ", ""), hex.EncodeToString(m.Raw), name)
	}
}

// TestExtended: a later edition's or a vendor's fields are passed over and counted.
func TestExtended(t *testing.T) {
	codec := phase3.New(message.Options{})
	var m message.Message
	// hold call with an unknown [9] before, and [10] behind, what is known
	require.NoError(t, codec.Decode(unhex(t,
		"a115 020105 020109 300d 890101 6b03800111 0101ff 8a00"), &m))
	require.Equal(t, 2, m.Skipped)
	require.Equal(t, message.Request{Op: message.HoldCall, Reserve: message.Some(true),
		Connection: message.Connection{Parts: message.CallOnly, Call: "\x11"}}, m.Request)
	// an element of a compound call state that is no state
	require.NoError(t, codec.Decode(unhex(t, "a21b 020105 3016 02014a 3011 760f 300d 6b03800111 a006 4e0103 020101"), &m))
	require.Equal(t, []cti.LocalState{cti.Connected}, m.Result.Calls[0].States)
	require.Equal(t, 1, m.Skipped)
	// a result that ends with the operation, and one without even that
	require.NoError(t, codec.Decode(unhex(t, "a208 020105 3003 020109"), &m))
	require.Equal(t, message.Result{Op: message.HoldCall}, m.Result)
	asked := phase3.New(message.Options{Asked: func(message.InvokeID) message.Operation { return message.MonitorStop }})
	require.NoError(t, asked.Decode(unhex(t, "a203 020105"), &m))
	require.Equal(t, message.Result{Op: message.MonitorStop}, m.Result)
}

func TestMalformed(t *testing.T) {
	deep := strings.Repeat("3080", 10000)
	for name, test := range map[string]struct {
		pdu     string
		problem message.Problem
	}{
		"nothing":                    {"", message.Unrecognized},
		"other protocol":             {"3003020105", message.Unrecognized},
		"cut off":                    {"a10d020101020109", message.BadlyStructured},
		"bytes behind":               {"a4050500800100 00", message.BadlyStructured},
		"no invoke identifier":       {"a1020000", message.BadlyStructured},
		"invoke identifier too long": {"a10e 0209010203040506070809 020109", message.Mistyped},
		"identifier of a wrong type": {"a106 040105 020109", message.Mistyped},
		"result without operation":   {"a207 020105 3002 0500", message.Mistyped},
		"reject without problem":     {"a403 020105", message.Mistyped},
		"reject of a wrong class":    {"a406 020105 850101", message.Mistyped},
		"argument missing":           {"a106 020105 020109", message.MistypedContent},
		"argument of a wrong type":   {"a108 020105 020109 0500", message.MistypedContent},
		"connection missing":         {"a108 020105 020109 3000", message.MistypedContent},
		"connection empty":           {"a10a 020105 020109 3002 6b00", message.MistypedContent},
		"inner length over the end":  {"a10b 020105 020109 3003 6b0980", message.MistypedContent},
		"device of an unknown form":  {"a10c 020105 02014a 3004 30028700", message.MistypedContent},
		"type of number unknown":     {"a10e 020105 02014a 3006 3004a3028600", message.MistypedContent},
		"result of another type":     {"a20d 020105 3008 02010a 30030101ff", message.MistypedContent},
		"event without a category":   {"a10b 020105 020115 3003550178", message.MistypedContent},
		"event without its fields":   {"a10f 020105 020115 3007550178a002a400", message.MistypedContent},
		"error of an unknown class":  {"a30b 020105 020101 a8030a0101", message.MistypedContent},
		"deep":                       {deep, message.BadlyStructured},
		"deep argument":              {"a180 020105 020109" + deep, message.BadlyStructured},
		"deep private data":          {"a180 020105 020133" + strings.Repeat("3080", 63), message.BadlyStructured},
	} {
		t.Run(name, func(t *testing.T) {
			pdu := unhex(t, test.pdu)
			var m message.Message
			err := phase3.New(message.Options{}).Decode(pdu, &m)
			var bad *message.DecodeError
			require.ErrorAs(t, err, &bad)
			require.Equal(t, test.problem, bad.Problem, err.Error())
			require.LessOrEqual(t, bad.Offset, len(pdu))
			if test.problem == message.MistypedContent {
				require.Equal(t, message.InvokeID(5), m.InvokeID)
				require.NotEqual(t, message.NoKind, m.Kind)
			}
		})
	}
}

// TestTruncated: no vector that is cut off anywhere is taken for a whole one.
func TestTruncated(t *testing.T) {
	codec := phase3.New(message.Options{})
	var m message.Message
	for name, pdu := range vectors(t) {
		if strings.HasPrefix(name, "acse-") || len(pdu) > 400 {
			continue
		}
		for n := range pdu {
			require.Error(t, codec.Decode(pdu[:n], &m), "%s cut to %d", name, n)
		}
	}
}

// TestMissing: what the standard demands cannot be left out by us.
func TestMissing(t *testing.T) {
	codec, dst := phase3.New(message.Options{}), []byte("kept")
	for _, r := range []message.Request{
		{Op: message.MakeCall, Device: message.Number("1")}, {Op: message.AnswerCall}, {Op: message.Escape},
		{Op: message.SnapshotDevice, Device: message.Device{Status: message.NotKnown}},
		{Op: message.SnapshotDevice, Device: message.Device{Status: message.Known, Form: message.Dynamic}},
		{Op: message.SnapshotDevice, Device: message.Device{Status: message.Known, Form: message.DeviceNumber, Number: "x"}},
		{Op: message.StartApplicationSession}, {Op: 999}, {},
	} {
		out, err := codec.AppendRequest(dst, 1, &r)
		require.ErrorIs(t, err, message.ErrNotCarried, r.Op.String())
		require.Equal(t, "kept", string(out))
	}
	_, err := codec.AppendEvent(nil, 1, &message.Event{Kind: cti.LinkDown})
	require.ErrorIs(t, err, message.ErrNotCarried)
	_, err = codec.AppendEvent(nil, 1, &message.Event{Kind: cti.Delivered})
	require.ErrorIs(t, err, message.ErrNotCarried)
	_, err = codec.AppendResult(nil, 1, &message.Result{Op: message.MakeCall})
	require.ErrorIs(t, err, message.ErrNotCarried)

	// A party that the model leaves out is sent as not known.
	e := message.Event{Kind: cti.Delivered, Connection: message.ConnectionOf("1", message.Number("4001"))}
	pdu, err := codec.AppendEvent(nil, 1, &e)
	require.NoError(t, err)
	var m message.Message
	require.NoError(t, codec.Decode(pdu, &m))
	require.Equal(t, message.NotKnown, m.Event.Calling.Status)
	require.Equal(t, message.NotSpecified, m.Event.Redirection.Status)
	require.Equal(t, cti.CauseNormal, m.Event.Cause)
}

// FuzzDecode: nothing that arrives panics or hangs; what is understood comes
// out the same when it is written and read again.
func FuzzDecode(f *testing.F) {
	for name, pdu := range vectors(f) {
		if !strings.HasPrefix(name, "acse-") && len(pdu) < 300 {
			f.Add(pdu)
		}
	}
	codec := phase3.New(message.Options{CacheSize: 64})
	f.Fuzz(func(t *testing.T, pdu []byte) {
		var m message.Message
		if codec.Decode(pdu, &m) != nil || m.Unknown {
			return
		}
		first, err := encode(codec, &m)
		if err != nil {
			require.ErrorIs(t, err, message.ErrNotCarried)
			return
		}
		require.NoError(t, codec.Decode(first, &m))
		second, err := encode(codec, &m)
		require.NoError(t, err)
		require.Equal(t, hex.EncodeToString(first), hex.EncodeToString(second))
	})
}
