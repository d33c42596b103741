package params

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/strictjson"
)

// jsonSetting is a setting in the configuration document.
type jsonSetting struct {
	Scope string `json:"scope"` // user, group, domain
	ID    string `json:"id"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Section is the part "parameters" of the configuration document. An import
// that would weaken a parameter at any scope is refused completely; so is one that
// takes away a stricter value and leaves a weaker one of a wider scope in force.
// Such a change is made with [Set.Set], deliberately.
func (s *Set) Section() ctikit.Section {
	return ctikit.Section{Name: "parameters", Export: s.exportSettings, Import: s.importSettings}
}

func (s *Set) exportSettings(context.Context) (json.RawMessage, int, error) {
	out := []jsonSetting{}
	for _, setting := range s.Settings() {
		out = append(out, jsonSetting{setting.Scope.Level.String(), setting.Scope.ID, setting.Name, setting.Value})
	}
	data, err := json.Marshal(out)
	return data, len(out), err
}

func (s *Set) importSettings(_ context.Context, part ctikit.Import) (int, error) {
	var in []jsonSetting
	if err := strictjson.Decode(part.Data, &in); err != nil {
		return 0, err
	}
	next := make(map[place]string, len(in))
	var ps ctikit.Problems
	for i, setting := range in {
		ps.AddUnder(fmt.Sprintf("[%d]", i), s.readSetting(setting, next))
	}
	if err := ps.Err(); err != nil {
		return 0, err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.checkWeakened(*s.settings.Load(), next); err != nil {
		return 0, err
	}
	if !part.DryRun {
		s.settings.Store(&next)
	}
	return len(in), nil
}

func (s *Set) readSetting(in jsonSetting, next map[place]string) error {
	var ps ctikit.Problems
	level := slices.Index(levelNames[:], in.Scope)
	p := place{in.Name, Scope{Level(level), in.ID}}
	if level < 0 {
		ps.Add("scope", "must be user, group or domain, got %.40q", in.Scope)
	} else {
		ps.AddUnder("scope", p.scope.checkScope())
	}
	if d, err := s.findDefinition(in.Name); err != nil {
		ps.AddUnder("name", err)
	} else {
		ps.AddUnder("value", d.checkValue(in.Value))
	}
	if _, duplicate := next[p]; duplicate {
		ps.Add("", "duplicate %s for %s", in.Name, p.scope)
	}
	next[p] = in.Value
	return ps.Err()
}

// checkWeakened compares scope by scope, and does not work out for whom which value
// would be in force: that changes with the directory, this must hold always.
func (s *Set) checkWeakened(old, next map[place]string) error {
	var ps ctikit.Problems
	for p, value := range next {
		if d := s.definitions[p.name]; d.Weaker != nil && d.Weaker(old[p], value) {
			ps.Add("", "%s for %s: an import may not weaken it; use Set", p.name, p.scope)
		}
	}
	for p, value := range old {
		if _, stays := next[p]; stays {
			continue
		}
		d := s.definitions[p.name]
		if d.Weaker == nil {
			continue
		}
		if weaker, found := weakerElsewhere(d, p.scope, value, next); found {
			ps.Add("", "%s for %s: an import may not remove it while %s has a weaker value", p.name, p.scope, weaker)
		}
	}
	slices.SortFunc(ps, func(a, b ctikit.Problem) int { return strings.Compare(a.Message, b.Message) })
	return ps.Err()
}

// weakerElsewhere looks for a weaker value that could show once value is gone
// from scope: of the same level (another group) or a wider one.
func weakerElsewhere(d Definition, scope Scope, value string, next map[place]string) (Scope, bool) {
	if d.Weaker(value, d.Default) {
		return Scope{}, true
	}
	for p, left := range next {
		if p.name == d.Name && p.scope.Level <= scope.Level && d.Weaker(value, left) {
			return p.scope, true
		}
	}
	return Scope{}, false
}
