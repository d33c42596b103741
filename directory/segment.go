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

	idOnce   sync.Once
	byID     []uint32 // indexes into cards, sorted by ID; made by the first update
	textOnce sync.Once
	text     searchText
}

func newSegment(cards []Contact, n *numbering) *segment {
	s := &segment{cards: cards}
	sortByName(s.cards)
	var list []number
	same := map[string]string{} // one copy of each company and directory: comparing them stays in the cache
	intern := func(v *string) {
		if _, ok := same[*v]; !ok {
			same[*v] = *v
		}
		*v = same[*v]
	}
	for i := range s.cards {
		c := &s.cards[i]
		intern(&c.Company)
		intern(&c.Directory)
		if c.DisplayName == "" {
			c.DisplayName = c.Name() // look-up must not build strings
		}
		list = appendNumbers(list, c, uint32(i), n)
	}
	s.numbers = buildTable(list)
	return s
}

// sortByName sorts cards by folded name, then ID.
func sortByName(cards []Contact) {
	type keyed struct {
		folded string
		card   Contact
	}
	list := make([]keyed, len(cards))
	for i := range cards {
		list[i] = keyed{fold(cards[i].Name()), cards[i]}
	}
	slices.SortFunc(list, func(a, b keyed) int {
		return cmp.Or(strings.Compare(a.folded, b.folded), strings.Compare(a.card.ID, b.card.ID))
	})
	for i := range list {
		cards[i] = list[i].card
	}
}

func appendNumbers(numbers []number, c *Contact, card uint32, n *numbering) []number {
	for i := range c.Numbers {
		var d digits
		if c.Numbers[i].Kind == Fax || !d.read(c.Numbers[i].Value) {
			continue
		}
		out := number{card: card}
		if c.Numbers[i].Kind != Internal && n.canonical(&d) {
			out.card |= e164Bit
		}
		out.key, _ = d.key(n.Suffix)
		out.code = d.code()
		numbers = append(numbers, out)
	}
	return numbers
}

// find returns the index of the contact with this ID.
func (s *segment) find(id string) (uint32, bool) {
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
