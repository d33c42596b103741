package cti

import "context"

// The optional abilities of a Session. Each may be called concurrently. A
// connection given to them is one that an event, a snapshot or an earlier call
// of the same session named. Numbers are already in the form that the PBX
// dials. None of them is idempotent unless it says so; [SafeToRetry] tells
// whether a failed one may simply be repeated.

// CallMaker starts calls.
type CallMaker interface {
	// MakeCall makes device call number and returns device's connection. It
	// stays Initiated until a person goes off hook where the PBX prompts for
	// that (ECMA-269 17.1.14). An empty number only takes the set off hook:
	// DialDigits goes on.
	MakeCall(ctx context.Context, device DeviceID, number string) (ConnectionID, error)
}

// CallAnswerer answers alerting calls.
type CallAnswerer interface {
	AnswerCall(ctx context.Context, c ConnectionID) error
}

// CallClearer ends connections and calls. Both are idempotent: what has ended
// already yields [ErrInvalidCall].
type CallClearer interface {
	ClearConnection(ctx context.Context, c ConnectionID) error
	ClearCall(ctx context.Context, c ConnectionID) error
}

// Holder holds and retrieves.
type Holder interface {
	HoldCall(ctx context.Context, c ConnectionID) error
	RetrieveCall(ctx context.Context, c ConnectionID) error
}

// Alternator swaps the held and the active call of one device.
type Alternator interface {
	AlternateCall(ctx context.Context, held, active ConnectionID) error
}

// Consulter makes a second call while the first is held, and goes back.
type Consulter interface {
	// ConsultationCall holds active and calls number; it returns the new connection.
	ConsultationCall(ctx context.Context, active ConnectionID, number string) (ConnectionID, error)
	// ReconnectCall clears active and retrieves held.
	ReconnectCall(ctx context.Context, held, active ConnectionID) error
}

// Transferer joins the held and the active call and leaves them.
type Transferer interface {
	// TransferCall returns the connection of the party that stays, in the resulting call.
	TransferCall(ctx context.Context, held, active ConnectionID) (ConnectionID, error)
}

// SingleStepTransferer transfers without a consultation ("blind").
type SingleStepTransferer interface {
	SingleStepTransfer(ctx context.Context, c ConnectionID, number string) (ConnectionID, error)
}

// Conferencer joins the held and the active call and stays in.
type Conferencer interface {
	ConferenceCall(ctx context.Context, held, active ConnectionID) (ConnectionID, error)
}

// SingleStepConferencer adds a device to an existing call.
type SingleStepConferencer interface {
	SingleStepConference(ctx context.Context, c ConnectionID, device DeviceID) (ConnectionID, error)
}

// Deflector sends an alerting call elsewhere.
type Deflector interface {
	DeflectCall(ctx context.Context, c ConnectionID, number string) error
}

// Pickuper takes a call that alerts at another device.
type Pickuper interface {
	DirectedPickup(ctx context.Context, device DeviceID, alerting ConnectionID) error
	GroupPickup(ctx context.Context, device DeviceID) error
}

// Parker parks a call at a device.
type Parker interface {
	ParkCall(ctx context.Context, c ConnectionID, at DeviceID) error
}

// Joiner enters a call of others.
type Joiner interface {
	JoinCall(ctx context.Context, device DeviceID, c ConnectionID) (ConnectionID, error)
	// IntrudeCall breaks into the call of a busy device. c is device's own
	// connection, of a call that failed there (ECMA-269 17.1.13). Where the
	// protocol takes that, it may be one of the call to break into; else that
	// yields [ErrInvalidState]. It returns c where the PBX does not tell the
	// connection in the resulting call; the Conferenced event does.
	IntrudeCall(ctx context.Context, device DeviceID, c ConnectionID) (ConnectionID, error)
}

// CallCompleter completes a call to a busy or absent device later.
type CallCompleter interface {
	CampOnCall(ctx context.Context, c ConnectionID) error
	CallBack(ctx context.Context, c ConnectionID) error
}

// DigitDialer dials further digits of a call that is being set up.
type DigitDialer interface {
	DialDigits(ctx context.Context, c ConnectionID, digits string) error
}

// DigitSender sends DTMF tones (0-9, A-D, *, #) on a connected call.
type DigitSender interface {
	GenerateDigits(ctx context.Context, c ConnectionID, digits string) error
}

// Forwarder reads and sets call forwarding. SetForwarding is idempotent.
type Forwarder interface {
	Forwarding(ctx context.Context, device DeviceID) ([]Forward, error)
	SetForwarding(ctx context.Context, device DeviceID, f Forward) error
}

// DoNotDisturber reads and sets do-not-disturb. Setting is idempotent.
type DoNotDisturber interface {
	DoNotDisturb(ctx context.Context, device DeviceID) (bool, error)
	SetDoNotDisturb(ctx context.Context, device DeviceID, on bool) error
}

// MessageWaiter reads and sets the message waiting indicator. Setting is idempotent.
type MessageWaiter interface {
	MessageWaiting(ctx context.Context, device DeviceID) (bool, error)
	SetMessageWaiting(ctx context.Context, device DeviceID, on bool) error
}

// AgentController reads and sets the state of an agent at a device.
type AgentController interface {
	AgentState(ctx context.Context, device DeviceID) (AgentState, error)
	SetAgentState(ctx context.Context, device DeviceID, state AgentState) error
}

// Snapshotter reads the present state.
type Snapshotter interface {
	SnapshotDevice(ctx context.Context, device DeviceID) (Snapshot, error)
	// SnapshotCall reads one call. A call that has ended yields [ErrInvalidCall].
	SnapshotCall(ctx context.Context, c ConnectionID) (Call, error)
}

// FeatureMonitor watches forwards, do-not-disturb and message waiting of a
// device without supervising it. It takes no supervision slot.
type FeatureMonitor interface {
	MonitorFeatures(ctx context.Context, device DeviceID) (Features, error)
	ReleaseFeatures(ctx context.Context, device DeviceID) error
}

// DeviceLister lists the devices that the PBX lets us supervise.
type DeviceLister interface {
	ListDevices(ctx context.Context) ([]DeviceID, error)
}

// Escaper passes private data of the vendor through, raw.
type Escaper interface {
	Escape(ctx context.Context, data []byte) ([]byte, error)
}

// Pinger asks the peer for a sign of life. The gateway calls it at the
// heartbeat interval while nothing else was read.
type Pinger interface {
	Ping(ctx context.Context) error
}

// Counter tells a session's own figures.
type Counter interface {
	Counters() Counters
}
