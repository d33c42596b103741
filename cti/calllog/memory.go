package calllog

import (
	"context"
	"slices"
	"sync"
)

// DefaultPerUser is how many entries a [Memory] keeps of each user by default.
const DefaultPerUser = 200

// Memory is a [Store] in memory. The zero value works.
type Memory struct {
	// PerUser bounds the entries of each user, or of each extension without
	// one; the oldest give way. 0 is [DefaultPerUser].
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
	if c := b.Begin.Compare(a.Begin); c != 0 {
		return c
	}
	if a.ID < b.ID {
		return -1
	}
	return 1
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
