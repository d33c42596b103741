package directory

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// Index names callers and searches contacts. Readers work on an immutable
// snapshot that writers swap: look-up takes no lock and allocates nothing.
// All methods may be called concurrently.
type Index struct {
	numbering numbering
	write     sync.Mutex // one writer at a time
	now       atomic.Pointer[snapshot]
}

// snapshot is a large segment and a small one with what changed since. The few
// contacts of base that delta replaces or that were removed are hidden.
type snapshot struct {
	base, delta *segment
	hidden      map[uint32]struct{} // indexes into base.cards
}

// NewIndex returns an empty index.
func NewIndex(n Numbering) *Index {
	ix := &Index{numbering: n.parsePrefixes()}
	ix.now.Store(&snapshot{base: newSegment(nil, &ix.numbering), delta: newSegment(nil, &ix.numbering)})
	return ix
}

// MaxContacts is the maximum number of contacts in one index.
const MaxContacts = 1 << 24

// Replace replaces the content. Of two contacts with the same ID the last is used.
// The index keeps the contacts' strings and slices: do not change them later. The error is
// that of more than [MaxContacts].
func (ix *Index) Replace(contacts []Contact) error {
	ix.write.Lock()
	defer ix.write.Unlock()
	return ix.replaceBase(contacts)
}

func (ix *Index) replaceBase(contacts []Contact) error {
	if len(contacts) > MaxContacts {
		return fmt.Errorf("index: must be at most %d contacts, got %d", MaxContacts, len(contacts))
	}
	ix.now.Store(&snapshot{
		base:  newSegment(lastByID(contacts), &ix.numbering),
		delta: newSegment(nil, &ix.numbering),
	})
	return nil
}

func lastByID(contacts []Contact) []Contact {
	last := make(map[string]int, len(contacts))
	for i := range contacts {
		last[contacts[i].ID] = i
	}
	out := make([]Contact, 0, len(last))
	for i := range contacts {
		if last[contacts[i].ID] == i {
			out = append(out, contacts[i])
		}
	}
	return out
}

// Update adds or replaces contacts and removes those with the given IDs. A few
// changes cost little whatever the size of the index. The error is that of more than
// [MaxContacts].
func (ix *Index) Update(put []Contact, remove ...string) error {
	ix.write.Lock()
	defer ix.write.Unlock()
	old := ix.now.Load()
	replaced := make(map[string]bool, len(put)+len(remove))
	for i := range put {
		replaced[put[i].ID] = true
	}
	for _, id := range remove {
		replaced[id] = true
	}
	hidden := make(map[uint32]struct{}, len(old.hidden)+len(replaced))
	for card := range old.hidden {
		hidden[card] = struct{}{}
	}
	for id := range replaced {
		if card, ok := old.base.findByID(id); ok {
			hidden[card] = struct{}{}
		}
	}
	var fresh []Contact
	for i := range old.delta.cards {
		if !replaced[old.delta.cards[i].ID] {
			fresh = append(fresh, old.delta.cards[i])
		}
	}
	fresh = append(fresh, put...)
	if changes := len(fresh) + len(hidden); changes > 1024 && changes > len(old.base.cards)/16 {
		for i := range old.base.cards {
			if _, gone := hidden[uint32(i)]; !gone {
				fresh = append(fresh, old.base.cards[i])
			}
		}
		return ix.replaceBase(fresh)
	}
	ix.now.Store(&snapshot{base: old.base, delta: newSegment(lastByID(fresh), &ix.numbering), hidden: hidden})
	return nil
}

// Len returns the number of contacts.
func (ix *Index) Len() int {
	s := ix.now.Load()
	return len(s.base.cards) - len(s.hidden) + len(s.delta.cards)
}

// isVisible reports whether the contact at this place of the segment counts.
func (s *snapshot) isVisible(seg *segment, card uint32) bool {
	if seg != s.base || len(s.hidden) == 0 {
		return true
	}
	_, gone := s.hidden[card]
	return !gone
}
