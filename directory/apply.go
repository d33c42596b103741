package directory

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/ctikit/ctikit"
)

// Apply executes a plan, except for held removals, in transactions of some hundred
// objects. If it stops, for whatever reason, the store is consistent and the next run
// continues: the source's bookmark is stored with the last transaction. A change whose
// object was edited in the meantime fails alone.
//
// undo is the reverse plan of what was done, also when Apply failed half-way.
// Apply it to go back; the next run then finds the source's changes again.
//
// The error wraps [ErrNotFound] if the import is unknown, [ErrStale] if another run was
// applied since the plan was made, and [ctikit.ErrConflict] if one is being applied.
func (s *Sync) Apply(ctx context.Context, plan *Plan) (report Report, undo *Plan, err error) {
	imp, err := s.Registry.Imports.Get(ctx, s.Import)
	if err != nil {
		return plan.countChanges(map[*Change]bool{}, nil), nil, fmt.Errorf("apply: %w", err)
	}
	a := &applier{
		sync: s, imp: &imp, codec: s.Registry.subjectCodec(imp.Target), plan: plan, undo: &Plan{Import: imp.ID, Undo: true},
		pending: map[string]*Change{}, done: map[*Change]bool{}, failed: map[string]string{},
	}
	err = a.applyChanges(ctx)
	report = plan.countChanges(a.done, a.failed)
	a.undo.Made, a.undo.BaseVersion = time.Now().UTC(), a.state.version
	if err == nil {
		s.adjustRoom(a)
	} else {
		err = fmt.Errorf("apply import %q: %w", s.Import, err)
		const message = "applying the plan failed part-way; the next run continues"
		s.recordIncident(&imp, slog.LevelError, "sync.failed", message, err)
	}
	return report, a.undo, err
}

type applier struct {
	sync  *Sync
	imp   *Import
	codec subjectCodec
	plan  *Plan
	state state

	pending map[string]*Change // by object ID
	done    map[*Change]bool
	failed  map[string]string // object ID → reason
	undo    *Plan
	removed int
}

func (a *applier) applyChanges(ctx context.Context) error {
	var err error
	if a.state, err = a.sync.loadState(ctx); err != nil {
		return err
	}
	if a.plan.Import != a.imp.ID {
		return fmt.Errorf("the plan belongs to import %q", a.plan.Import)
	}
	if a.state.version != a.plan.BaseVersion {
		return ErrStale
	}
	var order []*Change
	held := false
	for i := range a.plan.Changes {
		c := &a.plan.Changes[i]
		held = held || c.Held
		if c.writes() {
			a.pending[c.ID] = c
			order = append(order, c)
		}
	}
	total := len(order)
	for len(order) > 0 {
		var batch []*Change
		for len(order) > 0 && len(batch) < batchSize {
			if c := order[0]; a.pending[c.ID] == c {
				batch = append(batch, c)
				delete(a.pending, c.ID)
			}
			order = order[1:]
		}
		if err := a.applyBatch(ctx, batch); err != nil {
			return err
		}
		a.sync.reportProgress("apply", total-len(a.pending), total)
	}
	return a.commitBookmark(ctx, held)
}

// commitBookmark stores what the next run starts from. A bookmark that would skip a held
// removal, or a change that could not be made, is not stored.
func (a *applier) commitBookmark(ctx context.Context, held bool) error {
	a.state.LastRun = a.plan.Made
	if a.removed > 0 {
		recent := a.state.Removals[:0]
		for _, r := range a.state.Removals {
			if a.plan.Made.Sub(r.At) < 24*time.Hour {
				recent = append(recent, r)
			}
		}
		a.state.Removals = append(recent, removal{At: a.plan.Made, Count: a.removed})
	}
	switch {
	case a.plan.Undo:
		a.state.Bookmark, a.state.LastFull = "", time.Time{}
	case !held && len(a.failed) == 0 && a.plan.Left == 0:
		a.state.Bookmark, a.state.Definition = a.plan.Bookmark, a.plan.Definition
		a.state.Retry, a.state.Outsiders = a.plan.Retry, a.plan.Outsiders
		if a.plan.Full {
			a.state.Read = a.plan.Read
		}
		if a.plan.Full && a.plan.Anew {
			a.state.LastFull = a.plan.Made
		}
	}
	return a.commitSteps(ctx, nil)
}

// applyBatch carries out changes in one transaction, with those that it needs.
func (a *applier) applyBatch(ctx context.Context, changes []*Change) error {
	for conflicts := 0; ; {
		steps, err := a.connectedSteps(ctx, changes)
		if err != nil {
			return err
		}
		err = a.commitSteps(ctx, steps)
		var taken *Taken
		switch {
		case err == nil:
			for _, st := range steps {
				a.recordStep(st)
			}
			return nil
		case errors.As(err, &taken): // by somebody else since the plan was made
			for _, st := range steps {
				if claimsName(st, taken) {
					a.failed[st.change.ID] = taken.Error()
				}
			}
		case errors.Is(err, ctikit.ErrConflict) && conflicts < 3:
			conflicts++ // steps finds out which, unless it is the state: then commit fails again
		default:
			return err
		}
		changes = changes[:0]
		for _, st := range steps {
			changes = append(changes, st.change)
		}
	}
}

// connectedSteps works out the steps of the changes, and of every later change that
// gives up a name which one of them claims: they must be one transaction.
func (a *applier) connectedSteps(ctx context.Context, changes []*Change) ([]changeStep, error) {
	var all []changeStep
	for len(changes) > 0 {
		steps, err := a.planSteps(ctx, changes)
		if err != nil {
			return nil, err
		}
		all = append(all, steps...)
		changes = nil
		var claimed []string
		for _, st := range steps {
			for _, n := range st.put.Names {
				if st.before == nil || !slices.Contains(st.before.object.Names, n) {
					claimed = append(claimed, n)
				}
			}
		}
		if len(claimed) == 0 || len(a.pending) == 0 {
			continue
		}
		for o, err := range a.sync.Registry.store.Objects(ctx, Query{Kind: a.codec.kind, Names: claimed, Headers: true}) {
			if err != nil {
				return nil, err
			}
			if c := a.pending[o.ID]; c != nil {
				delete(a.pending, o.ID)
				changes = append(changes, c)
			}
		}
	}
	return all, nil
}

func claimsName(st changeStep, taken *Taken) bool {
	for _, n := range st.put.Names {
		if n == taken.Name && st.change.ID != taken.By {
			return true
		}
	}
	return false
}

// changeStep is a change with the objects before and after it.
type changeStep struct {
	change *Change
	before *storedSubject // nil: created
	put    Object         // no ID: deleted
}

// planSteps works out the objects that the changes write.
func (a *applier) planSteps(ctx context.Context, changes []*Change) ([]changeStep, error) {
	var ids []string
	for _, c := range changes {
		ids = append(ids, c.ID)
	}
	list, err := a.sync.Registry.readSubjects(ctx, a.codec, ids)
	if err != nil {
		return nil, err
	}
	current := map[string]*storedSubject{}
	for _, s := range list {
		current[s.object.ID] = s
	}
	var out []changeStep
	for _, c := range changes {
		if a.failed[c.ID] != "" {
			continue
		}
		now := current[c.ID]
		if has := storedVersion(now); has != c.Version {
			a.failed[c.ID] = fmt.Sprintf("changed since the plan was made (version %d, planned for %d)", has, c.Version)
			continue
		}
		st := changeStep{change: c, before: now}
		if c.Action != Delete {
			put, err := a.changedObject(c, now)
			if err != nil {
				a.failed[c.ID] = err.Error()
				continue
			}
			st.put = put
		}
		out = append(out, st)
	}
	return out, nil
}

func storedVersion(s *storedSubject) uint64 {
	if s == nil {
		return 0
	}
	return s.object.Version
}

// changedObject is the object after the change.
func (a *applier) changedObject(c *Change, now *storedSubject) (Object, error) {
	if c.Whole != nil { // an undo puts back what was deleted, or as it was
		o := Object{Kind: a.codec.kind, ID: c.ID, Data: c.Whole}
		s, err := a.codec.decode(o)
		if err != nil {
			return o, err
		}
		h := s.objectHeader()
		h.Kind, h.Data, h.Hash, h.Version = o.Kind, o.Data, c.Hash, c.Version
		return h, nil
	}
	var s subject
	if now == nil {
		s = a.codec.fresh(a.imp, c.Key)
	} else {
		copied, err := a.codec.decode(now.object)
		if err != nil {
			return Object{}, err
		}
		s = copied
	}
	origin := s.originOf()
	if *origin == nil {
		*origin = &Origin{Import: a.imp.ID, Key: c.Key}
	}
	hash := c.Hash
	switch c.Action {
	case Disable:
		s.setDisabled(true)
		(*origin).Gone = true
		hash = Hash{}
	default:
		if c.Action == Enable {
			s.setDisabled(false)
		}
		(*origin).Gone = false
		(*origin).Path = c.Path
		for _, f := range c.Fields {
			s.setFieldValues(f.Field, f.New)
		}
		if now == nil {
			(*origin).Fields = c.Owned
		} else {
			for _, f := range c.Fields {
				addOwnedField(*origin, f.Field)
			}
		}
	}
	o, err := a.codec.encode(s)
	o.Hash, o.Version = hash, c.Version
	return o, err
}

// commitSteps writes steps and the state. The state stands in every transaction, so
// that a second run of the same import cannot slip in between.
func (a *applier) commitSteps(ctx context.Context, steps []changeStep) error {
	st, err := a.sync.encodeState(a.state, a.imp)
	if err != nil {
		return err
	}
	batch := Batch{Put: []Object{st}}
	for _, s := range steps {
		if s.put.ID == "" {
			batch.Delete = append(batch.Delete, s.before.object)
		} else {
			batch.Put = append(batch.Put, s.put)
		}
	}
	if err := a.sync.Registry.store.Commit(ctx, batch); err != nil {
		return err
	}
	a.state.version++
	return nil
}

// recordStep counts a committed step and notes its reverse.
func (a *applier) recordStep(st changeStep) {
	c := st.change
	a.done[c] = true
	if c.Action.removes() && !a.plan.Undo {
		a.removed++
	}
	back := Change{ID: c.ID, Key: c.Key, Path: c.OldPath, OldPath: c.Path}
	switch {
	case st.before == nil:
		back.Action, back.Version = Delete, 1
	default:
		back.Action = Update
		back.Version = st.before.object.Version + 1
		back.Whole = st.before.object.Data
		back.Hash = st.before.object.Hash
		switch c.Action {
		case Delete:
			back.Action, back.Version = Create, 0
		case Disable:
			back.Action = Enable
		case Enable:
			back.Action = Disable
		case Rename, Move:
			back.Action = c.Action
		}
		for _, f := range c.Fields {
			back.Fields = append(back.Fields, FieldChange{Field: f.Field, Old: f.New, New: f.Old})
		}
	}
	a.undo.Changes = append(a.undo.Changes, back)
}

// addOwnedField adds a field to those of the import.
func addOwnedField(o *Origin, f Field) {
	if !slices.Contains(o.Fields, f) {
		o.Fields = append(o.Fields, f)
	}
}
