package cti

import (
	"math/bits"
	"strings"
)

// Operation is one thing that can be asked of a PBX, named as in ECMA-269. It
// names the failed operation in an [Error] and the possible ones in
// [Capabilities].
type Operation uint8

// The operations of TWP guide 1.2 and ECMA-269.
const (
	OpNone Operation = iota
	OpSupervise
	OpRelease
	OpMakeCall
	OpAnswerCall
	OpClearConnection
	OpClearCall
	OpHoldCall
	OpRetrieveCall
	OpAlternateCall
	OpReconnectCall
	OpConsultationCall
	OpTransferCall
	OpSingleStepTransfer
	OpConferenceCall
	OpSingleStepConference
	OpDeflectCall
	OpDirectedPickup
	OpGroupPickup
	OpParkCall
	OpJoinCall
	OpIntrudeCall
	OpCampOnCall
	OpCallBack
	OpDialDigits
	OpGenerateDigits
	OpGetForwarding
	OpSetForwarding
	OpGetDoNotDisturb
	OpSetDoNotDisturb
	OpGetMessageWaiting
	OpSetMessageWaiting
	OpGetAgentState
	OpSetAgentState
	OpSnapshotDevice
	OpSnapshotCall
	OpMonitorFeatures
	OpListDevices
	OpEscape
	OpPing
	OpOpen
	operationCount
)

var operationNames = [operationCount]string{
	"none", "supervise", "release", "make call", "answer call", "clear connection", "clear call",
	"hold call", "retrieve call", "alternate call", "reconnect call", "consultation call",
	"transfer call", "single step transfer", "conference call", "single step conference",
	"deflect call", "directed pickup", "group pickup", "park call", "join call", "intrude call",
	"camp on call", "call back", "dial digits", "generate digits",
	"get forwarding", "set forwarding", "get do not disturb", "set do not disturb",
	"get message waiting", "set message waiting", "get agent state", "set agent state",
	"snapshot device", "snapshot call", "monitor features", "list devices", "escape", "ping", "open",
}

// String is the name in lower case, as errors show it: "make call".
func (o Operation) String() string { return name(operationNames[:], int(o), "Operation") }

// MarshalText encodes the operation by name.
func (o Operation) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Operations is a set of operations. The zero value is the empty set.
type Operations uint64

// OperationsOf makes a set.
func OperationsOf(ops ...Operation) (s Operations) {
	for _, o := range ops {
		s |= 1 << o
	}
	return s
}

// Has reports whether the set holds o.
func (s Operations) Has(o Operation) bool { return s&(1<<o) != 0 }

// With returns the set with more operations in it.
func (s Operations) With(ops ...Operation) Operations { return s | OperationsOf(ops...) }

// Without returns the set with operations taken out.
func (s Operations) Without(ops ...Operation) Operations { return s &^ OperationsOf(ops...) }

// List returns the operations in order of declaration.
func (s Operations) List() []Operation {
	out := make([]Operation, 0, bits.OnesCount64(uint64(s)))
	for o := Operation(1); o < operationCount; o++ {
		if s.Has(o) {
			out = append(out, o)
		}
	}
	return out
}

// String lists the names, comma-separated.
func (s Operations) String() string {
	var names []string
	for _, o := range s.List() {
		names = append(names, o.String())
	}
	return strings.Join(names, ", ")
}

// FullCTI is every operation: what a host may ask of a line by default.
const FullCTI Operations = 1<<operationCount - 2

// SharedControl is what a Workplace client may do with a desk phone that it
// controls (IP Office with Workplace, ch. 1 "shared control": answer, make,
// hold, retrieve, ignore, drop, transfer, conference, DTMF; no ad-hoc
// conference by adding a person). Its numbers are dialled as given: see
// [AsDialled].
var SharedControl = OperationsOf(OpSupervise, OpRelease, OpMakeCall, OpAnswerCall, OpClearConnection,
	OpHoldCall, OpRetrieveCall, OpAlternateCall, OpReconnectCall, OpConsultationCall, OpTransferCall,
	OpSingleStepTransfer, OpConferenceCall, OpDeflectCall, OpGenerateDigits,
	OpSnapshotDevice, OpSnapshotCall, OpPing)
