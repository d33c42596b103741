package workplace

import (
	"time"

	"github.com/ctikit/ctikit/provisioning"
)

// System is what [Validate] needs to know of an IP Office system.
type System struct {
	Kind    provisioning.System
	Release provisioning.Version
	// Licences are system licences, such as [PreferredEdition].
	Licences []string
	// Registrar is the FQDN of the SIP registrar.
	Registrar string
	// TLS: clients use TLS for signalling and files.
	TLS bool
	// Messaging is where messages come from.
	Messaging Messaging
	// Portal and WebRTCGateway: a one-X Portal server, with that service on it.
	Portal, WebRTCGateway bool
	// CompanyDomain is the verified domain of the company at Avaya Cloud Services.
	CompanyDomain string
	// APIKey: key and secret of the domain are in the security settings.
	APIKey bool
	// Push: Apple push notifications are switched on.
	Push bool
	// CellularDirect are the numbers left to the native dialler (SET_CDNL).
	CellularDirect []string
	// CallHandover: IPO_CALL_HANDOVER_ENABLED is 1.
	CallHandover bool
	// VoIPCalling is the value of VOIPCALLINGENABLED, "" where no file sets it.
	VoIPCalling string
}

// User is what [Validate] needs to know of a user.
type User struct {
	Name          string
	Extension     string
	HasPassword   bool
	Identity      string // unique identity: the e-mail address at Spaces
	Profile       Profile
	Licences      []string // besides the profile's, such as [SoftphoneLicence]
	SpacesLicence SpacesLicence
	// MobileVoIP and DesktopVoIP are the flags that allow mobile and desktop clients.
	MobileVoIP, DesktopVoIP bool
	// NoAnswerTime is after how long a call goes elsewhere; Fallback means that it
	// does: voice mail, or forward on no answer.
	NoAnswerTime time.Duration
	Fallback     bool
	// MobileTwinning rings the user's mobile, after DialDelay; TwinnedIsClient
	// means that it is the device with the client on it.
	MobileTwinning  bool
	TwinnedIsClient bool
	DialDelay       time.Duration
	// Devices are those the user works with at the same time.
	Devices []SimultaneousDevice
	// IOSDevices is the number of iOS devices with the client.
	IOSDevices int
	// CTI: another application controls the user's calls.
	CTI bool
}

// Client is one client of the user.
type Client struct {
	OS      provisioning.OS
	Version provisioning.Version // of the client; zero: unknown
	// OSVersion is its major number, 0: unknown; Edition is that of Windows.
	OSVersion int
	Edition   string
	// Mode is how calls are made, "" for [ThisComputer].
	Mode Mode
	// ViaSpaces: the client registers with Avaya Spaces, by e-mail address.
	ViaSpaces bool
	// SpacesCalling: calls from Spaces with the Workplace client; Extension: with
	// the extension of Chrome; SSO: by single sign-on.
	SpacesCalling, Extension, SSO bool
	// VantageV3: the client runs on a Vantage V3 telephone, whose own licence covers it.
	VantageV3 bool
	// VDIPlatform and LocalOS belong to the mode [WorkplaceClient].
	VDIPlatform string
	LocalOS     provisioning.OS
	// Locale of the device, such as zh_CN: there push comes without CallKit.
	Locale string
}

// Code names a rule. Codes do not change.
type Code = string
