package dialplan

import (
	"fmt"
	"strings"
)

// Severity of a [Finding].
type Severity uint8

// Severities, the lesser first.
const (
	Info    Severity = iota // worth knowing
	Warning                 // surprises somebody
	Error                   // cannot be meant
)

// String gives the severity in lower case.
func (s Severity) String() string { return [...]string{"info", "warning", "error"}[s] }

// Finding is something that an analysis found out about a configuration.
type Finding struct {
	Severity Severity
	Code     string   // what kind of finding, stable: "unreachable", "overlap", ...
	Rule     string   // name of the rule that it is about, "" where none
	Path     string   // where the rule or parameter was declared: "Rules[2]", "Emergency"
	Others   []string // names of other rules that take part in it
	Number   string   // a witness: a number that shows it, "" where there is none
	Message  string   // a sentence
}

// String gives the finding on one line.
func (f Finding) String() string {
	text := fmt.Sprintf("%s %s", f.Severity, f.Code)
	if f.Rule != "" {
		text += " " + f.Rule
	} else if f.Path != "" {
		text += " " + f.Path
	}
	text += ": " + f.Message
	if f.Number != "" && !strings.Contains(f.Message, f.Number) {
		text += fmt.Sprintf(" (for example %s)", f.Number)
	}
	return text
}
