// Package params holds application parameters that can be set for a user, a
// group, a domain, or by default (TWP guide 6.1). The nearest setting wins:
// user, then group, then domain, then the default of the definition. Of several
// groups of one user, the one that comes first in the user's own order of
// groups wins. [Set.Explain] reports where a value comes from and what it hides.
//
// The mechanism knows nothing of sign-in; package auth defines AuthMethods and
// auth/ldapauth its own parameters in it, and an application defines what it likes.
package params

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ctikit/ctikit"
)

// Kind is the type of a parameter.
type Kind int

// The kinds. Every value is kept as text and checked when it is set.
const (
	String   Kind = iota
	Int           // decimal, 64 bits
	Bool          // true or false
	Duration      // as time.ParseDuration reads it: 1m30s
)

var kindNames = [...]string{"string", "int", "bool", "duration"}

// String returns the name of the kind.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return "invalid kind"
	}
	return kindNames[k]
}

// Definition declares a parameter.
type Definition struct {
	Name    string // unique; an application may put its own name in front: "caller/Theme"
	Kind    Kind
	Default string // for whom nothing is set; checked like any value unless ""
	// Check refuses values beyond what Kind says; may be nil.
	Check func(value string) error
	// Weaker reports whether new protects less than old, "" being not set at that
	// scope; an import refuses such a change. nil: no value is weaker.
	Weaker func(old, new string) bool
}

// maxValue bounds a value, in bytes.
const maxValue = 64 * 1024

func (d Definition) checkValue(value string) error {
	if len(value) > maxValue {
		return fmt.Errorf("value of %d bytes exceeds %d", len(value), maxValue)
	}
	var err error
	switch d.Kind {
	case Int:
		_, err = strconv.ParseInt(value, 10, 64)
	case Bool:
		_, err = parseBool(value)
	case Duration:
		_, err = time.ParseDuration(value)
	}
	if err != nil {
		return fmt.Errorf("must be of kind %s, got %.40q", d.Kind, value)
	}
	if d.Check != nil {
		return d.Check(value)
	}
	return nil
}

// parseBool takes the two words only: 1, t and T would hide a slip.
func parseBool(value string) (bool, error) {
	switch strings.ToLower(value) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, strconv.ErrSyntax
}

func checkDefinitions(definitions []Definition) (map[string]Definition, error) {
	byName := make(map[string]Definition, len(definitions))
	var ps ctikit.Problems
	for i, d := range definitions {
		path := fmt.Sprintf("definitions[%d]", i)
		if d.Name == "" {
			ps.Add(path+".name", "missing")
		}
		if _, duplicate := byName[d.Name]; duplicate {
			ps.Add(path+".name", "duplicate %q", d.Name)
		}
		if d.Kind < String || d.Kind > Duration {
			ps.Add(path+".kind", "unknown kind %d", d.Kind)
		} else if d.Default != "" {
			ps.AddUnder(path+".default", d.checkValue(d.Default))
		}
		byName[d.Name] = d
	}
	if err := ps.Err(); err != nil {
		return nil, fmt.Errorf("params: %w", err)
	}
	return byName, nil
}

// Level says for whom a value is set; the higher wins.
type Level int

// The levels.
const (
	DefaultLevel Level = iota
	DomainLevel
	GroupLevel
	UserLevel
)

var levelNames = [...]string{"default", "domain", "group", "user"}

// String returns the name of the level.
func (l Level) String() string {
	if l < 0 || int(l) >= len(levelNames) {
		return "invalid level"
	}
	return levelNames[l]
}

// Scope is for whom a value is set.
type Scope struct {
	Level Level
	ID    string // key of the user, group or domain; "" for the default
}

// User is the scope of one user.
func User(id string) Scope { return Scope{UserLevel, id} }

// Group is the scope of one group.
func Group(id string) Scope { return Scope{GroupLevel, id} }

// Domain is the scope of one domain.
func Domain(id string) Scope { return Scope{DomainLevel, id} }

// String returns "user alice", "group sales", "domain paris" or "default".
func (s Scope) String() string {
	if s.ID == "" {
		return s.Level.String()
	}
	return s.Level.String() + " " + s.ID
}

func (s Scope) checkScope() error {
	if s.Level < DomainLevel || s.Level > UserLevel || s.ID == "" {
		return fmt.Errorf("must be set for a user, a group or a domain, got %q", s)
	}
	return nil
}

// Setting is one value at one scope.
type Setting struct {
	Scope Scope
	Name  string
	Value string
}

func sortSettings(settings []Setting) {
	slices.SortFunc(settings, func(a, b Setting) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		if a.Scope.Level != b.Scope.Level {
			return int(b.Scope.Level) - int(a.Scope.Level)
		}
		return strings.Compare(a.Scope.ID, b.Scope.ID)
	})
}
