package provisioning

import (
	"fmt"
	"strings"
)

// System is a kind of IP Office system. Its licences differ by Subscription, its
// codecs and cloud address by IP500V2 (notes ch. 1 and 13). The zero value is a
// Server Edition or Select system, without subscription.
type System struct {
	IP500V2      bool `json:"ip500v2,omitempty"`      // else a Linux server
	Subscription bool `json:"subscription,omitempty"` // else perpetual licences
}

// String names the system as the licence tables do.
func (s System) String() string {
	switch {
	case s.Subscription && s.IP500V2:
		return "Subscription (IP500 V2)"
	case s.Subscription:
		return "Subscription"
	case s.IP500V2:
		return "IP500 V2"
	}
	return "Server Edition"
}

// OS is an operating system of the Workplace client.
type OS uint8

// The operating systems (notes ch. 1).
const (
	Android OS = iota
	IOS
	MacOS
	Windows
)

var osNames = [...]string{"Android", "iOS", "macOS", "Windows"}

// AllOS returns the operating systems.
func AllOS() []OS { return []OS{Android, IOS, MacOS, Windows} }

// String returns the name as its maker writes it.
func (o OS) String() string {
	if int(o) >= len(osNames) {
		return "invalid operating system"
	}
	return osNames[o]
}

// Model returns the value of MODEL4 that the client reports: aca, aci, acm or
// acw (notes ch. 16); "" for none of these.
func (o OS) Model() string {
	models := [...]string{"aca", "aci", "acm", "acw"}
	if int(o) >= len(models) {
		return ""
	}
	return models[o]
}

// Mobile reports whether it is one of telephones and tablets.
func (o OS) Mobile() bool { return o == Android || o == IOS }

// ParseOS reads a name, in any case, or a value of MODEL4.
func ParseOS(s string) (OS, error) {
	for _, o := range AllOS() {
		if strings.EqualFold(s, o.String()) || strings.EqualFold(s, o.Model()) {
			return o, nil
		}
	}
	return 0, fmt.Errorf("provisioning: unknown operating system %q: must be Android, iOS, macOS or Windows", s)
}

// MarshalText returns the name.
func (o OS) MarshalText() ([]byte, error) {
	if int(o) >= len(osNames) {
		return nil, fmt.Errorf("provisioning: unknown operating system %d", o)
	}
	return []byte(o.String()), nil
}

// UnmarshalText is [ParseOS].
func (o *OS) UnmarshalText(text []byte) (err error) {
	*o, err = ParseOS(string(text))
	return err
}
