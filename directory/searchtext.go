package directory

import (
	"slices"
	"sort"
	"strings"
)

// searchText is the folded text of all cards of a segment in one string, in
// order of names. A scan for a substring goes over it at memory speed (150,000
// cards are some ten megabytes), needs no index to build or keep, finds
// "begins" and "contains" alike, and stops when the page is full.
//
// Each card is "\n name\x1f numbers\x1f other fields": a blank before every word.
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

func (s *segment) foldedText() *searchText {
	s.textOnce.Do(func() {
		var b strings.Builder
		s.text.starts = make([]uint32, 0, len(s.cards)+1)
		for i := range s.cards {
			c := &s.cards[i]
			s.text.starts = append(s.text.starts, uint32(b.Len()))
			b.WriteString("\n ")
			b.WriteString(foldText(c.DisplayName))
			for _, n := range c.Numbers {
				if v := digitsOf(n.Value); v != "" {
					b.WriteString("\x1f " + v)
				}
			}
			for _, v := range []string{c.FirstName, c.LastName, c.Organisation, c.Email} {
				if v != "" && !strings.Contains(c.DisplayName, v) {
					b.WriteString("\x1f ")
					b.WriteString(foldText(v))
				}
			}
		}
		s.text.starts = append(s.text.starts, uint32(b.Len()))
		s.text.text = b.String()
	})
	return &s.text
}

func (t *searchText) cardText(i int) string { return t.text[t.starts[i]:t.starts[i+1]] }

// foldedName is the folded display name of a card.
func (t *searchText) foldedName(i int) string {
	name, _, _ := strings.Cut(t.cardText(i)[len("\n "):], "\x1f")
	return name
}

// scan finds the cards of one search in a segment, rank after rank. The names
// that begin with the text lie together, since cards are sorted by name; for the
// rest the text is gone through once.
type scan struct {
	*searchText
	whole  string   // the words as they were typed
	words  []string // each with a blank in front
	holds  []string // texts that a card must hold as well
	needle string   // the rarest of all
	within []int    // cards of the last rank, found on the way
}

// sample is how much text is looked at to find out which word is rare.
const sample = 256 << 10

func (t *searchText) startScan(words, holds []string) *scan {
	s := &scan{searchText: t, whole: strings.Join(words, " "), holds: holds}
	for _, w := range words {
		s.words = append(s.words, " "+w)
	}
	fewest := -1
	for _, w := range slices.Concat(words, holds) {
		n := strings.Count(t.text[:min(sample, len(t.text))], w)
		if fewest < 0 || n < fewest || n == fewest && len(w) > len(s.needle) {
			fewest, s.needle = n, w
		}
	}
	return s
}

// rankHits returns an iterator over the cards of one rank, in order; that of a rank
// must have come to its end before the next is asked for. Without words every
// card is a hit of the first rank, as far as it holds what it must.
func (s *scan) rankHits(rank int) func() (int, bool) {
	switch rank {
	case rankName:
		if len(s.words) > 0 || s.needle == "" {
			return s.namePrefixHits()
		}
		return s.wordHits()
	case rankWord:
		if len(s.words) == 0 {
			return func() (int, bool) { return 0, false }
		}
		return s.wordHits()
	}
	next := 0
	return func() (int, bool) {
		if next == len(s.within) {
			return 0, false
		}
		next++
		return s.within[next-1], true
	}
}

func (s *scan) namePrefixHits() func() (int, bool) {
	n := len(s.starts) - 1
	next := 0
	if s.whole != "" {
		next = sort.Search(n, func(i int) bool { return s.foldedName(i) >= s.whole })
	}
	return func() (int, bool) {
		for next < n && strings.HasPrefix(s.foldedName(next), s.whole) {
			if next++; s.containsRequired(next - 1) {
				return next - 1, true
			}
		}
		return 0, false
	}
}

func (s *scan) wordHits() func() (int, bool) {
	n := len(s.starts) - 1
	next, pos := 0, 0
	return func() (int, bool) {
		for next < n {
			at := strings.Index(s.text[pos:], s.needle)
			if at < 0 {
				next = n
				break
			}
			card := next + sort.Search(n-next, func(i int) bool { return int(s.starts[next+i+1]) > pos+at })
			next = card + 1
			pos = int(s.starts[next])
			if !s.containsRequired(card) {
				continue
			}
			switch rank := s.rankOf(card); rank {
			case rankWord:
				return card, true
			case rankName:
				if len(s.words) == 0 {
					return card, true
				}
			case rankWithin:
				s.within = append(s.within, card)
			}
		}
		return 0, false
	}
}

func (s *scan) containsRequired(card int) bool {
	for _, text := range s.holds {
		if !strings.Contains(s.cardText(card), text) {
			return false
		}
	}
	return true
}

// rankOf returns the best rank of a card, ranks where it is no hit.
func (s *scan) rankOf(card int) int {
	text := s.cardText(card)
	rank := rankWord
	for _, w := range s.words {
		if strings.Contains(text, w) {
			continue
		}
		if !strings.Contains(text, w[1:]) {
			return ranks
		}
		rank = rankWithin
	}
	if rank == rankWord && strings.HasPrefix(text[len("\n "):], s.whole) {
		return rankName
	}
	return rank
}
