package cti

import (
	"fmt"

	"github.com/ctikit/ctikit/internal/enum"
)

// Cause tells why an event happened (ECMA-269 12.2.15, "event cause"). The
// values are those of ECMA-285. The zero value is "none given".
type Cause uint8

// CauseNone says that the PBX gave no cause.
const CauseNone Cause = 0

// String is the name in lower case, "normal clearing"; "" for none.
func (c Cause) String() string {
	if c == CauseNone {
		return ""
	}
	return enum.Name(causeNames[:], int(c), "Cause")
}

// MarshalText encodes the cause by name.
func (c Cause) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what [Cause.MarshalText] wrote, in any case.
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
