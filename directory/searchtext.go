package directory

import (
	"sort"
	"strings"
)

// searchText is the folded text of all cards of a segment in one string, in
// order of names. A scan for a substring goes over it at memory speed (150,000
// cards are some eight megabytes), needs no index to build or keep, finds
// "begins" and "contains" alike, and stops when the page is full.
//
// Each card is "\n name\x1f other\x1f fields": a blank before every word.
type searchText struct {
	text   string
	starts []uint32 // where each card's text starts; one more at the end
}

// Ranks of a hit, best first: the name begins with the text; a word does;
// the text is somewhere.
const (
	rankName = iota
	rankWord
	rankWithin
	ranks
)

func (s *segment) searchText() *searchText {
	s.textOnce.Do(func() {
		var b strings.Builder
		s.text.starts = make([]uint32, 0, len(s.cards)+1)
		for i := range s.cards {
			c := &s.cards[i]
			s.text.starts = append(s.text.starts, uint32(b.Len()))
			b.WriteString("\n ")
			b.WriteString(fold(c.DisplayName))
			for _, v := range []string{c.FirstName, c.LastName, c.Organisation, c.Email} {
				if v != "" && !strings.Contains(c.DisplayName, v) {
					b.WriteString("\x1f ")
					b.WriteString(fold(v))
				}
			}
		}
		s.text.starts = append(s.text.starts, uint32(b.Len()))
		s.text.text = b.String()
	})
	return &s.text
}

func (t *searchText) card(i int) string { return t.text[t.starts[i]:t.starts[i+1]] }

// name is the folded display name of a card.
func (t *searchText) name(i int) string {
	name, _, _ := strings.Cut(t.card(i)[len("\n "):], "\x1f")
	return name
}

// hits returns an iterator over the cards of one rank, in order. Without words
// every card is a hit of the first rank.
func (t *searchText) hits(words []string, rank int) func() (int, bool) {
	n := len(t.starts) - 1
	next := 0
	if len(words) == 0 {
		return func() (int, bool) {
			next++
			return next - 1, next <= n
		}
	}
	needle := words[0]
	for _, w := range words {
		if len(w) > len(needle) {
			needle = w // the longest word is the rarest
		}
	}
	switch rank {
	case rankName:
		needle = "\n " + strings.Join(words, " ")
	case rankWord:
		needle = " " + needle
	}
	pos := 0
	return func() (int, bool) {
		for next < n {
			at := strings.Index(t.text[pos:], needle)
			if at < 0 {
				next = n
				break
			}
			card := next + sort.Search(n-next, func(i int) bool { return int(t.starts[next+i+1]) > pos+at })
			next = card + 1
			pos = int(t.starts[next])
			if rankOf(t.card(card), words) == rank {
				return card, true
			}
		}
		return 0, false
	}
}

// rankOf returns the best rank of a card's text, ranks where it is no hit.
func rankOf(card string, words []string) int {
	rank := rankWord
	for _, w := range words {
		switch at := strings.Index(card, w); {
		case at < 0:
			return ranks
		case card[at-1] != ' ' && !strings.Contains(card, " "+w):
			rank = rankWithin
		}
	}
	if rank == rankWord && strings.HasPrefix(card[len("\n "):], strings.Join(words, " ")) {
		return rankName
	}
	return rank
}
