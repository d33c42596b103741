package workplace

import (
	"slices"

	"github.com/ctikit/ctikit/provisioning"
)

// Mode is how the client makes and takes calls (notes ch. 1).
type Mode string

// The modes.
const (
	ThisComputer    Mode = "this computer"
	SharedControl   Mode = "shared control"   // of the desk telephone
	OtherPhone      Mode = "other phone"      // teleworker
	WorkplaceClient Mode = "workplace client" // on a virtual desktop, audio on the local client
)

// ModeRule is what a mode needs.
type ModeRule struct {
	Mode     Mode
	Features FeatureSet        // at least
	OS       []provisioning.OS // where the client may run
	Profiles []Profile         // nil: every one that has the feature set
	Needs    []provisioning.Feature
}

var modes = []ModeRule{
	{Mode: ThisComputer, Features: Basic, OS: everyOS},
	{Mode: SharedControl, Features: Advanced, OS: desktops},
	{Mode: OtherPhone, Features: Advanced, OS: everyOS},
	{Mode: WorkplaceClient, Features: Advanced, OS: []provisioning.OS{provisioning.Windows}, Profiles: []Profile{PowerUser, UnifiedCommunications}, Needs: []provisioning.Feature{provisioning.VDI}},
}

// Modes returns the rules of the modes.
func Modes() []ModeRule { return slices.Clone(modes) }

// VDI platforms and the systems of the local client (notes ch. 11). A Chromebook
// runs the Android client in desktop mode.
var (
	vdiPlatforms = []string{"VMware", "Citrix XenApp", "Citrix XenDesktop"}
	vdiLocal     = []provisioning.OS{provisioning.Windows, provisioning.Android}
)

// VirtualClientLimits returns what the client cannot do in shared control and on
// a virtual desktop (notes ch. 9 and 11).
func VirtualClientLimits() []string {
	return []string{
		"mute and unmute", "video calls", "conference controls", "ad-hoc conference by dragging contacts",
		"adding a person to a call",
	}
}

// Messaging is where messages and presence come from (notes ch. 1 and 3).
type Messaging string

// The models of messaging. With a portal, messages stay among IP Office clients,
// which register with the settings URL only; with Spaces they reach Spaces users
// only, and clients register in any way.
const (
	NoMessaging     Messaging = "none"
	PortalMessaging Messaging = "one-X Portal"
	SpacesMessaging Messaging = "Avaya Spaces"
)

// MessagingFor returns the model that a client has: a basic one has none.
func MessagingFor(configured Messaging, features FeatureSet) Messaging {
	if features != Advanced || configured == "" {
		return NoMessaging
	}
	return configured
}

// SimultaneousDevice is a kind of device of which a user may have one at a time
// in simultaneous mode (notes ch. 10).
type SimultaneousDevice string

// The kinds.
const (
	DeskPhone     SimultaneousDevice = "desk telephone" // SIP, H.323, DECT; Vantage too
	DesktopClient SimultaneousDevice = "desktop client" // Windows or macOS
	MobileClient  SimultaneousDevice = "mobile client"  // Android or iOS
	WebRTCClient  SimultaneousDevice = "WebRTC client"  // Spaces Calling in the browser
)

// MoveCall is a way to move a call between simultaneous devices (notes ch. 10).
type MoveCall struct {
	Name    string
	Since   provisioning.Version
	Setting string // what the settings file must say, "" for nothing
}

// MoveCalls returns the ways that a release has.
func MoveCalls(release provisioning.Version) []MoveCall {
	ways := []MoveCall{
		{Name: "transfer to one's own number"},
		{Name: "pick-up short code with one's own number", Since: provisioning.PickupOwnCall.Since()},
		{Name: "move and retrieve in the client", Since: provisioning.CallHandover.Since(), Setting: "IPO_CALL_HANDOVER_ENABLED 1"},
	}
	return slices.DeleteFunc(ways, func(w MoveCall) bool { return release.Before(w.Since) })
}
