package cti

// Details is what ECMA-269 lets a PBX tell with an event beyond the fields that
// an [Event] has itself. What was not told is zero. It must not be changed:
// those who got the event share it.
type Details struct {
	// NetworkCalling and NetworkCalled are the parties as the public network
	// tells them; AssociatedCalling and AssociatedCalled the devices of our side
	// that stand for them, trunks for example.
	NetworkCalling, NetworkCalled       Party
	AssociatedCalling, AssociatedCalled Party
	// Device is a further one: the ACD group of an agent, the device of a
	// message or charge, the originating device, the number behind a button.
	Device Party
	// Previous is where the call was before (device history).
	Previous Party

	Thread  string // global call linkage: the thread
	Account string // account code
	Subject string // of the call
	Message string // text that the call carries
	Data    string // call qualifying data, raw bytes
	// Private is the vendor's private data with the event, raw as its encoding
	// has it.
	Private string

	NumberQueued, CallsInFront int // CallQueued: how many wait, how many of them in front
	// Rings and RingTime (s) of a forward or a ringer; Rings of auto answer;
	// RingTime also the interval of auto work.
	Rings, RingTime int
	// Origin: the calls that do-not-disturb is for.
	Origin Origin
	// Pending is the agent state that follows the present call.
	Pending AgentState
	// ID names the button, lamp, display, hookswitch, ringer, microphone or
	// speaker, or the media stream; Label is the text beside a button.
	ID, Label string
}
