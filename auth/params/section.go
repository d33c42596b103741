package params

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

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
// that would weaken a parameter at any scope is refused whole; so is one that
// takes away a stricter value and leaves a weaker one of a wider scope in force.
// Such a change is made with [Set.Set], by somebody who means it.
func (s *Set) Section() ctikit.Section {
	return ctikit.Section{Name: "parameters", Export: s.export, Import: s.doImport}
}

func (s *Set) export(context.Context) (json.RawMessage, int, error) {
	out := []jsonSetting{}
	for _, setting := range s.Settings() {
		out = append(out, jsonSetting{setting.Scope.Level.String(), setting.Scope.ID, setting.Name, setting.Value})
	}
	data, err := json.Marshal(out)
	return data, len(out), err
}

func (s *Set) doImport(_ context.Context, part ctikit.Import) (int, error) {
	var in []jsonSetting
	if err := strictjson.DecodeAt("parameters", part.Data, &in); err != nil {
		return 0, err
	}
	next := make(map[place]string, len(in))
	var mistakes []error
	for i, setting := range in {
		if err := s.take(setting, next); err != nil {
			mistakes = append(mistakes, fmt.Errorf("parameters[%d]: %w", i, err))
		}
	}
	if len(mistakes) > 0 {
		return 0, errors.Join(mistakes...)
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.weakened(*s.settings.Load(), next); err != nil {
		return 0, err
	}
	if !part.DryRun {
		s.settings.Store(&next)
	}
	return len(in), nil
}

func (s *Set) take(in jsonSetting, next map[place]string) error {
	level := slices.Index(levelNames[:], in.Scope)
	if level < 0 {
		return fmt.Errorf("scope: %.40q is not user, group or domain", in.Scope)
	}
	p := place{in.Name, Scope{Level(level), in.ID}}
	d, err := s.definition(in.Name)
	if err == nil {
		err = p.scope.check()
	}
	if err == nil {
		err = d.check(in.Value)
	}
	if _, twice := next[p]; err == nil && twice {
		err = fmt.Errorf("%s for %s is there twice", in.Name, p.scope)
	}
	if err != nil {
		return err
	}
	next[p] = in.Value
	return nil
}

// weakened compares scope by scope, and does not work out for whom which value
// would be in force: that changes with the directory, this must hold always.
func (s *Set) weakened(old, next map[place]string) error {
	var mistakes []error
	for p, value := range next {
		if d := s.definitions[p.name]; d.Weaker != nil && d.Weaker(old[p], value) {
			mistakes = append(mistakes, fmt.Errorf("parameters: %s for %s: an import may not weaken it; set it by hand", p.name, p.scope))
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
			mistakes = append(mistakes, fmt.Errorf("parameters: %s for %s: an import may not take it away while %s has a weaker value", p.name, p.scope, weaker))
		}
	}
	slices.SortFunc(mistakes, func(a, b error) int { return bytes.Compare([]byte(a.Error()), []byte(b.Error())) })
	return errors.Join(mistakes...)
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
