package message

import "github.com/ctikit/ctikit/cti"

// Request is the argument of a service. Fields that a service has not are ignored.
type Request struct {
	Op Operation

	// Device is the one that acts or is acted on: the calling, requesting,
	// joining or monitored device, the one whose feature is read or set.
	Device Device
	// To is the number or device that the call or setting goes to: called
	// directory number, consulted device, new destination, transferred-to,
	// parked-at, forwarded-to or joining device, dialled digits; device for
	// message; ACD group; target of a call back.
	To Device
	// Connection is the one that the service acts on; where there are two, the
	// active one (alternate, conference, reconnect, transfer). A monitor on a
	// call and a snapshot of a call name it here.
	Connection Connection
	Held       Connection // alternate, conference, reconnect, transfer

	Data  CallData
	Cause cti.Cause // clear, deflect, make, single step transfer: the reason
	More  []Device  // deflect: further destinations; do-not-disturb: calling devices

	Reserve       Opt[bool] // hold, alternate, consultation: connection reservation
	Consult       Opt[int8] // alternate, consultation: 0 unrestricted, 1 consult, 2 transfer, 3 conference only
	AutoOriginate Opt[int8] // make, join: 0 prompt, 1 do not prompt
	Participation Opt[int8] // join, intrude, single step conference: 0 silent, 1 active, 2 none
	Predictive    *Predictive

	// Digits and tones to generate.
	Digits   Text       // 0-9, A-D, *, #
	Mode     Opt[int8]  // generateDigits: 0 rotary pulse, 1 DTMF
	Tone     int16      // generateTelephonyTones: ECMA-285 TelephonyTone
	Duration Opt[int64] // of a tone, ms
	Rate     Opt[int64] // pulse rate
	Pause    Opt[int64] // ms

	// Monitors.
	CrossRef    string
	Filter      Filter
	MonitorType Opt[int8] // 0 call, 1 device
	MediaClass  Bits

	// Features.
	On        bool // message waiting, do-not-disturb, auto answer, forwarding: wanted state
	Forward   Opt[ForwardingType]
	RingCount Opt[int64] // setForwarding; setAutoAnswer: number of rings
	RingTime  Opt[int64] // setForwarding: ring duration, s
	Origin    Bits       // setDoNotDisturb: bit 0 internal, 1 external calls
	Agent     AgentRequest
	AgentID   Octets
	Password  Hidden

	// System services.
	Register Octets // system status register identifier
	Status   SystemState
	Types    Bits      // systemRegister: request types
	Statuses Bits      // systemRegister: status filter
	Category Opt[int8] // getSwitchingFunctionDevices

	// Data that the switch sends piece by piece (snapshotCallData,
	// snapshotDeviceData, switchingFunctionDevices).
	Service Octets // service cross reference
	Segment Opt[int64]
	Last    bool
	Calls   []DeviceCall
	Parties []CallParty
	Devices []ListedDevice

	// Escape: the vendor's own data, with its register identifier and security.
	Escape   Raw
	Security Raw

	Extensions Extensions
	Session    *Session // the application session services of ECMA-354
}

// Predictive is what only makePredictiveCall has.
type Predictive struct {
	Signalling    Opt[[2]int8] // condition, action
	Destinations  [][2]int8    // condition, action
	DefaultAction Opt[int8]
	AlertTime     Opt[int64]
}

// Extensions are the security and private data that every message may carry
// (ECMA-285 CSTACommonArguments): Raw is their content, Set distinguishes an empty one
// from an absent one. Acknowledgements without data have none.
type Extensions struct {
	Set bool
	Raw Raw
}
