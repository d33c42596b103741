package dialplan

import (
	"slices"
	"strconv"
)

// StandardRules gives the rules that every plan begins with (TWP guide 5.1):
// national numbers in international form become national, + becomes the
// international prefix, service codes stay. Priorities leave 30 free for the
// guide's own expression (5.3), which must lie between them.
//
// Rules that need a parameter that is empty are omitted.
func StandardRules(p Parameters) []Rule {
	const national = "[-ExternalPrefix-][-NationalPrefix-]"
	const plusCountry, codeCountry = "+[-CountryPrefix-]", "[-InternationalPrefix-][-CountryPrefix-]"
	country := p.CountryPrefix != ""
	abroad := country && p.InternationalPrefix != ""
	trunk := p.NationalPrefix != "" && !p.NationalPrefixInNumbers

	var rules []Rule
	add := func(when bool, priority int, name, pattern, value, description string) {
		if when {
			rules = append(rules, Rule{Name: name, Description: description, Priority: priority, Pattern: pattern, Value: value})
		}
	}
	add(country, 10, "std+cc(n)", plusCountry+"(0)", national,
		"own country with the trunk prefix in parentheses: +33(0)…")
	add(abroad, 11, "std00cc(n)", codeCountry+"(0)", national,
		"own country with the trunk prefix in parentheses: 0033(0)…")
	add(country && trunk, 20, "std+ccn", plusCountry+"[-NationalPrefix-]", national,
		"own country with the trunk prefix left in: +330…")
	add(abroad && trunk, 21, "std00ccn", codeCountry+"[-NationalPrefix-]", national,
		"own country with the trunk prefix left in: 00330…")
	add(true, 40, "std#", "#", "#", "service codes stay")
	add(true, 41, "std*", "*", "*", "service codes stay")
	add(country, 50, "std+cc", plusCountry, national, "own country: +33…")
	add(abroad, 51, "std00cc", codeCountry, national, "own country: 0033…")
	if country {
		rules = append(rules, bareCountryRules(p, national)...)
	}
	add(p.InternationalPrefix != "", 60, "std+", "+", "[-InternationalPrefix-]", "abroad: +…")
	return rules
}

// bareCountryRules gives rule 52, the country code without + or 00 before a
// complete national number ("33155171889", TWP guide 5.1), once per run of
// neighbouring lengths.
func bareCountryRules(p Parameters, value string) (rules []Rule) {
	lengths := slices.Sorted(slices.Values(p.NationalLength))
	for i := 0; i < len(lengths); {
		j := i
		for j+1 < len(lengths) && lengths[j+1] == lengths[j]+1 {
			j++
		}
		name := "stdcc"
		if len(rules) > 0 {
			name += strconv.Itoa(len(rules) + 1)
		}
		rules = append(rules, Rule{
			Name: name, Description: "own country without + or international prefix: 33…",
			Priority: 52, Pattern: "[-CountryPrefix-]", Value: value,
			MinLength: len(p.CountryPrefix) + lengths[i], MaxLength: len(p.CountryPrefix) + lengths[j],
		})
		i = j + 1
	}
	return rules
}
