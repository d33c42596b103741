package params

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Subjects is the part of the directory that a [Set] needs.
type Subjects interface {
	// Groups returns the groups of a user, in the user's own order.
	Groups(user string) []string
	// Domain returns the domain of a user.
	Domain(user string) string
}

// ErrUnknown is wrapped by the error for a name that no definition has.
var ErrUnknown = errors.New("unknown parameter")

// Set holds definitions and settings. It is safe for concurrent use; reading
// takes no lock.
type Set struct {
	definitions map[string]Definition
	subjects    Subjects

	writing  sync.Mutex // one writer at a time; each publishes a new map
	settings atomic.Pointer[map[place]string]
}

type place struct {
	name  string
	scope Scope
}

// New validates the definitions and returns an empty set. The error has every
// problem, as [ctikit.Problems].
func New(subjects Subjects, definitions ...Definition) (*Set, error) {
	if subjects == nil {
		return nil, errors.New("params: subjects: missing")
	}
	byName, err := checkDefinitions(definitions)
	if err != nil {
		return nil, err
	}
	s := &Set{definitions: byName, subjects: subjects}
	s.settings.Store(&map[place]string{})
	return s, nil
}

// Set sets a value at a scope.
func (s *Set) Set(scope Scope, name, value string) error {
	d, err := s.findDefinition(name)
	if err == nil {
		err = scope.checkScope()
	}
	if err == nil {
		err = d.checkValue(value)
	}
	if err != nil {
		return fmt.Errorf("params: set %s for %s: %w", name, scope, err)
	}
	s.updateSettings(func(settings map[place]string) { settings[place{name, scope}] = value })
	return nil
}

// Unset removes a value; that of the next scope applies again.
func (s *Set) Unset(scope Scope, name string) {
	s.updateSettings(func(settings map[place]string) { delete(settings, place{name, scope}) })
}

func (s *Set) updateSettings(apply func(map[place]string)) {
	s.writing.Lock()
	defer s.writing.Unlock()
	settings := maps.Clone(*s.settings.Load())
	apply(settings)
	s.settings.Store(&settings)
}

// Settings returns all values that are set, by name, nearest scope first.
func (s *Set) Settings() []Setting {
	var all []Setting
	for p, value := range *s.settings.Load() {
		all = append(all, Setting{p.scope, p.name, value})
	}
	sortSettings(all)
	return all
}

func (s *Set) findDefinition(name string) (Definition, error) {
	d, ok := s.definitions[name]
	if !ok {
		return d, fmt.Errorf("%w %.80q", ErrUnknown, name)
	}
	return d, nil
}

// Value returns the value for a user; for the user "" it returns the default.
func (s *Set) Value(user, name string) (string, error) {
	d, err := s.findDefinition(name)
	if err != nil {
		return "", fmt.Errorf("params: %w", err)
	}
	settings := *s.settings.Load()
	if user == "" || len(settings) == 0 {
		return d.Default, nil
	}
	if value, ok := settings[place{name, User(user)}]; ok {
		return value, nil
	}
	for _, group := range s.subjects.Groups(user) {
		if value, ok := settings[place{name, Group(group)}]; ok {
			return value, nil
		}
	}
	if value, ok := settings[place{name, Domain(s.subjects.Domain(user))}]; ok {
		return value, nil
	}
	return d.Default, nil
}

// Int returns the value of a parameter of kind Int.
func (s *Set) Int(user, name string) (int64, error) {
	value, err := s.typedValue(user, name, Int)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(value, 10, 64)
}

// Bool returns the value of a parameter of kind Bool.
func (s *Set) Bool(user, name string) (bool, error) {
	value, err := s.typedValue(user, name, Bool)
	if err != nil {
		return false, err
	}
	return parseBool(value)
}

// Duration returns the value of a parameter of kind Duration.
func (s *Set) Duration(user, name string) (time.Duration, error) {
	value, err := s.typedValue(user, name, Duration)
	if err != nil {
		return 0, err
	}
	return time.ParseDuration(value)
}

// typedValue returns the value as text; a parameter that has no default and is not
// set has the zero value of its kind.
func (s *Set) typedValue(user, name string, kind Kind) (string, error) {
	value, err := s.Value(user, name)
	if err != nil {
		return "", err
	}
	if is := s.definitions[name].Kind; is != kind {
		return "", fmt.Errorf("params: %s is of kind %s, not %s", name, is, kind)
	}
	if value == "" {
		return [...]string{Int: "0", Bool: "false", Duration: "0s"}[kind], nil
	}
	return value, nil
}

// Explanation reports where a value comes from.
type Explanation struct {
	Value  string
	From   Scope     // the scope that won
	Hidden []Setting // what it hides, nearest first; of a group, also those of later groups
	// Conflict is set where two groups of the user disagree and the first of
	// them decided only because it comes first.
	Conflict bool
}

// Explain returns the value for a user and its origin.
func (s *Set) Explain(user, name string) (Explanation, error) {
	d, err := s.findDefinition(name)
	if err != nil {
		return Explanation{}, fmt.Errorf("params: %w", err)
	}
	settings := *s.settings.Load()
	var found []Setting
	for _, scope := range s.scopesOf(user) {
		if value, ok := settings[place{name, scope}]; ok {
			found = append(found, Setting{scope, name, value})
		}
	}
	found = append(found, Setting{Name: name, Value: d.Default})
	e := Explanation{Value: found[0].Value, From: found[0].Scope, Hidden: found[1:]}
	e.Conflict = e.From.Level == GroupLevel && slices.ContainsFunc(e.Hidden, func(h Setting) bool {
		return h.Scope.Level == GroupLevel && h.Value != e.Value
	})
	return e, nil
}

// scopesOf lists the scopes of a user, nearest first.
func (s *Set) scopesOf(user string) []Scope {
	if user == "" {
		return nil
	}
	scopes := []Scope{User(user)}
	for _, group := range s.subjects.Groups(user) {
		if scope := Group(group); !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	return append(scopes, Domain(s.subjects.Domain(user)))
}
