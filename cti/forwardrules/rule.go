package forwardrules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// Rule is one rule of a user's extension.
type Rule struct {
	Name     string          `json:"name"`     // unique among the extension's rules
	Priority int             `json:"priority"` // the lowest number wins; among equals the first
	Disabled bool            `json:"disabled,omitempty"`
	Type     cti.ForwardType `json:"type"`
	Origin   cti.Origin      `json:"origin"` // which calls
	Calendar Calendar        `json:"calendar,omitzero"`
	To       string          `json:"to"` // rewritten by the gateway's number plan
}

// Problem is one mistake in a list of rules.
type Problem struct {
	Path    string // "rules[1].to"
	Message string
}

// RulesError lists every mistake in the rules of an extension.
type RulesError struct {
	Device   cti.DeviceID
	Problems []Problem
}

// Error has one line for each problem.
func (e *RulesError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "forward rules of %s have %d mistake(s)", e.Device, len(e.Problems))
	for _, p := range e.Problems {
		b.WriteString("\n" + p.Path + ": " + p.Message)
	}
	return b.String()
}

// rule is a checked Rule.
type rule struct {
	Rule
	calendar calendar
}

// check returns the rules in order of priority, or a *RulesError.
func check(device cti.DeviceID, rules []Rule) ([]rule, error) {
	e := &RulesError{Device: device}
	add := func(path, format string, args ...any) {
		e.Problems = append(e.Problems, Problem{path, fmt.Sprintf(format, args...)})
	}
	names := map[string]int{}
	var out []rule
	for i, r := range rules {
		path := fmt.Sprintf("rules[%d].", i)
		if first, twice := names[r.Name]; twice {
			add(path+"name", "%q is also the name of rules[%d]", r.Name, first)
		} else if r.Name == "" {
			add(path+"name", "must not be empty")
		}
		names[r.Name] = i
		if r.Type > cti.ForwardDoNotDisturb {
			add(path+"type", "unknown forward type %d", r.Type)
		}
		if r.Origin > cti.ExternalCalls {
			add(path+"origin", "unknown origin %d", r.Origin)
		}
		switch r.To {
		case "":
			add(path+"to", "must not be empty")
		case string(device):
			add(path+"to", "%s cannot forward to itself", device)
		}
		out = append(out, rule{r, r.Calendar.check(path+"calendar.", add)})
	}
	if len(e.Problems) > 0 {
		return nil, e
	}
	slices.SortStableFunc(out, func(a, b rule) int { return cmp.Compare(a.Priority, b.Priority) })
	return out, nil
}

func (c Calendar) check(path string, add func(path, format string, args ...any)) calendar {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		add(path+"zone", "unknown time zone %q", c.Zone)
		zone = time.UTC
	}
	for i, p := range c.Weekly {
		path := fmt.Sprintf("%sweekly[%d].", path, i)
		if len(p.Days) == 0 {
			add(path+"days", "names no day")
		}
		for _, d := range p.Days {
			if d < time.Sunday || d > time.Saturday {
				add(path+"days", "%d is no weekday: want 0 (Sunday) to 6", d)
			}
		}
		for _, clock := range []struct {
			name  string
			value Clock
		}{{"from", p.From}, {"to", p.To}} {
			if clock.value < 0 || clock.value > endOfDay {
				add(path+clock.name, "%d minutes are no time of day", clock.value)
			}
		}
	}
	if !c.From.IsZero() && !c.Until.IsZero() && c.Until.before(c.From) {
		add(path+"until", "%v is before %v", c.Until, c.From)
	}
	return calendar{c, zone}
}

// covers reports whether the rule is for calls of a class: internal or external.
func (r *rule) covers(class cti.Origin) bool { return r.Origin == cti.AllCalls || r.Origin == class }
