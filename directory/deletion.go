package directory

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ErrInUse reports that an object cannot be deleted because others refer to it.
var ErrInUse = errors.New("in use")

// requireNoneSelected fails if the query selects an object of one of the kinds.
func (r *Registry) requireNoneSelected(ctx context.Context, kind, id string, q Query, kinds ...string) error {
	for _, q.Kind = range kinds {
		q.Headers = true
		o, found, err := firstOf(r.store.Objects(ctx, q))
		if err != nil {
			return err
		}
		if found {
			return inUseError(kind, id, o.Kind, o.ID)
		}
	}
	return nil
}

// referrers are those of a kind that refer to an object.
type referrers func(ctx context.Context, company string) (kind, id string, err error)

// referring finds objects of a collection for which refers is true.
func referring[T any](c *Collection[T], refers func(*T) bool) referrers {
	return func(ctx context.Context, company string) (kind, id string, err error) {
		for v, err := range c.Of(ctx, company) {
			if err != nil {
				return "", "", err
			}
			if refers(&v) {
				return c.kind, c.header(&v).ID, nil
			}
		}
		return "", "", nil
	}
}

// requireNoReferrers fails if an object of the company refers to the one named.
func requireNoReferrers(ctx context.Context, company, kind, id string, all ...referrers) error {
	for _, find := range all {
		byKind, by, err := find(ctx, company)
		if err != nil {
			return err
		}
		if byKind != "" {
			return inUseError(kind, id, byKind, by)
		}
	}
	return nil
}

func inUseError(kind, id, byKind, by string) error {
	return fmt.Errorf("%s %q is used by %s %q: %w", kind, id, byKind, by, ErrInUse)
}

func (r *Registry) requireDomainUnused(ctx context.Context, d *Domain) error {
	return requireNoReferrers(ctx, d.Company, kindDomain, d.ID,
		referring(r.Users, func(u *User) bool { return u.Domain == d.ID }),
		referring(r.Imports, func(i *Import) bool { return i.Domain == d.ID }),
		referring(r.Directories, func(dir *Directory) bool { return slices.Contains(dir.Domains, d.ID) }))
}

func (r *Registry) requireGroupUnused(ctx context.Context, g *Group) error {
	return requireNoReferrers(ctx, g.Company, kindGroup, g.ID,
		referring(r.Users, func(u *User) bool { return slices.Contains(u.Groups, g.ID) }))
}

func (r *Registry) requireDirectoryUnused(ctx context.Context, d *Directory) error {
	return requireNoReferrers(ctx, d.Company, kindDirectory, d.ID,
		referring(r.Users, func(u *User) bool { return u.Directory == d.ID }),
		referring(r.Contacts, func(c *Contact) bool { return c.Directory == d.ID }),
		referring(r.Imports, func(i *Import) bool { return i.Directory == d.ID }))
}

// userLists are a user's lists, to be deleted with the user.
func (r *Registry) userLists(ctx context.Context, u *User) (out []Object, err error) {
	for o, err := range r.store.Objects(ctx, Query{Kind: kindList, Company: u.Company}) {
		if err != nil {
			return nil, err
		}
		l, err := r.Lists.decodeObject(o)
		if err != nil {
			return nil, err
		}
		if l.User == u.ID {
			out = append(out, Object{Kind: o.Kind, ID: o.ID, Version: o.Version})
		}
	}
	return out, nil
}

// DeleteImport deletes an import definition and keeps the users and contacts that it
// created, which then count as created by hand. It works in batches; after an error,
// call it again. To remove them as well, first run the import in the mode
// InsertUpdateDelete with an empty source, and approve the plan. The error wraps
// [ErrNotFound] if no import has the ID, [ctikit.ErrConflict] if an object is changed
// concurrently.
func (r *Registry) DeleteImport(ctx context.Context, id string) error {
	err := r.releaseObjects(ctx, r.subjectCodec(ToUsers), id)
	if err == nil {
		err = r.releaseObjects(ctx, r.subjectCodec(ToContacts), id)
	}
	if err == nil {
		err = r.deleteState(ctx, id)
	}
	if err == nil {
		err = r.freeDirectories(ctx, id)
	}
	if err != nil {
		return fmt.Errorf("delete import %q: %w", id, err)
	}
	return r.Imports.Delete(ctx, id)
}

func (r *Registry) deleteState(ctx context.Context, imp string) error {
	o, found, err := r.lookUpHeader(ctx, kindState, imp)
	if err != nil || !found {
		return err
	}
	return r.store.Commit(ctx, Batch{Delete: []Object{o}})
}

// releaseObjects takes the origin from every object of the import.
func (r *Registry) releaseObjects(ctx context.Context, v subjectCodec, id string) error {
	var batch Batch
	flush := func() error {
		err := r.store.Commit(ctx, batch)
		batch = Batch{}
		return err
	}
	for o, err := range r.store.Objects(ctx, Query{Kind: v.kind, Import: id}) {
		if err != nil {
			return err
		}
		s, err := v.decode(o)
		if err != nil {
			return err
		}
		*s.originOf() = nil
		put, err := v.encode(s)
		if err != nil {
			return err
		}
		put.Version = o.Version
		if batch.Put = append(batch.Put, put); len(batch.Put) == batchSize {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// freeDirectories lets other imports have the directories of one that is deleted.
func (r *Registry) freeDirectories(ctx context.Context, imp string) error {
	var owned []string
	for d, err := range r.Directories.All(ctx) {
		if err != nil {
			return err
		}
		if d.Import == imp {
			owned = append(owned, d.ID)
		}
	}
	for _, id := range owned {
		if err := r.Directories.Update(ctx, id, func(d *Directory) error { d.Import = ""; return nil }); err != nil {
			return err
		}
	}
	return nil
}
