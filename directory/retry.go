package directory

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
)

// Retry is an entry whose change failed for a reason that is not its own: a name
// that belongs to somebody else, a rule that a change by hand broke. The source
// does not report it again before it changes there, so it waits in the import's
// state and every run compares it again.
type Retry struct {
	Key    string     `json:"key"`
	Path   string     `json:"path,omitempty"`
	Hash   Hash       `json:"hash"`
	Values [][]string `json:"values"` // of the mapping's fields, in its order
}

// maxRetries bounds what waits, in bytes: the state is part of every transaction.
// When more fails the next run reads everything instead.
const maxRetries = 64 << 10

// retriesByKey are the entries of the last run that failed, by key.
func (s *state) retriesByKey() map[string]*Retry {
	out := make(map[string]*Retry, len(s.Retry))
	for i := range s.Retry {
		out[s.Retry[i].Key] = &s.Retry[i]
	}
	return out
}

// addRetries adds the entries that wait, but for those that the reading told of. A
// full reading that does not mention one says that it is gone.
func (p *planner) addRetries(ctx context.Context) error {
	if p.plan.Anew {
		return nil
	}
	for _, r := range p.retry {
		if !p.plan.Full || p.still[r.Key] {
			if _, err := p.findKnown(ctx, r.Key); err != nil { // so that it is known, where it is
				return err
			}
			again := &record{key: r.Key, path: r.Path, hash: r.Hash, names: p.mapper.names, values: r.Values}
			p.changed = append(p.changed, again)
		}
	}
	return nil
}

// storeRetries leaves what failed to the next run, or has it read everything where
// that is too much.
func (p *planner) storeRetries() {
	failed := map[string]bool{}
	for i := range p.plan.Changes {
		if c := &p.plan.Changes[i]; c.Action == Fail && c.Hash != (Hash{}) { // not one that could not be read
			failed[c.Key] = true
		}
	}
	if len(p.sync.failed) > 0 { // too many to be kept, as it is
		p.plan.Bookmark = ""
	}
	if len(failed) == 0 {
		return
	}
	var list []Retry
	for _, r := range p.changed {
		if failed[r.key] {
			list = append(list, Retry{Key: r.key, Path: r.path, Hash: r.hash, Values: r.values})
		}
	}
	slices.SortFunc(list, func(a, b Retry) int { return cmp.Compare(a.Key, b.Key) })
	if text, err := json.Marshal(list); err != nil || len(text) > maxRetries {
		p.plan.Bookmark = ""
		return
	}
	p.plan.Retry = list
}
