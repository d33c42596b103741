package cloud

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit"
)

// french are the keys that the manual's translated examples show (notes ch. 14).
var french = map[string]string{"Nom": "Name", "Adresse": "Address", "Jeton de compte": "AccountsToken"}

const frenchProfiles = "Profil_Serveur_IP_Office"

// DecodeSpaces reads a file of Spaces Calling profiles and checks it. It returns a
// warning for everything that it understands or skips, but that cloud services may
// not understand: translated keys, vrai and faux, numbers without quotes and
// booleans in them, another key at the top, and unknown keys.
func DecodeSpaces(data []byte) (profiles []SpacesProfile, warnings ctikit.Problems, err error) {
	d := &decoder{}
	if bytes.Contains(data, []byte("vrai")) || bytes.Contains(data, []byte("faux")) {
		data = d.replaceFrench(data)
	}
	var top map[string][]map[string]any
	if err := decodeFile(data, &top); err != nil {
		return nil, d.warnings, err
	}
	if len(top) != 1 {
		d.Add("", "must be an object with one key, got %d keys", len(top))
		return nil, d.warnings, d.Err()
	}
	for key, list := range top {
		switch key {
		case ServerProfiles:
		case frenchProfiles:
			d.addWarning("", "the key %q is a translation of %s", key, ServerProfiles)
		default:
			d.addWarning("", "the key %q is not %s", key, ServerProfiles)
		}
		for i, values := range list {
			profiles = append(profiles, d.decodeProfile(i, values))
		}
	}
	d.AddUnder("", checkSpaces(profiles))
	return profiles, d.warnings, d.Err()
}

type decoder struct {
	ctikit.Problems
	path     string // of the profile, "[0]."
	warnings ctikit.Problems
}

func (d *decoder) addWarning(field, format string, args ...any) {
	d.warnings = append(d.warnings, ctikit.Problem{
		Severity: ctikit.SeverityWarning, Path: d.path + field, Message: fmt.Sprintf(format, args...),
	})
}

// replaceFrench replaces vrai and faux outside quotes.
func (d *decoder) replaceFrench(data []byte) []byte {
	var out []byte
	quoted := false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\' && i+1 < len(data):
			out = append(out, c)
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && bytes.HasPrefix(data[i:], []byte("vrai")):
			d.addWarning("", "vrai is a translation of true")
			out = append(out, "true"...)
			i += 3
			continue
		case !quoted && bytes.HasPrefix(data[i:], []byte("faux")):
			d.addWarning("", "faux is a translation of false")
			out = append(out, "false"...)
			i += 3
			continue
		}
		out = append(out, data[i])
	}
	return out
}

func (d *decoder) decodeProfile(i int, values map[string]any) SpacesProfile {
	d.path = fmt.Sprintf("[%d].", i)
	english := make(map[string]any, len(values))
	for _, key := range slices.Sorted(maps.Keys(values)) {
		name := key
		if translated, ok := french[key]; ok {
			name = translated
			d.addWarning(key, "is a translation of %s", name)
		}
		if _, twice := english[name]; twice {
			d.Add(d.path+key, "duplicate of %s", name)
			continue
		}
		english[name] = values[key]
	}
	var p SpacesProfile
	pop := func(key string) (any, bool) {
		v, ok := english[key]
		delete(english, key)
		return v, ok
	}
	text := func(key string) string { v, ok := pop(key); return d.decodeText(key, v, ok) }
	flag := func(key string, absent bool) bool { v, ok := pop(key); return d.decodeFlag(key, v, ok, absent) }
	p.Name, p.Address = text("Name"), text("Address")
	p.AccountsToken, p.AutoFailover = flag("AccountsToken", false), flag("AutoFailover", false)
	p.NoLogDownload = !flag("LogDownload", true)
	p.STUNHost = text("STUNHost")
	if ports := d.decodeInts("STUNPort", text("STUNPort")); len(ports) > 0 {
		p.STUNPort = ports[0]
	}
	if _, ok := english["DialRule"]; ok {
		p.Dialing.Rules = UserRules
		if flag("DialRule", false) {
			p.Dialing.Rules = SiteRules
		}
	}
	if p.Dialing.Rules != SiteRules {
		d.dropSiteRules(english)
	}
	r := &p.Dialing
	r.OutsidePrefix, r.CountryCode, r.PBXPrefix = text("OutsidePrefix"), text("CountryCode"), text("PbxPrefix")
	r.LongDistancePrefix, r.InternationalPrefix = text("LongDistancePrefix"), text("InternationalPrefix")
	if codes := text("CityCode"); codes != "" {
		for code := range strings.SplitSeq(codes, ",") {
			r.CityCodes = append(r.CityCodes, strings.TrimSpace(code))
		}
	}
	r.ExtensionLengths = d.decodeInts("ExtensionLength", text("ExtensionLength"))
	r.NationalLengths = d.decodeInts("NationalLength", text("NationalLength"))
	r.RemoveAreaCode, r.ApplyToPlusNumber = flag("RemoveAreaCode", false), flag("ApplyToPlusNumber", false)
	for _, key := range slices.Sorted(maps.Keys(english)) {
		d.addWarning(key, "unknown key")
	}
	return p
}

// siteRules are the keys that count with DialRule true only.
var siteRules = []string{
	"ApplyToPlusNumber", "CityCode", "CountryCode", "ExtensionLength", "InternationalPrefix",
	"LongDistancePrefix", "NationalLength", "OutsidePrefix", "PbxPrefix", "RemoveAreaCode",
}

// dropSiteRules skips the rules of a profile that has them switched off.
func (d *decoder) dropSiteRules(values map[string]any) {
	for _, key := range siteRules {
		if _, ok := values[key]; ok {
			d.addWarning(key, "used only if DialRule is true")
			delete(values, key)
		}
	}
}

func (d *decoder) decodeText(key string, v any, ok bool) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		d.addWarning(key, "write a number in quotes")
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	if ok {
		d.Add(d.path+key, "must be a text")
	}
	return ""
}

func (d *decoder) decodeFlag(key string, v any, ok, absent bool) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		if b, err := strconv.ParseBool(v); err == nil {
			d.addWarning(key, "write true and false without quotes")
			return b
		}
	}
	if ok {
		d.Add(d.path+key, "must be true or false")
	}
	return absent
}

func (d *decoder) decodeInts(key, list string) (out []int) {
	if list == "" {
		return nil
	}
	for _, s := range strings.Split(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil {
			d.Add(d.path+key, "must be a number, got %.80q", s)
			continue
		}
		out = append(out, n)
	}
	return out
}
