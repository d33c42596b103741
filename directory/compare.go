package directory

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ctikit/ctikit"
)

// compareRecords makes the changes of the entries that differ from what was read last.
func (p *planner) compareRecords(ctx context.Context) error {
	done := 0
	for records := range slices.Chunk(p.changed, batchSize) {
		current, err := p.loadSubjects(ctx, records)
		if err != nil {
			return err
		}
		for _, r := range records {
			p.plan.Changes = append(p.plan.Changes, p.compareRecord(r, current[r.key]))
		}
		done += len(records)
		p.sync.reportProgress("compare", done, len(p.changed))
	}
	return nil
}

// storedSubject is a subject with what the store knows of it.
type storedSubject struct {
	subject
	object Object
}

func (p *planner) loadSubjects(ctx context.Context, records []*record) (map[string]*storedSubject, error) {
	var ids []string
	for _, r := range records {
		if k := p.known[r.key]; k != nil {
			ids = append(ids, k.id)
		}
	}
	return p.loadByID(ctx, ids)
}

// loadByID returns the import's objects with these IDs, by key.
func (p *planner) loadByID(ctx context.Context, ids []string) (map[string]*storedSubject, error) {
	list, err := p.sync.Registry.readSubjects(ctx, p.codec, ids)
	out := make(map[string]*storedSubject, len(list))
	for _, s := range list {
		out[s.object.Key] = s
	}
	return out, err
}

// readSubjects reads the stored subjects with these IDs.
func (r *Registry) readSubjects(ctx context.Context, codec subjectCodec, ids []string) ([]*storedSubject, error) {
	var list []*storedSubject
	if len(ids) == 0 {
		return nil, nil
	}
	for o, err := range r.store.Objects(ctx, Query{Kind: codec.kind, IDs: ids}) {
		if err != nil {
			return nil, err
		}
		s, err := codec.decode(o)
		if err != nil {
			return nil, err
		}
		list = append(list, &storedSubject{s, o})
	}
	return list, nil
}

// compareRecord compares a record with the stored subject, nil for a new one.
func (p *planner) compareRecord(r *record, now *storedSubject) Change {
	c := Change{Action: Create, Key: r.key, Path: r.path, Hash: r.hash, Owned: r.names}
	var s subject
	if now == nil {
		s = p.codec.fresh(p.imp, r.key)
	} else {
		s = now.subject
		c.Version = now.object.Version
		c.Action = Update
		c.setPlace(*s.originOf(), r.path)
	}
	c.ID = s.objectHeader().ID
	if now != nil && (*s.originOf()).Gone {
		c.Action = Enable
		s.setDisabled(false)
	}
	for i, f := range r.names {
		if now != nil && !mayImport(s, f) {
			continue // changed by hand: stays as the hand left it
		}
		old := slices.Clone(s.fieldValues(f))
		s.setFieldValues(f, r.values[i])
		if next := s.fieldValues(f); !slices.Equal(old, next) {
			c.Fields = append(c.Fields, FieldChange{Field: f, Old: old, New: r.values[i]})
			if f == FieldLogin && c.Action == Update {
				c.Action = Rename
			}
		}
	}
	var ps ctikit.Problems
	if s.addProblems(&ps); len(ps) > 0 {
		return Change{Action: Fail, Key: r.key, ID: c.ID, Path: r.path, Hash: r.hash, Reason: joinLines(ps)}
	}
	return c
}

// setPlace distinguishes a rename from a move by the path.
func (c *Change) setPlace(o *Origin, path string) {
	if strings.EqualFold(o.Path, path) {
		return
	}
	c.OldPath = o.Path
	_, oldParent := splitDN(o.Path)
	_, newParent := splitDN(path)
	if c.Action = Rename; !strings.EqualFold(oldParent, newParent) {
		c.Action = Move
	}
}

// splitDN splits the first relative name off (RFC 4514: at the first comma that
// no backslash escapes). A malformed DN is split somewhere, which only decides
// between the words rename and move.
func splitDN(dn string) (rdn, parent string) {
	for i := 0; i < len(dn); i++ {
		switch dn[i] {
		case '\\':
			i++
		case ',':
			return dn[:i], dn[i+1:]
		}
	}
	return dn, ""
}

// planRemovals makes the removals, and holds them where something is not right.
func (p *planner) planRemovals(ctx context.Context) error {
	if !p.imp.Mode.removes() || p.plan.Left > 0 {
		return nil
	}
	if p.plan.Full || len(p.gone) > 0 {
		if err := p.loadKnown(ctx); err != nil {
			return err
		}
	}
	var ids []string
	for key, k := range p.known {
		if p.plan.Full && !k.seen || p.gone[key] {
			ids = append(ids, k.id)
		}
	}
	slices.Sort(ids)
	missing, err := p.missingChanges(ctx, ids)
	if err != nil {
		return err
	}
	p.plan.Holds = p.holdReasons(len(missing))
	action := Delete
	if p.imp.Mode == InsertUpdateDisable {
		action = Disable
	}
	for _, m := range missing {
		m.Action, m.Held = action, len(p.plan.Holds) > 0
		p.plan.Changes = append(p.plan.Changes, m)
	}
	return nil
}

// missingChanges makes the changes of the objects to be removed, all but the action.
// Those that are disabled already, by hand or by an earlier run, stay so.
func (p *planner) missingChanges(ctx context.Context, ids []string) ([]Change, error) {
	var out []Change
	for chunk := range slices.Chunk(ids, batchSize) {
		current, err := p.loadByID(ctx, chunk)
		if err != nil {
			return nil, err
		}
		for key, s := range current {
			if p.imp.Mode == InsertUpdateDisable && s.isDisabled() {
				continue
			}
			c := Change{Key: key, ID: s.object.ID, Version: s.object.Version}
			if o := *s.originOf(); o != nil {
				c.Path = o.Path
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// holdReasons returns the reasons why so many removals must not be carried out
// without somebody looking at them. A reading that was complete by its protocol
// may still be wrong: a bind account that lost its rights gets success and no
// entries, and others have removed everybody for that.
func (p *planner) holdReasons(removals int) (out []string) {
	if removals == 0 {
		return nil
	}
	if p.plan.Full && p.plan.Read == 0 {
		out = append(out, "the source returned no entries")
	}
	out = append(out, p.missingCanaries()...)
	limits := p.imp.Limits.withDefaults()
	if removals > limits.Removals {
		out = append(out, fmt.Sprintf("%d removals are more than limits.removals %d", removals, max(0, limits.Removals)))
	}
	percent := 100 * float64(removals) / float64(max(1, p.plan.Known))
	if percent > limits.Percent && (removals > 1 || limits.Percent < 0) {
		out = append(out, fmt.Sprintf("%d removals of %d known are %.1f %%, more than limits.percent %g",
			removals, p.plan.Known, percent, max(0, limits.Percent)))
	}
	if today := p.state.removalsSince(p.plan.Made.Add(-24 * time.Hour)); today > 0 && today+removals > limits.PerDay {
		out = append(out, fmt.Sprintf("%d removals after %d in the last 24 hours are more than limits.perDay %d",
			removals, today, max(0, limits.PerDay)))
	}
	return out
}

// missingCanaries: in a full reading every canary must have been seen; in an
// incremental one none may be gone.
func (p *planner) missingCanaries() (out []string) {
	for _, key := range p.imp.Canaries {
		k := p.known[key]
		seen := k != nil && k.seen || p.fresh[key]
		if p.plan.Full && !seen || p.gone[key] {
			out = append(out, fmt.Sprintf("canary %q is missing", key))
		}
	}
	return out
}
