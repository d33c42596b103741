package directory

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/strictjson"
)

// Sections returns the registry's parts of the configuration document:
// companies, domains, directories, groups, users (with extensions), imports,
// contacts and contact lists. With secrets, passwords are in them, sealed with
// the registry's key; without, they are left out, and an import keeps those
// that are stored. What imports remember between runs is not part of it: after
// an import their next run reads everything.
func (r *Registry) Sections(secrets bool) []ctikit.Section {
	st := &staged{Store: r.store, kinds: map[string]*Memory{}, removed: map[string][]Object{}}
	check := NewRegistry(st, r.key) // references are looked up in the document first
	return []ctikit.Section{
		sectionOf(r.Companies, check.Companies, st, "companies", secrets),
		sectionOf(r.Domains, check.Domains, st, "domains", secrets),
		sectionOf(r.Directories, check.Directories, st, "directories", secrets),
		sectionOf(r.Groups, check.Groups, st, "groups", secrets),
		sectionOf(r.Users, check.Users, st, "users", secrets),
		sectionOf(r.Imports, check.Imports, st, "imports", secrets),
		sectionOf(r.Contacts, check.Contacts, st, "contacts", secrets),
		sectionOf(r.Lists, check.Lists, st, "contact lists", secrets),
	}
}

// staged shows the store as it will be: kinds that were checked are those of the
// document.
type staged struct {
	Store
	kinds map[string]*Memory
	// removed is what the last import took away: when it is put back, so are the
	// secrets that an export leaves out.
	removed map[string][]Object
}

func (s *staged) Objects(ctx context.Context, q Query) iter.Seq2[Object, error] {
	if m := s.kinds[q.Kind]; m != nil {
		return m.Objects(ctx, q)
	}
	return s.Store.Objects(ctx, q)
}

func sectionOf[T any](c, check *Collection[T], st *staged, name string, secrets bool) ctikit.Section {
	return ctikit.Section{
		Name:   name,
		Kind:   c.kind,
		Find:   c.findCompany,
		Export: func(ctx context.Context) (json.RawMessage, int, error) { return c.export(ctx, secrets) },
		Import: func(ctx context.Context, in ctikit.Import) (int, error) {
			objects, err := c.staged(ctx, in.Data, check, st)
			if err != nil {
				return len(objects), err
			}
			in.Objects.Replace(c.kind, companiesOf(objects))
			if in.DryRun {
				return len(objects), nil
			}
			delete(st.kinds, c.kind)
			return len(objects), c.replace(ctx, objects, st)
		},
	}
}

// findCompany looks up the company of a stored object.
func (c *Collection[T]) findCompany(ctx context.Context, id string) (company string, exists bool, err error) {
	for o, err := range c.registry.store.Objects(ctx, Query{Kind: c.kind, IDs: []string{id}, Headers: true}) {
		return o.Company, err == nil, err
	}
	return "", false, nil
}

// companiesOf returns the company of each object by ID.
func companiesOf(objects []Object) map[string]string {
	companies := make(map[string]string, len(objects))
	for _, o := range objects {
		companies[o.ID] = o.Company
	}
	return companies
}

func (c *Collection[T]) export(ctx context.Context, secrets bool) (json.RawMessage, int, error) {
	list := []sealed[T]{}
	for o, err := range c.registry.store.Objects(ctx, Query{Kind: c.kind}) {
		var box sealed[T]
		if err == nil {
			err = json.Unmarshal(o.Data, &box)
		}
		if err != nil {
			return nil, 0, err
		}
		if !secrets {
			box.Sealed = nil
		}
		if c.tidy != nil {
			if keep, err := c.tidy(ctx, &box.Value); err != nil {
				return nil, 0, err
			} else if !keep {
				continue
			}
		}
		list = append(list, box)
	}
	data, err := json.Marshal(list)
	return data, len(list), err
}

// staged decodes and checks a section and leaves it where the checks of later
// ones look.
func (c *Collection[T]) staged(ctx context.Context, data json.RawMessage, check *Collection[T], st *staged) ([]Object, error) {
	var list []sealed[T]
	if err := strictjson.Decode(data, &list); err != nil {
		return nil, err
	}
	stored := map[string]Object{}
	for _, o := range st.removed[c.kind] {
		o.Version = 0
		stored[o.ID] = o
	}
	for o, err := range c.registry.store.Objects(ctx, Query{Kind: c.kind}) {
		if err != nil {
			return nil, err
		}
		stored[o.ID] = o
	}
	var batch Batch
	for i := range list {
		o, err := c.incoming(&list[i], stored)
		if err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
		batch.Put = append(batch.Put, o)
	}
	memory := NewMemory()
	seen := map[string]bool{}
	for i, o := range batch.Put {
		if seen[o.ID] {
			return nil, fmt.Errorf("%w: [%d].id: %q stands twice", ctikit.ErrInvalid, i, o.ID)
		}
		seen[o.ID] = true
	}
	if err := memory.Commit(ctx, batch); err != nil {
		return nil, fmt.Errorf("%w: %w", ctikit.ErrInvalid, err)
	}
	st.kinds[c.kind] = memory
	var mistakes Mistakes
	for i := range list {
		var inner Mistakes
		if err := check.check(ctx, &list[i].Value, &inner); err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
		for _, mistake := range inner.list {
			mistakes.list = append(mistakes.list, fmt.Sprintf("[%d].%s", i, mistake))
		}
	}
	for i := range batch.Put {
		batch.Put[i].Version = stored[batch.Put[i].ID].Version
	}
	return batch.Put, mistakes.Err()
}

// incoming is the object of an item: its secrets are those in the document,
// which must open, or else the stored ones.
func (c *Collection[T]) incoming(box *sealed[T], stored map[string]Object) (Object, error) {
	data, err := json.Marshal(box)
	if err != nil {
		return Object{}, err
	}
	if box.Value, err = c.decode(Object{Data: data}); err != nil {
		return Object{}, err
	}
	if old, ok := stored[c.header(&box.Value).ID]; ok && c.seal != nil {
		was, err := c.decode(old)
		if err != nil {
			return Object{}, err
		}
		kept := map[string]ctikit.Secret{}
		c.seal(&was, func(b ctikit.Binding, s *ctikit.Secret) { kept[b.String()] = *s })
		c.seal(&box.Value, func(b ctikit.Binding, s *ctikit.Secret) {
			if s.IsZero() {
				*s = kept[b.String()]
			}
		})
	}
	o, err := c.encode(&box.Value)
	return o, err
}

// replace makes the objects all that there is of the kind, in one transaction.
func (c *Collection[T]) replace(ctx context.Context, objects []Object, st *staged) error {
	batch := Batch{Put: objects}
	stays := map[string]bool{}
	for _, o := range objects {
		stays[o.ID] = true
	}
	for o, err := range c.registry.store.Objects(ctx, Query{Kind: c.kind}) {
		if err != nil {
			return err
		}
		if !stays[o.ID] {
			batch.Delete = append(batch.Delete, o)
		}
	}
	removed := slices.Clone(batch.Delete)
	if c.kind == kindUser || c.kind == kindContact || c.kind == kindImport {
		for o, err := range c.registry.store.Objects(ctx, Query{Kind: kindState, Headers: true}) {
			if err != nil {
				return err
			}
			batch.Delete = append(batch.Delete, o)
		}
	}
	if err := c.registry.store.Commit(ctx, batch); err != nil {
		return err
	}
	st.removed[c.kind] = removed
	return nil
}
