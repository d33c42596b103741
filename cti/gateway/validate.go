package gateway

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ctikit/ctikit/cti"
)

// Problem is one mistake in a configuration.
type Problem struct {
	Path    string // "links[1].capacity"
	Message string
	Err     error // sentinel, where a host may want to tell it apart
}

// ConfigError lists every mistake of a configuration at once.
type ConfigError struct{ Problems []Problem }

// Error has one line for each problem: "links[1].capacity: must be at least 1, is 0".
func (e *ConfigError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "configuration has %d mistake(s)", len(e.Problems))
	for _, p := range e.Problems {
		b.WriteString("\n" + p.Path + ": " + p.Message)
	}
	return b.String()
}

// Unwrap gives the sentinels of the problems that have one.
func (e *ConfigError) Unwrap() (errs []error) {
	for _, p := range e.Problems {
		if p.Err != nil {
			errs = append(errs, p.Err)
		}
	}
	return errs
}

// ErrSecondCSTALink is the sentinel of the problem "more than one CSTA link in
// a domain" (TWP guide 3.3); see [Config.AllowSeveralCSTA].
var ErrSecondCSTALink = errors.New("at most one CSTA link per domain")

// Validate returns nil or a [*ConfigError].
func (c Config) Validate() error {
	v := validator{}
	v.links(c)
	v.extensions(c.Extensions)
	v.timing(c.Timing)
	if len(v.problems) == 0 {
		return nil
	}
	return &ConfigError{v.problems}
}

type validator struct{ problems []Problem }

func (v *validator) add(path, format string, args ...any) {
	v.problems = append(v.problems, Problem{Path: path, Message: fmt.Sprintf(format, args...)})
}

func (v *validator) links(c Config) {
	names, identities := map[string]int{}, map[string]int{}
	csta := -1
	for i, l := range c.Links {
		path := fmt.Sprintf("links[%d].", i)
		if l.Name == "" {
			v.add(path+"name", "must not be empty")
		} else if first, dup := names[l.Name]; dup {
			v.add(path+"name", "%q is also the name of links[%d]", l.Name, first)
		} else {
			names[l.Name] = i
		}
		if l.Capacity < 1 {
			v.add(path+"capacity", "must be at least 1, is %d", l.Capacity)
		}
		if l.MaxInFlight < 0 {
			v.add(path+"maxInFlight", "must not be negative, is %d", l.MaxInFlight)
		}
		if l.StartRate < 0 {
			v.add(path+"startRate", "must not be negative, is %d", l.StartRate)
		}
		v.serves(path, l.Serves)
		if l.Connector == nil {
			v.add(path+"connector", "is missing: give a vtixml.Config or csta.Config")
			continue
		}
		for _, err := range split(l.Connector.Validate()) {
			v.problems = append(v.problems, Problem{path + "connector", err.Error(), err})
		}
		id := l.Connector.Identity()
		if first, dup := identities[id]; dup {
			v.add(path+"connector", "opens the same link as links[%d]", first)
		}
		identities[id] = i
		switch l.Connector.Protocol() {
		case cti.VTIXML:
		case cti.CSTA:
			if csta >= 0 && !c.AllowSeveralCSTA {
				v.problems = append(v.problems, Problem{path + "connector",
					fmt.Sprintf("is CSTA like links[%d]: %v (AllowSeveralCSTA lifts this)", csta, ErrSecondCSTALink), ErrSecondCSTALink})
			}
			csta = i
		default:
			v.add(path+"connector", "has protocol %v; want VTI-XML or CSTA", l.Connector.Protocol())
		}
	}
}

func (v *validator) serves(path string, patterns []cti.Pattern) {
	seen := map[cti.Pattern]bool{}
	for j, p := range patterns {
		path := fmt.Sprintf("%sserves[%d]", path, j)
		switch {
		case p.Site < cti.Any || p.Cluster < cti.Any:
			v.add(path, "%d.%d is no pattern: want numbers from 0, or cti.Any", p.Site, p.Cluster)
		case p.Site == 0 || p.Cluster == 0:
			v.add(path, "%v can never match: sites and clusters count from 1", p)
		case seen[p]:
			v.add(path, "%v stands twice", p)
		}
		seen[p] = true
	}
}

func (v *validator) extensions(extensions []cti.Extension) {
	numbers := make(map[cti.DeviceID]int, len(extensions))
	for i, e := range extensions {
		path := fmt.Sprintf("extensions[%d].", i)
		if e.Number == "" {
			v.add(path+"number", "must not be empty")
		} else if first, dup := numbers[e.Number]; dup {
			v.add(path+"number", "%q is also the number of extensions[%d]", e.Number, first)
		} else {
			numbers[e.Number] = i
		}
		if e.Protocol > cti.CSTA {
			v.add(path+"protocol", "unknown protocol %d", e.Protocol)
		}
		if e.Protocol == cti.VTIXML && e.SetType == cti.I2052 {
			v.add(path+"protocol", "VTI-XML cannot supervise an i2052; use CSTA")
		}
		if l := e.Location; l.Site < 0 || l.Cluster < 0 || (l.Site == 0) != (l.Cluster == 0) {
			v.add(path+"location", "%v is no place: sites and clusters count from 1", l)
		}
	}
}

func (v *validator) timing(t Timing) {
	for _, d := range []struct {
		name  string
		value int64
	}{
		{"failoverDelay", int64(t.FailoverDelay)}, {"holdDown", int64(t.HoldDown)}, {"returnRate", int64(t.ReturnRate)},
		{"dialTimeout", int64(t.DialTimeout)}, {"requestTimeout", int64(t.RequestTimeout)},
		{"heartbeat", int64(t.Heartbeat)}, {"heartbeatTimeout", int64(t.HeartbeatTimeout)},
		{"backoffMin", int64(t.BackoffMin)}, {"backoffMax", int64(t.BackoffMax)},
		{"credentialsBackoff", int64(t.CredentialsBackoff)}, {"retryRefused", int64(t.RetryRefused)},
		{"staleInterval", int64(t.StaleInterval)}, {"stopTimeout", int64(t.StopTimeout)},
	} {
		if d.value < 0 {
			v.add("timing."+d.name, "must not be negative")
		}
	}
}

// split is the errors that were joined.
func split(err error) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}
