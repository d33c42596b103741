package dialplan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
)

// Parameters are the global settings of a plan (TWP guide, chapter 5, left
// half of the page "Plan de numérotation").
type Parameters struct {
	InternationalPrefix string  // dialled before a foreign number: "00"
	CountryPrefix       string  // country code of the installation: "33"
	NationalPrefix      string  // trunk prefix, dialled before a national number: "0"; "" where there is none
	ExternalPrefix      string  // gives access to the public network: "0"; "" where there is none
	InternalLength      int     // digits of the longest internal number; longer ones are external
	NationalLength      Lengths // digits of a national number without trunk prefix: 9, or several

	// NationalPrefixInNumbers says that national numbers may themselves begin
	// with the digits of the trunk prefix (Russia: trunk 8, Saint Petersburg
	// 812), so that "+7 8…" is not a trunk prefix written by mistake.
	NationalPrefixInNumbers bool

	ReverseInternalLength int    // like InternalLength, for presented numbers
	Remove                string // taken off the start of a presented external number, once
	Add                   string // then put in front of it

	Emergency []string // numbers that are never rewritten
}

// Lengths is a set of lengths of numbers, in digits.
type Lengths []int

// Contains reports whether n is one of the lengths.
func (l Lengths) Contains(n int) bool { return slices.Contains(l, n) }

// maxInternal and maxNational bound the lengths: E.164 numbers have at most 15
// digits with their country code.
const (
	maxInternal = 16
	maxNational = 15
)

func (p *Parameters) checkParameters(ps *ctikit.Problems) {
	digits := func(path, text string) {
		if i := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
			ps.Add(path, "character %d: %q is not a digit", i+1, firstRune(text[i:]))
		} else if len(text) > maxDialable {
			ps.Add(path, "must be at most %d digits, got %d", maxDialable, len(text))
		}
	}
	digits("InternationalPrefix", p.InternationalPrefix)
	digits("CountryPrefix", p.CountryPrefix)
	digits("NationalPrefix", p.NationalPrefix)
	digits("ExternalPrefix", strings.TrimLeft(p.ExternalPrefix, "*#")) // some systems give access by *9
	if len(p.CountryPrefix) > 3 {
		ps.Add("CountryPrefix", "must be at most 3 digits, got %q", p.CountryPrefix)
	}
	if strings.HasPrefix(p.CountryPrefix, "0") {
		ps.Add("CountryPrefix", "must not start with 0, got %q; give the country code alone, as in \"33\"", p.CountryPrefix)
	}
	digits("Remove", strings.TrimPrefix(p.Remove, "+"))
	digits("Add", strings.TrimPrefix(p.Add, "+"))

	between := func(path string, n, low, high int) {
		if n < low || n > high {
			ps.Add(path, "must be between %d and %d, got %d", low, high, n)
		}
	}
	between("InternalLength", p.InternalLength, 0, maxInternal)
	between("ReverseInternalLength", p.ReverseInternalLength, 0, maxInternal)
	checkLengths("NationalLength", p.NationalLength, maxNational, ps)
	checkEmergency(p.Emergency, ps)
}

func checkLengths(path string, lengths Lengths, highest int, ps *ctikit.Problems) {
	for i, n := range lengths {
		at := path
		if len(lengths) > 1 {
			at = elementPath(path, i)
		}
		if n < 1 || n > highest {
			ps.Add(at, "must be between 1 and %d, got %d", highest, n)
		}
		if slices.Contains(lengths[:i], n) {
			ps.Add(at, "duplicate %d", n)
		}
	}
}

func checkEmergency(numbers []string, ps *ctikit.Problems) {
	for i, number := range numbers {
		path := elementPath("Emergency", i)
		if number == "" || strings.Trim(number, "0123456789*#") != "" {
			ps.Add(path, "must be digits, * and #, got %q", number)
		} else if len(number) > maxInternal {
			ps.Add(path, "must be at most %d digits, got %q", maxInternal, number)
		}
		if slices.Contains(numbers[:i], number) {
			ps.Add(path, "duplicate %q", number)
		}
	}
}

// placeholderText gives the text for a placeholder's name.
func (p *Parameters) placeholderText(name string) (text string, ok bool) {
	switch name {
	case "InternationalPrefix":
		return p.InternationalPrefix, true
	case "CountryPrefix":
		return p.CountryPrefix, true
	case "NationalPrefix":
		return p.NationalPrefix, true
	case "ExternalPrefix":
		return p.ExternalPrefix, true
	}
	return "", false
}

func elementPath(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}
