package directory

import "slices"

// settle counts a committed step and notes its reverse.
func (a *applier) settle(st step) {
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

// own adds a field to those of the import.
func own(o *Origin, f Field) {
	if !slices.Contains(o.Fields, f) {
		o.Fields = append(o.Fields, f)
	}
}
