package cti

import (
	"fmt"

	"github.com/ctikit/ctikit/internal/enum"
)

// Cause is the reason why an event happened (ECMA-269 12.2.15, "event cause").
// The values are those of ECMA-285. The zero value is [CauseNone].
type Cause uint8

// CauseNone means that the PBX gave no cause.
const CauseNone Cause = 0

// String is the name in lower case, such as "normal clearing"; "" for CauseNone.
func (c Cause) String() string {
	if c == CauseNone {
		return ""
	}
	return enum.Name(causeNames[:], int(c), "Cause")
}

// MarshalText encodes the cause by name.
func (c Cause) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the output of [Cause.MarshalText], in any case.
func (c *Cause) UnmarshalText(text []byte) error {
	var n uint8
	if _, err := fmt.Sscanf(string(text), "Cause(%d)", &n); err == nil { // a number without a name
		*c = Cause(n)
		return nil
	}
	i, err := enum.Value(causeNames[:], string(text), "cause")
	*c = Cause(i)
	return err
}
