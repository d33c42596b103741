package rights

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// licence is the count of one application.
type licence struct {
	seats   int
	users   []string // in the order in which they came; the first seats of them have a licence
	refused []int32  // the others, sorted
}

func (l *licence) refuses(u int32) bool {
	_, found := slices.BinarySearch(l.refused, u)
	return found
}

// LicenseError reports a grant for which licences are missing. Nothing was
// changed.
type LicenseError struct {
	Application string
	Seats       int // that there are
	Needed      int // distinct enabled users whom the application would reach
	Missing     int // Needed less Seats
}

// Error names the application and how many licences are missing.
func (e *LicenseError) Error() string {
	return fmt.Sprintf("rights: application %q: %d users need a licence, %d are there, %d are missing", e.Application, e.Needed, e.Seats, e.Missing)
}

// seat gives the licences of each counted application to its users: first those
// who came first. It refuses where a grant in added brings in users beyond the
// number. It returns the order for next time.
func (s *Set) seat(ix *index, added []Grant) (order map[string][]string, err error) {
	order = map[string][]string{}
	if s.cfg.Licenses == nil {
		return order, nil
	}
	var refusals []error
	for o, h := range ix.objects {
		if o.kind != Application {
			continue
		}
		seats, counted := s.cfg.Licenses.Seats(o.id)
		if !counted {
			continue
		}
		users, newcomers := ix.queue(h, s.seats[o.id])
		if missing := len(users) - seats; missing > 0 && newcomers > 0 && grantsOn(added, o.id) {
			refusals = append(refusals, &LicenseError{o.id, seats, len(users), missing})
		}
		h.licence = &licence{seats: seats, users: users}
		for _, user := range users[min(max(seats, 0), len(users)):] {
			h.licence.refused = append(h.licence.refused, ix.users[user])
		}
		slices.Sort(h.licence.refused)
		ix.licences[o.id] = h.licence
		order[o.id] = users
	}
	slices.SortFunc(refusals, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return order, errors.Join(refusals...)
}

// queue returns the distinct enabled users whom h reaches: those of before in
// their order, then the newcomers by key.
func (ix *index) queue(h *holders, before []string) (users []string, newcomers int) {
	known := make(map[string]bool, len(before))
	for _, user := range before {
		if u, ok := ix.users[user]; ok && ix.enabled[u] && ix.holds(h, u) && !known[user] {
			known[user] = true
			users = append(users, user)
		}
	}
	stay := len(users)
	for u, user := range ix.names {
		if ix.enabled[u] && !known[user] && ix.holds(h, int32(u)) {
			users = append(users, user)
		}
	}
	slices.Sort(users[stay:])
	return users, len(users) - stay
}

func grantsOn(grants []Grant, application string) bool {
	return slices.ContainsFunc(grants, func(g Grant) bool { return g.On.Type == Application && g.On.ID == application })
}

// Usage is the state of the licences of one application.
type Usage struct {
	Application string
	Seats       int
	Licensed    []string // users who have one, in the order in which they came
	Refused     []string // users who are granted the application and have none
}

// Usage returns the applications that are counted, by name.
func (s *Set) Usage() []Usage {
	var all []Usage
	for application, l := range s.index.Load().licences {
		first := min(max(l.seats, 0), len(l.users))
		all = append(all, Usage{application, l.seats, slices.Clone(l.users[:first]), slices.Clone(l.users[first:])})
	}
	slices.SortFunc(all, func(a, b Usage) int { return strings.Compare(a.Application, b.Application) })
	return all
}

// report records a change of who is refused.
func (s *Set) report(old, ix *index) {
	if s.cfg.Incidents == nil {
		return
	}
	for application, l := range ix.licences {
		var before []string
		if was := old.licences[application]; was != nil {
			before = was.without()
		}
		refused := l.without()
		if slices.Equal(before, refused) {
			continue
		}
		in := Incident{Code: "license.exceeded", Subject: application, Severity: slog.LevelWarn,
			Message: fmt.Sprintf("%d users for %d licences of %q; refused: %s", len(l.users), l.seats, application, firstFew(refused))}
		if len(refused) == 0 {
			in.Severity, in.Message = slog.LevelInfo, fmt.Sprintf("%d users for %d licences of %q: nobody is refused any more", len(l.users), l.seats, application)
		}
		s.cfg.Incidents.Record(in)
	}
}

func (l *licence) without() []string { return l.users[min(max(l.seats, 0), len(l.users)):] }

func firstFew(users []string) string {
	const few = 10
	if len(users) <= few {
		return strings.Join(users, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(users[:few], ", "), len(users)-few)
}
