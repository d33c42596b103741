package rights

import (
	"errors"
	"strings"

	"github.com/ctikit/ctikit"
)

// Types of objects (TWP guide 7.4). A host program may use further ones.
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
	Type string // Application, Directory, ... or a type of the host program
	ID   string // key of the application, the directory, the user or the group
	// Group says that ID is a group, and represents each of its users; only for
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

// grantPaths are the paths of a grant's fields in what a caller gave.
type grantPaths struct{ to, onType, onID, onGroup string }

// checkGrant returns the problems of a grant. During the import of a document, after
// are the objects that will exist then; an error that is not [ctikit.Problems]
// is that of a look-up in them.
func (s *Set) checkGrant(g Grant, paths grantPaths, after *ctikit.Objects) error {
	var ps ctikit.Problems
	for _, field := range []struct{ path, value string }{
		{paths.to, g.To.ID}, {paths.onType, g.On.Type}, {paths.onID, g.On.ID},
	} {
		if field.value == "" || len(field.value) > maxKey || strings.ContainsRune(field.value, 0) {
			ps.Add(field.path, "must be 1 to %d bytes without NUL, got %.80q", maxKey, field.value)
		}
	}
	if g.On.Group && !s.aboutUsers[g.On.Type] {
		ps.Add(paths.onGroup, "type %.80q is not a user type", g.On.Type)
	}
	if g.To.Group && (g.On.Type == Statistics || g.On.Type == Recordings) {
		ps.Add(paths.to, "%s can be granted to a user only, not to a group", g.On.Type)
	}
	if len(ps) > 0 {
		return ps.Err()
	}
	if g.On.Type == Directory && after.Knows("directory") {
		switch exists, err := after.Exists("directory", g.On.ID); {
		case err != nil:
			return err
		case !exists:
			ps.Add(paths.onID, "unknown directory %.80q", g.On.ID)
			return ps.Err()
		}
	}
	err := s.checkCompany(g, after)
	if errors.Is(err, ctikit.ErrCrossCompany) {
		ps.AddUnder("", err)
		return ps.Err()
	}
	return err
}

// checkCompany refuses a grant between companies. During the import of a
// document the companies are those that there will be after it.
func (s *Set) checkCompany(g Grant, after *ctikit.Objects) error {
	company, bound, err := s.objectCompany(g.On, after)
	if err != nil || !bound {
		return err
	}
	own, err := s.companyOfSubject(g.To, after)
	if err != nil {
		return err
	}
	return ctikit.SameCompany(g.To.String(), own, g.On.String(), company)
}

// companyOfSubject asks the document first. A subject of a kind that it replaces,
// and that it does not bring, belongs to no company; of a kind that it does not
// have, subjects may come from elsewhere than the store.
func (s *Set) companyOfSubject(who Subject, after *ctikit.Objects) (string, error) {
	kind := "user"
	if who.Group {
		kind = "group"
	}
	if company, exists, err := after.Company(kind, who.ID); err != nil || exists || after.Replaces(kind) {
		return company, err
	}
	return s.cfg.Subjects.Company(who.ID), nil
}

// objectCompany returns the company that an object belongs to, if it belongs to one:
// applications serve all.
func (s *Set) objectCompany(o Object, after *ctikit.Objects) (company string, bound bool, err error) {
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
