package directory

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// resolveNames fails changes that claim a login or an extension which belongs to
// somebody else after the plan: to an object that keeps it, or to an entry with a
// smaller key. Names may pass between objects of the plan.
func (p *planner) resolveNames(ctx context.Context) error {
	if p.codec.kind != kindUser {
		return nil
	}
	changes, err := p.collectClaims(ctx)
	if err != nil {
		return err
	}
	owners, err := p.nameOwners(ctx, changes)
	if err != nil {
		return err
	}
	slices.SortFunc(changes, func(a, b *claim) int { return strings.Compare(a.change.Key, b.change.Key) })
	for again := true; again; { // a change that fails keeps its names: look again
		again = false
		taken, free := map[string]string{}, map[string]bool{}
		for _, c := range changes {
			if !c.change.writes() {
				continue
			}
			for _, n := range c.before {
				free[n] = c.change.Action == Delete || !slices.Contains(c.after, n)
			}
		}
		for _, c := range changes {
			if !c.change.writes() || c.change.Action == Delete {
				continue
			}
			for _, n := range c.after {
				by, isTaken := taken[n]
				if owner := owners[n]; !isTaken && owner != "" && owner != c.change.ID && !free[n] {
					by, isTaken = owner, true
				}
				if isTaken {
					*c.change = Change{Action: Fail, Key: c.change.Key, ID: c.change.ID, Path: c.change.Path, Hash: c.change.Hash,
						Reason: fmt.Sprintf("%s belongs to user %q", n, by)}
					again = true
					break
				}
			}
			if c.change.writes() {
				for _, n := range c.after {
					taken[n] = c.change.ID
				}
			}
		}
	}
	return nil
}

// claim is a change with the names that its object holds before and after.
type claim struct {
	change        *Change
	before, after []string
}

func (p *planner) collectClaims(ctx context.Context) ([]*claim, error) {
	var out []*claim
	for i := range p.plan.Changes {
		if p.plan.Changes[i].writes() {
			out = append(out, &claim{change: &p.plan.Changes[i]})
		}
	}
	for chunk := range slices.Chunk(out, batchSize) {
		var ids []string
		for _, c := range chunk {
			if c.change.Action != Create {
				ids = append(ids, c.change.ID)
			}
		}
		current, err := p.loadByID(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, c := range chunk {
			s := p.codec.fresh(p.imp, c.change.Key)
			if now := current[c.change.Key]; now != nil {
				c.before = now.object.Names
				s = now.subject
			}
			for _, f := range c.change.Fields {
				s.setFieldValues(f.Field, f.New)
			}
			c.after = s.objectHeader().Names
		}
	}
	return out, nil
}

// nameOwners returns who holds the claimed names now.
func (p *planner) nameOwners(ctx context.Context, claims []*claim) (map[string]string, error) {
	out := map[string]string{}
	var names []string
	for _, c := range claims {
		for _, n := range c.after {
			if !slices.Contains(c.before, n) {
				names = append(names, n)
			}
		}
		for _, n := range c.before {
			out[n] = c.change.ID
		}
	}
	for chunk := range slices.Chunk(names, batchSize) {
		for o, err := range p.sync.Registry.store.Objects(ctx, Query{Kind: p.codec.kind, Names: chunk, Headers: true}) {
			if err != nil {
				return nil, err
			}
			for _, n := range o.Names {
				out[n] = o.ID
			}
		}
	}
	return out, nil
}
