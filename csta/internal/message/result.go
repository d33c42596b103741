package message

import "github.com/ctikit/ctikit/cti"

// Result is the positive answer to a service. The ones that only acknowledge
// have no field but Extensions.
type Result struct {
	Op Operation

	// Connection is the new or resulting call: initiated, conferenced,
	// transferred, picked, parked.
	Connection  Connection
	Connections []Connected // conference, transfer
	Data        CallData
	Device      Device // call back: target; message waiting: device for message

	// Monitors.
	CrossRef      string
	Filter        Filter
	MediaClass    Bits
	ExistingCalls Opt[bool] // monitorStart: existing calls report events

	// Snapshots. Where the switch sends the data in pieces (snapshotCallData,
	// snapshotDeviceData) only Service is set.
	Service                             Octets
	Calls                               []DeviceCall // snapshotDevice
	Parties                             []CallParty  // snapshotCall
	Calling, Called                     Device       // snapshotCall
	AssociatedCalling, AssociatedCalled Device

	// Features.
	On       bool
	Lamp     Opt[bool]  // getMessageWaitingIndicator: a lamp is present
	Rings    Opt[int64] // getAutoAnswer
	Origin   Bits       // getDoNotDisturb
	More     []Device   // getDoNotDisturb: calling devices
	Forwards []Forwarding
	Agents   []Agent
	Pending  cti.AgentState // setAgentState: the state that follows the present call

	// System services.
	Register     Octets
	Status       SystemState
	Statuses     Bits
	Capabilities *Capabilities
	// Escape is what a vendor answers to an escape beyond what the standard has.
	Escape Raw

	Extensions Extensions
	Session    *Session
}

// DeviceCall is one call of a device in its snapshot.
type DeviceCall struct {
	Connection Connection
	Endpoint   Device           // where the switch tells it, the device's own end
	States     []cti.LocalState // one for each connection, the device's own first; or
	Simple     Opt[int16]       // ECMA-285 SimpleCallState: 0x23 delivered, 0x32 received, ...
	Services   *ServicesPermitted
	Streams    []Stream
	Media      *Media
	Linkage    *Linkage
}

// CallParty is one device of a call in its snapshot.
type CallParty struct {
	Device     Device
	Connection Connection
	State      cti.LocalState
	Services   *ServicesPermitted
	Streams    []Stream
	Locations  []Location
}

// Stream is a media stream of a connection. Service and Version are those of
// a call's snapshot only.
type Stream struct {
	Service  int16
	Version  Opt[int64]
	Instance Octets
	ID       Octets
	Info     *ConnectionInfo
}

// ListedDevice is one device in a list of the switch.
type ListedDevice struct {
	Device     Device
	Category   Opt[int16] // ECMA-285 DeviceCategory
	Named      Opt[int16] // NamedDeviceTypes
	Attributes Bits
	Model      Text
	Group      Device // network interface group
}
