package cti

import (
	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/enum"
)

// ForwardType says when a forward applies (ECMA-269 "forwarding type").
type ForwardType uint8

// The forward types. Do-not-disturb forwards apply while DND is on.
const (
	ForwardImmediate ForwardType = iota
	ForwardBusy
	ForwardNoAnswer
	ForwardDoNotDisturb
)

var forwardTypeNames = [...]string{"immediate", "busy", "no answer", "do not disturb"}

// String is the name in lower case.
func (t ForwardType) String() string { return enum.Name(forwardTypeNames[:], int(t), "ForwardType") }

// MarshalText encodes the type by name.
func (t ForwardType) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads a name, in any case.
func (t *ForwardType) UnmarshalText(text []byte) error {
	i, err := enum.Value(forwardTypeNames[:], string(text), "forward type")
	*t = ForwardType(i)
	return err
}

// Origin says which calls a forward applies to.
type Origin uint8

// The origins.
const (
	AllCalls Origin = iota
	InternalCalls
	ExternalCalls
)

var originNames = [...]string{"all", "internal", "external"}

// String is the name in lower case.
func (o Origin) String() string { return enum.Name(originNames[:], int(o), "Origin") }

// MarshalText encodes the origin by name.
func (o Origin) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads a name, in any case.
func (o *Origin) UnmarshalText(text []byte) error {
	i, err := enum.Value(originNames[:], string(text), "call origin")
	*o = Origin(i)
	return err
}

// Forward is one call forward of a device. A device has at most one forward for
// each pair of Type and Origin. Setting a forward with Active false cancels it.
type Forward struct {
	Type   ForwardType `json:"type"`
	Origin Origin      `json:"origin,omitzero"`
	Active bool        `json:"active"`
	To     string      `json:"to,omitempty"` // dialable destination; "" keeps the PBX's own default
}

// AgentState is the state of an agent (ECMA-269 6.1.3).
type AgentState uint8

// The agent states. AgentNull is logged off.
const (
	AgentUnknown AgentState = iota
	AgentNull
	AgentNotReady
	AgentReady
	AgentBusy
	AgentWorkingAfterCall
)

var agentStateNames = [...]string{"unknown", "logged off", "not ready", "ready", "busy", "working after call"}

// String is the name in lower case.
func (s AgentState) String() string { return enum.Name(agentStateNames[:], int(s), "AgentState") }

// MarshalText encodes the state by name.
func (s AgentState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name, in any case.
func (s *AgentState) UnmarshalText(text []byte) error {
	i, err := enum.Value(agentStateNames[:], string(text), "agent state")
	*s = AgentState(i)
	return err
}

// Agent is an agent at a device and the requested state. ID, Password and Group
// matter if the PBX logs on agents separately from their devices.
type Agent struct {
	State    AgentState
	ID       string
	Password ctikit.Secret
	Group    DeviceID
}

// Features is the known state of a device's features. A nil pointer, or nil
// Forwards, means unknown.
type Features struct {
	Forwards       []Forward // active ones; if empty but not nil, there are none
	DoNotDisturb   *bool
	MessageWaiting *bool
	Agent          AgentState
}
