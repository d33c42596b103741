package directory

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"sync/atomic"
)

// Subjects answers, at memory speed and without errors, what package auth asks
// about users, groups and directories: their groups, company and domain. It is the
// state of the registry at the last [Subjects.Refresh]; call that after changes. All
// methods may be called concurrently. The zero value is not ready: use
// [Registry.Subjects].
type Subjects struct {
	registry *Registry
	now      atomic.Pointer[subjectState]
}

type subjectState struct {
	users  map[string]subjectUser
	logins map[string]string // loginName → ID
	order  []string          // IDs of users, sorted
	groups map[string]string // ID → company

	directories map[string]string // ID → company
}

type subjectUser struct {
	company, domain string
	enabled         bool
	groups          []string
}

// Subjects reads the registry's users and groups. The error is that of the store.
func (r *Registry) Subjects(ctx context.Context) (*Subjects, error) {
	s := &Subjects{registry: r}
	return s, s.Refresh(ctx)
}

// Refresh reads the registry again. On an error, which is that of
// the store, the previous state remains.
func (s *Subjects) Refresh(ctx context.Context) error {
	next, err := s.registry.readSubjectState(ctx)
	if err != nil {
		return fmt.Errorf("refresh subjects: %w", err)
	}
	s.now.Store(next)
	return nil
}

func (r *Registry) readSubjectState(ctx context.Context) (*subjectState, error) {
	next := &subjectState{users: map[string]subjectUser{}, logins: map[string]string{},
		groups: map[string]string{}, directories: map[string]string{}}
	for g, err := range r.Groups.All(ctx) {
		if err != nil {
			return nil, err
		}
		next.groups[g.ID] = g.Company
	}
	for d, err := range r.Directories.All(ctx) {
		if err != nil {
			return nil, err
		}
		next.directories[d.ID] = d.Company
	}
	for u, err := range r.Users.All(ctx) {
		if err != nil {
			return nil, err
		}
		next.users[u.ID] = subjectUser{u.Company, u.Domain, !u.Disabled, u.Groups}
		next.logins[loginName(u.Company, u.Login)] = u.ID
		next.order = append(next.order, u.ID)
	}
	return next, nil
}

// Users yields the IDs of all users, and whether each is enabled.
func (s *Subjects) Users() iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		p := s.now.Load()
		for _, id := range p.order {
			if !yield(id, p.users[id].enabled) {
				return
			}
		}
	}
}

// Groups returns a user's groups in the user's own order. Do not change the slice.
func (s *Subjects) Groups(user string) []string { return s.now.Load().users[user].groups }

// Domain returns a user's domain, "" for an unknown one.
func (s *Subjects) Domain(user string) string { return s.now.Load().users[user].domain }

// Company returns the company of a user or, if no user has the ID, of a group.
func (s *Subjects) Company(subject string) string {
	p := s.now.Load()
	if u, ok := p.users[subject]; ok {
		return u.company
	}
	return p.groups[subject]
}

// DirectoryCompany returns the company of a directory, "" for an unknown one.
func (s *Subjects) DirectoryCompany(directory string) string {
	return s.now.Load().directories[directory]
}

// ByLogin returns the ID of the user who signs in by this name, "" if no user does.
// Case does not count.
func (s *Subjects) ByLogin(company, login string) string {
	return s.now.Load().logins[loginName(company, strings.TrimSpace(login))]
}
