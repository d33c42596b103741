package dialplan

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/strictjson"
)

// ParseSpaces reads profiles, by name: either the profile list that clients
// download, an array of objects with "Name", in which a profile without
// "DialRule" is off; or an object of rule sets by name, which are on. Lists
// are JSON lists or texts with commas ("3,5"). Fields of the download that are
// not dialling rules are ignored. The error is of type [ctikit.Problems].
func ParseSpaces(data []byte) (map[string]*Spaces, error) {
	var ps ctikit.Problems
	profiles := map[string]*Spaces{}
	add := func(path, name string, p SpacesProfile) {
		if _, again := profiles[name]; again {
			ps.Add(path+".Name", "duplicate %q", name)
		}
		spaces, err := NewSpaces(p)
		ps.AddUnder(path, err)
		profiles[name] = spaces
	}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		var list []json.RawMessage
		decodeDocument(data, &list, &ps)
		for i, raw := range list {
			path := elementPath("profiles", i)
			p, name := decodeSpaces(path, raw, true, &ps)
			add(path, name, p)
		}
	} else {
		var sets map[string]json.RawMessage
		decodeDocument(data, &sets, &ps)
		for _, name := range slices.Sorted(maps.Keys(sets)) {
			p, _ := decodeSpaces(name, sets[name], false, &ps)
			add(name, name, p)
		}
	}
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return profiles, nil
}

// spacesJSON is a profile as written.
type spacesJSON struct {
	Name     string
	DialRule *bool // false: the user's own rules, which have the same parameters

	OutsidePrefix, CountryCode, PbxPrefix, LongDistancePrefix, InternationalPrefix string

	CityCode, Emergency                 json.RawMessage
	ExtensionLength, NationalLength     json.RawMessage
	RemoveAreaCode, ApplyToPlusNumber   bool
	ShortNumbersOutside                 *bool
	Address, AccountsToken, LogDownload json.RawMessage // not dialling rules, like the next line
	STUNHost, STUNPort, AutoFailover    json.RawMessage
}

func decodeSpaces(
	path string, raw json.RawMessage, isDownload bool, ps *ctikit.Problems,
) (p SpacesProfile, name string) {
	var s spacesJSON
	ps.AddUnder("", strictjson.DecodeAt(path, raw, &s))
	return SpacesProfile{
		OutsidePrefix: s.OutsidePrefix, CountryCode: s.CountryCode, PbxPrefix: s.PbxPrefix,
		LongDistancePrefix: s.LongDistancePrefix, InternationalPrefix: s.InternationalPrefix,
		CityCode:        decodeTexts(path+".CityCode", s.CityCode, ps),
		ExtensionLength: decodeLengths(path+".ExtensionLength", s.ExtensionLength, ps),
		NationalLength:  decodeLengths(path+".NationalLength", s.NationalLength, ps),
		RemoveAreaCode:  s.RemoveAreaCode, ApplyToPlusNumber: s.ApplyToPlusNumber,
		ShortNumbersInside: isFalse(s.ShortNumbersOutside),
		Emergency:          decodeTexts(path+".Emergency", s.Emergency, ps),
		Off:                isDownload && s.DialRule == nil,
	}, s.Name
}
