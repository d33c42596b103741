package directory

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// segment is an immutable set of contacts with its number table. Its text for
// searching by name is made when the first search asks for it.
type segment struct {
	cards   []Contact // sorted by folded name, so that search results come in order
	numbers table
	owners  []owner // of the cards, each once

	idOnce   sync.Once
	byID     []uint32 // indexes into cards, sorted by ID; made by the first update
	textOnce sync.Once
	text     searchText
}

// owner is what a reader's rights depend on.
type owner struct{ company, directory string }

func newSegment(cards []Contact, n *numbering) *segment {
	s := &segment{cards: cards}
	sortByName(s.cards)
	var list []number
	places := map[owner]int{}
	for i := range s.cards {
		c := &s.cards[i]
		of := c.directoryOwner()
		place, ok := places[of]
		if !ok {
			place = len(s.owners)
			places[of] = place
			s.owners = append(s.owners, of)
		}
		c.Company, c.Directory = s.owners[place].company, s.owners[place].directory // one copy of each
		if c.DisplayName == "" {
			c.DisplayName = c.Name() // look-up must not build strings
		}
		list = appendNumbers(list, c, newRef(i, place, false), n)
	}
	s.numbers = newTable(list)
	return s
}

// numberOwner returns the owner of a number's contact.
func (s *segment) numberOwner(r ref) owner {
	if place := r.ownerIndex(); place < lastOwner {
		return s.owners[place]
	}
	return s.cards[r.cardIndex()].directoryOwner()
}

func (c *Contact) directoryOwner() owner { return owner{c.Company, c.Directory} }

// sortByName sorts cards by folded name, then ID.
func sortByName(cards []Contact) {
	type keyed struct {
		folded string
		card   Contact
	}
	list := make([]keyed, len(cards))
	for i := range cards {
		list[i] = keyed{foldText(cards[i].Name()), cards[i]}
	}
	slices.SortFunc(list, func(a, b keyed) int {
		return cmp.Or(strings.Compare(a.folded, b.folded), strings.Compare(a.card.ID, b.card.ID))
	})
	for i := range list {
		cards[i] = list[i].card
	}
}

func appendNumbers(numbers []number, c *Contact, of ref, n *numbering) []number {
	for i := range c.Numbers {
		var d digits
		if c.Numbers[i].Kind == Fax || !d.parseDigits(c.Numbers[i].Value) {
			continue
		}
		out := number{ref: of}
		if c.Numbers[i].Kind != Internal && n.toE164(&d) {
			out.ref |= e164Bit
		}
		out.key, out.rest, _ = d.splitSuffix(n.Suffix)
		numbers = append(numbers, out)
	}
	return numbers
}

// findByID returns the index of the contact with this ID.
func (s *segment) findByID(id string) (uint32, bool) {
	s.idOnce.Do(func() {
		s.byID = make([]uint32, len(s.cards))
		for i := range s.byID {
			s.byID[i] = uint32(i)
		}
		slices.SortFunc(s.byID, func(a, b uint32) int { return strings.Compare(s.cards[a].ID, s.cards[b].ID) })
	})
	i, ok := slices.BinarySearchFunc(s.byID, id, func(card uint32, id string) int {
		return strings.Compare(s.cards[card].ID, id)
	})
	if !ok {
		return 0, false
	}
	return s.byID[i], true
}
