package planning

import (
	"fmt"
	"maps"
	"slices"
)

// maxTried bounds the work of improveLists, in extensions allocated.
const maxTried = 4_000_000

// search looks for lists with which fewer extensions stay unsupervised. Every step is
// verified with the real allocation.
type search struct {
	table *index
	tries int // that remain
	best  int // what a perfect assignment leaves unsupervised
}

// improveLists returns changes of lists that help, and how many extensions then stay
// unsupervised; better is false if it found none.
func (x *index) improveLists(now, best int) (better bool, changes []string, left int) {
	s := &search{table: x, tries: x.maxTries(), best: best}
	found, left := x.copyLists(), now
	for _, start := range []*index{x.copyLists(), s.listAsPlaced(false), s.listAsPlaced(true)} {
		n := s.countUnsupervised(start)
		candidate, n := s.climb(start, n)
		if n < left {
			found, left = candidate, n
		}
	}
	if left >= now {
		return false, nil, now
	}
	s.pruneChanges(found, left)
	return true, x.describeChanges(found), left
}

func (x *index) maxTries() int { return max(10, maxTried/max(1, x.countExtensions())) }

// copyLists returns a table whose lists can be changed.
func (x *index) copyLists() *index {
	table := *x.Table
	table.Rows = slices.Clone(x.Rows)
	for i := range table.Rows {
		table.Rows[i].Planned = maps.Clone(table.Rows[i].Planned)
		if table.Rows[i].Planned == nil {
			table.Rows[i].Planned = map[string]int{}
		}
	}
	c := *x
	c.Table = &table
	return &c
}

// listAsPlaced lists each row on the links where a perfect assignment has it, or
// only on the one where it has most of it.
func (s *search) listAsPlaced(onlyMost bool) *index {
	f, c := s.table.maximumFlow(), s.table.copyLists()
	for i := range c.Rows {
		most := 0
		for j, n := range f.placed[i] {
			if n > f.placed[i][most] {
				most = j
			}
		}
		for j, n := range f.placed[i] {
			if wanted := n > 0 && (!onlyMost || j == most); wanted != c.Rows[i].listsLink(c.Links[j].Name) && c.canToggle(i, j) {
				c.toggleListing(i, j)
			}
		}
	}
	return c
}

// canToggle reports whether a row may be put on a link's list or taken off: not on
// that of a link which cannot supervise it, and not off that of a link in its place.
func (x *index) canToggle(row, link int) bool {
	r, l := &x.Rows[row], &x.Links[link]
	if r.listsLink(l.Name) {
		return !r.Pattern.Matches(l.Site)
	}
	return x.canSupervise(row, link)
}

// toggleListing puts a row on a link's list or takes it off. The number of the row's
// extensions does not change.
func (x *index) toggleListing(row, link int) {
	r, name := &x.Rows[row], x.Links[link].Name
	if n, listed := r.Planned[name]; listed {
		delete(r.Planned, name)
		r.Implicit += n
		return
	}
	r.Planned[name] = 0
}

func (s *search) countUnsupervised(t *index) int {
	s.tries--
	p := newPreview(t)
	p.placeExtensions()
	return p.buildAllocation().Unsupervised
}

// climb applies the best single change repeatedly; of equal ones it prefers to put
// rows on lists.
func (s *search) climb(t *index, now int) (*index, int) {
	for now > s.best {
		row, link, least := -1, -1, now
		for _, off := range [...]bool{false, true} {
			i, j, n := s.bestChange(t, off, least)
			if i >= 0 {
				row, link, least = i, j, n
			}
		}
		if row < 0 {
			return t, now
		}
		t.toggleListing(row, link)
		now = least
	}
	return t, now
}

// bestChange returns the single change that leaves the fewest extensions unsupervised,
// if they are fewer than least.
func (s *search) bestChange(t *index, off bool, least int) (row, link, left int) {
	row, link = -1, -1
	for i := range t.Rows {
		for j, l := range t.Links {
			if s.tries <= 0 {
				return row, link, least
			}
			if t.Rows[i].listsLink(l.Name) != off || !t.canToggle(i, j) {
				continue
			}
			c := t.copyLists()
			c.toggleListing(i, j)
			if n := s.countUnsupervised(c); n < least {
				row, link, least = i, j, n
			}
		}
	}
	return row, link, least
}

// pruneChanges reverts the changes that are not needed.
func (s *search) pruneChanges(t *index, left int) {
	s.tries = s.table.maxTries()
	for i := range t.Rows {
		for j, l := range t.Links {
			if t.Rows[i].listsLink(l.Name) == s.table.Rows[i].listsLink(l.Name) {
				continue
			}
			if s.tries <= 0 {
				return
			}
			t.toggleListing(i, j)
			if s.countUnsupervised(t) > left {
				t.toggleListing(i, j)
			}
		}
	}
}

// describeChanges describes how the lists of another table differ.
func (x *index) describeChanges(other *index) (out []string) {
	for i := range x.Rows {
		r := &x.Rows[i]
		for _, l := range x.Links {
			switch now, then := r.listsLink(l.Name), other.Rows[i].listsLink(l.Name); {
			case then && !now:
				out = append(out, fmt.Sprintf("put %v on the list of link %q", r.Pattern, l.Name))
			case now && !then:
				out = append(out, fmt.Sprintf("take %v off the list of link %q", r.Pattern, l.Name))
			}
		}
	}
	return out
}
