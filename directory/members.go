package directory

import (
	"context"
	"fmt"
	"slices"
)

// ChangeMembers changes the membership of many users at once (TWP guide 7.3): it
// appends the group to the groups of the users in add and removes it from those of the
// users in remove. Users are changed in batches; after an error some may have been
// changed, and the call can be repeated. The error wraps [ErrNotFound] for an unknown
// group or user, [ctikit.ErrCrossCompany] for a user of another company, and
// [ctikit.ErrConflict] if a user is changed concurrently.
func (r *Registry) ChangeMembers(ctx context.Context, group string, add, remove []string) error {
	g, err := r.Groups.Get(ctx, group)
	if err != nil {
		return fmt.Errorf("change members: %w", err)
	}
	for ids := range slices.Chunk(slices.Concat(add, remove), batchSize) {
		if err := r.changeBatchOfMembers(ctx, &g, ids, add); err != nil {
			return fmt.Errorf("change members of group %q: %w", group, err)
		}
	}
	return nil
}

// changeBatchOfMembers makes the users with these IDs members, if they are in
// wanted, and no members otherwise.
func (r *Registry) changeBatchOfMembers(ctx context.Context, g *Group, ids, wanted []string) error {
	var batch Batch
	found := map[string]bool{}
	for o, err := range r.store.Objects(ctx, Query{Kind: kindUser, IDs: ids}) {
		if err != nil {
			return err
		}
		found[o.ID] = true
		u, err := r.Users.decodeObject(o)
		if err == nil {
			err = sameCompany(kindGroup, g.ID, g.Company, kindUser, u.ID, u.Company)
		}
		if err != nil {
			return err
		}
		wants := slices.Contains(wanted, u.ID)
		if wants == slices.Contains(u.Groups, g.ID) {
			continue
		}
		if wants {
			u.Groups = append(u.Groups, g.ID)
		} else {
			u.Groups = slices.DeleteFunc(u.Groups, func(id string) bool { return id == g.ID })
		}
		put, err := r.Users.encodeObject(&u)
		if err != nil {
			return err
		}
		put.Version, put.Hash = o.Version, o.Hash
		batch.Put = append(batch.Put, put)
	}
	for _, id := range ids {
		if !found[id] {
			return fmt.Errorf("user %q: %w", id, ErrNotFound)
		}
	}
	return r.store.Commit(ctx, batch)
}

// GroupsOf returns a user's groups in the user's own order: if two groups
// disagree the first one takes precedence. The error wraps [ErrNotFound].
func (r *Registry) GroupsOf(ctx context.Context, user string) ([]string, error) {
	u, err := r.Users.Get(ctx, user)
	return u.Groups, err
}
