package cti

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Operation is one thing that can be asked of a PBX, named as in ECMA-269. It
// names the failed operation in an [Error] and the possible ones in
// [driver.Capabilities].
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
	OpReleaseFeatures
	OpListDevices
	OpEscape
	OpPing
	OpOpen
	operationCount // at most 128, see Operations
)

// Fields is a set of fields of [driver.Request] and [driver.Reply].
type Fields uint32

// The fields that an operation reads or fills.
const (
	FieldDevice Fields = 1 << iota
	FieldConnection
	FieldHeld
	FieldNumber
	FieldTarget
	FieldOn
	FieldForward
	FieldAgent
	FieldData
	FieldPrivate
	FieldSnapshot
	FieldCall
	FieldFeatures
	FieldDevices
)

// Has reports whether the set holds f.
func (s Fields) Has(f Fields) bool { return s&f != 0 }

// OperationInfo is what is true of an operation whatever the driver.
type OperationInfo struct {
	Name  string
	Takes Fields // of Request
	Gives Fields // of Reply
	// LateHarmless: a late answer leaves nothing behind.
	LateHarmless bool
	// StartsCall: a late answer leaves a call behind that can be cleared.
	StartsCall bool
	// AnyLink: it names no call, so that any link of the network may serve it.
	AnyLink bool
}

const (
	fromDevice   = FieldDevice
	onConnection = FieldConnection
	onTwo        = FieldConnection | FieldHeld
)

// infos has one row for each operation: nothing else lists them all.
var infos = [operationCount]OperationInfo{
	OpNone:                 {Name: "none"},
	OpSupervise:            {Name: "supervise", Takes: fromDevice, Gives: FieldSnapshot},
	OpRelease:              {Name: "release", Takes: fromDevice, LateHarmless: true},
	OpMakeCall:             {Name: "make call", Takes: fromDevice | FieldNumber | FieldData, Gives: FieldConnection, StartsCall: true},
	OpAnswerCall:           {Name: "answer call", Takes: onConnection},
	OpClearConnection:      {Name: "clear connection", Takes: onConnection},
	OpClearCall:            {Name: "clear call", Takes: onConnection},
	OpHoldCall:             {Name: "hold call", Takes: onConnection},
	OpRetrieveCall:         {Name: "retrieve call", Takes: onConnection},
	OpAlternateCall:        {Name: "alternate call", Takes: onTwo},
	OpReconnectCall:        {Name: "reconnect call", Takes: onTwo},
	OpConsultationCall:     {Name: "consultation call", Takes: onConnection | FieldNumber | FieldData, Gives: FieldConnection, StartsCall: true},
	OpTransferCall:         {Name: "transfer call", Takes: onTwo, Gives: FieldConnection},
	OpSingleStepTransfer:   {Name: "single step transfer", Takes: onConnection | FieldNumber | FieldData, Gives: FieldConnection},
	OpConferenceCall:       {Name: "conference call", Takes: onTwo, Gives: FieldConnection},
	OpSingleStepConference: {Name: "single step conference", Takes: onConnection | FieldTarget, Gives: FieldConnection},
	OpDeflectCall:          {Name: "deflect call", Takes: onConnection | FieldNumber | FieldData},
	OpDirectedPickup:       {Name: "directed pickup", Takes: fromDevice | onConnection},
	OpGroupPickup:          {Name: "group pickup", Takes: fromDevice},
	OpParkCall:             {Name: "park call", Takes: onConnection | FieldTarget},
	OpJoinCall:             {Name: "join call", Takes: fromDevice | onConnection, Gives: FieldConnection},
	OpIntrudeCall:          {Name: "intrude call", Takes: fromDevice | onConnection, Gives: FieldConnection},
	OpCampOnCall:           {Name: "camp on call", Takes: onConnection},
	OpCallBack:             {Name: "call back", Takes: onConnection},
	OpDialDigits:           {Name: "dial digits", Takes: onConnection | FieldNumber},
	OpGenerateDigits:       {Name: "generate digits", Takes: onConnection | FieldNumber},
	OpGetForwarding:        {Name: "get forwarding", Takes: fromDevice, Gives: FieldForward, LateHarmless: true, AnyLink: true},
	OpSetForwarding:        {Name: "set forwarding", Takes: fromDevice | FieldForward, AnyLink: true},
	OpGetDoNotDisturb:      {Name: "get do not disturb", Takes: fromDevice, Gives: FieldOn, LateHarmless: true, AnyLink: true},
	OpSetDoNotDisturb:      {Name: "set do not disturb", Takes: fromDevice | FieldOn, AnyLink: true},
	OpGetMessageWaiting:    {Name: "get message waiting", Takes: fromDevice, Gives: FieldOn, LateHarmless: true, AnyLink: true},
	OpSetMessageWaiting:    {Name: "set message waiting", Takes: fromDevice | FieldOn, AnyLink: true},
	OpGetAgentState:        {Name: "get agent state", Takes: fromDevice, Gives: FieldAgent, LateHarmless: true, AnyLink: true},
	OpSetAgentState:        {Name: "set agent state", Takes: fromDevice | FieldAgent, AnyLink: true},
	OpSnapshotDevice:       {Name: "snapshot device", Takes: fromDevice, Gives: FieldSnapshot, LateHarmless: true},
	OpSnapshotCall:         {Name: "snapshot call", Takes: onConnection, Gives: FieldCall, LateHarmless: true},
	OpMonitorFeatures:      {Name: "monitor features", Takes: fromDevice, Gives: FieldFeatures},
	OpReleaseFeatures:      {Name: "release features", Takes: fromDevice, LateHarmless: true},
	OpListDevices:          {Name: "list devices", Gives: FieldDevices, LateHarmless: true},
	OpEscape:               {Name: "escape", Takes: FieldPrivate, Gives: FieldPrivate},
	OpPing:                 {Name: "ping", LateHarmless: true},
	OpOpen:                 {Name: "open"},
}

// Info is the operation's row.
func (o Operation) Info() OperationInfo {
	if o < operationCount {
		return infos[o]
	}
	return OperationInfo{Name: "Operation(" + strconv.Itoa(int(o)) + ")"}
}

// String is the name in lower case, as errors show it: "make call".
func (o Operation) String() string { return o.Info().Name }

// MarshalText encodes the operation by name.
func (o Operation) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads a name, in any case.
func (o *Operation) UnmarshalText(text []byte) error {
	for op := range operationCount {
		if strings.EqualFold(infos[op].Name, string(text)) {
			*o = op
			return nil
		}
	}
	return fmt.Errorf("unknown operation %.40q", text)
}

// Operations is a set of operations. The zero value is the empty set; sets are
// compared with ==.
type Operations struct{ bits [2]uint64 }

// OperationsOf returns the set of ops.
func OperationsOf(ops ...Operation) Operations { return Operations{}.With(ops...) }

// FullCTI returns the set of all operations: what an application may ask of a
// line by default.
func FullCTI() (s Operations) {
	for o := Operation(1); o < operationCount; o++ {
		s = s.With(o)
	}
	return s
}

// IsEmpty reports whether the set holds no operation.
func (s Operations) IsEmpty() bool { return s == Operations{} }

// Has reports whether the set holds o.
func (s Operations) Has(o Operation) bool {
	return int(o) < 64*len(s.bits) && s.bits[o/64]&(1<<(o%64)) != 0
}

// With returns the set with ops added, except those that no set can hold.
func (s Operations) With(ops ...Operation) Operations {
	for _, o := range ops {
		if int(o) < 64*len(s.bits) {
			s.bits[o/64] |= 1 << (o % 64)
		}
	}
	return s
}

// Without returns the set with ops removed.
func (s Operations) Without(ops ...Operation) Operations { return s.Minus(OperationsOf(ops...)) }

// And returns the operations that both sets hold.
func (s Operations) And(other Operations) Operations {
	for i := range s.bits {
		s.bits[i] &= other.bits[i]
	}
	return s
}

// Minus returns the operations of s that other does not hold.
func (s Operations) Minus(other Operations) Operations {
	for i := range s.bits {
		s.bits[i] &^= other.bits[i]
	}
	return s
}

// List returns the operations in order of declaration.
func (s Operations) List() (list []Operation) {
	for o := Operation(1); o < operationCount; o++ {
		if s.Has(o) {
			list = append(list, o)
		}
	}
	return list
}

// MarshalJSON encodes the set as a list of names.
func (s Operations) MarshalJSON() ([]byte, error) {
	if s.IsEmpty() {
		return []byte("[]"), nil
	}
	return json.Marshal(s.List())
}

// UnmarshalJSON reads a list of names.
func (s *Operations) UnmarshalJSON(data []byte) error {
	var list []Operation
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	*s = OperationsOf(list...)
	return nil
}

// String lists the names, comma-separated.
func (s Operations) String() string {
	var names []string
	for _, o := range s.List() {
		names = append(names, o.String())
	}
	return strings.Join(names, ", ")
}

// SharedControl is what a Workplace client may do with a desk phone that it
// controls (IP Office with Workplace, ch. 1 "shared control": answer, make,
// hold, retrieve, ignore, drop, transfer, conference, DTMF; no ad-hoc
// conference by adding a person). Its numbers are dialled as given: see
// [gateway.AsDialled].
var SharedControl = OperationsOf(OpSupervise, OpRelease, OpMakeCall, OpAnswerCall, OpClearConnection,
	OpHoldCall, OpRetrieveCall, OpAlternateCall, OpReconnectCall, OpConsultationCall, OpTransferCall,
	OpSingleStepTransfer, OpConferenceCall, OpDeflectCall, OpGenerateDigits,
	OpSnapshotDevice, OpSnapshotCall, OpPing)
