package message

import (
	"github.com/ctikit/ctikit"
)

// AssociationStep is the step of an association that a message belongs to.
type AssociationStep uint8

// The steps, with the names of ACSE (ITU-T X.227).
const (
	Associate  AssociationStep = iota // AARQ
	Associated                        // AARE
	Release                           // RLRQ
	Released                          // RLRE
	Abort                             // ABRT
)

var stepNames = [...]string{"AARQ", "AARE", "RLRQ", "RLRE", "ABRT"}

// String is the name of the PDU.
func (s AssociationStep) String() string { return valueName(stepNames[:], int(s), "AssociationStep") }

// MarshalText encodes the step by name.
func (s AssociationStep) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Association is a step in setting up or ending an association.
type Association struct {
	Step AssociationStep
	// Context is the application context as dotted numbers: "1.3.12.0.180.1".
	Context string
	// Versions that are offered, or the one that is chosen (ECMA-285 CSTAVersion:
	// bit 0 ECMA-180, 1 ECMA-218, 2 ECMA-285, 3 ISO 18052, 4 ECMA-285 2nd ed., ...).
	Versions        Bits
	PrivateVersions []int64
	// Accepted, and why not: of Associated.
	Result     AssociationResult
	Diagnostic Opt[int64]
	ByProvider bool // the diagnostic is the ACSE provider's own

	// User and Password are the ACSE authentication value; a switch that wants
	// them elsewhere says so in its table entry.
	User     string
	Password ctikit.Secret

	// Reason of Release and Released: 0 normal, 1 urgent, 30 user defined. Of
	// Abort the source: 0 user, 1 provider.
	Reason Opt[int64]

	// UserInformation is the raw user information, where it is not the CSTA
	// one that Versions and PrivateVersions were read from; it is sent instead
	// of one made from them.
	UserInformation Raw
}

// AssociationResult is the answer to Associate.
type AssociationResult uint8

// The results.
const (
	Accepted AssociationResult = iota
	RejectedPermanently
	RejectedTransiently
)

var associationResultNames = [...]string{"accepted", "rejected permanently", "rejected transiently"}

// String is the result in words.
func (r AssociationResult) String() string {
	return valueName(associationResultNames[:], int(r), "AssociationResult")
}

// MarshalText encodes the result in words.
func (r AssociationResult) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Session is the argument or result of the application session services of
// ECMA-354, which XML has instead of an association.
type Session struct {
	ID          string
	Application string
	User        string
	Password    ctikit.Secret
	Protocols   []string
	Duration    Opt[int64] // s
	Reason      string
	Extension   Raw // applicationSpecificInfo, extensions
}
