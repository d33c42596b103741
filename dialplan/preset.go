package dialplan

import (
	"slices"
	"strings"
)

// preset is a country's plan.
type preset struct {
	code   string // ISO 3166, "NANP" for the North American plan
	name   string
	config Config
}

// Presets gives the countries that [Preset] knows, by code.
func Presets() []string {
	var codes []string
	for _, p := range presets() {
		codes = append(codes, p.code)
	}
	return codes
}

// Preset gives the plan of a country, by its code ("FR", "NANP") or name
// ("France", "North America"). The country's part is filled in: prefixes,
// lengths of national numbers, emergency numbers, and rules where the standard
// ones do not fit. What depends on the installation is a usual value to be
// edited: the external prefix, internal numbers of four digits, and nothing to
// add to or remove from presented numbers. Emergency numbers are listed also
// after the external prefix (112 and 0112): whoever edits the prefix edits them
// with it, of which [Plan.Analyse] reminds ([EmergencyPrefix]).
func Preset(country string) (Config, bool) {
	for _, p := range presets() {
		if strings.EqualFold(country, p.code) || strings.EqualFold(country, p.name) {
			p.config.InternalLength, p.config.ReverseInternalLength = 4, 4
			return p.config, true
		}
	}
	return Config{}, false
}

// presets lists the plans, from the national numbering plans that the ITU
// publishes (E.164, E.129) and the numbers of the emergency services.
func presets() []preset {
	return []preset{
		{"FR", "France", countryConfig("33", "00", "0", "0", Lengths{9}, "15 17 18 112 114 115 116117 119 191 196 197")},
		{"DE", "Germany", addRules(countryConfig("49", "00", "0", "0", Lengths{6, 7, 8, 9, 10, 11}, "110 112 116117"),
			// Local numbers have many lengths, and some begin with 49.
			disabledRule("stdcc"))},
		{"IT", "Italy", addRules(countryConfig("39", "00", "", "0", Lengths{6, 7, 8, 9, 10, 11},
			"112 113 114 115 117 118 1515 1522 1530"),
			// The 0 of +39 (0)6… is part of the number.
			disabledRule("std+cc(n)"), disabledRule("std00cc(n)"), disabledRule("stdcc"))},
		{"ES", "Spain", countryConfig("34", "00", "", "0", Lengths{9}, "061 062 080 085 091 092 112 016 024")},
		{"GB", "United Kingdom", countryConfig("44", "00", "0", "9", Lengths{7, 9, 10}, "112 999")},
		{"CH", "Switzerland", countryConfig("41", "00", "0", "0", Lengths{9}, "112 117 118 143 144 145 147 1414 1415")},
		{"BE", "Belgium", countryConfig("32", "00", "0", "0", Lengths{8, 9}, "100 101 110 112 116000")},
		{"NANP", "North America", countryConfig("1", "011", "1", "9", Lengths{10}, "911 9911 988")},
		{"RU", "Russia", allowTrunkInNumbers(countryConfig("7", "810", "8", "9", Lengths{10},
			"01 02 03 04 101 102 103 104 112"))},
		// Brazil dials abroad by a carrier's code, here 21; edit it.
		{"BR", "Brazil", countryConfig("55", "0021", "0", "0", Lengths{10, 11}, "112 190 191 192 193 194 197 198 199 911")},
		{"JP", "Japan", countryConfig("81", "010", "0", "0", Lengths{9, 10}, "110 118 119")},
		{"AU", "Australia", addRules(countryConfig("61", "0011", "0", "0", Lengths{9}, "000 106 112"),
			// 13…, 1300… and 1800… are dialled without the trunk prefix.
			Rule{Name: "service", Priority: 45, Pattern: "+[-CountryPrefix-]1", Value: "[-ExternalPrefix-]1",
				Description: "13, 1300 and 1800 numbers have no trunk prefix"},
			Rule{Name: "service00", Priority: 46, Pattern: "[-InternationalPrefix-][-CountryPrefix-]1",
				Value: "[-ExternalPrefix-]1", Description: "13, 1300 and 1800 numbers have no trunk prefix"})},
	}
}

func countryConfig(code, international, trunk, external string, national Lengths, emergency string) Config {
	return Config{Parameters: Parameters{
		CountryPrefix: code, InternationalPrefix: international, NationalPrefix: trunk, ExternalPrefix: external,
		NationalLength: national, Emergency: withExternalPrefix(strings.Fields(emergency), external),
	}}
}

// withExternalPrefix lists emergency numbers as they are and with the external
// prefix before them; 9911 of North America has it already.
func withExternalPrefix(emergency []string, external string) (all []string) {
	all = append(all, emergency...)
	for _, number := range emergency {
		rest, prefixed := strings.CutPrefix(number, external)
		if !slices.Contains(emergency, external+number) && !(prefixed && slices.Contains(emergency, rest)) {
			all = append(all, external+number)
		}
	}
	return all
}

func allowTrunkInNumbers(c Config) Config {
	c.NationalPrefixInNumbers = true
	return c
}

// addRules adds rules; a disabled one keeps what the standard rule of its name says.
func addRules(c Config, rules ...Rule) Config {
	for _, rule := range rules {
		for _, standard := range StandardRules(c.Parameters) {
			if rule.Disabled && standard.Name == rule.Name {
				rule, rule.Disabled = standard, true
			}
		}
		c.Rules = append(c.Rules, rule)
	}
	return c
}

func disabledRule(name string) Rule { return Rule{Name: name, Disabled: true} }
