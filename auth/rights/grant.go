package rights

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ctikit/ctikit"
)

// Types of objects (TWP guide 7.4). A host may use further ones.
const (
	Application = "application"
	Directory   = "directory"
	Statistics  = "statistics" // of users; see [Of]
	Recordings  = "recordings" // of users; see [Of]
)

// Subject is a user or a group.
type Subject struct {
	Group bool
	ID    string // key in the directory
}

// User is one user.
func User(id string) Subject { return Subject{ID: id} }

// Group is all users of a group.
func Group(id string) Subject { return Subject{Group: true, ID: id} }

// String returns "user alice" or "group sales".
func (s Subject) String() string {
	if s.Group {
		return "group " + s.ID
	}
	return "user " + s.ID
}

// Object is what a right is about.
type Object struct {
	Type string // Application, Directory, ... or a host's own
	ID   string // key of the application, the directory, the user or the group
	// Group says that ID is a group, and stands for each of its users; only for
	// types whose objects are users.
	Group bool
}

// Of is the object for types that are about users: the statistics of bob, the
// recordings of group sales.
func Of(objectType string, whose Subject) Object {
	return Object{Type: objectType, ID: whose.ID, Group: whose.Group}
}

// String returns "application caller" or "statistics of group sales".
func (o Object) String() string {
	if o.Group {
		return o.Type + " of group " + o.ID
	}
	return o.Type + " " + o.ID
}

// Grant gives a right.
type Grant struct {
	To Subject
	On Object
}

// String returns "group all on application caller".
func (g Grant) String() string { return g.To.String() + " on " + g.On.String() }

// maxKey bounds keys and types, in bytes.
const maxKey = 1024

// check tells what is wrong with a grant in itself.
func (s *Set) check(g Grant) error {
	var mistakes []error
	for _, field := range []struct{ name, value string }{{"To.ID", g.To.ID}, {"On.Type", g.On.Type}, {"On.ID", g.On.ID}} {
		if field.value == "" || len(field.value) > maxKey || strings.ContainsRune(field.value, 0) {
			mistakes = append(mistakes, fmt.Errorf("%s: empty, longer than %d bytes, or with a NUL", field.name, maxKey))
		}
	}
	aboutUsers := s.aboutUsers[g.On.Type]
	if g.On.Group && !aboutUsers {
		mistakes = append(mistakes, fmt.Errorf("On.Group: objects of type %q are no users", g.On.Type))
	}
	if g.To.Group && (g.On.Type == Statistics || g.On.Type == Recordings) {
		mistakes = append(mistakes, fmt.Errorf("%s are given to a user, not to a group", g.On.Type))
	}
	return errors.Join(mistakes...)
}

// checkCompany refuses a grant between companies. During the import of a
// document the companies are those that there will be after it.
func (s *Set) checkCompany(g Grant, after *ctikit.Objects) error {
	company, bound, err := s.companyOf(g.On, after)
	if err != nil || !bound {
		return err
	}
	own, err := s.companyOfSubject(g.To, after)
	if err != nil {
		return err
	}
	return ctikit.SameCompany(g.To.String(), own, g.On.String(), company)
}

func (s *Set) companyOfSubject(who Subject, after *ctikit.Objects) (string, error) {
	kind := "user"
	if who.Group {
		kind = "group"
	}
	if after.Knows(kind) {
		company, _, err := after.Company(kind, who.ID)
		return company, err
	}
	return s.cfg.Subjects.Company(who.ID), nil
}

// companyOf returns the company that an object belongs to, if it belongs to one:
// applications serve all.
func (s *Set) companyOf(o Object, after *ctikit.Objects) (company string, bound bool, err error) {
	switch {
	case s.aboutUsers[o.Type]:
		company, err = s.companyOfSubject(Subject{Group: o.Group, ID: o.ID}, after)
		return company, true, err
	case s.cfg.ObjectCompany == nil:
		return "", false, nil
	case o.Type == Directory:
		if company, exists, err := after.Company("directory", o.ID); err != nil || exists {
			return company, true, err
		}
	}
	company, bound = s.cfg.ObjectCompany(o.Type, o.ID)
	return company, bound, nil
}
