package cloud

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ctikit/ctikit"
)

// ServerProfiles is the key of the Spaces Calling profiles. The manual shows it
// translated only, so another may be given to [EncodeSpaces].
const ServerProfiles = "IP_Office_Server_Profile"

// SpacesProfile says to the Spaces Calling clients where a system is and how they
// dial (notes ch. 14).
type SpacesProfile struct {
	Name    string // at most 14 characters
	Address string // of the server
	// AccountsToken allows single sign-on with the extension of Chrome.
	AccountsToken bool
	// NoLogDownload keeps users from downloading the extension's logs.
	NoLogDownload bool
	STUNHost      string
	STUNPort      int // 3478 usually; 0: not given
	// AutoFailover connects to the second one-X Portal when the first is down.
	AutoFailover bool
	Dialing      Dialing
}

// DialRules says where the extension's dialling rules come from.
type DialRules uint8

// The three states of the key DialRule: absent, false and true.
const (
	NoRules   DialRules = iota // dialling rules are off
	UserRules                  // each user configures them
	SiteRules                  // those of the profile, for all users
)

// Dialing are the dialling rules; the other fields are given with [SiteRules]
// only. dialplan carries such rules out.
type Dialing struct {
	Rules               DialRules
	OutsidePrefix       string
	CountryCode         string
	CityCodes           []string // area codes of the site
	PBXPrefix           string
	LongDistancePrefix  string
	InternationalPrefix string
	ExtensionLengths    []int
	NationalLengths     []int
	RemoveAreaCode      bool
	ApplyToPlusNumber   bool
}

// maxName is the longest name of a profile, in characters (notes ch. 14).
const maxName = 14

var digits = regexp.MustCompile(`^[0-9*#]*$`)

// findProblems returns the problems of a profile; the paths are keys of the file.
func (p *SpacesProfile) findProblems() (ps ctikit.Problems) {
	if n := utf8.RuneCountInString(p.Name); n == 0 || n > maxName {
		ps.Add("Name", "must be 1 to %d characters, got %d", maxName, n)
	}
	if !isHost(p.Address) {
		ps.Add("Address", "must be a host name or address, got %.80q", p.Address)
	}
	if p.STUNHost != "" && !isHost(p.STUNHost) {
		ps.Add("STUNHost", "must be a host name or address, got %.80q", p.STUNHost)
	}
	if p.STUNPort < 0 || p.STUNPort > 65535 {
		ps.Add("STUNPort", "must be between 0 and 65535, got %d", p.STUNPort)
	}
	d := &p.Dialing
	if d.Rules != SiteRules && d.hasRules() {
		ps.Add("Dialing", "rules are given, but Rules is not SiteRules")
	}
	for _, f := range []struct{ key, value string }{
		{"OutsidePrefix", d.OutsidePrefix},
		{"CountryCode", d.CountryCode},
		{"CityCode", strings.Join(d.CityCodes, "")},
		{"PbxPrefix", d.PBXPrefix},
		{"LongDistancePrefix", d.LongDistancePrefix},
		{"InternationalPrefix", d.InternationalPrefix},
	} {
		if !digits.MatchString(f.value) {
			ps.Add(f.key, "must be digits, * and #, got %.80q", f.value)
		}
	}
	checkLengths := func(field string, lengths []int) {
		for _, n := range lengths {
			if n < 1 || n > 20 {
				ps.Add(field, "must be between 1 and 20, got %d", n)
			}
		}
	}
	checkLengths("ExtensionLength", d.ExtensionLengths)
	checkLengths("NationalLength", d.NationalLengths)
	return ps
}

// hasRules reports whether there is a rule, in force or not.
func (d *Dialing) hasRules() bool {
	texts := d.OutsidePrefix + d.CountryCode + d.PBXPrefix + d.LongDistancePrefix + d.InternationalPrefix
	return texts != "" || len(d.CityCodes)+len(d.ExtensionLengths)+len(d.NationalLengths) > 0 ||
		d.RemoveAreaCode || d.ApplyToPlusNumber
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`)

func isHost(s string) bool { return len(s) <= 253 && hostName.MatchString(s) }

func checkSpaces(profiles []SpacesProfile) error {
	var ps ctikit.Problems
	if len(profiles) == 0 || len(profiles) > maxProfiles {
		ps.Add("", "must be 1 to %d profiles, got %d", maxProfiles, len(profiles))
	}
	seen := map[string]bool{}
	for i := range profiles {
		path := fmt.Sprintf("[%d]", i)
		ps.AddUnder(path, profiles[i].findProblems().Err())
		if seen[profiles[i].Name] {
			ps.Add(path+".Name", "duplicate %q", profiles[i].Name)
		}
		seen[profiles[i].Name] = true
	}
	return ps.Err()
}

// spacesKeys are the keys as written: values are quoted, except true and false.
type spacesKeys struct {
	Name                string
	Address             string
	AccountsToken       *bool  `json:",omitempty"`
	LogDownload         *bool  `json:",omitempty"`
	STUNHost            string `json:",omitempty"`
	STUNPort            string `json:",omitempty"`
	AutoFailover        *bool  `json:",omitempty"`
	DialRule            *bool  `json:",omitempty"`
	OutsidePrefix       string `json:",omitempty"`
	CountryCode         string `json:",omitempty"`
	CityCode            string `json:",omitempty"`
	PbxPrefix           string `json:",omitempty"`
	LongDistancePrefix  string `json:",omitempty"`
	InternationalPrefix string `json:",omitempty"`
	ExtensionLength     string `json:",omitempty"`
	NationalLength      string `json:",omitempty"`
	RemoveAreaCode      *bool  `json:",omitempty"`
	ApplyToPlusNumber   *bool  `json:",omitempty"`
}

// EncodeSpaces returns the file under a top-level key, "" for [ServerProfiles].
func EncodeSpaces(key string, profiles []SpacesProfile) ([]byte, error) {
	if err := checkSpaces(profiles); err != nil {
		return nil, err
	}
	if key == "" {
		key = ServerProfiles
	}
	list := make([]spacesKeys, len(profiles))
	for i := range profiles {
		list[i] = profiles[i].toKeys()
	}
	return encodeFile(map[string][]spacesKeys{key: list})
}

func (p *SpacesProfile) toKeys() spacesKeys {
	k := spacesKeys{
		Name: p.Name, Address: p.Address, AccountsToken: trueOrNil(p.AccountsToken),
		STUNHost: p.STUNHost, AutoFailover: trueOrNil(p.AutoFailover),
	}
	if p.NoLogDownload {
		k.LogDownload = new(bool)
	}
	if p.STUNPort > 0 {
		k.STUNPort = strconv.Itoa(p.STUNPort)
	}
	d := &p.Dialing
	switch d.Rules {
	case UserRules:
		k.DialRule = new(bool)
	case SiteRules:
		k.DialRule = trueOrNil(true)
		k.OutsidePrefix, k.CountryCode, k.PbxPrefix = d.OutsidePrefix, d.CountryCode, d.PBXPrefix
		k.CityCode = strings.Join(d.CityCodes, ",")
		k.LongDistancePrefix, k.InternationalPrefix = d.LongDistancePrefix, d.InternationalPrefix
		k.ExtensionLength, k.NationalLength = joinInts(d.ExtensionLengths), joinInts(d.NationalLengths)
		k.RemoveAreaCode, k.ApplyToPlusNumber = trueOrNil(d.RemoveAreaCode), trueOrNil(d.ApplyToPlusNumber)
	}
	return k
}

func trueOrNil(b bool) *bool {
	if b {
		return &b
	}
	return nil
}

func joinInts(list []int) string {
	texts := make([]string, len(list))
	for i, n := range list {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ",")
}
