package message

import "github.com/ctikit/ctikit/cti"

// ForwardingType tells when a forward applies, and to which calls (ECMA-285).
type ForwardingType uint8

// The forwarding types.
const (
	ForwardImmediate ForwardingType = iota
	ForwardBusy
	ForwardNoAnswer
	ForwardBusyInternal
	ForwardBusyExternal
	ForwardNoAnswerInternal
	ForwardNoAnswerExternal
	ForwardImmediateInternal
	ForwardImmediateExternal
	ForwardDND
	ForwardDNDInternal
	ForwardDNDExternal
)

var forwardingNames = [...]string{
	"forwardImmediate", "forwardBusy", "forwardNoAns", "forwardBusyInt", "forwardBusyExt", "forwardNoAnsInt",
	"forwardNoAnsExt", "forwardImmInt", "forwardImmExt", "forwardDND", "forwardDNDInt", "forwardDNDExt",
}

// String is the name as in ECMA-285.
func (f ForwardingType) String() string { return name(forwardingNames[:], int(f), "ForwardingType") }

// MarshalText encodes the type by name.
func (f ForwardingType) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// Forwarding is one forward of a device.
type Forwarding struct {
	Type      Opt[ForwardingType]
	On        bool
	To        Device
	Default   Opt[int8] // 0 type and number, 1 type, 2 number are the switch's defaults
	RingCount Opt[int64]
	RingTime  Opt[int64] // s
}

// AgentRequest is the state that an agent asks for.
type AgentRequest uint8

// The agent states that can be asked for.
const (
	LogOn AgentRequest = iota
	LogOff
	SetNotReady
	SetReady
	SetWorkingAfterCall
)

var agentRequestNames = [...]string{"loggedOn", "loggedOff", "notReady", "ready", "workingAfterCall"}

// String is the name as in ECMA-285.
func (a AgentRequest) String() string { return name(agentRequestNames[:], int(a), "AgentRequest") }

// MarshalText encodes the state by name.
func (a AgentRequest) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// Agent is one agent at a device.
type Agent struct {
	ID       Octets
	LoggedOn bool
	States   []AgentGroupState
}

// AgentGroupState is the state of an agent in one ACD group.
type AgentGroupState struct {
	Group     Device
	State     cti.AgentState
	Pending   cti.AgentState
	Condition Opt[int8] // 0 forced pause, 1 other
}

// SystemState is the state of the switch (ECMA-285 SystemStatus).
type SystemState uint8

// The system states.
const (
	Initializing SystemState = iota
	Enabled
	Normal
	MessagesLost
	Disabled
	OverloadImminent
	OverloadReached
	OverloadRelieved
	PartiallyDisabled
)

var systemStateNames = [...]string{"initializing", "enabled", "normal", "messagesLost", "disabled",
	"overloadImminent", "overloadReached", "overloadRelieved", "partiallyDisabled"}

// String is the name as in ECMA-285.
func (s SystemState) String() string { return name(systemStateNames[:], int(s), "SystemState") }

// MarshalText encodes the state by name.
func (s SystemState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
