package ipoffice

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/provisioning"
	"github.com/ctikit/ctikit/provisioning/settings"
)

// Specials is what 46xxspecials.txt holds beyond its frame: settings of the
// site, which win over the generated ones. The zero value is the template of
// the manual (notes ch. 16), to be filled in.
type Specials struct {
	// Sections are settings for a family of devices, by label: 16XXSPECIALS,
	// 96XXSPECIALS, 96X1SPECIALS, J1X9SPECIALS, J1X9H323SPECIALS, K1XXSPECIALS,
	// SETTINGSEQNX (the Workplace clients), GENERALSPECIALS (all; read after the
	// others, so that it wins over them).
	Sections map[string][]Setting `json:"sections,omitempty"`
	// Groups are settings for the devices of GROUP 1 to 5; they win over Sections.
	Groups map[int][]Setting `json:"groups,omitempty"`
}

// Setting is one SET line.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// family is a label of 46xxspecials.txt and the models that it is for.
type family struct {
	label  string
	models []string
}

// families are in the order of the file.
var families = []family{
	{"16XXSPECIALS", []string{"1603", "1608", "1616"}},
	{"96XXSPECIALS", []string{"9620", "9630", "9640", "9650"}},
	{"96X1SPECIALS", []string{"9608", "9611", "9621", "9641"}},
	{"J1X9SPECIALS", []string{"J129", "J139", "J169", "J179", "J159", "J189"}},
	{"J1X9H323SPECIALS", nil},
	{"K1XXSPECIALS", []string{"K165", "K175"}},
	{"SETTINGSEQNX", models},
}

const (
	generalSpecials = "GENERALSPECIALS"
	groups          = 5
)

// SpecialsText generates 46xxspecials.txt, from the zero [Specials] where the
// configuration has none.
func (c *Config) SpecialsText() ([]byte, error) {
	s := c.Specials
	if s == nil {
		s = &Specials{}
	}
	v := &validation{}
	if !isValidHost(c.Address) {
		v.Add("address", "must be an IPv4 address or a host name, got %.80q", c.Address)
	}
	v.checkFeature("specials", c, provisioning.Specials)
	v.checkSpecials(s)
	if err := v.Err(); err != nil {
		return nil, fmt.Errorf("ipoffice: %s: %w", SpecialsFile, err)
	}
	w := &writer{c: c}
	w.Comment(generatedBy(c.Release, c.Address))
	for _, f := range families {
		w.gotoForModels(f.label, f.models...)
	}
	w.Goto(generalSpecials)
	for _, f := range families {
		w.Label(f.label)
		w.writeSettings(s.Sections[f.label])
		if f.label == "J1X9SPECIALS" {
			w.If("SIG_IN_USE", "H323", "J1X9H323SPECIALS")
		}
		w.Goto(generalSpecials)
	}
	w.Label(generalSpecials)
	w.writeSettings(s.Sections[generalSpecials])
	w.writeGroups(s)
	out, err := w.Bytes()
	if err != nil {
		return nil, fmt.Errorf("ipoffice: %s: %w", SpecialsFile, err)
	}
	return out, nil
}

func (w *writer) writeSettings(list []Setting) {
	for _, s := range list {
		w.Set(s.Name, s.Value)
	}
}

func (w *writer) writeGroups(s *Specials) {
	w.Label("GROUP_SETTINGS")
	for n := 1; n <= groups; n++ {
		w.If("GROUP", strconv.Itoa(n), "GROUP_"+strconv.Itoa(n))
	}
	w.Goto("END")
	for n := 1; n <= groups; n++ {
		w.Label("GROUP_" + strconv.Itoa(n))
		w.writeSettings(s.Groups[n])
		w.Goto("END")
	}
	w.Label("END")
}

func (v *validation) checkSpecials(s *Specials) {
	for _, label := range slices.Sorted(maps.Keys(s.Sections)) {
		path := fmt.Sprintf("specials.sections[%.80q]", label)
		v.checkSettings(path, s.Sections[label])
		if label != generalSpecials && !slices.ContainsFunc(families, func(f family) bool { return f.label == label }) {
			v.Add(path, "unknown section")
		}
	}
	for _, n := range slices.Sorted(maps.Keys(s.Groups)) {
		path := fmt.Sprintf(`specials.groups["%d"]`, n)
		v.checkSettings(path, s.Groups[n])
		v.checkRange(path, n, 1, groups)
	}
}

// checkSettings reports the settings that cannot be written.
func (v *validation) checkSettings(path string, list []Setting) {
	for i, set := range list {
		var b settings.Builder
		b.Set(set.Name, set.Value)
		_, err := b.Bytes()
		if ps, ok := errors.AsType[ctikit.Problems](err); ok {
			for _, p := range ps {
				p.Path = fmt.Sprintf("%s[%d]", path, i) // not the line of b
				v.Problems = append(v.Problems, p)
			}
		}
	}
}
