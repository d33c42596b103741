package settings

import (
	"fmt"

	"github.com/ctikit/ctikit"
)

// Code names a kind of finding. Codes do not change.
type Code = string

// The codes.
const (
	MissingLabelCode   Code = "missing-label"           // a GOTO to a label that there is not
	SettingsLost       Code = "settings-lost"           // what models do not receive because of it
	BackwardGoto       Code = "backward-goto"           // the label is only before the GOTO
	DuplicateLabel     Code = "duplicate-label"         // the same tag twice
	UnusedLabel        Code = "unused-label"            // no GOTO leads there
	LabelCase          Code = "label-case"              // GOTO and label differ in case
	LabelWithBlanks    Code = "label-with-blanks"       // "# two words" is a comment
	LabelWithoutBlank  Code = "label-without-blank"     // "#TAG" is a comment
	UnreachableGoto    Code = "unreachable-after-goto"  // nothing leads to this statement
	UnreachableGet     Code = "unreachable-after-get"   // read only if the fetched file is absent
	BadIf              Code = "bad-if"                  // not IF a SEQ b GOTO tag
	BadStatement       Code = "bad-statement"           // a verb without its argument
	UnknownVerb        Code = "unknown-verb"            // neither a statement nor "#": a comment
	IndentedStatement  Code = "indented-statement"      // a blank before the verb makes it a comment
	UnsafeGet          Code = "unsafe-get"              // GET leaves the folder
	InvalidName        Code = "invalid-name"            // not A-Z, 0-9 and _
	ValueMissing       Code = "value-missing"           // SET without a value
	ValueOnNextLine    Code = "value-on-next-line"      // the value stands on the line below
	UnbalancedQuote    Code = "unbalanced-quote"        // a quote without its pair, or text around quotes
	SmartQuote         Code = "smart-quote"             // typographic quotes
	BlankInValue       Code = "blank-in-unquoted-value" // needs quotes
	TrailingText       Code = "trailing-comment"        // a comment after a value or argument
	ListWithSpaces     Code = "list-with-spaces"        // "a, b" where "a,b" is meant
	TooLong            Code = "too-long"                // beyond the parameter's or the usual limit
	ControlCharacter   Code = "control-character"       // NUL and its like
	NotUTF8            Code = "non-utf8"                // another encoding
	ByteOrderMark      Code = "byte-order-mark"         // unknown to be accepted
	MixedLineEnds      Code = "mixed-line-ends"         // LF and CRLF in one file
	DuplicateSet       Code = "duplicate-set"           // overridden on the same way through the file
	UnknownParameter   Code = "unknown-parameter"       // not in the vocabulary
	OutOfRange         Code = "out-of-range"            // a value that the parameter cannot have
	NotSupported       Code = "not-supported-on-model"  // a model that receives it ignores it
	ObsoleteParameter  Code = "obsolete-parameter"      // another one has taken its place
	ContradictsProfile Code = "contradicts-profile"     // a value that the system does not work with
	SecretInClear      Code = "secret-in-clear"         // a password that anyone can fetch
	SecretOverHTTP     Code = "secret-over-http"        // and that travels without TLS
)

// Finding is one problem that the linter found and its place. In JSON the fields of
// the problem and the position are members of one object:
//
//	{"severity": "error", "code": "bad-if", "message": "…",
//	 "position": {"file": "46xxsettings.txt", "line": 3, "column": 1, "offset": 40}}
type Finding struct {
	ctikit.Problem          // Code is one of the constants, Path is empty
	Position       Position `json:"position"`
}

// String returns "file:line:column: code: message".
func (f Finding) String() string { return fmt.Sprintf("%s: %s: %s", f.Position, f.Code, f.Message) }

// Findings are the results of [Linter.Lint], in the order of their places.
type Findings []Finding

// Problems returns the findings as problems, with the position as the path:
// "46xxsettings.txt:3:1".
func (fs Findings) Problems() ctikit.Problems {
	ps := make(ctikit.Problems, len(fs))
	for i, f := range fs {
		ps[i] = f.Problem
		ps[i].Path = f.Position.String()
	}
	return ps
}

// Errors reports whether there is an error among them.
func (fs Findings) Errors() bool { return fs.Problems().Err() != nil }
