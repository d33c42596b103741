package message

import "github.com/ctikit/ctikit/cti"

// ForwardingType is the condition of a forward and the calls that it applies to (ECMA-285).
type ForwardingType uint8

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
