package forwardrules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ctikit/ctikit/cti"
)

// Withheld is the caller pattern of calls without a number.
const Withheld = "withheld"

const maxPattern = 64 // characters; E.164 has 15 digits

// pattern is a checked caller pattern: digits, a leading plus, '*' for any
// characters, also none, and '?' for one.
type pattern string

// parseCallerPattern reads a pattern as people write numbers.
func parseCallerPattern(text string) (pattern, error) {
	if strings.EqualFold(text, Withheld) {
		return Withheld, nil
	}
	p := stripPunctuation(text)
	if p == "" || len(p) > maxPattern {
		return "", fmt.Errorf("must be 1 to %d characters, got %q", maxPattern, clipText(text))
	}
	if strings.Trim(p, "0123456789#*?+") != "" || strings.LastIndexByte(p, '+') > 0 {
		return "", fmt.Errorf("must be digits, a leading +, * and ?, or %q, got %q", Withheld, clipText(text))
	}
	return pattern(p), nil
}

// clipText shortens a text that an error quotes.
func clipText(text string) string {
	if len(text) > maxPattern {
		return text[:maxPattern] + "…"
	}
	return text
}

// stripPunctuation removes from a number the characters that only make it easier to read.
func stripPunctuation(number string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-/()\u00a0\u202f", r) {
			return -1
		}
		return r
	}, strings.ReplaceAll(number, "(0)", ""))
}

// matches reports whether a number without punctuation fits the pattern.
func (p pattern) matches(number string) bool {
	i, j := 0, 0
	star, retry := -1, 0 // the last '*', and where in number it ends at present
	for j < len(number) {
		switch {
		case i < len(p) && p[i] == '*':
			star, retry = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == number[j]):
			i++
			j++
		case star >= 0:
			retry++
			i, j = star+1, retry
		default:
			return false
		}
	}
	return strings.Trim(string(p[i:]), "*") == ""
}

// caller is who calls: every form of the number that a rule may name.
type caller struct {
	class    cti.Origin // InternalCalls or ExternalCalls
	forms    []string   // without punctuation; none if unknown
	withheld bool
}

// callerOf reads the caller of a call that alerts at a device.
func (m *Manager) callerOf(device cti.DeviceID, c cti.Call) caller {
	other := m.gw.Other(device, c)
	return m.newCaller(other, c.Other(device).Status == cti.Restricted)
}

func (m *Manager) newCaller(other cti.Other, withheld bool) caller {
	out := caller{class: cti.ExternalCalls, withheld: withheld}
	for _, form := range []string{string(other.Number), other.Lookup, other.E164} {
		if form = stripPunctuation(form); form != "" && !slices.Contains(out.forms, form) {
			out.forms = append(out.forms, form)
		}
	}
	if _, ours := m.gw.Extension(other.Number); ours || other.Internal {
		out.class = cti.InternalCalls
	}
	return out
}

// acceptsCaller reports whether the rule is for calls of a caller: one of its patterns
// fits, or it has none.
func (r *rule) acceptsCaller(c caller) bool {
	if !coversClass(r.Origin, c.class) {
		return false
	}
	return len(r.patterns) == 0 || slices.ContainsFunc(r.patterns, func(p pattern) bool {
		if p == Withheld {
			return c.withheld
		}
		return slices.ContainsFunc(c.forms, p.matches)
	})
}
