// Package finding has the severity of what a check of the host's data finds: a
// dial plan, a planning table, a settings file, a user's licences. It is one type
// for all of them, so that a host sorts and shows their findings in one place.
package finding

import "fmt"

// Severity is how bad a finding is. A worse one is greater.
type Severity uint8

// The severities. Each package says beside its alias what it takes for an error.
const (
	Info Severity = iota
	Warning
	Error
)

var names = [...]string{"info", "warning", "error"}

// String is "info", "warning" or "error".
func (s Severity) String() string {
	if int(s) >= len(names) {
		return fmt.Sprintf("Severity(%d)", uint8(s))
	}
	return names[s]
}

// MarshalText encodes the severity as [Severity.String].
func (s Severity) MarshalText() ([]byte, error) {
	if int(s) >= len(names) {
		return nil, fmt.Errorf("severity %d is not known", uint8(s))
	}
	return []byte(names[s]), nil
}

// UnmarshalText decodes what [Severity.MarshalText] encodes.
func (s *Severity) UnmarshalText(text []byte) error {
	for i, name := range names {
		if string(text) == name {
			*s = Severity(i)
			return nil
		}
	}
	return fmt.Errorf("severity %q is none of info, warning and error", text)
}
