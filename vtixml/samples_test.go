package vtixml_test

import (
	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/vtixml"
)

// samples is one message of every type, operation and kind of event, by name.
func samples() map[string]vtixml.Message {
	yes, no := true, false
	out := map[string]vtixml.Message{
		"open": {Type: vtixml.OpenMessage, Open: vtixml.Open{Application: `Caller & "Co" <é>`}},
		"opened": {Type: vtixml.OpenedMessage, Capabilities: driver.Capabilities{Operations: cti.OperationsOf(cti.OpSupervise, cti.OpMakeCall),
			MaxSupervisions: 500, SnapshotAtomic: true, ReportsExistingCalls: true, GlobalCallIDs: true}},
		"capabilities": {Type: vtixml.CapabilitiesMessage, Capabilities: driver.Capabilities{Operations: cti.OperationsOf(cti.OpPing)}},
		"close":        {Type: vtixml.CloseMessage},
		"logon": {Type: vtixml.LogonMessage, Place: cti.Location{Site: 1, Cluster: 2}, Logons: []vtixml.Logon{
			{ID: 1, Device: "4001", SetType: cti.Digital, Password: ctikit.NewSecret(`1<2&"3`)}, {ID: 2, Device: "4002"}}},
		"answer":            {Type: vtixml.AnswerMessage, ID: 1},
		"answer-monitor":    {Type: vtixml.AnswerMessage, ID: 2, Answer: vtixml.Answer{Monitor: 12}},
		"answer-connection": {Type: vtixml.AnswerMessage, ID: 3, Answer: vtixml.Answer{Connection: cti.ConnectionID{Call: "c1", Device: "4001"}}},
		"answer-feature":    {Type: vtixml.AnswerMessage, ID: 4, Answer: vtixml.Answer{On: true, Agent: cti.AgentWorkingAfterCall}},
		"answer-devices":    {Type: vtixml.AnswerMessage, ID: 5, Answer: vtixml.Answer{Devices: []cti.DeviceID{"4001", "4002"}}},
		"answer-data":       {Type: vtixml.AnswerMessage, ID: 6, Answer: vtixml.Answer{Data: []byte{0, 1, 0xff}}},
		"answer-call": {Type: vtixml.AnswerMessage, ID: 7, Answer: vtixml.Answer{Call: &cti.Call{ID: "c1", State: cti.Hold,
			Called: cti.PartyOf("4001"), Parties: []cti.CallParty{{State: cti.Queued}}}}},
		"answer-snapshot": {Type: vtixml.AnswerMessage, ID: 8, Answer: vtixml.Answer{Snapshot: &cti.Snapshot{Device: "4001",
			Features: cti.Features{DoNotDisturb: &no, MessageWaiting: &yes, Agent: cti.AgentReady},
			Calls: []cti.Call{{ID: "c1", Global: "g1", State: cti.Connected, Calling: cti.Party{Status: cti.Restricted, Name: "Ada"},
				Called: cti.PartyOf("4001"), Redirection: cti.Party{Status: cti.NotKnown},
				Parties: []cti.CallParty{{Device: cti.PartyOf("0612345678"), State: cti.Connected}}}}}}},
	}
	for _, err := range []error{cti.ErrBadPassword, cti.ErrInvalidDevice, cti.ErrUnsupportedSet, cti.ErrUnreachable, cti.ErrBusy,
		cti.ErrInvalidState, cti.ErrInvalidCall, cti.ErrInvalidDestination, ctikit.ErrUnsupported, cti.ErrBadCredentials, cti.ErrProtocol, cti.ErrRefused} {
		out["refusal "+err.Error()] = vtixml.Message{Type: vtixml.RefusalMessage, ID: 9, Failure: vtixml.Failure{Err: err, Text: "why"}}
	}
	out["refusal capacity"] = vtixml.Message{Type: vtixml.RefusalMessage, ID: 9, Failure: vtixml.Failure{Err: cti.ErrCapacity, Limit: 500}}
	for _, op := range cti.FullCTI().List() {
		switch op {
		case cti.OpSupervise, cti.OpOpen, cti.OpGetForwarding, cti.OpSetForwarding, cti.OpMonitorFeatures, cti.OpReleaseFeatures:
			continue
		}
		out["request "+op.String()] = vtixml.Message{Type: vtixml.RequestMessage, ID: 1<<31 - 1, Op: op, Request: vtixml.Request{
			Device: "4001", Call: "c1", Held: "c2", Number: "00123", Target: "4002", Monitor: 12, On: true, Agent: cti.AgentNotReady, Data: []byte("x\x00")}}
	}
	for k := cti.Bridged; k <= cti.MonitorStopped; k++ {
		if k != cti.Forwarding {
			out["event "+k.String()] = vtixml.Message{Type: vtixml.EventMessage, Monitor: 12, Event: cti.Event{Kind: k, Device: "4001"}}
		}
	}
	out["event full"] = vtixml.Message{Type: vtixml.EventMessage, Monitor: 12, Event: fullEvent()}
	return out
}

func fullEvent() cti.Event {
	return cti.Event{Kind: cti.Transferred, Device: "4001", State: cti.Connected, Cause: cti.CauseTransfer, Call: "c3", OldCall: "c1", OtherCall: "c2",
		Global: "g1", On: true, Level: 3, Agent: "a7", Text: "line 1\nline 2\t\r", UserData: "\x00\xff", Correlator: "k",
		Subject: cti.PartyOf("4001"), Calling: cti.Party{Number: "0612345678", Name: "Ada Lovelace", Status: cti.Known},
		Called: cti.Party{Status: cti.NotKnown}, Redirection: cti.Party{Status: cti.Restricted}, Target: cti.PartyOf("4003")}
}
