package directory

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Action is what a change does.
type Action string

// The actions. An object that is renamed, moved or enabled is updated as well.
const (
	Create  Action = "create"
	Update  Action = "update"
	Rename  Action = "rename" // another login, or another name in its place of the tree
	Move    Action = "move"   // another place in the tree
	Enable  Action = "enable" // came back after it was disabled by the import
	Disable Action = "disable"
	Delete  Action = "delete"
	Ignore  Action = "ignore" // see Reason
	Fail    Action = "fail"   // see Reason; the object is unchanged
)

// Plan is what a run would do. It can be shown, kept as JSON, approved, and
// applied later: [Sync.Apply] refuses it with [ErrStale] if another run was applied in
// the meantime.
type Plan struct {
	Import      string    `json:"import"`
	Made        time.Time `json:"made"`
	BaseVersion uint64    `json:"baseVersion"` // of the import's state that the plan was made against
	Definition  Hash      `json:"definition"`  // of the import as it was then
	Full        bool      `json:"full"`        // objects that were not read were removed at the source
	Anew        bool      `json:"anew"`        // read without a bookmark: every entry was compared
	Bookmark    Bookmark  `json:"bookmark,omitempty"`
	Known       int       `json:"known"`     // objects of the import before
	Read        int       `json:"read"`      // entries that the source yielded
	Unchanged   int       `json:"unchanged"` // of these, not changed
	Changes     []Change  `json:"changes,omitempty"`
	// Left are the entries that differ and have no place in this plan, since
	// [Sync.MaxChanges] are in it: apply it and plan again with the same Sync. Such a
	// plan removes nothing.
	Left int `json:"left,omitempty"`
	// Unlisted counts the ignored and failed entries that Changes does not list,
	// since there are more than [Sync.MaxChanges] of them, or than a thousand.
	Unlisted Unlisted `json:"unlisted,omitzero"`
	// Outsiders are entries of the source that will not be stored: ignored, failed.
	Outsiders int `json:"outsiders,omitempty"`
	// Retry are the entries whose change failed, for the next run.
	Retry []Retry `json:"retry,omitempty"`
	// Holds are the reasons why removals are held, empty where none are.
	Holds []string `json:"holds,omitempty"`
	// Undo is set on the reverse plan of a run.
	Undo bool `json:"undo,omitempty"`
}

// Unlisted counts entries; NumberLost are among the ignored.
type Unlisted struct {
	Ignored    int `json:"ignored"`
	NumberLost int `json:"numberLost"`
	Failed     int `json:"failed"`
}

// Change is what happens to one object.
type Change struct {
	Action  Action        `json:"action"`
	ID      string        `json:"id"`
	Key     string        `json:"key"`
	Path    string        `json:"path,omitempty"`    // DN or line
	OldPath string        `json:"oldPath,omitempty"` // where it differs
	Fields  []FieldChange `json:"fields,omitempty"`
	Reason  string        `json:"reason,omitempty"` // of Ignore and Fail
	Held    bool          `json:"held,omitempty"`   // not carried out before Plan.Approve

	Hash    Hash   `json:"hash"`              // of the entry, kept with the object
	Version uint64 `json:"version,omitempty"` // of the object that the change was made for
	// Whole is the object as it lies in the store, secrets sealed: what an undo
	// puts back.
	Whole json.RawMessage `json:"whole,omitempty"`
	// fields that the mapping fills, which the import owns from now on
	Owned []Field `json:"owned,omitempty"`
}

// FieldChange is one field before and after.
type FieldChange struct {
	Field Field    `json:"field"`
	Old   []string `json:"old,omitempty"`
	New   []string `json:"new,omitempty"`
}

// String is "lastName: Lee → Ray", "login: ray" where there was no value, and
// "mobile: +33699 → none" if the value was removed.
func (f FieldChange) String() string {
	before, after := strings.Join(f.Old, ", "), strings.Join(f.New, ", ")
	switch {
	case before == "":
		return fmt.Sprintf("%s: %s", f.Field, after)
	case after == "":
		after = "none"
	}
	return fmt.Sprintf("%s: %s → %s", f.Field, before, after)
}

// MarshalText writes a hash in hexadecimal.
func (h Hash) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%x", h[:]), nil }

// UnmarshalText reads a hash in hexadecimal.
func (h *Hash) UnmarshalText(text []byte) error {
	var b []byte
	if n, err := fmt.Sscanf(string(text), "%x", &b); err != nil || n != 1 || len(b) != len(h) {
		return fmt.Errorf("invalid hash %.40q: must be %d bytes in hexadecimal", text, len(h))
	}
	copy(h[:], b)
	return nil
}

// removes reports whether the action removes an object.
func (a Action) removes() bool { return a == Delete || a == Disable }

// writes reports whether the change touches the store.
func (c *Change) writes() bool { return c.Action != Ignore && c.Action != Fail && !c.Held }

// Removals counts what the plan removes, held or not.
func (p *Plan) Removals() int {
	n := 0
	for i := range p.Changes {
		if p.Changes[i].Action.removes() {
			n++
		}
	}
	return n
}

// Approve releases the held removals, after a person has checked them. It approves
// this plan only.
func (p *Plan) Approve() {
	p.Holds = nil
	for i := range p.Changes {
		p.Changes[i].Held = false
	}
}

// String lists the plan, one line per change.
func (p *Plan) String() string {
	var b strings.Builder
	for i := range p.Changes {
		b.WriteString(p.Changes[i].String())
		b.WriteByte('\n')
	}
	for _, hold := range p.Holds {
		fmt.Fprintf(&b, "held: %s\n", hold)
	}
	if u := p.Unlisted; u.Ignored+u.Failed > 0 {
		fmt.Fprintf(&b, "and %d ignored, %d failed that are not listed\n", u.Ignored, u.Failed)
	}
	if p.Left > 0 {
		fmt.Fprintf(&b, "and %d more in the next plan\n", p.Left)
	}
	return b.String()
}

// String shows the change on one line.
func (c *Change) String() string {
	var b strings.Builder
	b.WriteString(string(c.Action))
	if c.Held {
		b.WriteString(" (held)")
	}
	fmt.Fprintf(&b, " %s", c.ID)
	if c.OldPath != "" {
		fmt.Fprintf(&b, " from %s", c.OldPath)
	}
	if c.Path != "" {
		fmt.Fprintf(&b, " [%s]", c.Path)
	}
	for _, f := range c.Fields {
		fmt.Fprintf(&b, " %s;", f)
	}
	if c.Reason != "" {
		b.WriteString(": " + c.Reason)
	}
	return strings.TrimSuffix(b.String(), ";")
}
