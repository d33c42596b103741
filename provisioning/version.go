package provisioning

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Version is a release of IP Office ("11.1.3.0.0 build 19") or of the Workplace
// client ("3.22"). The zero Version is unknown. Versions are comparable with ==.
type Version struct {
	number [5]int
	build  int
}

// NewVersion returns the version with these numbers, at most five.
func NewVersion(numbers ...int) Version {
	var v Version
	copy(v.number[:], numbers)
	return v
}

// ParseVersion reads one to five numbers with dots between them and perhaps
// "build n" after them. "3.06" is 3.6.
func ParseVersion(s string) (Version, error) {
	var v Version
	text, build, hasBuild := strings.Cut(s, " build ")
	parts := strings.Split(text, ".")
	if len(parts) > len(v.number) {
		return Version{}, fmt.Errorf("provisioning: version %q: must be at most five numbers", s)
	}
	for i, p := range parts {
		n, err := parseVersionNumber(p)
		if err != nil {
			return Version{}, fmt.Errorf("provisioning: version %q: %w", s, err)
		}
		v.number[i] = n
	}
	if hasBuild {
		n, err := parseVersionNumber(build)
		if err != nil {
			return Version{}, fmt.Errorf("provisioning: version %q: build: %w", s, err)
		}
		v.build = n
	}
	return v, nil
}

func parseVersionNumber(s string) (int, error) {
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("invalid number %q", s)
	}
	return int(n), nil
}

// IsZero reports whether the version is unknown.
func (v Version) IsZero() bool { return v == Version{} }

// Compare orders versions, the build last.
func (v Version) Compare(o Version) int {
	return cmp.Or(slices.Compare(v.number[:], o.number[:]), cmp.Compare(v.build, o.build))
}

// Before reports whether v is older than o.
func (v Version) Before(o Version) bool { return v.Compare(o) < 0 }

// String returns at least two numbers, no trailing zeros after them, and the build.
func (v Version) String() string {
	last := len(v.number)
	for last > 2 && v.number[last-1] == 0 {
		last--
	}
	return v.formatNumbers(last)
}

// Full returns all five numbers and the build, as IP Office writes it:
// "11.1.3.0.0 build 19".
func (v Version) Full() string { return v.formatNumbers(len(v.number)) }

func (v Version) formatNumbers(numbers int) string {
	var b strings.Builder
	for i, n := range v.number[:numbers] {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(strconv.Itoa(n))
	}
	if v.build > 0 {
		b.WriteString(" build ")
		b.WriteString(strconv.Itoa(v.build))
	}
	return b.String()
}

// MarshalText is String; the zero Version is empty.
func (v Version) MarshalText() ([]byte, error) {
	if v.IsZero() {
		return nil, nil
	}
	return []byte(v.String()), nil
}

// UnmarshalText is [ParseVersion]; the empty text is the zero Version.
func (v *Version) UnmarshalText(text []byte) (err error) {
	*v = Version{}
	if len(text) > 0 {
		*v, err = ParseVersion(string(text))
	}
	return err
}
