package directory

import (
	"context"
	"iter"
	"slices"
	"strings"
	"sync"
)

// Memory is a [Store] in memory: for tests, and for applications that read their
// source again at every start.
type Memory struct {
	mu    sync.RWMutex
	kinds map[string]*memoryKind
}

type memoryKind struct {
	objects map[string]Object // by ID
	names   map[string]string // name → ID
	keys    map[[2]string]string
}

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{kinds: map[string]*memoryKind{}} }

// Objects yields a snapshot. Its only error is that of ctx.
func (m *Memory) Objects(ctx context.Context, q Query) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		for _, o := range m.selectObjects(q) {
			if err := ctx.Err(); err != nil {
				yield(Object{}, err)
				return
			}
			if q.Headers {
				o.Data = nil
			}
			if !yield(o, nil) {
				return
			}
		}
	}
}

func (m *Memory) selectObjects(q Query) []Object {
	m.mu.RLock()
	defer m.mu.RUnlock()
	k := m.kinds[q.Kind]
	if k == nil {
		return nil
	}
	var out []Object
	add := func(o Object) {
		if (q.Company == "" || o.Company == q.Company) && (q.Import == "" || o.Import == q.Import) &&
			(q.IDs == nil || slices.Contains(q.IDs, o.ID)) && (q.Keys == nil || slices.Contains(q.Keys, o.Key)) &&
			(q.Names == nil || slices.ContainsFunc(o.Names, func(n string) bool { return slices.Contains(q.Names, n) })) {
			out = append(out, o)
		}
	}
	ids, narrow := k.candidateIDs(q)
	if narrow {
		slices.Sort(ids)
		for _, id := range slices.Compact(ids) {
			if o, ok := k.objects[id]; ok {
				add(o)
			}
		}
		return out
	}
	for _, o := range k.objects {
		add(o)
	}
	slices.SortFunc(out, func(a, b Object) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// candidateIDs returns the IDs that can match, where a map of ours finds them.
func (k *memoryKind) candidateIDs(q Query) (ids []string, ok bool) {
	switch {
	case q.IDs != nil:
		return slices.Clone(q.IDs), true
	case q.Names != nil:
		for _, n := range q.Names {
			if id, ok := k.names[n]; ok {
				ids = append(ids, id)
			}
		}
		return ids, true
	case q.Keys != nil && q.Import != "":
		for _, key := range q.Keys {
			if id, ok := k.keys[[2]string{q.Import, key}]; ok {
				ids = append(ids, id)
			}
		}
		return ids, true
	}
	return nil, false
}

// Commit checks the complete batch before it changes anything. It returns the error
// of ctx, [ctikit.ErrConflict] or [*Taken].
func (m *Memory) Commit(ctx context.Context, b Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.checkBatch(b); err != nil {
		return err
	}
	for _, o := range b.Delete {
		m.removeObject(o)
	}
	for _, o := range b.Put {
		m.removeObject(o)
	}
	for _, o := range b.Put {
		k := m.kindOf(o.Kind)
		o.Version++
		k.objects[o.ID] = o
		for _, n := range o.Names {
			k.names[n] = o.ID
		}
		if o.Import != "" {
			k.keys[[2]string{o.Import, o.Key}] = o.ID
		}
	}
	return nil
}

func (m *Memory) checkBatch(b Batch) error {
	inBatch := map[[2]string]bool{}
	for _, o := range slices.Concat(b.Put, b.Delete) {
		if has := m.kindOf(o.Kind).objects[o.ID].Version; has != o.Version {
			return ConflictError(o.Kind, o.ID, has, o.Version)
		}
		inBatch[[2]string{o.Kind, o.ID}] = true
	}
	claimed := map[[2]string]string{}
	for _, o := range b.Put {
		for _, n := range o.Names {
			by, taken := m.kindOf(o.Kind).names[n]
			if taken && !inBatch[[2]string{o.Kind, by}] {
				return &Taken{Kind: o.Kind, Name: n, By: by}
			}
			if by, taken := claimed[[2]string{o.Kind, n}]; taken && by != o.ID {
				return &Taken{Kind: o.Kind, Name: n, By: by}
			}
			claimed[[2]string{o.Kind, n}] = o.ID
		}
	}
	return nil
}

func (m *Memory) kindOf(name string) *memoryKind {
	k := m.kinds[name]
	if k == nil {
		k = &memoryKind{objects: map[string]Object{}, names: map[string]string{}, keys: map[[2]string]string{}}
		m.kinds[name] = k
	}
	return k
}

func (m *Memory) removeObject(o Object) {
	k := m.kindOf(o.Kind)
	old := k.objects[o.ID]
	for _, n := range old.Names {
		delete(k.names, n)
	}
	delete(k.keys, [2]string{old.Import, old.Key})
	delete(k.objects, o.ID)
}
