package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/strictjson"
)

// Sections returns the registry's parts of the configuration document:
// companies, domains, directories, groups, users (with extensions), imports,
// contacts and contact lists. With secrets, passwords are in them, sealed with
// the registry's key; without, they are omitted, and an import keeps those
// that are stored. What imports remember between runs is not part of it: after
// an import their next run reads everything. Each section has a Kind, so the sections of
// an application can refer to its objects by [ctikit.Objects]: "company", "domain",
// "directory", "group", "user", "import", "contact" and "contactList".
func (r *Registry) Sections(secrets bool) []ctikit.Section {
	st := &stagedStore{Store: r.store, kinds: map[string]*Memory{}, removed: map[string][]Object{}}
	staged := NewRegistry(st, r.key) // references are looked up in the document first
	return []ctikit.Section{
		newSection(r.Companies, staged.Companies, st, "companies", secrets),
		newSection(r.Domains, staged.Domains, st, "domains", secrets),
		newSection(r.Directories, staged.Directories, st, "directories", secrets),
		newSection(r.Groups, staged.Groups, st, "groups", secrets),
		newSection(r.Users, staged.Users, st, "users", secrets),
		newSection(r.Imports, staged.Imports, st, "imports", secrets),
		newSection(r.Contacts, staged.Contacts, st, "contacts", secrets),
		newSection(r.Lists, staged.Lists, st, "contact lists", secrets),
	}
}

// stagedStore shows the store as it will be after an import: kinds that were
// checked are those of the document.
type stagedStore struct {
	Store
	objects *ctikit.Objects // of the import that kinds belong to
	kinds   map[string]*Memory
	// removed is what the last import removed: when it is restored, so are the
	// secrets that an export omits.
	removed map[string][]Object
}

func (s *stagedStore) Objects(ctx context.Context, q Query) iter.Seq2[Object, error] {
	if m := s.kinds[q.Kind]; m != nil {
		return m.Objects(ctx, q)
	}
	return s.Store.Objects(ctx, q)
}

func newSection[T any](c, staged *Collection[T], st *stagedStore, name string, secrets bool) ctikit.Section {
	return ctikit.Section{
		Name: name,
		Kind: c.kind,
		Find: func(ctx context.Context, id string) (company string, exists bool, err error) {
			o, exists, err := c.registry.lookUpHeader(ctx, c.kind, id)
			return o.Company, exists, err
		},
		Export: func(ctx context.Context) (json.RawMessage, int, error) { return c.exportSection(ctx, secrets) },
		Import: func(ctx context.Context, in ctikit.Import) (int, error) {
			if in.Objects == nil || in.Objects != st.objects { // another import: nothing of this one was staged
				st.objects = in.Objects
				clear(st.kinds)
			}
			objects, err := c.stageSection(ctx, in, staged, st)
			if err != nil || in.DryRun {
				return len(objects), err
			}
			delete(st.kinds, c.kind)
			return len(objects), c.replaceAll(ctx, objects, st)
		},
	}
}

func (c *Collection[T]) exportSection(ctx context.Context, secrets bool) (json.RawMessage, int, error) {
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
		if c.prepareExport != nil {
			if keep, err := c.prepareExport(ctx, &box.Value); err != nil {
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

// stageSection decodes and checks a section and leaves it where the checks of later
// ones look. The objects are nil if they could not be read.
func (c *Collection[T]) stageSection(
	ctx context.Context, in ctikit.Import, staged *Collection[T], st *stagedStore,
) ([]Object, error) {
	var ps ctikit.Problems
	var list []sealed[T]
	if ps.AddUnder("", strictjson.Decode(in.Data, &list)); len(ps) > 0 {
		return nil, ps
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
	var objects []Object
	companies := map[string]string{}
	for i := range list {
		o, err := c.openItem(&list[i], stored)
		if err != nil {
			ps.AddUnder(fmt.Sprintf("[%d]", i), err)
			continue
		}
		if _, twice := companies[o.ID]; twice {
			ps.Add(fmt.Sprintf("[%d].value.id", i), "duplicate %q", o.ID)
		}
		companies[o.ID] = o.Company
		objects = append(objects, o)
	}
	memory := NewMemory()
	if len(ps) == 0 {
		ps.AddUnder("", memory.Commit(ctx, Batch{Put: objects}))
	}
	if len(ps) > 0 {
		return nil, ps
	}
	st.kinds[c.kind] = memory
	in.Objects.Replace(c.kind, companies)
	for i := range list {
		err := staged.validate(ctx, &list[i].Value)
		if _, invalid := errors.AsType[ctikit.Problems](err); err != nil && !invalid {
			return nil, err
		}
		ps.AddUnder(fmt.Sprintf("[%d].value", i), err)
	}
	for i := range objects {
		objects[i].Version = stored[objects[i].ID].Version
	}
	return objects, ps.Err()
}

// openItem returns the object of an item: its secrets are those in the document,
// which must open, or else the stored ones.
func (c *Collection[T]) openItem(box *sealed[T], stored map[string]Object) (Object, error) {
	data, err := json.Marshal(box)
	if err != nil {
		return Object{}, err
	}
	if box.Value, err = c.decodeObject(Object{Data: data}); err != nil {
		return Object{}, err
	}
	if old, ok := stored[c.header(&box.Value).ID]; ok && c.seal != nil {
		was, err := c.decodeObject(old)
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
	o, err := c.encodeObject(&box.Value)
	return o, err
}

// replaceAll makes the objects the only ones of the kind, in one transaction.
func (c *Collection[T]) replaceAll(ctx context.Context, objects []Object, st *stagedStore) error {
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
