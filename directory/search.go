package directory

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Operator says how a field is compared with a value. Accents, case and
// punctuation never count.
type Operator string

// The operators.
const (
	Contains Operator = "contains"
	Begins   Operator = "begins"
	Ends     Operator = "ends"
	Equals   Operator = "equals"
	Differs  Operator = "differs"
)

// Condition is one test of a field. A field with several values, or the empty
// field name, which means all text of the card, matches when one value does;
// with Differs, when none equals.
type Condition struct {
	Field    Field
	Operator Operator
	Value    string
}

// Search asks for contacts by name.
type Search struct {
	// Text is what somebody types: every word must begin a word of the card or
	// stand within one. Better places rank higher: beginning of the name,
	// beginning of a word, within a word.
	Text string
	// Where must hold as well, all of it.
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
// between two pages, a contact may be missed or seen twice.
func (v *View) Search(s Search) (Page, error) {
	limit := s.Limit
	if limit == 0 {
		limit = 50
	}
	skip := 0
	var mistakes Mistakes
	if limit < 1 || limit > 1000 {
		mistakes.Add("limit", "%d is not between 1 and 1000", limit)
	}
	if s.After != "" {
		n, err := strconv.Atoi(s.After)
		if err != nil || n < 0 {
			mistakes.Add("after", "%.40q is no Next of a page", s.After)
		}
		skip = n
	}
	where := compileConditions(s.Where, &mistakes)
	if err := mistakes.Err(); err != nil {
		return Page{}, fmt.Errorf("search contacts: %w", err)
	}
	var (
		page Page
		snap = v.index.now.Load()
		at   = 0
	)
	hit := func(c *Contact) bool { // false: enough
		if !v.sees(c) || !all(where, c) {
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
	words := strings.Fields(fold(s.Text))
	base, delta := snap.base.searchText().scan(words), snap.delta.searchText().scan(words)
	for rank := range ranks {
		if !snap.merge(base, delta, rank, hit) {
			break
		}
	}
	return page, nil
}

// merge walks both segments' hits of one rank in the order of names.
func (s *snapshot) merge(base, delta *scan, rank int, hit func(*Contact) bool) bool {
	nextBase, nextDelta := base.hits(rank), delta.hits(rank)
	b, bOK := nextBase()
	d, dOK := nextDelta()
	for bOK || dOK {
		var c *Contact
		if bOK && (!dOK || base.name(b) <= delta.name(d)) {
			if s.live(s.base, uint32(b)) {
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

type compiledCondition struct {
	Condition
	folded string
}

func compileConditions(list []Condition, mistakes *Mistakes) []compiledCondition {
	var out []compiledCondition
	for i, c := range list {
		at := fmt.Sprintf("where[%d]", i)
		switch c.Operator {
		case Contains, Begins, Ends, Equals, Differs:
		default:
			mistakes.Add(at+".operator", "%q is none of %q", c.Operator, []Operator{Contains, Begins, Ends, Equals, Differs})
		}
		_, private := strings.CutPrefix(string(c.Field), attrPrefix)
		if c.Field != "" && !private && !slices.Contains(single, c.Field) && !slices.Contains(several, c.Field) {
			mistakes.Add(at+".field", "%q is no field", c.Field)
		}
		out = append(out, compiledCondition{c, fold(c.Value)})
	}
	return out
}

func all(list []compiledCondition, c *Contact) bool {
	for i := range list {
		if !list[i].holds(c) {
			return false
		}
	}
	return true
}

func (q *compiledCondition) holds(c *Contact) bool {
	values := c.field(q.Field)
	if q.Field == "" {
		values = []string{c.DisplayName, c.FirstName, c.LastName, c.Organisation, c.Email}
		for _, n := range c.Numbers {
			values = append(values, n.Value)
		}
	}
	equal := func(v string) bool { return fold(v) == q.folded }
	switch q.Operator {
	case Differs:
		return !slices.ContainsFunc(values, equal)
	case Equals:
		return slices.ContainsFunc(values, equal)
	}
	return slices.ContainsFunc(values, func(v string) bool {
		v = fold(v)
		switch q.Operator {
		case Begins:
			return strings.HasPrefix(v, q.folded)
		case Ends:
			return strings.HasSuffix(v, q.folded)
		}
		return strings.Contains(v, q.folded)
	})
}
