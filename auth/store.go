package auth

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/ctikit/ctikit"
)

// Store keeps local accounts and remember-me tokens for a host: in its
// database, in a file. Records are small (below 4 KiB), opaque and hold no
// password and no token in plain text. Keys are text without NUL, at most 1,200
// bytes. Methods may be called concurrently.
type Store interface {
	// Get returns the record, or nil where there is none.
	Get(ctx context.Context, key string) ([]byte, error)
	// Swap replaces old by new in one step, durable when it returns; nil stands
	// for no record. Where the record is not old, nothing changes and the error
	// is ErrConflict.
	Swap(ctx context.Context, key string, old, new []byte) error
	// Keys returns the keys that start with prefix, in any order.
	Keys(ctx context.Context, prefix string) ([]string, error)
}

// MemoryStore is a [Store] that forgets everything at the end of the program;
// for tests and demonstrations. The zero value is ready.
type MemoryStore struct {
	mu      sync.Mutex
	records map[string][]byte
}

// Get implements [Store].
func (m *MemoryStore) Get(_ context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return bytes.Clone(m.records[key]), nil
}

// Swap implements [Store].
func (m *MemoryStore) Swap(_ context.Context, key string, old, new []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	current, exists := m.records[key]
	if exists != (old != nil) || !bytes.Equal(current, old) {
		return ctikit.ErrConflict
	}
	if m.records == nil {
		m.records = make(map[string][]byte)
	}
	if new == nil {
		delete(m.records, key)
	} else {
		m.records[key] = bytes.Clone(new)
	}
	return nil
}

// Keys implements [Store].
func (m *MemoryStore) Keys(_ context.Context, prefix string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var keys []string
	for key := range m.records {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}
