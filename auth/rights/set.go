package rights

import (
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/ctikit/ctikit"
)

// Subjects is what a [Set] asks the directory about users and groups.
type Subjects interface {
	// Users returns all users with whether they are enabled.
	Users() iter.Seq2[string, bool]
	// Groups returns the groups of a user.
	Groups(user string) []string
	// Company returns the company of a user or group.
	Company(subject string) string
}

// LicenceSource describes how many users of an application are paid for.
// *licence.Licences satisfies it.
type LicenceSource interface {
	// Seats returns the seats that are a company's own; counted is false for a
	// company that has none and draws on those that companies share, which are
	// the seats of company "". Where these are not counted either, the company's
	// users need no licence.
	Seats(company, application string) (seats int, counted bool)
}

// Config of a [Set]. Subjects must be there.
type Config struct {
	Subjects Subjects
	// Parents returns the groups that a group is a member of, where groups are
	// nested; nil where they are not. A cycle is harmless.
	Parents func(group string) []string
	// ObjectCompany returns the company that an object of a type that is not
	// about users belongs to; bound is false for one that all share. nil binds
	// none.
	ObjectCompany func(objectType, id string) (company string, bound bool)
	// AboutUsers names further types whose objects are users, besides
	// Statistics and Recordings: "presence".
	AboutUsers []string
	// Licences counts applications; nil counts none.
	Licences LicenceSource
	// Incidents records which users lost their licence; may be nil.
	Incidents ctikit.IncidentRecorder
}

// Set holds grants and answers from an index that it compiles of them. It is
// safe for concurrent use; asking takes no lock. A change asks Subjects and
// Licences, one change at a time: they must not change the set in turn.
type Set struct {
	cfg        Config
	aboutUsers map[string]bool

	writing sync.Mutex // one change at a time
	grants  []Grant
	seats   map[string][]string // application → users with a licence, in the order in which they came
	index   atomic.Pointer[index]
}

// New returns an empty set.
func New(cfg Config) (*Set, error) {
	var ps ctikit.Problems
	if cfg.Subjects == nil {
		ps.Add("subjects", "missing")
	}
	s := &Set{cfg: cfg, aboutUsers: map[string]bool{Statistics: true, Recordings: true}, seats: map[string][]string{}}
	for i, objectType := range cfg.AboutUsers {
		if objectType == "" || objectType == Application || objectType == Directory {
			ps.Add(fmt.Sprintf("aboutUsers[%d]", i), "%q is not a user type", objectType)
		}
		s.aboutUsers[objectType] = true
	}
	if err := ps.Err(); err != nil {
		return nil, fmt.Errorf("rights: %w", err)
	}
	s.index.Store(&index{})
	return s, nil
}

// Grant adds grants, all or none. The error has every problem, as
// [ctikit.Problems]; a grant between companies is ErrCrossCompany, one for which
// licences are missing a *[LicenceError]. A grant that exists already is
// accepted.
func (s *Set) Grant(grants ...Grant) error {
	var ps ctikit.Problems
	for i, g := range grants {
		ps.AddUnder(fmt.Sprintf("grants[%d]", i), s.checkGrant(g, grantPaths{"to", "on.type", "on.id", "on.group"}, nil))
	}
	if err := ps.Err(); err != nil {
		return fmt.Errorf("rights: %w", err)
	}
	return s.changeGrants(grants, func(current []Grant) []Grant {
		next := slices.Clone(current)
		present := make(map[Grant]bool, len(next)+len(grants))
		for _, g := range next {
			present[g] = true
		}
		for _, g := range grants {
			if !present[g] {
				present[g] = true
				next = append(next, g)
			}
		}
		return next
	})
}

// Revoke removes grants; unknown ones are ignored.
func (s *Set) Revoke(grants ...Grant) {
	gone := make(map[Grant]bool, len(grants))
	for _, g := range grants {
		gone[g] = true
	}
	_ = s.changeGrants(nil, func(current []Grant) []Grant { // nothing is added, so nothing is refused
		return slices.DeleteFunc(slices.Clone(current), func(g Grant) bool { return gone[g] })
	})
}

// Refresh adopts what has changed in the directory and in the licences. A host
// calls it after such a change, and once a day for certificates that expire.
func (s *Set) Refresh() {
	_ = s.changeGrants(nil, func(current []Grant) []Grant { return current }) // nothing is added, so nothing is refused
}

// Grants returns all grants in the order in which they were made.
func (s *Set) Grants() []Grant {
	s.writing.Lock()
	defer s.writing.Unlock()
	return slices.Clone(s.grants)
}

// changeGrants makes the grants that build returns the current ones, unless those in
// added bring an application above its licences. Incidents are recorded when the
// set is free again.
func (s *Set) changeGrants(added []Grant, build func(current []Grant) []Grant) error {
	incidents, err := s.publishIndex(added, build)
	if s.cfg.Incidents != nil {
		for _, in := range incidents {
			s.cfg.Incidents.Record(in)
		}
	}
	return err
}

func (s *Set) publishIndex(added []Grant, build func(current []Grant) []Grant) ([]ctikit.Incident, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	next := build(s.grants)
	ix := s.compileIndex(next)
	seats, err := s.assignLicences(ix, added)
	if err != nil {
		return nil, err
	}
	s.grants, s.seats = next, seats
	return licenceIncidents(s.index.Swap(ix), ix), nil
}
