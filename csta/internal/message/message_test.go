package message_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

// table reads a published table of tab-separated fields, without its heading.
func table(t *testing.T, name string) (rows [][]string) {
	text, err := os.ReadFile(testenv.Standards(t, "csta", name))
	require.NoError(t, err)
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		rows = append(rows, strings.Split(line, "\t"))
	}
	require.NotEmpty(t, rows)
	return rows
}

// TestOperations: the codes, names and answers are those of ECMA-285.
func TestOperations(t *testing.T) {
	// Those two have modules of their own, which the table does not cover.
	published := map[message.Operation]bool{message.SwitchingFunctionCapsChanged: true, message.SwitchingFunctionDevicesChanged: true}
	for _, row := range table(t, "OPERATIONS.tsv") {
		code, err := strconv.Atoi(row[1])
		require.NoError(t, err)
		op := message.Operation(code)
		if !slices.Contains(message.Operations(), op) {
			continue // routeing, media, physical devices: not modelled
		}
		published[op] = true
		require.Equal(t, row[0], op.String())
		require.Equal(t, row[4] == "yes", op.Answered(), op.String())
	}
	for _, op := range message.Operations() {
		require.True(t, published[op] || op >= message.StartApplicationSession, op.String())
	}
	require.Equal(t, "operation 999", message.Operation(999).String())
}

// TestFailures: every error has its name, and is found by it.
func TestFailures(t *testing.T) {
	for _, row := range table(t, "ERRORS.tsv") {
		class, err := strconv.Atoi(row[0])
		require.NoError(t, err)
		number, err := strconv.ParseInt(row[2], 10, 64)
		require.NoError(t, err)
		f := message.Failure{Class: message.FailureClass(class), Number: number}
		require.Equal(t, row[1], f.Class.String())
		if f.Class == message.UnspecifiedError {
			require.Equal(t, "unspecified", f.String())
			continue
		}
		require.Equal(t, row[3], f.Name())
		require.Equal(t, fmt.Sprintf("%s %s (%d)", row[1], row[3], number), f.String())
		found, ok := message.FailureByName(f.Class, row[3])
		require.True(t, ok)
		require.Equal(t, f, found)
	}
	require.Equal(t, "operation (9999)", message.Failure{Number: 9999}.String())
	_, ok := message.FailureByName(message.OperationError, "none")
	require.False(t, ok)
}

// TestCauses: cti numbers the causes as ECMA-285 does, so that no table is needed.
func TestCauses(t *testing.T) {
	renamed := map[string]string{"notAvaliableBearerService": "bearer service not available",
		"notSupportedBearerService": "bearer service not supported", "unauthorisedBearerService": "bearer service unauthorised"}
	for _, row := range table(t, "CAUSES.tsv") {
		number, err := strconv.Atoi(row[0])
		require.NoError(t, err)
		name := row[1]
		if other, ok := renamed[name]; ok {
			name = other
		}
		for from, to := range map[string]string{"destNot": "destinationNot", "destDet": "destinationDet", "destOut": "destinationOut"} {
			name = strings.Replace(name, from, to, 1)
		}
		squeezed := strings.NewReplacer(" ", "", "-", "").Replace
		require.Equal(t, strings.ToLower(squeezed(name)), strings.ToLower(squeezed(cti.Cause(number).String())), "cause %d", number)
	}
}

func TestFilter(t *testing.T) {
	var f message.Filter
	for kind := cti.Bridged; kind <= cti.Private; kind++ {
		require.True(t, f.Passes(kind))
		f = f.Without(kind)
		require.False(t, f.Passes(kind), kind.String())
	}
	require.True(t, f.Set)
	for bits, list := range map[int]message.Bits{18: f.CallControl, 5: f.CallAssociated, 2: f.Media, 11: f.Physical,
		15: f.Logical, 4: f.Maintenance, 1: f.Private} {
		require.Equal(t, strings.Repeat("1", bits), list.String())
	}
	// ECMA-285: deviceCapabilityChanged is bit 2, outOfService bit 1
	require.Equal(t, "0010", message.Filter{}.Without(cti.DeviceCapabilitiesChanged).Maintenance.String())
	require.Equal(t, "0100", message.Filter{}.Without(cti.OutOfService).Maintenance.String())
}

// TestPrinting: values read well in a log and in JSON.
func TestPrinting(t *testing.T) {
	r := message.Request{Op: message.MakeCall, Device: message.Number("4001"), Digits: message.Text("1#"),
		Data: message.CallData{Correlator: message.Octets{1, 0xab}}, Types: message.BitsOf(4, 1)}
	text, err := json.Marshal(r)
	require.NoError(t, err)
	for _, part := range []string{`"Op":"makeCall"`, `"Status":"known"`, `"Number":"4001"`, `"Digits":"1#"`,
		`"Correlator":"01ab"`, `"Types":"0100"`} {
		require.Contains(t, string(text), part)
	}
	for value, want := range map[fmt.Stringer]string{
		message.Restricted: "restricted", message.Status(99): "Status(99)",
		message.PublicInternational: "explicitPublic:international", message.CallAndDevice: "both",
		message.ForwardNoAnswerExternal: "forwardNoAnsExt", message.OverloadReached: "overloadReached",
		message.SetReady: "ready", message.EventKind: "event", message.Abort: "ABRT",
		message.RejectedTransiently: "rejected transiently", message.MistypedContent: "mistyped argument",
		message.Problem(99): "Problem(99)", message.StateError: "stateIncompatibility",
	} {
		require.Equal(t, want, value.String())
	}
	require.Equal(t, "mistyped argument", (&message.Reject{Class: message.RejectInvoke, Problem: 2}).String())
	require.Equal(t, "unknown problem", (&message.Reject{Class: message.RejectError, Problem: 9}).String())
	require.EqualError(t, &message.DecodeError{Problem: message.Mistyped, Offset: 7, Detail: "want 30"},
		"csta: mistyped message at byte 7: want 30")
}

// TestHidden: no way of printing shows a password.
func TestHidden(t *testing.T) {
	r := message.Request{Password: message.Hidden("1234"), Data: message.CallData{Authorization: message.Hidden("5678")}}
	encoded, err := json.Marshal(r)
	require.NoError(t, err)
	for _, text := range []string{fmt.Sprintf("%v", r), fmt.Sprintf("%+v", r), fmt.Sprintf("%#v", r), fmt.Sprintf("%x", r.Password),
		fmt.Sprint(r.Data), string(encoded), r.Password.String()} {
		require.Contains(t, text, "[redacted]")
		for _, shown := range []string{"1234", "5678", "31323334", "0x31", "49 50"} {
			require.NotContains(t, text, shown)
		}
	}
	require.Empty(t, message.Hidden{}.String())
}

// TestCache: what was put in is found as long as it is used; memory is bounded;
// a known identifier costs no allocation.
func TestCache(t *testing.T) {
	const size = 100
	c := message.NewCache[int](size)
	key := func(i int) []byte { return []byte("number " + strconv.Itoa(i)) }
	lost := 0
	for i := range 10 * size {
		c.Put(key(i), i)
		v, ok := c.Get(key(0)) // always in use: never forgotten
		require.True(t, ok, i)
		require.Zero(t, v)
		if v := c.Find(key(i)); v == nil || *v != i {
			t.Fatalf("%d is not there at once", i)
		}
	}
	for i := range 10 * size {
		v, ok := c.Get(key(i))
		require.True(t, !ok || v == i)
		if !ok {
			lost++
		}
	}
	require.Greater(t, lost, 5*size)

	names := message.NewCache[string](0)
	first := message.Intern(names, []byte("4001"))
	require.Equal(t, "4001", first)
	require.Empty(t, message.Intern(names, nil))
	known := []byte("4001")
	require.Zero(t, testing.AllocsPerRun(100, func() { message.Intern(names, known) }))
}

// TestCacheKeepsAll: of what fits nothing is lost, whatever the keys look like.
func TestCacheKeepsAll(t *testing.T) {
	const n = 20000
	for name, key := range map[string]func(int) string{
		"numbers":      strconv.Itoa,
		"device":       func(i int) string { return fmt.Sprintf("\x30\x07\x80\x05%05d", i) },
		"begin alike":  func(i int) string { return "the same beginning of them all " + strconv.Itoa(i) },
		"end alike":    func(i int) string { return strconv.Itoa(i) + " the same end of them all" },
		"middle":       func(i int) string { return fmt.Sprintf("the same beginning %d the same end", i) },
		"little bytes": func(i int) string { return string([]byte{byte(i), byte(i >> 8)}) },
	} {
		c := message.NewCache[int](n)
		for i := range n {
			c.Put([]byte(key(i)), i)
		}
		for i := range n {
			if at := c.Find([]byte(key(i))); at == nil || *at != i {
				t.Fatalf("%s: %q is lost", name, key(i))
			}
		}
	}
}
