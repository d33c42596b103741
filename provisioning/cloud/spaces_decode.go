package cloud

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit"
)

// Notice is something in a file that was understood, but that cloud services may
// not understand.
type Notice struct {
	Path string // "[0].STUNPort"
	Text string
}

// String returns "path: text".
func (n Notice) String() string { return n.Path + ": " + n.Text }

// french are the keys that the manual's translated examples show (notes ch. 14).
var french = map[string]string{"Nom": "Name", "Adresse": "Address", "Jeton de compte": "AccountsToken"}

const frenchProfiles = "Profil_Serveur_IP_Office"

// DecodeSpaces reads a file of Spaces Calling profiles and checks it. Translated
// keys, vrai and faux, numbers without quotes and booleans in them, another key
// at the top and unknown keys are read or passed over, with a notice.
func DecodeSpaces(data []byte) ([]SpacesProfile, []Notice, error) {
	d := &decoder{}
	if bytes.Contains(data, []byte("vrai")) || bytes.Contains(data, []byte("faux")) {
		data = d.booleans(data)
	}
	var top map[string][]map[string]any
	if err := decode(data, &top); err != nil {
		return nil, d.notices, fmt.Errorf("cloud: Spaces Calling profiles: %w", err)
	}
	if len(top) != 1 {
		return nil, d.notices, fmt.Errorf("cloud: Spaces Calling profiles: %d keys at the top, not one: %w", len(top), ctikit.ErrInvalid)
	}
	var profiles []SpacesProfile
	for key, list := range top {
		switch key {
		case ServerProfiles:
		case frenchProfiles:
			d.notice("", "the key %q is a translation of %s", key, ServerProfiles)
		default:
			d.notice("", "the key %q is not %s", key, ServerProfiles)
		}
		for i, values := range list {
			profiles = append(profiles, d.profile(i, values))
		}
	}
	return profiles, d.notices, errors.Join(append(d.errs, checkSpaces(profiles))...)
}

type decoder struct {
	path    string // of the profile, "[0]."
	notices []Notice
	errs    []error
}

func (d *decoder) notice(field, format string, args ...any) {
	d.notices = append(d.notices, Notice{Path: d.path + field, Text: fmt.Sprintf(format, args...)})
}

func (d *decoder) fail(field, format string, args ...any) {
	d.errs = append(d.errs, fmt.Errorf("%s%s: %s: %w", d.path, field, fmt.Sprintf(format, args...), ctikit.ErrInvalid))
}

// booleans replaces vrai and faux outside quotes.
func (d *decoder) booleans(data []byte) []byte {
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
			d.notice("", "vrai is a translation of true")
			out = append(out, "true"...)
			i += 3
			continue
		case !quoted && bytes.HasPrefix(data[i:], []byte("faux")):
			d.notice("", "faux is a translation of false")
			out = append(out, "false"...)
			i += 3
			continue
		}
		out = append(out, data[i])
	}
	return out
}

func (d *decoder) profile(i int, values map[string]any) SpacesProfile {
	d.path = fmt.Sprintf("[%d].", i)
	english := make(map[string]any, len(values))
	for _, key := range sortedKeys(values) {
		name := key
		if translated, ok := french[key]; ok {
			name = translated
			d.notice(key, "is a translation of %s", name)
		}
		if _, twice := english[name]; twice {
			d.fail(key, "stands beside %s", name)
			continue
		}
		english[name] = values[key]
	}
	var p SpacesProfile
	take := func(key string) (any, bool) {
		v, ok := english[key]
		delete(english, key)
		return v, ok
	}
	text := func(key string) string { v, ok := take(key); return d.text(key, v, ok) }
	flag := func(key string, absent bool) bool { v, ok := take(key); return d.flag(key, v, ok, absent) }
	p.Name, p.Address = text("Name"), text("Address")
	p.AccountsToken, p.NoLogDownload, p.AutoFailover = flag("AccountsToken", false), !flag("LogDownload", true), flag("AutoFailover", false)
	p.STUNHost = text("STUNHost")
	if ports := d.ints("STUNPort", text("STUNPort")); len(ports) > 0 {
		p.STUNPort = ports[0]
	}
	if _, ok := english["DialRule"]; ok {
		p.Dialing.Rules = UserRules
		if flag("DialRule", false) {
			p.Dialing.Rules = SiteRules
		}
	}
	if p.Dialing.Rules != SiteRules {
		d.idle(english)
	}
	r := &p.Dialing
	r.OutsidePrefix, r.CountryCode, r.PBXPrefix = text("OutsidePrefix"), text("CountryCode"), text("PbxPrefix")
	r.LongDistancePrefix, r.InternationalPrefix = text("LongDistancePrefix"), text("InternationalPrefix")
	if codes := text("CityCode"); codes != "" {
		for code := range strings.SplitSeq(codes, ",") {
			r.CityCodes = append(r.CityCodes, strings.TrimSpace(code))
		}
	}
	r.ExtensionLengths, r.NationalLengths = d.ints("ExtensionLength", text("ExtensionLength")), d.ints("NationalLength", text("NationalLength"))
	r.RemoveAreaCode, r.ApplyToPlusNumber = flag("RemoveAreaCode", false), flag("ApplyToPlusNumber", false)
	for _, key := range sortedKeys(english) {
		d.notice(key, "is not a known key")
	}
	return p
}

// siteRules are the keys that count with DialRule true only.
var siteRules = []string{"ApplyToPlusNumber", "CityCode", "CountryCode", "ExtensionLength", "InternationalPrefix", "LongDistancePrefix",
	"NationalLength", "OutsidePrefix", "PbxPrefix", "RemoveAreaCode"}

// idle passes over the rules of a profile that has them switched off.
func (d *decoder) idle(values map[string]any) {
	for _, key := range siteRules {
		if _, ok := values[key]; ok {
			d.notice(key, "counts only where DialRule is true")
			delete(values, key)
		}
	}
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func (d *decoder) text(key string, v any, ok bool) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		d.notice(key, "a number is written in quotes")
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	if ok {
		d.fail(key, "not a text")
	}
	return ""
}

func (d *decoder) flag(key string, v any, ok, absent bool) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		if b, err := strconv.ParseBool(v); err == nil {
			d.notice(key, "true and false are written without quotes")
			return b
		}
	}
	if ok {
		d.fail(key, "not true or false")
	}
	return absent
}

func (d *decoder) ints(key, list string) (out []int) {
	if list == "" {
		return nil
	}
	for _, s := range strings.Split(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil {
			d.fail(key, "%q is not a number", s)
			continue
		}
		out = append(out, n)
	}
	return out
}
