package cloud

import (
	"encoding/json"
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

// EncodeProfiles returns the file, or a [ctikit.Problems].
func EncodeProfiles(profiles []Profile) ([]byte, error) {
	if err := checkProfiles(profiles); err != nil {
		return nil, err
	}
	return encodeFile(profileFile{profiles})
}

// DecodeProfiles reads the file and checks it.
func DecodeProfiles(data []byte) ([]Profile, error) {
	var file profileFile
	if err := decodeFile(data, &file); err != nil {
		return nil, err
	}
	return file.Profiles, checkProfiles(file.Profiles)
}

func checkProfiles(profiles []Profile) error {
	const list = "Client_Settings_File_Address"
	var ps ctikit.Problems
	if len(profiles) == 0 || len(profiles) > maxProfiles {
		ps.Add(list, "must be 1 to %d profiles, got %d", maxProfiles, len(profiles))
	}
	seen := map[string]int{}
	for i, p := range profiles {
		path := fmt.Sprintf("%s[%d]", list, i)
		if strings.TrimSpace(p.Name) == "" {
			ps.Add(path+".Profile_Name", "missing")
		} else if first, again := seen[p.Name]; again {
			ps.Add(path+".Profile_Name", "duplicate %q: already used by %s[%d]", p.Name, list, first)
		} else {
			seen[p.Name] = i
		}
		ps.AddUnder(path+".Client_Settings_File_Url", provisioning.CheckSettingsURL(p.URL))
	}
	return ps.Err()
}

func encodeFile(v any) ([]byte, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return []byte(b.String()), nil
}

// decodeFile reads one JSON value and nothing after it; unknown keys are errors.
func decodeFile(data []byte, v any) error {
	if len(data) > maxFile {
		var ps ctikit.Problems
		ps.Add("", "must be at most %d bytes, got %d", maxFile, len(data))
		return ps
	}
	return strictjson.Decode(data, v)
}
