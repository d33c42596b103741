package phase12_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/phase12"
	"github.com/ctikit/ctikit/cti"
)

var (
	number     = message.Number("4001")
	other      = message.Number("0123456789")
	connection = message.ConnectionOf("\x00\x11", number)
	held       = message.ConnectionOf("\x00\x12", message.Device{Status: message.Known, Form: message.Dynamic, Number: "\x01\x02\x03\x04"})
)

// requests are one or more of every service of both phases.
func requests(p phase12.Phase) []message.Request {
	out := []message.Request{
		{Op: message.AlternateCall, Connection: connection, Held: held},
		{Op: message.ConferenceCall, Connection: connection, Held: held},
		{Op: message.ReconnectCall, Connection: connection},
		{Op: message.TransferCall, Held: held},
		{Op: message.AnswerCall, Connection: connection},
		{Op: message.ClearCall, Connection: message.Connection{Parts: message.CallOnly, Call: "\x00\x11"}},
		{Op: message.ClearConnection, Connection: connection},
		{Op: message.RetrieveCall, Connection: message.Connection{Parts: message.DeviceOnly, Device: number}},
		{Op: message.SnapshotCall, Connection: connection},
		{Op: message.SnapshotDevice, Device: number},
		{Op: message.MonitorStart, Device: number, MonitorType: message.Some[int8](1)},
		{Op: message.MonitorStart, Connection: connection},
		{Op: message.MonitorStop, CrossRef: "x"},
		{Op: message.SystemStatus, Status: message.OverloadReached},
		{Op: message.CampOnCall, Connection: connection},
		{Op: message.CallBack, Connection: connection},
		{Op: message.IntrudeCall, Connection: connection},
		{Op: message.DeflectCall, Connection: connection, To: other},
		{Op: message.DirectedPickupCall, Connection: connection, Device: number},
		{Op: message.GroupPickupCall, Device: number, To: other},
		{Op: message.ConsultationCall, Connection: connection, To: other},
		{Op: message.HoldCall, Connection: connection, Reserve: message.Some(true)},
		{Op: message.MakeCall, Device: number, To: other},
		{Op: message.SetMessageWaitingIndicator, Device: number, On: true},
		{Op: message.SetDoNotDisturb, Device: number},
		{Op: message.SetForwarding, Device: number, On: true, To: other, Forward: message.Some(message.ForwardNoAnswer)},
		{Op: message.SetForwarding, Device: number, Forward: message.Some(message.ForwardBusy)},
		{Op: message.SetAgentState, Device: number, Agent: message.LogOn, AgentID: message.Octets("7"), To: other},
		{Op: message.SetAgentState, Device: number, Agent: message.SetWorkingAfterCall},
		{Op: message.GetMessageWaitingIndicator, Device: number},
		{Op: message.GetDoNotDisturb, Device: number},
		{Op: message.GetForwarding, Device: number},
		{Op: message.GetAgentState, Device: number},
		{Op: message.Escape, Escape: message.Raw{4, 2, 7, 8}},
	}
	if p == phase12.II {
		out = append(out,
			message.Request{Op: message.AssociateData, Connection: connection, Data: message.CallData{Correlator: message.Octets("data")}},
			message.Request{Op: message.ParkCall, Connection: connection, To: other},
			message.Request{Op: message.GenerateDigits, Connection: connection, Digits: message.Text("12#")},
			message.Request{Op: message.SingleStepConference, Connection: connection, To: other},
			message.Request{Op: message.SingleStepTransfer, Connection: connection, To: other},
			message.Request{Op: message.SetForwarding, Device: number, Forward: message.Some(message.ForwardBusyExternal)},
			message.Request{Op: message.Escape, Escape: message.Raw{4, 2, 7, 8}, Security: message.Raw{0xa0, 3, 0x80, 1, 5}},
			message.Request{Op: message.ClearCall, Connection: connection,
				Extensions: message.Extensions{Set: true, Raw: message.Raw{0xa1, 2, 5, 0}}})
	}
	return out
}

// results are one of every form of result.
func results() []message.Result {
	agent := []message.Agent{{LoggedOn: true, States: []message.AgentGroupState{{State: cti.AgentReady}}}}
	forwards := []message.Forwarding{
		{Type: message.Some(message.ForwardImmediate), On: true, To: other},
		{Type: message.Some(message.ForwardBusy)},
	}
	return []message.Result{
		{Op: message.MakeCall, Connection: connection},
		{Op: message.ConsultationCall, Connection: connection},
		{Op: message.ConferenceCall, Connection: connection, Connections: []message.Connected{{New: held}, {New: connection}}},
		{Op: message.TransferCall},
		{Op: message.MonitorStart, CrossRef: "x"},
		{Op: message.SnapshotDevice, Calls: []message.DeviceCall{
			{Connection: connection, Endpoint: number, States: []cti.LocalState{cti.Hold}},
			{Connection: held, Endpoint: message.Device{Status: message.NotKnown}},
		}},
		{Op: message.SnapshotCall, Parties: []message.CallParty{{Device: other, Connection: connection, State: cti.Alerting}}},
		{Op: message.GetMessageWaitingIndicator, On: true},
		{Op: message.GetDoNotDisturb},
		{Op: message.GetForwarding, Forwards: forwards[:1]},
		{Op: message.GetForwarding, Forwards: forwards},
		{Op: message.GetForwarding, Forwards: []message.Forwarding{}},
		{Op: message.GetAgentState, Agents: agent},
		{Op: message.AnswerCall}, {Op: message.SetForwarding}, {Op: message.SetAgentState}, {Op: message.DeflectCall},
		{Op: message.GroupPickupCall}, {Op: message.CampOnCall}, {Op: message.IntrudeCall}, {Op: message.SystemStatus},
	}
}

// events are one of every kind.
func events() []message.Event {
	call := message.Event{CrossRef: message.Text("x"), Connection: connection, Subject: number, State: cti.Connected, Cause: cti.CauseTransfer}
	with := func(kind cti.Kind, change func(*message.Event)) message.Event {
		e := call
		e.Kind = kind
		change(&e)
		return e
	}
	parties := func(e *message.Event) {
		e.Calling, e.Called, e.Redirection = other, number, message.Device{Status: message.NotRequired}
	}
	two := func(e *message.Event) {
		e.Secondary, e.Target = held, other
		e.Connections = []message.Connected{{New: connection}, {New: held}}
	}
	feature := func(kind cti.Kind, f message.Feature) message.Event {
		return message.Event{Kind: kind, CrossRef: message.Text("x"), Subject: number, Feature: f}
	}
	nothing := func(*message.Event) {}
	agent := message.Feature{AgentID: message.Octets("7")}
	return []message.Event{
		with(cti.Delivered, parties), with(cti.Established, parties),
		with(cti.CallQueued, func(e *message.Event) { parties(e); e.NumberQueued = message.Some(int64(3)) }),
		with(cti.Conferenced, two), with(cti.Transferred, two),
		with(cti.ConnectionCleared, nothing), with(cti.Held, nothing), with(cti.Retrieved, nothing),
		with(cti.Diverted, func(e *message.Event) { e.Target = other }),
		with(cti.CallFailed, func(e *message.Event) { e.Called = other }),
		with(cti.NetworkReached, func(e *message.Event) { e.Called = other }),
		with(cti.Originated, func(e *message.Event) { e.Called = other }),
		with(cti.ServiceInitiated, func(e *message.Event) { e.Subject = message.Device{} }),
		with(cti.CallCleared, func(e *message.Event) { e.Subject = message.Device{} }),
		with(cti.Delivered, func(e *message.Event) {
			parties(e)
			e.Extensions = message.Extensions{Set: true, Raw: message.Raw{6, 1, 5, 4, 1, 7}}
		}),
		feature(cti.DoNotDisturb, message.Feature{On: true}),
		{Kind: cti.Forwarding, CrossRef: message.Text("x"), Subject: number, Device: other,
			Feature: message.Feature{On: true, Forward: message.Some(message.ForwardNoAnswer)}},
		feature(cti.MessageWaiting, message.Feature{On: true}),
		{Kind: cti.CallInformation, CrossRef: message.Text("x"), Connection: connection, Subject: number,
			Data: message.CallData{Correlator: message.Octets("c")}},
		feature(cti.AgentLoggedOn, agent), feature(cti.AgentLoggedOff, agent), feature(cti.AgentNotReadyEvent, agent),
		feature(cti.AgentReadyEvent, agent), feature(cti.AgentWorkingAfterCallEvent, agent),
		feature(cti.AgentWorkingAfterCallEvent, message.Feature{Pending: cti.AgentReady}),
		{Kind: cti.BackInService, CrossRef: message.Text("x"), Subject: number, Cause: cti.CauseMaintenance},
		{Kind: cti.OutOfService, CrossRef: message.Text("x"), Subject: number},
		{Kind: cti.Private, CrossRef: message.Text("x"), Private: message.Raw{4, 1, 9}},
	}
}

func eachConfig(t *testing.T, test func(*testing.T, phase12.Config)) {
	for _, c := range []phase12.Config{
		{Phase: phase12.I}, {Phase: phase12.II}, {Phase: phase12.II, Events: phase12.ByNumber},
		{Phase: phase12.I, Events: phase12.ByChoice, Wrapped: true},
	} {
		t.Run(fmt.Sprintf("phase %d form %d wrapped %v", c.Phase+1, c.Events, c.Wrapped), func(t *testing.T) { test(t, c) })
	}
}

// TestRoundTrip: what one side sends is what the other side reads.
func TestRoundTrip(t *testing.T) {
	eachConfig(t, func(t *testing.T, c phase12.Config) {
		var asked message.Operation
		codec := phase12.New(c, message.Options{Asked: func(message.InvokeID) message.Operation { return asked }})
		var m message.Message
		read := func(pdu []byte, err error) {
			t.Helper()
			require.NoError(t, err)
			require.NoError(t, codec.Decode(pdu, &m), hex.EncodeToString(pdu))
			require.False(t, m.Unknown, hex.EncodeToString(pdu))
			require.Zero(t, m.Skipped, hex.EncodeToString(pdu))
		}
		for _, want := range requests(c.Phase) {
			read(codec.AppendRequest(nil, 7, &want))
			require.Equal(t, want, m.Request)
		}
		for _, want := range results() {
			asked = want.Op
			read(codec.AppendResult(nil, 7, &want))
			require.Equal(t, want, m.Result)
		}
		for _, want := range events() {
			read(codec.AppendEvent(nil, 7, &want))
			require.Equal(t, want, m.Event)
		}
		for class := message.OperationError; class <= message.UnspecifiedError; class++ {
			want := message.Failure{Class: class, Number: 2}
			read(codec.AppendFailure(nil, 7, &want))
			switch class {
			case message.SecurityError:
				want = message.Failure{Class: message.OperationError, Number: 19}
			case message.PrivateDataError, message.UnspecifiedError:
				want = message.Failure{Class: message.UnspecifiedError}
			}
			require.Equal(t, want, m.Failure)
		}
	})
}

// TestFilters: a filter comes out as far as the phase has its events.
func TestFilters(t *testing.T) {
	eachConfig(t, func(t *testing.T, c phase12.Config) {
		codec := phase12.New(c, message.Options{})
		want := message.Filter{}.Without(cti.Held, cti.DoNotDisturb, cti.AgentReadyEvent, cti.OutOfService, cti.Private)
		r := message.Request{Op: message.ChangeMonitorFilter, CrossRef: "x", Filter: want}
		pdu, err := codec.AppendRequest(nil, 1, &r)
		require.NoError(t, err)
		var m message.Message
		require.NoError(t, codec.Decode(pdu, &m))
		for kind := cti.Bridged; kind <= cti.Private; kind++ {
			require.Equal(t, want.Passes(kind), m.Request.Filter.Passes(kind), kind.String())
		}
	})
}

// TestPhaseI is bytes made by hand from the phase I notation.
func TestPhaseI(t *testing.T) {
	codec := phase12.New(phase12.Config{}, message.Options{})
	decode := func(text string) (m message.Message) {
		pdu, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
		require.NoError(t, err)
		require.NoError(t, codec.Decode(pdu, &m))
		require.Zero(t, m.Skipped)
		again, err := encode(codec, &m)
		require.NoError(t, err)
		require.Equal(t, pdu, again)
		return m
	}
	require.Equal(t, message.Request{Op: message.HoldCall, Connection: connection, Reserve: message.Some(false)},
		decode("a117 020105 020109 300f 6b0a 82020011 800434303031 010100").Request)
	require.Equal(t, message.Event{Kind: cti.ServiceInitiated, CrossRef: message.Text("x"), Connection: connection, State: cti.Initiated},
		decode("a11f 020106 020115 3017 550178 80010d 300f 6b0a 82020011 800434303031 4e0101").Event)
	require.Equal(t, message.Failure{Class: message.OperationError, Number: 12}, decode("a309 020105 020101 81010c").Failure)
}

// TestNotCarried: what a phase has not is refused before anything is written.
func TestNotCarried(t *testing.T) {
	codec := phase12.New(phase12.Config{}, message.Options{})
	dst := []byte("kept")
	for _, r := range []message.Request{
		{Op: message.GenerateDigits, Connection: connection, Digits: message.Text("1")},
		{Op: message.JoinCall, Connection: connection, Device: number},
		{Op: message.SetForwarding, Device: number, Forward: message.Some(message.ForwardBusyInternal)},
		{Op: message.MakeCall, Device: number, To: message.Device{Status: message.Known, Form: message.Dynamic}},
		{Op: message.AnswerCall},
	} {
		out, err := codec.AppendRequest(dst, 1, &r)
		require.ErrorIs(t, err, message.ErrNotCarried, r.Op.String())
		require.Equal(t, "kept", string(out))
	}
	for _, kind := range []cti.Kind{cti.Offered, cti.AutoAnswer, cti.AgentBusyEvent, cti.LinkUp} {
		e := message.Event{Kind: kind, Subject: number}
		_, err := codec.AppendEvent(nil, 1, &e)
		require.ErrorIs(t, err, message.ErrNotCarried, kind.String())
	}

	wider := phase12.New(phase12.Config{Codes: map[message.Operation]int64{message.GenerateDigits: 19}}, message.Options{})
	r := message.Request{Op: message.GenerateDigits, Connection: connection, Digits: message.Text("1")}
	pdu, err := wider.AppendRequest(nil, 1, &r)
	require.NoError(t, err)
	var m message.Message
	require.NoError(t, wider.Decode(pdu, &m))
	require.Equal(t, r, m.Request)
}
