package dialplan

import (
	"fmt"
	"strings"

	"github.com/ctikit/ctikit"
)

// Code names a kind of finding. Codes do not change.
type Code = string

// What [Plan.Analyse] finds, and, the last one, [Spaces.Warnings].
const (
	Unreachable        Code = "unreachable"         // the rule transforms no number; Others hide it, alone or together
	Overlap            Code = "overlap"             // Others are tried before the rule and take numbers from it
	PlusUnhandled      Code = "plus-unhandled"      // a number with + that no rule takes
	Undiallable        Code = "undiallable"         // a result with a + that the PBX cannot dial, or with * or # inside
	NothingLeft        Code = "nothing-left"        // the rule leaves nothing of the number
	TooLong            Code = "too-long"            // the result has more than 32 characters
	DeletesDigits      Code = "deletes-digits"      // numbers that differ in digits give the same result
	GroupEmpty         Code = "group-empty"         // a group of the value may be empty
	PrefixAlone        Code = "prefix-alone"        // the pattern alone gives a prefix and no number
	Unstable           Code = "unstable"            // the result changes when it is dialled again
	RoundTrip          Code = "round-trip"          // calling a presented number back dials another one
	EmergencyNone      Code = "emergency-none"      // no emergency numbers are configured
	EmergencyUnlisted  Code = "emergency-unlisted"  // a well-known emergency number would be rewritten
	EmergencyPrefix    Code = "emergency-prefix"    // an emergency number after the external prefix would be rewritten
	EmergencyProtected Code = "emergency-protected" // a rule matches an emergency number, and is kept from it
	EmergencyReached   Code = "emergency-reached"   // a rule makes an emergency number of another number
	Unproved           Code = "unproved"            // a rule is not part of the proofs
	Timeout            Code = "timeout"             // a rule runs with a timeout
	Incomplete         Code = "incomplete"          // the plan is too large for the whole analysis
	LengthAmbiguous    Code = "length-ambiguous"    // a length is that of an extension and of a national number
)

// Finding is one result of an analysis of a configuration. In JSON the fields of
// its problem and its own are members of one object:
//
//	{"severity": "warning", "path": "Rules[2]", "code": "overlap", "message": "…",
//	 "rule": "abroad", "others": ["std00cc"], "number": "003312"}
type Finding struct {
	// Problem has one of the [Code] constants. Path is where the rule or parameter
	// was declared: "Rules[2]", "Emergency", "StandardRules[std+]".
	ctikit.Problem
	Rule   string   `json:"rule,omitempty"`   // name of the rule, "" if the finding is not about one
	Others []string `json:"others,omitempty"` // names of other rules that take part in it
	Number string   `json:"number,omitempty"` // a witness: a number that shows it, "" if there is none
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
	if f.Number != "" && !containsNumber(f.Message, f.Number) {
		text += fmt.Sprintf(" (for example %s)", f.Number)
	}
	return text
}

// containsNumber reports whether a number is in a message, and not within another one.
func containsNumber(message, number string) bool {
	const more = "0123456789+*#"
	for {
		before, after, found := strings.Cut(message, number)
		if !found || strings.TrimRight(before, more) == before && strings.TrimLeft(after, more) == after {
			return found
		}
		message = after
	}
}

// Findings are several of them, the worst first.
type Findings []Finding

// Problems returns the findings without what only this package knows about them.
func (fs Findings) Problems() ctikit.Problems {
	ps := make(ctikit.Problems, len(fs))
	for i, f := range fs {
		ps[i] = f.Problem
	}
	return ps
}

// Errors reports whether there is an error among them.
func (fs Findings) Errors() bool { return fs.Problems().Err() != nil }
