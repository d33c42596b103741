package catalogue

// IPOffice returns the values that parameters must have in an IP Office system,
// for settings.Linter.Require (vendor's template of 22 July 2022).
func IPOffice() map[string][]string {
	return map[string][]string{
		"SIPREGPROXYPOLICY":          {"alternate"},
		"SIMULTANEOUS_REGISTRATIONS": {"1"},
		"DISCOVER_AVAYA_ENVIRONMENT": {"0"},
		"ENABLE_AVAYA_ENVIRONMENT":   {"0"},
		"ENABLE_3PCC_ENVIRONMENT":    {"0"},
		"POUND_KEY_AS_CALL_TRIGGER":  {"0"},
		"ENABLE_IPOFFICE":            {"1", "2"}, // 2 on J139 to J189
	}
}
