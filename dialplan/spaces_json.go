package dialplan

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/ctikit/ctikit"
)

// ParseSpaces reads profiles, by name: either the profile list that clients
// download, an array of objects with "Name", in which a profile without
// "DialRule" is off; or an object of rule sets by name, which are on. Lists
// are JSON lists or texts with commas ("3,5"). Fields of the download that are
// no dialling rules are passed over. The error is of type [ctikit.Problems].
func ParseSpaces(data []byte) (map[string]*Spaces, error) {
	var ps ctikit.Problems
	profiles := map[string]*Spaces{}
	add := func(path, name string, raw json.RawMessage, off bool) {
		p, own, ok := readSpaces(path, raw, off, &ps)
		if name == "" {
			name = own
		}
		if !ok {
			return
		}
		if _, twice := profiles[name]; twice {
			ps.Add(path+".Name", "duplicate %q", name)
		}
		spaces, err := NewSpaces(p)
		ps.AddUnder(path, err)
		profiles[name] = spaces
	}
	var list []json.RawMessage
	switch {
	case len(data) > maxDocument:
		ps.Add("", "must be at most %d bytes, got %d", maxDocument, len(data))
	case !checkJSON(data, &ps):
	case json.Unmarshal(data, &list) == nil:
		for i, raw := range list {
			add(elementPath("profiles", i), "", raw, true)
		}
	default:
		f, _ := readFields("", data, &ps)
		for _, name := range slices.Sorted(maps.Keys(f.values)) {
			add(name, name, f.values[name], false)
		}
	}
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return profiles, nil
}

func readSpaces(
	path string, raw json.RawMessage, off bool, ps *ctikit.Problems,
) (p SpacesProfile, name string, ok bool) {
	f, ok := readFields(path, raw, ps)
	if !ok {
		return p, "", false
	}
	for _, other := range []string{"Address", "AccountsToken", "LogDownload", "STUNHost", "STUNPort", "AutoFailover"} {
		delete(f.values, other)
	}
	f.text("Name", &name)
	var own *bool // false: the user's own rules, which have the same parameters
	f.read("DialRule", "true or false", &own)
	p.Off = off && own == nil
	f.text("OutsidePrefix", &p.OutsidePrefix)
	f.text("CountryCode", &p.CountryCode)
	f.texts("CityCode", &p.CityCode)
	f.text("PbxPrefix", &p.PbxPrefix)
	f.text("LongDistancePrefix", &p.LongDistancePrefix)
	f.text("InternationalPrefix", &p.InternationalPrefix)
	f.lengths("ExtensionLength", &p.ExtensionLength)
	f.lengths("NationalLength", &p.NationalLength)
	f.flag("RemoveAreaCode", &p.RemoveAreaCode)
	f.flag("ApplyToPlusNumber", &p.ApplyToPlusNumber)
	f.enabled("ShortNumbersOutside", &p.ShortNumbersInside)
	f.texts("Emergency", &p.Emergency)
	f.end()
	return p, name, true
}
