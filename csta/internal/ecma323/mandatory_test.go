package ecma323_test

import (
	"errors"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

// elements are the components of ECMA-285 whose element has another name.
var elements = map[string]string{
	"originatingNIDConnection": "", "requestedMonitorObject": "monitorObject", "eventCause": "cause",
	"crossRefIdentifier": "monitorCrossRefID",
}

// TestMandatory: what ECMA-285 does not call OPTIONAL is in every event, even
// where the model has nothing for it. The schema at hand cannot tell.
func TestMandatory(t *testing.T) {
	asn1, err := os.ReadFile(testenv.Standards(t, "csta", "CSTA3.asn1"))
	require.NoError(t, err)
	c, checked := codec(6), 0
	for kind := cti.Bridged; kind < cti.Private; kind++ {
		e := message.Event{Kind: kind, CrossRef: message.Text("1"),
			Connection: message.ConnectionOf("1", message.Number("2")),
			Secondary:  message.ConnectionOf("3", message.Number("2")), State: cti.Null}
		e.Device, e.Subject = message.Number("3"), message.Number("2")
		out, err := c.AppendEvent(nil, 0, &e)
		if err != nil {
			if !errors.Is(err, message.ErrNotCarried) {
				require.ErrorContains(t, err, "is missing") // needs more than a device and a call
			}
			continue
		}
		doc := string(out)
		name := doc[strings.Index(doc, "?><")+3:]
		name = name[:strings.IndexByte(name, ' ')]
		for _, component := range mandatory(string(asn1), strings.Replace(name, "TransferedEvent", "TransferredEvent", 1)) {
			element, renamed := elements[component]
			if !renamed {
				element = component
			}
			if strings.Contains(doc, "<"+element) {
				checked++
				continue
			}
			assert.Fail(t, name+" lacks "+component)
		}
	}
	require.Greater(t, checked, 100)
}

var component = regexp.MustCompile(`(?m)^\s+([a-z]\w*)\s+([^,\n]*)`)

// mandatory are the components of a SEQUENCE that are not OPTIONAL.
func mandatory(module, name string) (out []string) {
	_, body, ok := strings.Cut(module, "\n"+name+" ::= SEQUENCE {")
	if !ok {
		return nil
	}
	body, _, _ = strings.Cut(body, "\n}")
	for _, m := range component.FindAllStringSubmatch(body, -1) {
		if !strings.Contains(m[2], "OPTIONAL") && !strings.Contains(m[2], "DEFAULT") {
			out = append(out, m[1])
		}
	}
	return out
}

// TestMandatoryServices: likewise in every request and result.
func TestMandatoryServices(t *testing.T) {
	asn1, err := os.ReadFile(testenv.Standards(t, "csta", "CSTA3.asn1"))
	require.NoError(t, err)
	table, err := os.ReadFile(testenv.Standards(t, "csta", "OPERATIONS.tsv"))
	require.NoError(t, err)
	types := make(map[string][2]string) // of the argument and the result, by the code
	for line := range strings.Lines(string(table)) {
		if f := strings.Split(line, "\t"); len(f) > 3 {
			types[f[1]] = [2]string{f[2], f[3]}
		}
	}
	c, checked := codec(6), 0
	for _, op := range message.Operations() {
		names := types[strconv.Itoa(int(op))]
		request, err := c.AppendRequest(nil, 1, leastRequest(op))
		checked += holds(t, string(asn1), names[0], request, err)
		result, err := c.AppendResult(nil, 1, leastResult(op))
		checked += holds(t, string(asn1), names[1], result, err)
	}
	require.Greater(t, checked, 100)
}

// leastRequest has only what nothing can stand in for.
func leastRequest(op message.Operation) *message.Request {
	connection := message.ConnectionOf("1", message.Number("2"))
	return &message.Request{Op: op, Device: message.Number("2"), To: message.Number("3"), Connection: connection,
		Held: connection, CrossRef: "1",
		Register: message.Octets("1"), Service: message.Octets("1"), Digits: message.Text("1"), Escape: message.Raw{5, 0},
		Data: message.CallData{UserData: message.Octets("1")}}
}

func leastResult(op message.Operation) *message.Result {
	return &message.Result{Op: op, Connection: message.ConnectionOf("1", message.Number("2")), CrossRef: "1",
		Register: message.Octets("1"), Service: message.Octets("1")}
}

// TestMissing: what nothing can stand in for is not sent without it.
func TestMissing(t *testing.T) {
	c := codec(6)
	for _, op := range []message.Operation{message.MakeCall, message.AnswerCall, message.Escape,
		message.SendUserInformation,
		message.SnapshotDeviceData, message.SwitchingFunctionDevices, message.SystemRegisterCancel, message.MonitorStart} {
		_, err := c.AppendRequest(nil, 1, &message.Request{Op: op})
		require.ErrorContains(t, err, "is missing", op.String())
	}
	for _, op := range []message.Operation{message.MakeCall, message.GetSwitchingFunctionDevices, message.SystemRegister} {
		_, err := c.AppendResult(nil, 1, &message.Result{Op: op})
		require.ErrorContains(t, err, "is missing", op.String())
	}
}

// holds reports how many components a message was held against.
func holds(t *testing.T, asn1, name string, out []byte, err error) (checked int) {
	if errors.Is(err, message.ErrNotCarried) {
		return 0
	}
	require.NoError(t, err, name)
	doc := string(out)
	for _, component := range mandatory(asn1, name) {
		element, renamed := elements[component]
		if !renamed {
			element = component
		}
		checked++
		assert.Contains(t, doc, "<"+element, "%s lacks %s", name, component)
	}
	return checked
}
