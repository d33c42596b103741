package directory

import (
	"context"
	"fmt"
)

// DeleteImport deletes an import definition and keeps what it brought in: users
// and contacts stay as they are, as if made by hand. It works in batches; after
// an error, repeat it. To remove everybody instead, run the import in the mode
// that deletes with a source that is empty, and approve the plan.
func (r *Registry) DeleteImport(ctx context.Context, id string) error {
	for _, target := range []Target{ToUsers, ToContacts} {
		if err := r.release(ctx, r.vessel(target), id); err != nil {
			return fmt.Errorf("delete import %q: %w", id, err)
		}
	}
	for o, err := range r.store.Objects(ctx, Query{Kind: kindState, IDs: []string{id}, Headers: true}) {
		if err == nil {
			err = r.store.Commit(ctx, Batch{Delete: []Object{o}})
		}
		if err != nil {
			return fmt.Errorf("delete import %q: %w", id, err)
		}
	}
	if err := r.freeDirectories(ctx, id); err != nil {
		return fmt.Errorf("delete import %q: %w", id, err)
	}
	return r.Imports.Delete(ctx, id)
}

// release takes the origin from every object of the import.
func (r *Registry) release(ctx context.Context, v vessel, id string) error {
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
		*s.origin() = nil
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
