package calllog

import (
	"context"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// Store keeps entries. It must be safe for concurrent use.
type Store interface {
	// Append adds entries. One that is there already, by its ID, is replaced.
	Append(ctx context.Context, entries []Entry) error
	// Find returns the entries that f selects, the newest first by Begin.
	Find(ctx context.Context, f Filter) ([]Entry, error)
	// Delete removes the entries that f selects, whatever its Limit, and
	// returns how many.
	Delete(ctx context.Context, f Filter) (int, error)
}

// Filter selects entries: those that meet every field that is set.
type Filter struct {
	User    string
	Device  cti.DeviceID
	Number  string // the other party's or a transfer's, in any of its forms
	Kind    Kind
	Outcome Outcome
	Since   time.Time // Begin not before
	Before  time.Time // Begin before
	Limit   int       // at most so many; 0 is all
}

// Match reports whether the filter selects an entry, Limit aside.
func (f Filter) Match(e *Entry) bool {
	switch {
	case f.User != "" && f.User != e.User,
		f.Device != "" && f.Device != e.Device,
		f.Kind != 0 && f.Kind != e.Kind,
		f.Outcome != 0 && f.Outcome != e.Outcome,
		!f.Since.IsZero() && e.Begin.Before(f.Since),
		!f.Before.IsZero() && !e.Begin.Before(f.Before):
		return false
	}
	if f.Number == "" {
		return true
	}
	for _, n := range [...]string{e.Number, e.Lookup, e.E164, e.Redirection, e.Transfer} {
		if n == f.Number {
			return true
		}
	}
	return false
}
