package cti

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/enum"
)

// DeviceID is the number of a device as its PBX knows it: an extension ("4001")
// for a supervised device, any dialable number for the other side of a call.
type DeviceID string

// CallID names a call within one PBX network, as the PBX gave it. It is opaque:
// compare it, print it, nothing else.
type CallID string

// ConnectionID names the relation of one device to one call (ECMA-269 6.1.5).
type ConnectionID struct {
	Call   CallID
	Device DeviceID
}

// Location is a place in a PBX network: Site.Cluster (TWP guide 4.1, in the
// PBX's own documents "Site.Grappe"). The zero value is an unknown place.
type Location struct {
	Site    int // the site, from 1
	Cluster int // the cluster within the site, from 1
}

// IsZero reports whether the place is unknown.
func (l Location) IsZero() bool { return l == Location{} }

// String is "site.cluster".
func (l Location) String() string {
	return strconv.Itoa(l.Site) + "." + strconv.Itoa(l.Cluster)
}

// MarshalText encodes the place as "site.cluster", the unknown place as "".
func (l Location) MarshalText() ([]byte, error) {
	if l.IsZero() {
		return nil, nil
	}
	return []byte(l.String()), nil
}

// UnmarshalText reads the output of [Location.MarshalText].
func (l *Location) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*l = Location{}
		return nil
	}
	p, err := parsePattern(string(text))
	if err != nil || p.Site == Any || p.Cluster == Any {
		return fmt.Errorf("must be site.cluster, two decimal numbers, got %.80q", text)
	}
	*l = Location(p)
	return nil
}

// Any in a [Pattern] matches every site or every cluster.
const Any = -1

// Pattern selects places: "1.2", "1.*", "*.2" or "*.*". Of several patterns that
// match a place, the most specific one wins, in the order given here.
type Pattern struct {
	Site    int // a number, or [Any]
	Cluster int // a number, or [Any]
}

// ParsePattern reads "site.cluster", each part a decimal number or "*".
func ParsePattern(s string) (Pattern, error) {
	p, err := parsePattern(s)
	if err != nil {
		return Pattern{}, err
	}
	return p, nil
}

func parsePattern(s string) (Pattern, error) {
	site, cluster, ok := strings.Cut(s, ".")
	p := Pattern{}
	var err1, err2 error
	p.Site, err1 = patternPart(site)
	p.Cluster, err2 = patternPart(cluster)
	if !ok || err1 != nil || err2 != nil {
		return Pattern{}, fmt.Errorf("pattern: must be site.cluster, each a decimal number or *, got %.80q", s)
	}
	return p, nil
}

func patternPart(s string) (int, error) {
	if s == "*" {
		return Any, nil
	}
	n, err := strconv.ParseUint(s, 10, 31)
	return int(n), err
}

// String is the form that [ParsePattern] reads.
func (p Pattern) String() string { return partString(p.Site) + "." + partString(p.Cluster) }

func partString(n int) string {
	if n == Any {
		return "*"
	}
	return strconv.Itoa(n)
}

// Matches reports whether the pattern selects the place.
func (p Pattern) Matches(l Location) bool {
	return (p.Site == Any || p.Site == l.Site) && (p.Cluster == Any || p.Cluster == l.Cluster)
}

// MarshalText encodes the pattern as [Pattern.String].
func (p Pattern) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the output of [Pattern.MarshalText].
func (p *Pattern) UnmarshalText(text []byte) (err error) {
	*p, err = parsePattern(string(text))
	return err
}

// Protocol is the protocol of a link and the one an extension is supervised by.
type Protocol uint8

// The protocols of TWP guide 3.3. An extension with NoProtocol is not supervised.
const (
	NoProtocol Protocol = iota
	VTIXML              // Aastra VTI-XML: every set type but the i2052
	CSTA                // ECMA CSTA: i2052, forwards, and what is configured for it
)

var protocolNames = [...]string{"none", "VTI-XML", "CSTA"}

// String is "none", "VTI-XML" or "CSTA".
func (p Protocol) String() string { return enum.Name(protocolNames[:], int(p), "Protocol") }

// MarshalText encodes the protocol by name.
func (p Protocol) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a name, in any case.
func (p *Protocol) UnmarshalText(text []byte) error {
	i, err := enum.Value(protocolNames[:], string(text), "protocol")
	*p = Protocol(i)
	return err
}

// SetType is the kind of an extension's telephone set (TWP guide 1.2).
type SetType uint8

// The set types. UnknownSet is treated like any set but the i2052.
const (
	UnknownSet SetType = iota
	Digital
	Analogue
	DECT
	IPSet
	SIPSet
	I2052 // softphone; VTI-XML links cannot supervise it
)

var setTypeNames = [...]string{"unknown", "digital", "analogue", "DECT", "IP", "SIP", "i2052"}

// String is the name of the set type.
func (s SetType) String() string { return enum.Name(setTypeNames[:], int(s), "SetType") }

// MarshalText encodes the set type by name.
func (s SetType) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name, in any case.
func (s *SetType) UnmarshalText(text []byte) error {
	i, err := enum.Value(setTypeNames[:], string(text), "set type")
	*s = SetType(i)
	return err
}

// Extension is one device to supervise (TWP guide 5.4).
type Extension struct {
	Number   DeviceID      `json:"number"`
	User     string        `json:"user,omitempty"` // user name, for status and call log
	Location Location      `json:"location,omitzero"`
	Protocol Protocol      `json:"protocol"`
	SetType  SetType       `json:"setType,omitzero"`
	Password ctikit.Secret `json:"password,omitzero"` // logs the extension on over VTI-XML
	Disabled bool          `json:"disabled,omitempty"`

	// MonitorFeatures asks for a features-only CSTA monitor on an extension
	// that VTI-XML supervises, so that forwards changed at the set are seen.
	// It is no supervision and takes no supervision slot.
	MonitorFeatures bool `json:"monitorFeatures,omitempty"`

	IP    string `json:"ip,omitempty"`    // address of the set, for a recorder; not used by cti
	Video bool   `json:"video,omitempty"` // the set does video; not used by cti
}

// Equal reports whether two extensions ask for the same supervision.
func (e Extension) Equal(o Extension) bool {
	samePassword := e.Password.Equal(o.Password)
	e.Password, o.Password = ctikit.Secret{}, ctikit.Secret{}
	return samePassword && e == o
}
