package message

import "github.com/ctikit/ctikit/cti"

// Event is an event report. Kinds are those of cti, up to cti.Private.
type Event struct {
	Kind     cti.Kind
	CrossRef Text // of the monitor that reports it

	State cti.LocalState // of the monitored device in the call
	Cause cti.Cause

	// Connection is the one that ECMA-269 names first; of conferenced and
	// transferred it is the primary old call.
	Connection     Connection
	Secondary      Connection // the secondary old call
	OriginatingNID Connection // the incoming trunk's
	// Subject is the device that the event is about: alerting, answering,
	// releasing, diverting, conferencing, transferring, invoking device; the
	// device of a feature; the agent's device.
	Subject     Device
	Calling     Device
	Called      Device
	Redirection Device // last redirection device
	// Target is the new destination, added party, transferred-to or call back target.
	Target            Device
	NetworkCalling    Device
	NetworkCalled     Device
	AssociatedCalling Device
	AssociatedCalled  Device
	// Device is a further one that belongs to the event: dialled digits,
	// originating device of originated, device for message, forwarded-to, ACD
	// group, charged device, number behind a button.
	Device Device

	Connections   []Connected // conferenced, transferred
	Data          CallData
	Charging      *Charging
	NumberQueued  Opt[int64]
	CallsInFront  Opt[int64]
	Progress      Opt[[2]int8] // networkCapabilitiesChanged: location, description
	NetworkType   Opt[int8]
	NetworkEvents Bits

	Feature Feature

	// Private is the data of a private event, Security goes with it.
	Private  Raw
	Security Raw

	Extensions Extensions
}

// Feature is what the events of features, devices and media carry.
type Feature struct {
	// On is the new state: do-not-disturb, message waiting, forwarding, auto
	// answer, auto work, mute, on hook, call back set, caller id provided,
	// routeing mode.
	On       bool
	Forward  Opt[ForwardingType]
	Default  Opt[int8]  // forwarding: see Forwarding.Default
	Origin   Bits       // do-not-disturb: bit 0 internal, 1 external calls
	More     []Device   // do-not-disturb: calling devices
	Rings    Opt[int64] // forwarding and ringer: count; auto answer: number
	RingTime Opt[int64]
	Interval Opt[int64] // auto work
	AgentID  Octets
	Password Hidden
	Pending  cti.AgentState

	// Of the physical device.
	ID         Octets // button, lamp, hookswitch, ringer, display, auditory apparatus; media service instance
	Label      Text
	Pressable  Opt[bool]  // button press indicator
	Level      Opt[int64] // gain or volume 0..100, lamp mode
	Step       Opt[int8]  // gain or volume: 0 up, 1 down
	Brightness Opt[int8]
	Color      Opt[int64]
	Ringing    Opt[int8] // 0 ringing, 1 not
	Pattern    Opt[int64]
	Display    *Display

	// Digits and tones generated.
	Digits    Text
	Durations []int64
	Pauses    []int64
	Tone      Opt[int16]
	Frequency Opt[int64]
	Duration  Opt[int64]
	Pause     Opt[int64]

	// Media attached and detached.
	MediaService int16
	MediaVersion Opt[int64]
	MediaStream  Octets

	Presence *Presence
	Failure  *CompletionFailure
}

// Display is the contents of a set's display.
type Display struct {
	Rows, Columns                 int64
	PhysicalRows, PhysicalColumns Opt[int64]
	BaseRow, BaseColumn           Opt[int64]
	CharacterSet                  Opt[int8] // 0 ascii, 1 unicode, 2 proprietary
	Contents                      Text
}

// Presence is the presence state of a device.
type Presence struct {
	State              Bits // available, away, busy, calling, dnd, meeting, offline, ...
	From, Until        Text // GeneralizedTime in BER
	Place, Mood, Named Octets
}

// CompletionFailure is the calls that a service could not complete.
type CompletionFailure struct {
	Primary         FailedCall
	Secondary       *FailedCall
	OthersPrimary   []FailedCall
	OthersSecondary []FailedCall
}

// FailedCall is one connection in a CompletionFailure.
type FailedCall struct {
	Device     Device
	Connection Connection
	State      cti.LocalState
	Info       *ConnectionInfo
}
