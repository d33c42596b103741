package calllog

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// Store stores entries. It must be safe for concurrent use.
type Store interface {
	// Append adds entries. One with the ID of a stored entry replaces it.
	Append(ctx context.Context, entries []Entry) error
	// Find returns the entries that f selects, the newest first by Begin.
	Find(ctx context.Context, f Filter) ([]Entry, error)
	// Delete removes the entries that f selects, regardless of its Limit, and
	// returns how many.
	Delete(ctx context.Context, f Filter) (int, error)
}

// Filter selects entries: those that meet every field that is set.
type Filter struct {
	User    string
	Device  cti.DeviceID
	Number  string // the other party's or a transfer's, in any of its forms
	Kind    Kind
	Outcome Outcome
	Since   time.Time // Begin not before
	Before  time.Time // Begin before
	Limit   int       // maximum number; 0 is all
}

// Match reports whether the filter selects an entry; it ignores Limit.
func (f Filter) Match(e *Entry) bool {
	switch {
	case f.User != "" && f.User != e.User,
		f.Device != "" && f.Device != e.Device,
		f.Kind != 0 && f.Kind != e.Kind,
		f.Outcome != 0 && f.Outcome != e.Outcome,
		!f.Since.IsZero() && e.Begin.Before(f.Since),
		!f.Before.IsZero() && !e.Begin.Before(f.Before):
		return false
	}
	if f.Number == "" {
		return true
	}
	return slices.Contains([]string{e.Number, e.Lookup, e.E164, e.Redirection, e.Transfer}, f.Number)
}

// DefaultPerUser is the number of entries that a [Memory] keeps per user by default.
const DefaultPerUser = 200

// Memory is a [Store] in memory. The zero value works.
type Memory struct {
	// PerUser bounds the entries of each user, and of each extension without a user;
	// the oldest are dropped. 0 is [DefaultPerUser].
	PerUser int

	mu     sync.Mutex
	byUser map[owner][]Entry // in order of Append
}

// owner is a user, or an extension that has none.
type owner struct{ user, device string }

func ownerOf(e *Entry) owner {
	if e.User != "" {
		return owner{user: e.User}
	}
	return owner{device: string(e.Device)}
}

// Append implements [Store].
func (m *Memory) Append(_ context.Context, entries []Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byUser == nil {
		m.byUser = make(map[owner][]Entry)
	}
	limit := m.PerUser
	if limit <= 0 {
		limit = DefaultPerUser
	}
	for _, e := range entries {
		o := ownerOf(&e)
		list := m.byUser[o]
		if i := slices.IndexFunc(list, func(old Entry) bool { return old.ID == e.ID }); i >= 0 {
			list[i] = e
			continue
		}
		if len(list) >= limit {
			list = slices.Delete(list, 0, len(list)-limit+1)
		}
		m.byUser[o] = append(list, e)
	}
	return nil
}

// Find implements [Store].
func (m *Memory) Find(_ context.Context, f Filter) ([]Entry, error) {
	m.mu.Lock()
	var found []Entry
	for o, list := range m.byUser {
		if f.User != "" && o.user != f.User {
			continue
		}
		for i := range list {
			if f.Match(&list[i]) {
				found = append(found, list[i])
			}
		}
	}
	m.mu.Unlock()
	slices.SortFunc(found, compareNewestFirst)
	if f.Limit > 0 && len(found) > f.Limit {
		found = found[:f.Limit:f.Limit]
	}
	return found, nil
}

func compareNewestFirst(a, b Entry) int {
	return cmp.Or(b.Begin.Compare(a.Begin), cmp.Compare(a.ID, b.ID))
}

// Delete implements [Store].
func (m *Memory) Delete(_ context.Context, f Filter) (n int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for o, list := range m.byUser {
		kept := slices.DeleteFunc(list, func(e Entry) bool { return f.Match(&e) })
		n += len(list) - len(kept)
		if m.byUser[o] = kept; len(kept) == 0 {
			delete(m.byUser, o)
		}
	}
	return n, nil
}
