package forwardrules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

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
	// "withheld" ([Withheld]). A number is compared as the PBX shows it, as the
	// number plan looks it up and in E.164. No PBX knows such forwards: they
	// are carried out by deflecting the call that rings, see the package comment.
	Callers  []string `json:"callers,omitempty"`
	Calendar Calendar `json:"calendar,omitzero"`
	To       string   `json:"to"` // rewritten by the gateway's number plan
	// Rings is how many seconds a call rings before a rule of type no answer
	// deflects it; 0 is 20. Where the PBX forwards, its own setting counts.
	Rings int `json:"rings,omitempty"`
}

const (
	defaultRings = 20
	maxRings     = 600  // seconds
	maxRules     = 1000 // of one extension, and callers of one rule
)

// Problem is one mistake in a list of rules.
type Problem struct {
	Path    string // "rules[1].to"
	Message string
}

// RulesError lists every mistake in the rules of an extension.
type RulesError struct {
	Device   cti.DeviceID // "" for those of a document
	Problems []Problem
}

// Error has one line for each problem.
func (e *RulesError) Error() string {
	var b strings.Builder
	b.WriteString("forward rules")
	if e.Device != "" {
		b.WriteString(" of " + string(e.Device))
	}
	fmt.Fprintf(&b, " have %d mistake(s)", len(e.Problems))
	for _, p := range e.Problems {
		b.WriteString("\n" + p.Path + ": " + p.Message)
	}
	return b.String()
}

// rule is a checked Rule.
type rule struct {
	Rule
	calendar calendar
	patterns []pattern
	rings    time.Duration
}

// check returns the rules in order of priority, or a *RulesError.
func check(device cti.DeviceID, rules []Rule) ([]rule, error) {
	e := &RulesError{Device: device}
	add := func(path, format string, args ...any) {
		e.Problems = append(e.Problems, Problem{path, fmt.Sprintf(format, args...)})
	}
	if len(rules) > maxRules {
		add("rules", "%d are too many: at most %d", len(rules), maxRules)
		return nil, e
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
		if r.Rings < 0 || r.Rings > maxRings {
			add(path+"rings", "want 0 to %d seconds", maxRings)
		}
		out = append(out, rule{
			Rule: r, calendar: r.Calendar.check(path+"calendar.", add), patterns: r.checkCallers(path, add),
			rings: time.Duration(cmp.Or(r.Rings, defaultRings)) * time.Second,
		})
	}
	if len(e.Problems) > 0 {
		return nil, e
	}
	slices.SortStableFunc(out, func(a, b rule) int { return cmp.Compare(a.Priority, b.Priority) })
	return out, nil
}

func (r Rule) checkCallers(path string, add func(path, format string, args ...any)) (out []pattern) {
	if len(r.Callers) > maxRules {
		add(path+"callers", "%d are too many: at most %d", len(r.Callers), maxRules)
		return nil
	}
	for i, text := range r.Callers {
		p, err := parsePattern(text)
		if err != nil {
			add(fmt.Sprintf("%scallers[%d]", path, i), "%v", err)
		}
		out = append(out, p)
	}
	return out
}

func (c Calendar) check(path string, add func(path, format string, args ...any)) calendar {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil || c.Zone == "Local" { // the machine's zone is no part of a rule
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
	for i, d := range c.Except {
		if d.IsZero() {
			add(fmt.Sprintf("%sexcept[%d]", path, i), "must not be empty")
		}
	}
	if !c.From.IsZero() && !c.Until.IsZero() && c.Until.before(c.From) {
		add(path+"until", "%v is before %v", c.Until, c.From)
	}
	return calendar{c, zone}
}

// covers reports whether the rule is for calls of a class: internal or external.
func (r *rule) covers(class cti.Origin) bool { return r.Origin == cti.AllCalls || r.Origin == class }

// applies reports whether the rule is in use at a time.
func (r *rule) applies(at time.Time) bool { return !r.Disabled && r.calendar.active(at) }
