package workplace

import (
	"slices"

	"github.com/ctikit/ctikit/provisioning"
)

// SpacesLicence is a user's licence of Avaya Spaces.
type SpacesLicence string

// The licences; calls need one of the last two (notes ch. 14).
const (
	NoSpaces       SpacesLicence = ""
	SpacesBasic    SpacesLicence = "Essential"
	SpacesBusiness SpacesLicence = "Business"
	SpacesPower    SpacesLicence = "Power"
)

// SpacesCallingRow is one row of the licences for Spaces Calling (notes ch. 14).
type SpacesCallingRow struct {
	Subscription  bool
	IP500V2       bool // meaningful without Subscription
	SystemLicence string
	Profiles      []Profile
}

var spacesCalling = []SpacesCallingRow{
	{Subscription: true, Profiles: []Profile{UnifiedCommunications}},
	{Profiles: []Profile{PowerUser, OfficeWorker}},
	{IP500V2: true, SystemLicence: PreferredEdition, Profiles: []Profile{PowerUser, OfficeWorker, Teleworker}},
}

// SpacesCallingLicences returns the rows.
func SpacesCallingLicences() []SpacesCallingRow { return slices.Clone(spacesCalling) }

// LookupSpacesCalling returns the row for a system, and whether a profile is in it.
func LookupSpacesCalling(system provisioning.System, profile Profile) (row SpacesCallingRow, ok bool) {
	for _, r := range spacesCalling {
		if r.Subscription == system.Subscription && (system.Subscription || r.IP500V2 == system.IP500V2) {
			return r, slices.Contains(r.Profiles, profile)
		}
	}
	return SpacesCallingRow{}, false
}

// SpacesCallingRestrictions returns the known restrictions (notes ch. 14).
func SpacesCallingRestrictions() []string {
	return []string{
		"the extension's directory is its own; the directories of the system and the user are not in it",
		"the extension's call log is its own; calls made with other devices are not in it",
		"only users with a unique identity appear in Spaces and can be called from the extension's directory",
		"presence in the Workplace client and presence in Spaces are not linked",
		"synchronised and manually added users cannot be combined",
	}
}
