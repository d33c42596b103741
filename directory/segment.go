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
	byID    []uint32 // indexes into cards, sorted by ID

	textOnce sync.Once
	text     searchText
}

func newSegment(cards []Contact, n *Numbering) *segment {
	s := &segment{cards: cards}
	sortByName(s.cards)
	var list []number
	for i := range s.cards {
		c := &s.cards[i]
		if c.DisplayName == "" {
			c.DisplayName = c.Name() // look-up must not build strings
		}
		list = appendNumbers(list, c, uint32(i), n)
	}
	s.numbers = buildTable(list)
	s.byID = make([]uint32, len(s.cards))
	for i := range s.byID {
		s.byID[i] = uint32(i)
	}
	slices.SortFunc(s.byID, func(a, b uint32) int { return strings.Compare(s.cards[a].ID, s.cards[b].ID) })
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

func appendNumbers(numbers []number, c *Contact, card uint32, n *Numbering) []number {
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
	i, ok := slices.BinarySearchFunc(s.byID, id, func(card uint32, id string) int {
		return strings.Compare(s.cards[card].ID, id)
	})
	if !ok {
		return 0, false
	}
	return s.byID[i], true
}
