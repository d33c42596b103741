package directory

// Rights decides which directories a reader may see. It is called for every
// candidate, concurrently, so it must be fast and hold no lock across I/O.
type Rights interface {
	MaySee(directory string) bool
}

// RightsFunc is a function as [Rights].
type RightsFunc func(directory string) bool

// MaySee calls f.
func (f RightsFunc) MaySee(directory string) bool { return f(directory) }

// View is an [Index] with one reader's company and rights: contacts of other
// companies, and of directories without a right, do not exist for it. It has
// no state of its own and follows every change of the index.
type View struct {
	index   *Index
	company string
	rights  Rights
}

// View returns the index as a reader of the company with these rights sees it.
// Without rights (nil) nothing is visible.
func (ix *Index) View(company string, rights Rights) *View {
	return &View{index: ix, company: company, rights: rights}
}

func (v *View) maySee(o owner) bool {
	return o.company == v.company && v.rights != nil && v.rights.MaySee(o.directory)
}

// Class is how a number was found, best first.
type Class int

// The stages of look-up, in the order in which they are tried.
const (
	NoMatch    Class = iota
	ByE164           // the same E.164 number
	ByNational       // the same number if it belongs to the numbering's country
	ByInternal       // the same internal number
	BySuffix         // the last digits agree (Numbering.Suffix) and nothing better does
)

var classNames = [...]string{"none", "e164", "national", "internal", "suffix"}

// String returns the class's name: "none", "e164", "national", "internal" or "suffix".
func (c Class) String() string {
	if c < 0 || int(c) >= len(classNames) {
		return "unknown"
	}
	return classNames[c]
}

// Match is what a number was found to be.
type Match struct {
	Class Class
	// Name is to be shown: that of the one contact, or what several have in
	// common (the same name, else the same organisation). "" where they have
	// nothing in common: any one name could be the wrong one.
	Name string
	// Contacts are all candidates of the class, each once, that the reader may
	// see. They are shared with the index: read only.
	Contacts []*Contact
}

// Lookup finds the contacts of a number. lookup is the number as the dial plan
// presents it for look-up, e164 the same in E.164 ("+33155171889"), "" where
// the plan knows none: what *dialplan.Plan's Incoming returns.
func (v *View) Lookup(lookup, e164 string) Match {
	var out Match
	out.Class, out.Name = v.lookUpNumber(lookup, e164, func(c *Contact) { out.Contacts = append(out.Contacts, c) })
	return out
}

// CallerName returns the name to show for a caller, as package cti asks for it.
// It allocates nothing. It is false where the number is unknown, or belongs to
// several contacts that have nothing in common.
func (v *View) CallerName(lookup, e164 string) (string, bool) {
	_, name := v.lookUpNumber(lookup, e164, nil)
	return name, name != ""
}

// query is one stage of a look-up.
type query struct {
	class Class
	key   uint32
	rest  uint64 // 0: any, only the key must agree
	e164  bool   // of numbers whose country is known
}

// lookUpNumber tries the stages in order until one has a candidate that the reader may
// see; each candidate is handed to found, where given.
func (v *View) lookUpNumber(lookup, e164 string, found func(*Contact)) (Class, string) {
	p := probe{view: v, snap: v.index.now.Load(), found: found}
	numbering := &v.index.numbering
	var d digits
	read := e164 != "" && d.parseDigits(e164)
	if read {
		key, rest, _ := d.splitSuffix(numbering.Suffix)
		if p.runStage(query{ByE164, key, rest, true}) {
			return ByE164, p.name
		}
	}
	if same := read && lookup == e164; !same && !d.parseDigits(lookup) { // a number is read once
		return NoMatch, ""
	}
	key, rest, short := d.splitSuffix(numbering.Suffix)
	internal, suffix := query{ByInternal, key, rest, false}, query{class: BySuffix, key: key}
	class := ByNational
	if d.plus {
		class = ByE164
	}
	if numbering.toE164(&d) {
		suffix.key, rest, short = d.splitSuffix(numbering.Suffix)
		if p.runStage(query{class, suffix.key, rest, true}) {
			return class, p.name
		}
	}
	if p.runStage(internal) {
		return ByInternal, p.name
	}
	if !short && p.runStage(suffix) {
		return BySuffix, p.name
	}
	return NoMatch, ""
}

// probe is a look-up under way. Stages that look for the same key share the
// search for it.
type probe struct {
	view   *View
	snap   *snapshot
	found  func(*Contact)
	at     places
	key    uint32
	looked bool
	name   string
}

func (p *probe) runStage(q query) (any bool) {
	if !p.looked || p.key != q.key {
		p.at, p.key, p.looked = p.snap.findNumbers(q.key), q.key, true
	}
	if p.at.isEmpty() {
		return false
	}
	p.name, any = p.view.collectCandidates(p.snap, p.at, &q, p.found)
	return any
}

// places are the numbers with one key in both segments.
type places struct{ from, to [2]int }

func (s *snapshot) findNumbers(key uint32) (at places) {
	at.from[0], at.to[0] = s.base.numbers.findSlots(key)
	if len(s.delta.cards) > 0 {
		at.from[1], at.to[1] = s.delta.numbers.findSlots(key)
	}
	return at
}

func (at *places) isEmpty() bool { return at.from[0] == at.to[0] && at.from[1] == at.to[1] }

// collectCandidates collects the candidates of one query: what they have in common, and
// whether there are any.
func (v *View) collectCandidates(snap *snapshot, at places, q *query, found func(*Contact)) (string, bool) {
	var common naming
	for side, seg := range [2]*segment{snap.base, snap.delta} {
		rest, ok := seg.numbers.slotRest(q.rest)
		if !ok {
			continue
		}
		last := uint32(MaxContacts) // no contact has this index
		for _, n := range seg.numbers.slots[at.from[side]:at.to[side]] {
			if q.rest != 0 && (n.rest != rest || n.ref.isE164() != q.e164) {
				continue
			}
			card := n.ref.cardIndex()
			if card == last || !snap.isVisible(seg, card) { // numbers of one contact stand together
				continue
			}
			last = card
			if !v.maySee(seg.numberOwner(n.ref)) {
				continue
			}
			c := &seg.cards[card]
			common.addContact(c)
			if found != nil {
				found(c)
			}
		}
	}
	return common.commonName(q.class), common.count > 0
}

// naming finds what several contacts have in common. It touches no more of the
// first one than its name, since most numbers have only one.
type naming struct {
	count                        int
	first                        *Contact
	otherName, otherOrganisation bool
}

func (n *naming) addContact(c *Contact) {
	if n.count++; n.count == 1 {
		n.first = c
		return
	}
	n.otherName = n.otherName || c.DisplayName != n.first.DisplayName
	n.otherOrganisation = n.otherOrganisation || c.Organisation != n.first.Organisation
}

func (n *naming) commonName(class Class) string {
	switch {
	case n.count == 0:
		return ""
	case !n.otherName:
		return n.first.DisplayName
	case class == BySuffix || n.otherOrganisation:
		return "" // several people, and only by their last digits, or with nothing in common
	}
	return n.first.Organisation
}
