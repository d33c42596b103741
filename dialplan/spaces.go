package dialplan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
)

// SpacesProfile holds the dialling rules of an Avaya Spaces Calling profile or
// of a Workplace client ("Spaces Calling" profile JSON of the IP Office
// Workplace guide). The zero value of each field means that it is not used.
type SpacesProfile struct {
	OutsidePrefix       string   // access to the public network: "9"
	CountryCode         string   // "1"
	CityCode            []string // area codes of the site: "303"
	PbxPrefix           string   // between area code and extension: "538"
	LongDistancePrefix  string   // trunk prefix: "1", "0"
	InternationalPrefix string   // "011", "00"
	ExtensionLength     Lengths  // exact lengths of extensions
	NationalLength      Lengths  // exact lengths of national numbers without prefix
	RemoveAreaCode      bool     // local calls are dialled without the area code
	ApplyToPlusNumber   bool     // numbers with + are transformed too

	// ShortNumbersInside leaves numbers that are shorter than an extension as
	// they are; otherwise they are dialled outside ("ShortNumbersOutside",
	// true where absent).
	ShortNumbersInside bool

	Emergency []string // numbers that are never rewritten

	// Off is a profile without "DialRule": numbers are cleaned and nothing else.
	Off bool
}

// Spaces applies the dialling rules of a profile. It is immutable and safe for
// concurrent use. Avaya publishes the parameters and examples, not the order
// in which the rules are tried: the order is ours, and all published examples
// hold under it.
type Spaces struct {
	profile SpacesProfile
	cities  []string // longest first
}

// SpacesClass says which dialling rule applied.
type SpacesClass string

// The rules, in the order in which they are tried.
const (
	SpacesOff           SpacesClass = "off"
	SpacesEmergency     SpacesClass = "emergency"
	SpacesPlus          SpacesClass = "plus-passthrough"
	SpacesService       SpacesClass = "service"
	SpacesInternal      SpacesClass = "internal"
	SpacesShort         SpacesClass = "short"
	SpacesShortInside   SpacesClass = "short-as-is"
	SpacesInternational SpacesClass = "international"
	SpacesDialable      SpacesClass = "already-dialable"
	SpacesPbx           SpacesClass = "internal(pbx)"
	SpacesUnknown       SpacesClass = "local-or-unknown"

	// For national numbers.
	SpacesAreaPbx     SpacesClass = "internal(area+pbx)"
	SpacesAreaRemoved SpacesClass = "local-area-removed"
	SpacesLocal       SpacesClass = "local"
	SpacesNational    SpacesClass = "national"
)

// NewSpaces checks a profile. The error is of type [ctikit.Problems] and names every problem.
func NewSpaces(p SpacesProfile) (*Spaces, error) {
	var ps ctikit.Problems
	p.checkProfile(&ps)
	if err := ps.Err(); err != nil {
		return nil, err
	}
	p.CityCode, p.Emergency = slices.Clone(p.CityCode), slices.Clone(p.Emergency)
	p.ExtensionLength, p.NationalLength = slices.Clone(p.ExtensionLength), slices.Clone(p.NationalLength)
	cities := slices.Clone(p.CityCode)
	slices.SortStableFunc(cities, func(a, b string) int { return len(b) - len(a) })
	return &Spaces{profile: p, cities: cities}, nil
}

func (p *SpacesProfile) checkProfile(ps *ctikit.Problems) {
	digits := func(path, text, also string) {
		if strings.Trim(text, "0123456789"+also) != "" {
			ps.Add(path, "must be digits, got %q", text)
		} else if len(text) > maxNational {
			ps.Add(path, "must be at most %d digits, got %q", maxNational, text)
		}
	}
	digits("OutsidePrefix", p.OutsidePrefix, "*#")
	digits("CountryCode", p.CountryCode, "")
	digits("PbxPrefix", p.PbxPrefix, "")
	digits("LongDistancePrefix", p.LongDistancePrefix, "")
	digits("InternationalPrefix", p.InternationalPrefix, "")
	for i, city := range p.CityCode {
		digits(elementPath("CityCode", i), city, "")
		if city == "" {
			ps.Add(elementPath("CityCode", i), "empty")
		}
	}
	checkLengths("ExtensionLength", p.ExtensionLength, maxInternal, ps)
	checkLengths("NationalLength", p.NationalLength, maxNational, ps)
	checkEmergency(p.Emergency, ps)
}

// Warnings returns what is valid but may surprise.
func (s *Spaces) Warnings() (findings Findings) {
	p := &s.profile
	for _, n := range p.ExtensionLength {
		if p.NationalLength.Contains(n) {
			findings = append(findings, Finding{Problem: ctikit.Problem{
				Severity: ctikit.SeverityWarning, Code: LengthAmbiguous, Path: "ExtensionLength",
				Message: fmt.Sprintf(
					"extensions and national numbers both have length %d; such numbers are dialled as extensions", n),
			}})
		}
	}
	return findings
}

// Outgoing gives what the client must dial to reach number. The error is a [*NumberError].
func (s *Spaces) Outgoing(number string) (string, error) {
	e := s.Explain(number)
	return e.Result, e.Err
}

// SpacesExplanation says how a number was transformed.
type SpacesExplanation struct {
	Number        string      // as given
	Class         SpacesClass // the rule that applied
	OutsidePrefix bool        // the outside prefix was put in front
	Result        string
	Err           error    // a *NumberError where the number cannot be dialled
	Steps         []string // the same as sentences
}

// Explain transforms a number as [Spaces.Outgoing] does and says how.
func (s *Spaces) Explain(number string) SpacesExplanation {
	e := SpacesExplanation{Number: number}
	var f forms
	if err := f.reduceNumber(number); err != nil {
		e.Err = numberError(number, "", err)
		e.Steps = []string{fmt.Sprintf("cannot be dialled: %v", err)}
		return e
	}
	cleaned := string(f.strictForm())
	e.Result, e.Class = s.transformNumber(cleaned)
	outside := s.profile.OutsidePrefix
	switch e.Class {
	case SpacesShort, SpacesInternational, SpacesUnknown, SpacesAreaRemoved, SpacesLocal, SpacesNational:
		e.OutsidePrefix = outside != ""
	}
	e.Steps = []string{"reduced to " + cleaned, fmt.Sprintf("rule %s", e.Class)}
	if e.OutsidePrefix {
		e.Steps = append(e.Steps, fmt.Sprintf("outside prefix %q put in front of %s", outside, e.Result[len(outside):]))
	}
	e.Steps = append(e.Steps, "result "+e.Result)
	return e
}

func (s *Spaces) transformNumber(n string) (string, SpacesClass) {
	p := &s.profile
	if p.Off {
		return n, SpacesOff
	}
	if slices.Contains(p.Emergency, n) {
		return n, SpacesEmergency
	}
	if digits, plus := strings.CutPrefix(n, "+"); plus {
		rest, home := strings.CutPrefix(digits, p.CountryCode)
		switch {
		case !p.ApplyToPlusNumber:
			return n, SpacesPlus
		case home && p.CountryCode != "":
			return s.dialNational(rest)
		}
		return p.OutsidePrefix + p.InternationalPrefix + digits, SpacesInternational
	}
	switch {
	case n[0] == '*' || n[0] == '#':
		return n, SpacesService
	case p.ExtensionLength.Contains(len(n)):
		return n, SpacesInternal
	case len(p.ExtensionLength) > 0 && len(n) < slices.Min(p.ExtensionLength):
		if p.ShortNumbersInside {
			return n, SpacesShortInside
		}
		return p.OutsidePrefix + n, SpacesShort
	case p.isInternational(n):
		return p.OutsidePrefix + n, SpacesInternational
	case p.isLongDistance(n):
		return s.dialNational(n[len(p.LongDistancePrefix):])
	case p.NationalLength.Contains(len(n)):
		return s.dialNational(n)
	}
	if rest, ok := strings.CutPrefix(n, p.OutsidePrefix); ok && p.OutsidePrefix != "" &&
		(p.isInternational(rest) || p.isLongDistance(rest) || p.NationalLength.Contains(len(rest))) {
		return n, SpacesDialable
	}
	if extension, ok := p.cutExtension(n, p.PbxPrefix); ok {
		return extension, SpacesPbx
	}
	return p.OutsidePrefix + n, SpacesUnknown
}

// dialNational dials a national number without long-distance prefix.
func (s *Spaces) dialNational(n string) (string, SpacesClass) {
	p := &s.profile
	for _, city := range s.cities {
		if extension, ok := p.cutExtension(n, city+p.PbxPrefix); ok {
			return extension, SpacesAreaPbx
		}
	}
	for _, city := range s.cities {
		if rest, ok := strings.CutPrefix(n, city); ok {
			if p.RemoveAreaCode {
				return p.OutsidePrefix + rest, SpacesAreaRemoved
			}
			return p.OutsidePrefix + n, SpacesLocal
		}
	}
	return p.OutsidePrefix + p.LongDistancePrefix + n, SpacesNational
}

// cutExtension takes the prefix off a number that leaves an extension. Without a
// PbxPrefix nothing distinguishes an extension from a subscriber's number.
func (p *SpacesProfile) cutExtension(n, prefix string) (string, bool) {
	rest, ok := strings.CutPrefix(n, prefix)
	return rest, ok && p.PbxPrefix != "" && p.ExtensionLength.Contains(len(rest))
}

func (p *SpacesProfile) isInternational(n string) bool {
	return p.InternationalPrefix != "" && strings.HasPrefix(n, p.InternationalPrefix)
}

func (p *SpacesProfile) isLongDistance(n string) bool {
	rest, ok := strings.CutPrefix(n, p.LongDistancePrefix)
	return ok && p.LongDistancePrefix != "" && p.NationalLength.Contains(len(rest))
}
