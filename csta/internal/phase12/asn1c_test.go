package phase12_test

import (
	"encoding/asn1"
	"encoding/hex"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/phase12"
	cstaenv "github.com/ctikit/ctikit/csta/internal/testenv"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

// notation is the published notation of phase I, made into a module that asn1c
// takes: its own IA5String goes, what is defined by an operation becomes ANY.
func notation(t *testing.T) []byte {
	text, err := os.ReadFile(testenv.Standards(t, "csta", "CSTA1-core.asn1"))
	require.NoError(t, err)
	body := regexp.MustCompile(`(?m)^IA5String\s+::=.*$`).ReplaceAll(text, nil)
	body = regexp.MustCompile(`ANY DEFINED BY \w+`).ReplaceAll(body, []byte("ANY"))
	return []byte("CSTA1 DEFINITIONS ::= BEGIN\n" + string(body) + "\nEND\n")
}

// The types of the notation. Services and events that it lacks are not compared.
var (
	argumentTypes = map[message.Operation]string{
		message.AlternateCall: "AlternateCallArgs", message.AnswerCall: "AnswerCallArgs",
		message.CampOnCall: "CallCompletionArgs", message.CallBack: "CallCompletionArgs",
		message.IntrudeCall: "CallCompletionArgs", message.ClearConnection: "ClearConnectionArgs",
		message.ConferenceCall: "ConferenceCallArgs", message.ConsultationCall: "ConsultationCallArgs",
		message.DeflectCall: "DivertCallArgs", message.HoldCall: "HoldCallArgs", message.MakeCall: "MakeCallArgs",
		message.GetMessageWaitingIndicator: "QueryDeviceArgs", message.GetDoNotDisturb: "QueryDeviceArgs",
		message.GetForwarding: "QueryDeviceArgs", message.GetAgentState: "QueryDeviceArgs",
		message.ReconnectCall: "ReconnectCallArgs", message.RetrieveCall: "RetrieveCallArgs",
		message.SetMessageWaitingIndicator: "SetFeatureArgs", message.SetDoNotDisturb: "SetFeatureArgs",
		message.SetForwarding: "SetFeatureArgs", message.SetAgentState: "SetFeatureArgs",
		message.TransferCall: "TransferCallArgs", message.MonitorStart: "MonitorStartArgs",
		message.MonitorStop: "MonitorStopArgs", message.ChangeMonitorFilter: "ChangeMonitorFilterArgs",
		message.SnapshotDevice: "SnapshotDeviceArgs", message.SystemStatus: "SystemStatusArgs",
	}
	resultTypes = map[message.Operation]string{
		message.ConferenceCall: "ConferenceCallRS", message.ConsultationCall: "ConsultationCallRS",
		message.MakeCall: "MakeCallRS", message.GetMessageWaitingIndicator: "QueryDeviceRS",
		message.GetDoNotDisturb: "QueryDeviceRS", message.GetForwarding: "QueryDeviceRS",
		message.GetAgentState: "QueryDeviceRS", message.TransferCall: "TransferCallRS",
		message.MonitorStart: "MonitorStartRS", message.MonitorStop: "MonitorStopRS",
		message.ChangeMonitorFilter: "ChangeMonitorFilterRS", message.SnapshotDevice: "SnapshotDeviceRS",
	}
	eventTypes = map[cti.Kind]string{
		cti.Conferenced: "Conferenced", cti.ConnectionCleared: "ConnectionCleared", cti.Delivered: "Delivered",
		cti.Diverted: "Diverted", cti.Established: "Established", cti.CallFailed: "Failed", cti.Held: "Held",
		cti.NetworkReached: "NetworkReached", cti.Originated: "Originated", cti.CallQueued: "Queued",
		cti.Retrieved: "Retrieved", cti.ServiceInitiated: "ServiceInitiated", cti.Transferred: "Transferred",
		cti.DoNotDisturb: "DoNotDisturb", cti.Forwarding: "Forwarding", cti.AgentLoggedOn: "LoggedOn",
		cti.AgentLoggedOff: "LoggedOff", cti.AgentNotReadyEvent: "NotReady", cti.AgentReadyEvent: "Ready",
		cti.BackInService: "BackInService", cti.OutOfService: "OutOfService",
	}
)

// last is the last element of a constructed one: the argument of an invoke, the
// information of an event report.
func last(t *testing.T, der []byte, path ...int) []byte {
	var outer asn1.RawValue
	_, err := asn1.Unmarshal(der, &outer)
	require.NoError(t, err)
	for range path {
		inner := outer.Bytes
		for len(inner) > 0 {
			inner, err = asn1.Unmarshal(inner, &outer)
			require.NoError(t, err)
		}
	}
	return outer.FullBytes
}

// TestAgainstNotation: what we write in phase I is read by a decoder that asn1c
// makes from the published notation, which writes the same bytes again.
func TestAgainstNotation(t *testing.T) {
	codec := phase12.New(phase12.Config{}, message.Options{})
	var pdus []cstaenv.PDU
	add := func(kind string, depth []int, pdu []byte, err error) {
		require.NoError(t, err)
		if kind != "" && !strings.Contains(hex.EncodeToString(pdu), "8304") { // the notation has no dynamic devices
			pdus = append(pdus, cstaenv.PDU{Type: kind, DER: last(t, pdu, depth...)})
		}
	}
	filter := message.Filter{}.Without(cti.Held, cti.Forwarding)
	for _, r := range append(requests(phase12.I),
		message.Request{Op: message.MonitorStart, Device: number, Filter: filter},
		message.Request{Op: message.ChangeMonitorFilter, CrossRef: "x", Filter: filter},
		message.Request{Op: message.AlternateCall, Connection: connection, Held: connection},
	) {
		if r.Op == message.MonitorStart && r.Connection.IsSet() || r.Op == message.SetAgentState && r.AgentID != nil {
			continue // a monitored call and an agent's identifier are not in the notation
		}
		pdu, err := codec.AppendRequest(nil, 1, &r)
		add(argumentTypes[r.Op], []int{1}, pdu, err)
	}
	for _, r := range append(results(),
		message.Result{Op: message.MonitorStart, CrossRef: "x", Filter: filter}, message.Result{Op: message.MonitorStop},
		message.Result{Op: message.ChangeMonitorFilter, Filter: filter},
		message.Result{Op: message.ConferenceCall, Connection: connection, Connections: []message.Connected{{New: connection}}},
	) {
		if r.Op == message.GetForwarding && len(r.Forwards) != 1 {
			continue // the notation has one forward
		}
		pdu, err := codec.AppendResult(nil, 1, &r)
		add(resultTypes[r.Op], []int{1, 2}, pdu, err)
	}
	for _, e := range events() {
		if e.Secondary.IsSet() {
			e.Secondary, e.Connections = connection, []message.Connected{{New: connection}}
		}
		if e.Extensions.Set {
			continue // private data is ANY
		}
		pdu, err := codec.AppendEvent(nil, 1, &e)
		add(eventTypes[e.Kind], []int{1, 2}, pdu, err)
		add("EventReport", []int{1}, pdu, err)
	}
	require.Greater(t, len(pdus), 70)
	other := cstaenv.ASN1C(t, notation(t), []cstaenv.PDU{{Type: "SetFeatureArgs", DER: pdus[0].DER}})
	require.NotEmpty(t, other[0].Error, "the decoder takes one type for another")
	for i, v := range cstaenv.ASN1C(t, notation(t), pdus) {
		require.Empty(t, v.Error, "%s %x", pdus[i].Type, pdus[i].DER)
		require.Equal(t, hex.EncodeToString(pdus[i].DER), hex.EncodeToString(v.DER), "%s %s", pdus[i].Type, v.XER)
	}
	t.Logf("%d compared", len(pdus))
}
