package rights

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
)

// licence is the count of one application: a pool of seats that companies share,
// and one for each company that has its own seats.
type licence struct {
	pools   []*pool // by company
	refused []int32 // the users of all pools who have no licence, sorted
}

// pool is a number of seats and the users who draw on it.
type pool struct {
	company string // whose seats they are; "" are those that companies share
	seats   int
	users   []string // in the order in which they came; the first seats of them have a licence
}

func (l *licence) refuses(u int32) bool {
	_, found := slices.BinarySearch(l.refused, u)
	return found
}

func (p *pool) licensedUsers() []string { return p.users[:min(max(p.seats, 0), len(p.users))] }

func (p *pool) refusedUsers() []string { return p.users[len(p.licensedUsers()):] }

// LicenceError reports a grant that was refused because licences are missing.
type LicenceError struct {
	Application string
	Company     string // whose licences are missing; "" where companies share them, and the numbers are of all these
	Seats       int    // that there are
	Needed      int    // distinct enabled users whom the application would reach
	Missing     int    // Needed less Seats
}

// Error names the application and how many licences are missing.
func (e *LicenceError) Error() string {
	users := "users"
	if e.Company != "" {
		users = fmt.Sprintf("users of company %q", e.Company)
	}
	return fmt.Sprintf("rights: application %q: %d %s need a licence, %d available, %d missing",
		e.Application, e.Needed, users, e.Seats, e.Missing)
}

// assignLicences gives the licences of each counted application to its users: first those
// who came first. It refuses where a grant in added brings in users beyond the
// number. It returns the order for next time.
func (s *Set) assignLicences(ix *index, added []Grant) (order map[string][]string, err error) {
	order = map[string][]string{}
	if s.cfg.Licences == nil {
		return order, nil
	}
	var refusals []error
	for o, h := range ix.objects {
		if o.kind != Application {
			continue
		}
		users, newcomers := ix.queueUsers(h, s.seats[o.id])
		l := s.buildLicence(ix, o.id, users)
		if len(l.pools) == 0 {
			continue // no user needs a licence for it
		}
		if grantsOn(added, o.id) {
			refusals = append(refusals, l.licenceErrors(o.id, newcomers)...)
		}
		h.licence, ix.licences[o.id], order[o.id] = l, l, users
	}
	slices.SortFunc(refusals, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return order, errors.Join(refusals...)
}

// buildLicence sorts the users of an application, in the order in which they came,
// into the pools that they draw on.
func (s *Set) buildLicence(ix *index, application string, users []string) *licence {
	pools := map[string]*pool{} // by company
	poolOf := func(company string) *pool {
		p, known := pools[company]
		if !known {
			if seats, counted := s.cfg.Licences.Seats(company, application); counted {
				p = &pool{company: company, seats: seats}
			}
			pools[company] = p
		}
		return p
	}
	shared := poolOf("")
	for _, user := range users {
		p := poolOf(ix.companies[ix.users[user]])
		if p == nil {
			p = shared
		}
		if p != nil {
			p.users = append(p.users, user)
		}
	}
	l := &licence{}
	for _, p := range pools {
		if p == nil {
			continue
		}
		l.pools = append(l.pools, p)
		for _, user := range p.refusedUsers() {
			l.refused = append(l.refused, ix.users[user])
		}
	}
	slices.SortFunc(l.pools, func(a, b *pool) int { return strings.Compare(a.company, b.company) })
	slices.Sort(l.refused)
	return l
}

// licenceErrors returns a *[LicenceError] for each pool that newcomers bring above its
// seats.
func (l *licence) licenceErrors(application string, newcomers []string) (refusals []error) {
	for _, p := range l.pools {
		missing := len(p.users) - p.seats
		if missing <= 0 || len(p.users) == 0 {
			continue
		}
		// Newcomers come after all others.
		if _, found := slices.BinarySearch(newcomers, p.users[len(p.users)-1]); found {
			refusals = append(refusals, &LicenceError{application, p.company, p.seats, len(p.users), missing})
		}
	}
	return refusals
}

// queueUsers returns the distinct enabled users whom h reaches: those of before in
// their order, then the newcomers by key; newcomers is the end of users.
func (ix *index) queueUsers(h *holders, before []string) (users, newcomers []string) {
	known := make(map[string]bool, len(before))
	for _, user := range before {
		if u, ok := ix.users[user]; ok && ix.enabled[u] && ix.hasHolder(h, u) && !known[user] {
			known[user] = true
			users = append(users, user)
		}
	}
	stay := len(users)
	for u, user := range ix.names {
		if ix.enabled[u] && !known[user] && ix.hasHolder(h, int32(u)) {
			users = append(users, user)
		}
	}
	slices.Sort(users[stay:])
	return users, users[stay:]
}

func grantsOn(grants []Grant, application string) bool {
	return slices.ContainsFunc(grants, func(g Grant) bool { return g.On.Type == Application && g.On.ID == application })
}

// Usage is the state of the licences of one application: of those that companies
// share, or of one company that has its own.
type Usage struct {
	Application string
	Company     string // "" for the licences that companies share
	Seats       int
	Licensed    []string // users who have one, in the order in which they came
	Refused     []string // users who are granted the application and have none
}

// Usage returns the state of the licences of each counted application, by name and
// company. Shared licences name users of several companies, so show them only to
// the operator of the installation.
func (s *Set) Usage() []Usage {
	var all []Usage
	licences := s.index.Load().licences
	for _, application := range slices.Sorted(maps.Keys(licences)) {
		for _, p := range licences[application].pools {
			licensed, refused := slices.Clone(p.licensedUsers()), slices.Clone(p.refusedUsers())
			all = append(all, Usage{application, p.company, p.seats, licensed, refused})
		}
	}
	return all
}

// licenceIncidents reports who is refused now and was not, and the other way
// round, for each company its own users.
func licenceIncidents(old, ix *index) (incidents []ctikit.Incident) {
	add := func(severity slog.Level, application, company, message string) {
		incidents = append(incidents, ctikit.Incident{
			Code: "licence.exceeded", Subject: application, Company: company, Severity: severity, Message: message,
		})
	}
	for _, application := range slices.Sorted(maps.Keys(ix.licences)) {
		before, now := old.unlicensedUsers(application), ix.unlicensedUsers(application)
		for _, company := range slices.Sorted(maps.Keys(before)) {
			if len(now[company]) == 0 {
				add(slog.LevelInfo, application, company, fmt.Sprintf("%q has a licence for every user again", application))
			}
		}
		for _, company := range slices.Sorted(maps.Keys(now)) {
			if users := now[company]; !slices.Equal(before[company], users) {
				message := fmt.Sprintf("no licence of %q is left for %s", application, firstFew(users))
				add(slog.LevelWarn, application, company, message)
			}
		}
	}
	return incidents
}

// unlicensedUsers returns the users who have no licence for an application, by company.
func (ix *index) unlicensedUsers(application string) map[string][]string {
	users := map[string][]string{}
	if l := ix.licences[application]; l != nil {
		for _, p := range l.pools {
			for _, user := range p.refusedUsers() {
				company := ix.companies[ix.users[user]]
				users[company] = append(users[company], user)
			}
		}
	}
	return users
}

func firstFew(users []string) string {
	const few = 10
	if len(users) <= few {
		return strings.Join(users, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(users[:few], ", "), len(users)-few)
}
