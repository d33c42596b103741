package provisioning

import (
	"fmt"

	"github.com/ctikit/ctikit"
)

// Feature is a function that not every release of IP Office or of the client has.
type Feature uint8

// The features and where their versions come from.
const (
	Specials         Feature = iota // 46xxspecials.txt for Workplace clients (notes ch. 1)
	CallHandover                    // move and retrieve calls in the client (notes ch. 10)
	TwinningChoice                  // the user chooses internal or mobile twinning (notes ch. 1)
	AutoAnswer                      // the user may have calls answered automatically (notes ch. 1)
	PersonalAvatar                  // the user's picture of Spaces, SSO or Exchange (notes ch. 1)
	PickupOwnCall                   // a pick-up short code with one's own number (notes ch. 10)
	CellularDirect                  // SET_CDNL: numbers for the native dialler (notes ch. 3)
	OpusCodec                       // Opus, never on IP500 V2 (notes ch. 1)
	VDI                             // client on a virtual desktop (notes ch. 11)
	SpacesCalling                   // calls from Avaya Spaces (notes ch. 14)
	SpacesCallingSIP                // the same with the Workplace client (notes ch. 14)
	PushNotification                // Apple push notifications (notes ch. 4)
	QuietPush                       // push without CallKit, as in China (notes ch. 4)
)

type needs struct {
	name    string
	release Version
	client  Version
	server  bool // not on IP500 V2
}

var features = [...]needs{
	Specials:         {name: "46xxspecials.txt for Workplace clients", release: NewVersion(11, 1, 2, 4)},
	CallHandover:     {name: "call handover", release: NewVersion(11, 1, 3)},
	TwinningChoice:   {name: "twinning choice", release: NewVersion(11, 1, 3)},
	AutoAnswer:       {name: "auto answer", release: NewVersion(11, 1, 2, 4)},
	PersonalAvatar:   {name: "personal avatar", release: NewVersion(11, 1, 2, 4)},
	PickupOwnCall:    {name: "pick-up of one's own call", release: NewVersion(11, 1, 2, 4)},
	CellularDirect:   {name: "cellular direct numbers", release: NewVersion(11, 1, 2, 4)}, // "11.1 FP2 SP2"
	OpusCodec:        {name: "Opus", release: NewVersion(11, 1, 2), server: true},         // "11.1 FP2"
	VDI:              {name: "VDI", release: NewVersion(11, 1, 2), client: NewVersion(3, 22)},
	SpacesCalling:    {name: "Spaces Calling", release: NewVersion(11, 1, 1, 1)}, // "11.1 FP1 SP1"
	SpacesCallingSIP: {name: "Spaces Calling with the Workplace client", release: NewVersion(11, 1, 1, 1), client: NewVersion(3, 16)},
	PushNotification: {name: "Apple push notifications", client: NewVersion(3, 6)},
	QuietPush:        {name: "push notifications without CallKit", release: NewVersion(11, 1, 1)}, // "11.1 FP1"
}

// Features returns all features.
func Features() []Feature {
	all := make([]Feature, len(features))
	for i := range all {
		all[i] = Feature(i)
	}
	return all
}

// requirements returns what a feature needs; an invalid number needs a release that
// does not exist.
func (f Feature) requirements() needs {
	if int(f) >= len(features) {
		return needs{name: "invalid feature", release: NewVersion(1 << 30), client: NewVersion(1 << 30)}
	}
	return features[f]
}

// String names the feature.
func (f Feature) String() string { return f.requirements().name }

// Since returns the first release of IP Office that has the feature, zero where
// every one has it.
func (f Feature) Since() Version { return f.requirements().release }

// ClientSince returns the first version of the client that has the feature, zero
// where every one has it.
func (f Feature) ClientSince() Version { return f.requirements().client }

// UnsupportedError says that a release, system or client lacks a feature.
type UnsupportedError struct {
	Feature Feature
	// Have is the release or client version in use, Need the first that has the
	// feature. Both are zero where the kind of system is the reason.
	Have, Need Version
	Client     bool // Have and Need are versions of the client
	System     System
}

// Error names the feature and the versions.
func (e *UnsupportedError) Error() string {
	switch {
	case e.Need.IsZero():
		return fmt.Sprintf("%s: not supported on %s systems", e.Feature, e.System)
	case e.Client:
		return fmt.Sprintf("%s: not supported by client %s, needs %s or later", e.Feature, e.Have, e.Need)
	}
	return fmt.Sprintf("%s: not supported by IP Office %s, needs %s or later", e.Feature, e.Have, e.Need)
}

// Unwrap returns [ctikit.ErrUnsupported].
func (e *UnsupportedError) Unwrap() error { return ctikit.ErrUnsupported }

// Check returns an [*UnsupportedError] where a system of this release lacks the
// feature, nil where it has it.
func (f Feature) Check(release Version, system System) error {
	need := f.requirements()
	switch {
	case need.server && system.IP500V2:
		return &UnsupportedError{Feature: f, System: system}
	case release.Before(need.release):
		return &UnsupportedError{Feature: f, Have: release, Need: need.release, System: system}
	}
	return nil
}

// CheckClient is Check for the version of the client.
func (f Feature) CheckClient(client Version) error {
	if need := f.requirements().client; client.Before(need) {
		return &UnsupportedError{Feature: f, Have: client, Need: need, Client: true}
	}
	return nil
}
