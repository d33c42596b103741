package forwardrules

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

// Rule is one rule of a user's extension. Of the rules of one Type that apply to
// a call the one with the lowest Priority wins; between types the PBX decides:
// an immediate forward takes a call before it can be busy or unanswered.
type Rule struct {
	Name     string          `json:"name"`     // unique among the extension's rules
	Priority int             `json:"priority"` // the lowest number wins; among equals the first
	Disabled bool            `json:"disabled,omitempty"`
	Type     cti.ForwardType `json:"type"`
	Origin   cti.Origin      `json:"origin"` // which calls
	// Callers limits the rule to calling numbers: "+336*", "01 55 17 ????",
	// "withheld" ([Withheld]). A number is compared as the PBX reports it, as the
	// number plan looks it up and in E.164. No PBX has such forwards: they are
	// carried out by deflecting the ringing call, see the package comment.
	Callers  []string `json:"callers,omitempty"`
	Calendar Calendar `json:"calendar,omitzero"`
	To       string   `json:"to"` // rewritten by the gateway's number plan
	// Rings is how many seconds a call rings before a rule of type no answer
	// deflects it; 0 is 20. If the PBX forwards, its setting counts.
	Rings int `json:"rings,omitempty"`
}

const (
	defaultRings = 20
	maxRings     = 600  // seconds
	maxRules     = 1000 // of one extension, and callers of one rule
)

// rule is a validated Rule.
type rule struct {
	Rule
	calendar calendar
	patterns []pattern
	rings    time.Duration
}

// validateRules returns the rules in order of priority, or [ctikit.Problems] whose
// paths begin with the device.
func validateRules(device cti.DeviceID, rules []Rule) ([]rule, error) {
	var ps ctikit.Problems
	if len(rules) > maxRules {
		ps.Add("rules", "must be at most %d, got %d", maxRules, len(rules))
		rules = nil
	}
	names := map[string]int{}
	var out []rule
	for i, r := range rules {
		path := fmt.Sprintf("rules[%d].", i)
		if first, twice := names[r.Name]; twice {
			ps.Add(path+"name", "duplicate name %q: already used by rules[%d]", r.Name, first)
		} else if r.Name == "" {
			ps.Add(path+"name", "must not be empty")
		}
		names[r.Name] = i
		if r.Type > cti.ForwardDoNotDisturb {
			ps.Add(path+"type", "unknown forward type %d", r.Type)
		}
		if r.Origin > cti.ExternalCalls {
			ps.Add(path+"origin", "unknown origin %d", r.Origin)
		}
		switch r.To {
		case "":
			ps.Add(path+"to", "must not be empty")
		case string(device):
			ps.Add(path+"to", "%s cannot forward to itself", device)
		}
		if r.Rings < 0 || r.Rings > maxRings {
			ps.Add(path+"rings", "must be 0 to %d seconds, got %d", maxRings, r.Rings)
		}
		out = append(out, rule{
			Rule: r, calendar: r.Calendar.validate(path+"calendar.", &ps), patterns: r.parseCallers(path+"callers", &ps),
			rings: time.Duration(cmp.Or(r.Rings, defaultRings)) * time.Second,
		})
	}
	if len(ps) > 0 {
		var under ctikit.Problems
		under.AddUnder(string(device), ps)
		return nil, under
	}
	slices.SortStableFunc(out, func(a, b rule) int { return cmp.Compare(a.Priority, b.Priority) })
	return out, nil
}

func (r Rule) parseCallers(path string, ps *ctikit.Problems) (out []pattern) {
	if len(r.Callers) > maxRules {
		ps.Add(path, "must be at most %d, got %d", maxRules, len(r.Callers))
		return nil
	}
	for i, text := range r.Callers {
		p, err := parseCallerPattern(text)
		ps.AddUnder(fmt.Sprintf("%s[%d]", path, i), err)
		out = append(out, p)
	}
	return out
}

// coversClass reports whether an origin of calls includes a class: internal or
// external.
func coversClass(origin, class cti.Origin) bool { return origin == cti.AllCalls || origin == class }

// appliesAt reports whether the rule applies at a time.
func (r *rule) appliesAt(at time.Time) bool { return !r.Disabled && r.calendar.isActive(at) }
