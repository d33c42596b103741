package cti

import (
	"time"

	"github.com/ctikit/ctikit/internal/enum"
)

// Kind is the kind of an [Event].
type Kind uint8

// The kinds of events. The names of events from a PBX are those of ECMA-269
// clauses 17–22.
const (
	NoKind Kind = iota

	// Call control. Device, Call and State are set; Subject is the device that
	// ECMA-269 names first (alerting, answering, clearing, ... device).
	Bridged
	CallCleared
	Conferenced // OldCall, OtherCall: the calls that became Call, with Parties
	ConnectionCleared
	Delivered
	DigitsDialed
	Diverted // Subject: diverting device; Target: new destination
	Established
	CallFailed // "Failed" in ECMA-269
	Held
	NetworkCapabilitiesChanged
	NetworkReached
	Offered
	Originated
	CallQueued // "Queued" in ECMA-269
	Retrieved
	ServiceInitiated
	Transferred // OldCall, OtherCall became Call; Subject: transferring device; Target: transferred-to device

	// Call associated.
	CallInformation
	Charging
	DigitsGenerated
	TelephonyTonesGenerated
	ServiceCompletionFailure
	MediaAttached
	MediaDetached

	// Physical device features.
	ButtonInformation
	ButtonPress
	DisplayUpdated
	Hookswitch
	LampMode
	MessageWaiting
	MicrophoneGain
	MicrophoneMute
	RingerStatus
	SpeakerMute
	SpeakerVolume

	// Logical device features.
	AgentBusyEvent
	AgentLoggedOn
	AgentLoggedOff
	AgentNotReadyEvent
	AgentReadyEvent
	AgentWorkingAfterCallEvent
	AutoAnswer
	AutoWorkMode
	CallBackChanged
	CallBackMessageChanged
	CallerIDStatus
	DoNotDisturb
	Forwarding
	RouteingMode
	PresenceState

	// Maintenance of a device.
	BackInService
	DeviceCapabilitiesChanged
	OutOfService
	PartiallyInService

	// Private data of the vendor.
	Private

	// From a session about itself.
	MonitorStopped      // the PBX has stopped the supervision of Device
	CapabilitiesChanged // Session.Capabilities changed
	LateAnswer          // an answer came too late and could not be undone; Text says what it left

	// From the gateway.
	SnapshotTaken // Snapshot replaces the state of Device
	GapFound      // events were lost, see Gap
	Unsupervised  // Device is no longer supervised, or could not be; Reason says why
	LinkUp
	LinkDown // Text says why

	kindCount
)

var kindNames = [kindCount]string{
	"none", "Bridged", "CallCleared", "Conferenced", "ConnectionCleared", "Delivered", "DigitsDialed",
	"Diverted", "Established", "Failed", "Held", "NetworkCapabilitiesChanged", "NetworkReached", "Offered",
	"Originated", "Queued", "Retrieved", "ServiceInitiated", "Transferred",
	"CallInformation", "Charging", "DigitsGenerated", "TelephonyTonesGenerated", "ServiceCompletionFailure",
	"MediaAttached", "MediaDetached",
	"ButtonInformation", "ButtonPress", "DisplayUpdated", "Hookswitch", "LampMode", "MessageWaiting",
	"MicrophoneGain", "MicrophoneMute", "RingerStatus", "SpeakerMute", "SpeakerVolume",
	"AgentBusy", "AgentLoggedOn", "AgentLoggedOff", "AgentNotReady", "AgentReady", "AgentWorkingAfterCall",
	"AutoAnswer", "AutoWorkMode", "CallBack", "CallBackMessage", "CallerIDStatus", "DoNotDisturb",
	"Forwarding", "RouteingMode", "Presence",
	"BackInService", "DeviceCapabilitiesChanged", "OutOfService", "PartiallyInService",
	"Private", "MonitorStopped", "CapabilitiesChanged", "LateAnswer",
	"Snapshot", "Gap", "Unsupervised", "LinkUp", "LinkDown",
}

// String is the name from ECMA-269, or ours.
func (k Kind) String() string { return enum.Name(kindNames[:], int(k), "Kind") }

// MarshalText encodes the kind by name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads a name, in any case.
func (k *Kind) UnmarshalText(text []byte) error {
	i, err := enum.Value(kindNames[:], string(text), "event kind")
	*k = Kind(i)
	return err
}

// Class groups kinds.
type Class uint8

// The classes.
const (
	NoClass      Class = iota
	CallClass          // call control and what goes with a call
	FeatureClass       // features and maintenance of a device, private data
	SessionClass       // from a session about itself; not delivered to subscribers
	SnapshotClass
	GapClass // GapFound and Unsupervised
	LinkClass
)

// Class returns the class of the kind.
func (k Kind) Class() Class {
	switch {
	case k == NoKind || k >= kindCount:
		return NoClass
	case k <= MediaDetached:
		return CallClass
	case k <= Private:
		return FeatureClass
	case k <= LateAnswer:
		return SessionClass
	case k == SnapshotTaken:
		return SnapshotClass
	case k == GapFound || k == Unsupervised:
		return GapClass
	}
	return LinkClass
}

// Event is an event of a device or a link, as a subscriber receives it. It is a
// plain value that may be copied and kept. The data that its pointers and slices
// refer to must not be changed.
type Event struct {
	// Seq numbers the events queued for one subscription from 1. Numbers are
	// missing only after an overflow: a Gap with the number of the last event
	// lost is delivered first, then a Snapshot of each device that lost events.
	// Queued events that such a Snapshot contains are skipped.
	Seq     uint64
	Time    time.Time // when our side read it
	Kind    Kind
	State   LocalState // of Device in Call, after the event
	Cause   Cause
	Reason  Reason   // why Device is not supervised (Unsupervised, GapFound)
	Filled  Filled   // which of Calling, Called and Redirection the PBX did not report
	dialled bool     // Calling is a number that Device had dialled
	Device  DeviceID // the supervised device that the event was reported for
	Link    string   // name of the link; set by the gateway

	// Of a call.
	Call      CallID
	OldCall   CallID // Transferred, Conferenced: the primary old call
	OtherCall CallID // Transferred, Conferenced: the secondary old call
	Global    string // global call linkage identifier, "" if not carried
	Subject   Party  // the device that the event is about
	// Calling and Called are the parties of the call, and Redirection is the last
	// device that the call was diverted from, as the PBX reported them with this
	// event (also if NotKnown or Restricted). If the PBX did not report one and
	// the gateway knows the call, the gateway fills it in from earlier events;
	// Filled says which. After a transfer, Calling is the transferred party and
	// Called the party that it was transferred to. All other fields, and Raw,
	// come from the PBX unchanged.
	Calling     Party
	Called      Party
	Redirection Party
	Target      Party // Diverted, Transferred, Conferenced: where to, or who was added
	// Parties are all other devices in the call that Transferred or Conferenced
	// leaves, if the PBX reports them. A State may be unknown.
	Parties []CallParty
	// Permitted are the operations that the device's connection permits next; 0
	// if the PBX does not report them.
	Permitted Operations
	// Details holds further fields that the PBX reported; nil if there are none.
	Details *Details

	// Of a feature.
	On      bool    // do-not-disturb, message waiting, auto answer, mutes, ...
	Level   int     // volume, gain, lamp mode, button, in ECMA-269's units
	Forward Forward // Forwarding
	Agent   string  // agent identifier
	// Text holds digits, display contents, charges or other text.
	Text string
	// UserData and Correlator are the application's own data on the call, raw bytes.
	UserData, Correlator string

	Snapshot *Snapshot // SnapshotTaken
	Gap      Gap       // GapFound

	// Other is the other party of the call: the one of Calling and Called that is
	// not the device, else the only other device in the call. It is completed
	// while the subscriber iterates: the number plan gives the look-up and E.164
	// numbers, the subscription's namer the name.
	Other Other

	// Raw is the message as read, if the link is configured to keep it.
	Raw []byte
}

// Other is the other side of the call of an event.
type Other struct {
	Number   DeviceID // as the PBX sent it; "" when unknown or withheld
	Lookup   string   // the number to look up in a directory
	E164     string   // "+33123456789", "" if it has none
	Internal bool     // an extension of the same network
	Name     string   // as the namer knows it, else as the PBX sent it
}

// GapReason says why events were lost.
type GapReason uint8

// The reasons for a gap. A snapshot of each device concerned follows when the
// device is supervised again; after GapOverflow it follows at once.
const (
	NoGap        GapReason = iota
	GapLinkLost            // the link went down
	GapMoved               // supervision moved to another link
	GapOverflow            // the subscriber was too slow
	GapRestarted           // the PBX ended the monitor and it was started again
)

var gapReasonNames = [...]string{"none", "link lost", "moved", "overflow", "restarted"}

// String is the reason in words.
func (r GapReason) String() string { return enum.Name(gapReasonNames[:], int(r), "GapReason") }

// MarshalText encodes the reason by name.
func (r GapReason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Gap is a loss of events.
type Gap struct {
	Reason GapReason
	// Count is the number of events lost, 0 if it is unknown.
	Count uint64
}

// Reason says why a device is not supervised.
type Reason uint8

// The reasons. ReasonNone is the reason of a supervised or pending device.
const (
	ReasonNone Reason = iota
	ReasonLinkDown
	ReasonCapacity
	ReasonNoLink      // no link can supervise it: protocol, set type, place
	ReasonMoving      // between two links
	ReasonBadPassword // not retried until the configuration changes
	ReasonUnsupportedSet
	ReasonUnreachable
	ReasonInvalidDevice
	ReasonRefused
	ReasonDisabled
	ReasonNoProtocol
	ReasonRemoved
	ReasonClosing
)

var reasonNames = [...]string{"", "link down", "capacity", "no link", "moving", "bad password", "unsupported set type",
	"unreachable", "invalid device", "refused", "disabled", "no protocol", "removed", "closing"}

// String is the reason in words.
func (r Reason) String() string {
	if r == ReasonNone {
		return ""
	}
	return enum.Name(reasonNames[:], int(r), "Reason")
}

// MarshalText encodes the reason in words.
func (r Reason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }
