package gateway

import (
	"errors"
	"fmt"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

// ErrSecondCSTALink is the sentinel of the problem that a domain has more than
// one CSTA link (TWP guide 3.3); see [Config.AllowSeveralCSTA].
var ErrSecondCSTALink = errors.New("at most one CSTA link per domain")

// Validate reports every problem of the configuration as [ctikit.Problems], each
// with its path: "links[1].capacity". It does no I/O.
func (c Config) Validate() error {
	var ps ctikit.Problems
	c.validateLinks(&ps)
	validateExtensions(&ps, c.Extensions)
	validateTiming(&ps, c.Timing)
	return ps.Err()
}

func (c Config) validateLinks(ps *ctikit.Problems) {
	names, identities := map[string]int{}, map[string]int{}
	csta := -1
	for i, l := range c.Links {
		path := fmt.Sprintf("links[%d].", i)
		if l.Name == "" {
			ps.Add(path+"name", "missing")
		} else if first, dup := names[l.Name]; dup {
			ps.Add(path+"name", "duplicate name %q: already used by links[%d]", l.Name, first)
		} else {
			names[l.Name] = i
		}
		if l.Capacity < 1 {
			ps.Add(path+"capacity", "must be at least 1, got %d", l.Capacity)
		}
		if l.MaxInFlight < 0 {
			ps.Add(path+"maxInFlight", "must not be negative, got %d", l.MaxInFlight)
		}
		if l.StartRate < 0 {
			ps.Add(path+"startRate", "must not be negative, got %d", l.StartRate)
		}
		validateLocation(ps, path, l.Location)
		validateServes(ps, path, l.Serves)
		path += "connector"
		if l.Connector == nil {
			ps.Add(path, "missing; set a csta.Config or vtixml.Config")
			continue
		}
		ps.AddUnder(path, l.Connector.Validate())
		id := l.Connector.Identity()
		if first, dup := identities[id]; dup {
			ps.Add(path, "duplicate: same link as links[%d]", first)
		}
		identities[id] = i
		switch l.Connector.Protocol() {
		case cti.VTIXML:
		case cti.CSTA:
			if csta >= 0 && !c.AllowSeveralCSTA {
				ps.Add(path, "%w: links[%d] is the first; set AllowSeveralCSTA to permit it", ErrSecondCSTALink, csta)
			}
			csta = i
		default:
			ps.Add(path, "unsupported protocol %v", l.Connector.Protocol())
		}
	}
}

func validateServes(ps *ctikit.Problems, path string, patterns []cti.Pattern) {
	seen := map[cti.Pattern]bool{}
	for j, p := range patterns {
		path := fmt.Sprintf("%sserves[%d]", path, j)
		switch {
		case p.Site < cti.Any || p.Cluster < cti.Any:
			ps.Add(path, "invalid pattern %d.%d: site and cluster must be positive or cti.Any", p.Site, p.Cluster)
		case p.Site == 0 || p.Cluster == 0:
			ps.Add(path, "pattern %v never matches: site and cluster start at 1", p)
		case seen[p]:
			ps.Add(path, "duplicate pattern %v", p)
		}
		seen[p] = true
	}
}

func validateExtensions(ps *ctikit.Problems, extensions []cti.Extension) {
	numbers := make(map[cti.DeviceID]int, len(extensions))
	for i, e := range extensions {
		path := fmt.Sprintf("extensions[%d].", i)
		if e.Number == "" {
			ps.Add(path+"number", "missing")
		} else if first, dup := numbers[e.Number]; dup {
			ps.Add(path+"number", "duplicate number %q: already used by extensions[%d]", e.Number, first)
		} else {
			numbers[e.Number] = i
		}
		if e.Protocol > cti.CSTA {
			ps.Add(path+"protocol", "unknown protocol %d", e.Protocol)
		}
		if e.Protocol == cti.VTIXML && e.SetType == cti.I2052 {
			ps.Add(path+"protocol", "VTI-XML cannot supervise an i2052; use CSTA")
		}
		validateLocation(ps, path, e.Location)
	}
}

func validateLocation(ps *ctikit.Problems, path string, l cti.Location) {
	if l.Site < 0 || l.Cluster < 0 || (l.Site == 0) != (l.Cluster == 0) {
		ps.Add(path+"location", "invalid location %v: site and cluster start at 1", l)
	}
}

func validateTiming(ps *ctikit.Problems, t Timing) {
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
			ps.Add("timing."+d.name, "must not be negative, got %d", d.value)
		}
	}
}
