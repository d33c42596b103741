package dialplan

import (
	"slices"
	"strings"
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

// Contains tells whether n is one of the lengths.
func (l Lengths) Contains(n int) bool { return slices.Contains(l, n) }

// maxInternal and maxNational bound the lengths: E.164 numbers have at most 15
// digits with their country code.
const (
	maxInternal = 16
	maxNational = 15
)

func (p *Parameters) check(m *Mistakes) {
	digits := func(path, text string) {
		if i := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
			m.addf(path, "%q holds %q at character %d; only digits can be here", text, firstRune(text[i:]), i+1)
		} else if len(text) > maxDialable {
			m.addf(path, "has %d digits; no number is longer than %d", len(text), maxDialable)
		}
	}
	digits("InternationalPrefix", p.InternationalPrefix)
	digits("CountryPrefix", p.CountryPrefix)
	digits("NationalPrefix", p.NationalPrefix)
	digits("ExternalPrefix", strings.TrimLeft(p.ExternalPrefix, "*#")) // some systems give access by *9
	if len(p.CountryPrefix) > 3 {
		m.addf("CountryPrefix", "%q has %d digits; country codes have one to three", p.CountryPrefix, len(p.CountryPrefix))
	}
	if strings.HasPrefix(p.CountryPrefix, "0") {
		m.addf("CountryPrefix", "%q starts with 0; give the country code alone, as in \"33\"", p.CountryPrefix)
	}
	digits("Remove", strings.TrimPrefix(p.Remove, "+"))
	digits("Add", strings.TrimPrefix(p.Add, "+"))

	between := func(path string, n, low, high int) {
		if n < low || n > high {
			m.addf(path, "%d is not between %d and %d", n, low, high)
		}
	}
	between("InternalLength", p.InternalLength, 0, maxInternal)
	between("ReverseInternalLength", p.ReverseInternalLength, 0, maxInternal)
	checkLengths("NationalLength", p.NationalLength, maxNational, m)
	checkEmergency(p.Emergency, m)
}

func checkLengths(path string, lengths Lengths, highest int, m *Mistakes) {
	for i, n := range lengths {
		at := path
		if len(lengths) > 1 {
			at = index(path, i)
		}
		if n < 1 || n > highest {
			m.addf(at, "%d is not between 1 and %d", n, highest)
		}
		if slices.Contains(lengths[:i], n) {
			m.addf(at, "%d stands in the list twice", n)
		}
	}
}

func checkEmergency(numbers []string, m *Mistakes) {
	for i, number := range numbers {
		path := index("Emergency", i)
		if number == "" || strings.Trim(number, "0123456789*#") != "" {
			m.addf(path, "%q is not a number of digits, * and #", number)
		} else if len(number) > maxInternal {
			m.addf(path, "%q is longer than %d digits", number, maxInternal)
		}
		if slices.Contains(numbers[:i], number) {
			m.addf(path, "%q stands in the list twice", number)
		}
	}
}

// placeholder gives the text for a placeholder's name.
func (p *Parameters) placeholder(name string) (text string, ok bool) {
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
