package directory

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit"
)

// Search asks for contacts by name.
type Search struct {
	// Text holds the words to search for. Each must occur in the card, in a word or in
	// a number without punctuation. Better places rank higher: beginning of the name,
	// beginning of a word, within a word.
	Text string
	// Where are conditions that must all hold as well. A condition on private fields alone
	// looks at every card: some tens of milliseconds with 150,000.
	Where []Condition
	// Limit is the size of a page; 0 is 50, at most 1000.
	Limit int
	// After is Page.Next of the page before, "" for the first.
	After string
}

// Page is one page of a search, best first, then by name.
type Page struct {
	Contacts []*Contact // shared with the index: read only
	Next     string     // Search.After of the next page; "" on the last
}

// Search finds contacts that the reader may see. Pages follow one another
// without gap or repetition while the index does not change; when it changes
// between two pages, a contact may be missed or repeated. If a field of s is invalid
// the error is a [ctikit.Problems] after "search contacts: ".
func (v *View) Search(s Search) (Page, error) {
	limit := s.Limit
	if limit == 0 {
		limit = 50
	}
	skip := 0
	var ps ctikit.Problems
	if limit < 1 || limit > 1000 {
		ps.Add("limit", "must be between 1 and 1000, got %d", limit)
	}
	if s.After != "" {
		n, err := strconv.Atoi(s.After)
		if err != nil || n < 0 {
			ps.Add("after", "invalid page position %.40q; pass Page.Next", s.After)
		}
		skip = n
	}
	where := compileConditions(s.Where, &ps)
	if err := ps.Err(); err != nil {
		return Page{}, fmt.Errorf("search contacts: %w", err)
	}
	var (
		page Page
		snap = v.index.now.Load()
		at   = 0
	)
	hit := func(c *Contact) bool { // false: enough
		if !v.maySee(c.directoryOwner()) || !matchesAll(where, c) {
			return true
		}
		if at++; at <= skip {
			return true
		}
		if len(page.Contacts) == limit {
			page.Next = strconv.Itoa(at - 1)
			return false
		}
		page.Contacts = append(page.Contacts, c)
		return true
	}
	words, needles := strings.Fields(foldText(s.Text)), scanTexts(where)
	base, delta := snap.base.foldedText().startScan(words, needles), snap.delta.foldedText().startScan(words, needles)
	for rank := range ranks {
		if !snap.mergeHits(base, delta, rank, hit) {
			break
		}
	}
	return page, nil
}

// mergeHits walks both segments' hits of one rank in the order of names.
func (s *snapshot) mergeHits(base, delta *scan, rank int, hit func(*Contact) bool) bool {
	nextBase, nextDelta := base.rankHits(rank), delta.rankHits(rank)
	b, bOK := nextBase()
	d, dOK := nextDelta()
	for bOK || dOK {
		var c *Contact
		if bOK && (!dOK || base.foldedName(b) <= delta.foldedName(d)) {
			if s.isVisible(s.base, uint32(b)) {
				c = &s.base.cards[b]
			}
			b, bOK = nextBase()
		} else {
			c = &s.delta.cards[d]
			d, dOK = nextDelta()
		}
		if c != nil && !hit(c) {
			return false
		}
	}
	return true
}
