package workplace

import (
	"slices"

	"github.com/ctikit/ctikit/provisioning"
)

// Profile is a user profile of IP Office.
type Profile string

// The profiles. Telephony User, Telephony Plus and Unified Communications User
// are those of subscription systems.
const (
	Unlicensed            Profile = "Unlicensed"
	BasicUser             Profile = "Basic User"
	MobileWorker          Profile = "Mobile Worker"
	Teleworker            Profile = "Teleworker"
	OfficeWorker          Profile = "Office Worker"
	PowerUser             Profile = "Power User"
	TelephonyUser         Profile = "Telephony User"
	TelephonyPlus         Profile = "Telephony Plus User"
	UnifiedCommunications Profile = "Unified Communications User"
)

// FeatureSet is what a client may do (notes ch. 1).
type FeatureSet uint8

// None: no client at all. Basic: Windows and macOS, telephony and local contacts,
// the user's only telephone. Advanced: everything.
const (
	None FeatureSet = iota
	Basic
	Advanced
)

// String returns "none", "basic" or "advanced".
func (f FeatureSet) String() string {
	names := [...]string{"none", "basic", "advanced"}
	if int(f) >= len(names) {
		return "invalid feature set"
	}
	return names[f]
}

// Function is something that only some feature sets have.
type Function string

// The functions of the table in notes ch. 1.
const (
	LocalContacts     Function = "local contacts"
	SystemDirectory   Function = "IP Office directory"
	CompanyDirectory  Function = "company directory"
	Presence          Function = "presence"
	InstantMessaging  Function = "instant messaging"
	SimultaneousMode  Function = "simultaneous mode"
	HiddenMode        Function = "hidden mode"
	TelephonyFunction Function = "telephony"
)

// Functions returns what a feature set has.
func (f FeatureSet) Functions() []Function {
	switch f {
	case Basic:
		return []Function{TelephonyFunction, LocalContacts}
	case Advanced:
		return []Function{
			TelephonyFunction, LocalContacts, SystemDirectory, CompanyDirectory, Presence, InstantMessaging,
			SimultaneousMode, HiddenMode,
		}
	}
	return nil
}

// Licence is one row of the licence tables (notes ch. 1).
type Licence struct {
	Subscription bool
	IP500V2      bool // meaningful without Subscription
	Profile      Profile
	// System and User are the licences needed, besides those of the profile.
	System   []string
	User     []string
	Features FeatureSet
	OS       []provisioning.OS
}

var (
	desktops = []provisioning.OS{provisioning.MacOS, provisioning.Windows}
	everyOS  = provisioning.AllOS()
)

// SoftphoneLicence is the licence that Basic Users and Mobile Workers need.
const SoftphoneLicence = "Avaya Softphone"

// The system licences of IP500 V2.
const (
	EssentialEdition = "Essential Edition"
	PreferredEdition = "Preferred Edition"
)

var licences = []Licence{
	{Subscription: true, Profile: TelephonyPlus, Features: Basic, OS: desktops},
	{Subscription: true, Profile: UnifiedCommunications, Features: Advanced, OS: everyOS},
	// Office Worker is basic here and advanced on IP500 V2: so say the notes.
	{Profile: OfficeWorker, System: []string{"Server Edition or Select"}, User: []string{"Office Worker"}, Features: Basic, OS: desktops},
	{Profile: PowerUser, System: []string{"Server Edition or Select"}, User: []string{"Power User"}, Features: Advanced, OS: everyOS},
	{IP500V2: true, Profile: BasicUser, System: []string{EssentialEdition}, User: []string{SoftphoneLicence}, Features: Basic, OS: desktops},
	{IP500V2: true, Profile: MobileWorker, System: []string{EssentialEdition, PreferredEdition}, User: []string{"Mobile Worker", SoftphoneLicence}, Features: Basic, OS: desktops},
	{IP500V2: true, Profile: Teleworker, System: []string{EssentialEdition, PreferredEdition}, User: []string{"Teleworker"}, Features: Advanced, OS: desktops},
	{IP500V2: true, Profile: OfficeWorker, System: []string{EssentialEdition, PreferredEdition}, User: []string{"Office Worker"}, Features: Advanced, OS: desktops},
	{IP500V2: true, Profile: PowerUser, System: []string{EssentialEdition, PreferredEdition}, User: []string{"Power User"}, Features: Advanced, OS: everyOS},
}

// Licences returns the rows of the licence tables.
func Licences() []Licence { return slices.Clone(licences) }

// LookupLicence returns the row for a system and a profile; false where the
// profile has no client there.
func LookupLicence(system provisioning.System, profile Profile) (Licence, bool) {
	for _, l := range licences {
		if l.Profile == profile && l.Subscription == system.Subscription &&
			(system.Subscription || l.IP500V2 == system.IP500V2) {
			return l, true
		}
	}
	return Licence{}, false
}

// OSVersion is what the client needs of an operating system (notes ch. 1, for
// version 28 of the client).
type OSVersion struct {
	OS       provisioning.OS
	Versions []int
	Editions []string // Windows only; nil: every one
}

var osVersions = []OSVersion{
	{OS: provisioning.IOS, Versions: []int{14, 15}},
	{OS: provisioning.Android, Versions: []int{11, 12}},
	{OS: provisioning.Windows, Versions: []int{10, 11}, Editions: []string{"Pro", "Enterprise"}},
	{OS: provisioning.MacOS, Versions: []int{11, 12}},
}

// OSVersions returns the table of supported versions.
func OSVersions() []OSVersion { return slices.Clone(osVersions) }
