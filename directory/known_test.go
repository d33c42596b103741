package directory

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// crowd is a store that has any number of users of an import without holding
// them, and a source that has not changed.
type crowd struct {
	Store
	n      int
	hash   Hash
	before uint64 // bytes in use before the plan
	bytes  uint64 // and more of them at its end
}

func (c *crowd) Objects(ctx context.Context, q Query) iter.Seq2[Object, error] {
	if q.Kind != kindUser || !q.Headers || q.Import == "" {
		return c.Store.Objects(ctx, q)
	}
	return func(yield func(Object, error) bool) {
		for i := range c.n {
			key := c.key(i)
			if !yield(Object{Kind: kindUser, ID: "town/" + key, Import: "town", Key: key, Hash: c.hash, Version: 1}, nil) {
				return
			}
		}
	}
}

func (c *crowd) key(i int) string { return fmt.Sprintf("%08x-1f2e-1041-9d54-6d48b2ec3fd5", i) }

func (c *crowd) Read(context.Context, Bookmark) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for i := range c.n {
			if !yield(Item{Still: c.key(i)}, nil) {
				return
			}
		}
		c.bytes = inUse() - c.before
		yield(Item{End: &End{Full: true}}, nil)
	}
}

func inUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// What a plan keeps of everybody known, beside what changes.
func TestBytesPerKnown(t *testing.T) {
	const n = 100_000
	s, _ := newTown(t, InsertUpdateDelete, NewMemory())
	c := &crowd{Store: s.Registry.store, n: n, hash: Hash{1}}
	s.Registry = NewRegistry(c, nil)
	s.Source = c
	c.before = inUse()
	plan, err := s.Plan(ctx)
	require.NoError(t, err)
	require.Equal(t, n, plan.Unchanged)
	t.Logf("%d B for each of %d", c.bytes/n, n)
	require.Less(t, c.bytes/n, uint64(150), "179 before the key shared the text of the ID")
}
