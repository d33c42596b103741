package cti

// Details holds the less common fields that an event can carry (ECMA-269),
// beyond those of [Event]. A field that the PBX did not report is zero. Details
// must not be changed: all receivers of the event share it.
type Details struct {
	// NetworkCalling and NetworkCalled are the parties as the public network
	// reports them; AssociatedCalling and AssociatedCalled are the devices on our
	// side that represent them, for example trunks.
	NetworkCalling, NetworkCalled       Party
	AssociatedCalling, AssociatedCalled Party
	// Device is another device that the event names: the ACD group of an agent,
	// the device of a message or charge, the originating device, the number of a
	// button.
	Device Party
	// Previous is the device where the call was before (device history).
	Previous Party

	Thread  string // global call linkage: the thread
	Account string // account code
	Subject string // of the call
	Message string // text that the call carries
	Data    string // call qualifying data, raw bytes
	// Private is the vendor's private data with the event, raw, in the encoding
	// of the link.
	Private string

	NumberQueued, CallsInFront int // CallQueued: waiting calls, and those of them before this one
	// Rings and RingTime (in seconds) are those of a forward or a ringer. Rings
	// is set for auto answer, too; for auto work, RingTime is the interval.
	Rings, RingTime int
	// Origin selects the calls that do-not-disturb applies to.
	Origin Origin
	// Pending is the agent state that follows the current call.
	Pending AgentState
	// ID names the button, lamp, display, hookswitch, ringer, microphone or
	// speaker, or the media stream; Label is the text next to a button.
	ID, Label string
}
