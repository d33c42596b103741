package cloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/strictjson"
	"github.com/ctikit/ctikit/provisioning"
)

// Profile is a system that users of the domain can choose: the public settings
// of the product Equinox Cloud Client (notes ch. 15). With several profiles the
// client asks its user for a name.
type Profile struct {
	Name string `json:"Profile_Name"`
	URL  string `json:"Client_Settings_File_Url"`
}

type profileFile struct {
	Profiles []Profile `json:"Client_Settings_File_Address"`
}

// maxFile bounds a profile file, maxProfiles the profiles in one.
const (
	maxFile     = 1 << 20
	maxProfiles = 1000
)

// EncodeProfiles returns the file, or every mistake in the profiles.
func EncodeProfiles(profiles []Profile) ([]byte, error) {
	if err := checkProfiles(profiles); err != nil {
		return nil, err
	}
	return indent(profileFile{profiles})
}

// DecodeProfiles reads the file and checks it.
func DecodeProfiles(data []byte) ([]Profile, error) {
	var file profileFile
	if err := decode(data, &file); err != nil {
		return nil, fmt.Errorf("cloud: profiles: %w", err)
	}
	return file.Profiles, checkProfiles(file.Profiles)
}

func checkProfiles(profiles []Profile) error {
	var errs []error
	fail := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("Client_Settings_File_Address"+format+": %w", append(args, ctikit.ErrInvalid)...))
	}
	if len(profiles) == 0 || len(profiles) > maxProfiles {
		fail(": %d profiles, not 1 to %d", len(profiles), maxProfiles)
	}
	seen := map[string]int{}
	for i, p := range profiles {
		if strings.TrimSpace(p.Name) == "" {
			fail("[%d].Profile_Name: is missing", i)
		} else if first, again := seen[p.Name]; again {
			fail("[%d].Profile_Name: %q is the name of [%d] already", i, p.Name, first)
		} else {
			seen[p.Name] = i
		}
		if err := provisioning.CheckSettingsURL(p.URL); err != nil {
			fail("[%d].Client_Settings_File_Url: %v", i, err)
		}
	}
	return errors.Join(errs...)
}

func indent(v any) ([]byte, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return []byte(b.String()), nil
}

// decode reads one JSON value and nothing after it; unknown keys are errors.
func decode(data []byte, v any) error {
	if len(data) > maxFile {
		return fmt.Errorf("%d bytes, at most %d are read: %w", len(data), maxFile, ctikit.ErrInvalid)
	}
	return strictjson.Decode(data, v)
}
