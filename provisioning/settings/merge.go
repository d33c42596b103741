package settings

import (
	"fmt"
	"strings"
)

// Conflict is a place where the vendor and the site changed the same thing.
type Conflict struct {
	// Key names the statement: "GROUP_1 SET TIMEZONE", or the line's text.
	Key string
	// Base, New and Local are the lines, "" where one has none.
	Base, New, Local string
	// Position is the line in the local file, or in the new one where the local
	// file has deleted it.
	Position Position
	// Why says what happened.
	Why string
}

// String returns "position: why: key".
func (c Conflict) String() string { return fmt.Sprintf("%s: %s: %s", c.Position, c.Why, c.Key) }

// Merge carries the changes from base to local over to next: base is the old
// vendor file, next the new one, local the old one as the site has changed it.
// A change is carried over line by line; a line of base that the vendor moved
// or that lies among changed ones is found by its section, statement and name.
// Where both changed the same statement the local line is kept, since it is in
// service, and the conflict is reported. Merge(base, next, base) is next, and
// Merge(base, base, local) is local, byte for byte.
func Merge(base, next, local *File) (*File, []Conflict, error) {
	m := &merger{base: base, next: next, local: local}
	m.baseText, m.nextText, m.localText = lineTexts(base), lineTexts(next), lineTexts(local)
	m.toNext = matchLines(m.baseText, m.nextText)
	m.toLocal = matchLines(m.baseText, m.localText)
	m.fromBase = make([]bool, len(m.nextText))
	for _, n := range m.toNext {
		if n >= 0 {
			m.fromBase[n] = true
		}
	}
	m.replace, m.drop, m.insert = map[int]int{}, map[int]bool{}, map[int][]int{}
	for _, h := range findHunks(m.toLocal, len(m.localText)) {
		m.applyHunk(h)
	}
	m.reportDoubleSets()
	merged, err := Parse(next.Name, []byte(m.mergedText()))
	return merged, m.conflicts, err
}

func lineTexts(f *File) []string {
	lines := make([]string, f.Lines())
	for i := range lines {
		lines[i] = f.Line(i + 1).Text
	}
	return lines
}

// hunk is a part of base that local has replaced by a part of its own.
type hunk struct{ b0, b1, l0, l1 int }

func findHunks(toLocal []int, locals int) (out []hunk) {
	b, l := 0, 0
	add := func(b1, l1 int) {
		if b < b1 || l < l1 {
			out = append(out, hunk{b, b1, l, l1})
		}
	}
	for i, j := range toLocal {
		if j >= 0 {
			add(i, j)
			b, l = i+1, j+1
		}
	}
	add(len(toLocal), locals)
	return out
}

// merger collects what to do with the lines of next. Indices count lines from 0;
// line -1 is the place before the first.
type merger struct {
	base, next, local             *File
	baseText, nextText, localText []string
	toNext, toLocal               []int  // of each line of base, -1 for none
	fromBase                      []bool // which lines of next base has, too

	replace   map[int]int   // line of next: line of local
	drop      map[int]bool  // lines of next
	insert    map[int][]int // after the line of next: lines of local
	conflicts []Conflict

	// The names of lines, made when the first is needed; see nameLines.
	baseKeys, nextKeys, localKeys []string
	nextByKey                     map[string]int
}

// applyHunk carries one hunk over.
func (m *merger) applyHunk(h hunk) {
	if m.isVendorChange(h) {
		return
	}
	pairs, after := m.pairHunk(h)
	for i := h.b0; i < h.b1; i++ {
		m.changeLine(i, pairs[i-h.b0])
	}
	for l := h.l0; l < h.l1; l++ {
		if anchor, ok := after[l]; ok {
			at := m.skipAdditions(m.nearestKept(anchor))
			m.insert[at] = append(m.insert[at], l)
		}
	}
}

// isVendorChange: the vendor has made this very change, too.
func (m *merger) isVendorChange(h hunk) bool {
	n0, n1 := 0, len(m.nextText)
	if h.b0 > 0 {
		n0 = m.toNext[h.b0-1] + 1
		if n0 == 0 {
			return false
		}
	}
	if h.b1 < len(m.toNext) {
		n1 = m.toNext[h.b1]
	}
	if n1 < n0 || n1-n0 != h.l1-h.l0 {
		return false
	}
	for k := range n1 - n0 {
		if m.nextText[n0+k] != m.localText[h.l0+k] {
			return false
		}
	}
	return true
}

// pairHunk gives each base line of the hunk the local line that replaces it (-1:
// deleted), and each remaining local line the base line that it follows.
// Statements pair by name, in order; where there are as many lines on both sides,
// all pair in order.
func (m *merger) pairHunk(h hunk) (pairs []int, after map[int]int) {
	pairs, after = make([]int, h.b1-h.b0), map[int]int{}
	byName := map[string][]int{}
	for l := h.l0; l < h.l1; l++ {
		byName[statementName(m.localText[l])] = append(byName[statementName(m.localText[l])], l)
	}
	from := h.l0
	for i := range pairs {
		pairs[i] = -1
		if h.b1-h.b0 == h.l1-h.l0 {
			pairs[i] = h.l0 + i
			continue
		}
		name := statementName(m.baseText[h.b0+i])
		for name != "" && len(byName[name]) > 0 && pairs[i] < 0 {
			if l := byName[name][0]; l >= from {
				pairs[i], from = l, l+1
			}
			byName[name] = byName[name][1:]
		}
	}
	anchor, next := h.b0-1, 0
	for l := h.l0; l < h.l1; l++ {
		for next < len(pairs) && pairs[next] < 0 {
			next++
		}
		if next < len(pairs) && pairs[next] == l {
			anchor = h.b0 + next
			next++
			continue
		}
		after[l] = anchor
	}
	return pairs, after
}

// changeLine replaces base line i by local line l, or deletes it (l < 0).
func (m *merger) changeLine(i, l int) {
	n := m.toNext[i]
	if n < 0 {
		m.nameLines()
		if at, ok := m.nextByKey[m.baseKeys[i]]; ok && m.baseKeys[i] != "" && !m.fromBase[at] {
			n = at
		}
	}
	local := ""
	if l >= 0 {
		local = m.localText[l]
	}
	switch {
	case n >= 0 && m.nextText[n] == m.baseText[i]:
		m.putLine(n, l)
	case n >= 0 && l >= 0 && m.nextText[n] == local:
	case n >= 0:
		m.addConflict(i, n, l, "the vendor and the site changed the same line")
		m.putLine(n, l)
	case l >= 0:
		if strings.TrimSpace(local) != "" {
			m.addConflict(i, -1, l, "the site changed a line that the vendor removed")
		}
		at := m.nearestKept(i)
		m.insert[at] = append(m.insert[at], l)
	}
}

func (m *merger) putLine(n, l int) {
	if l < 0 {
		m.drop[n] = true
	} else {
		m.replace[n] = l
	}
}

func (m *merger) addConflict(i, n, l int, why string) {
	m.nameLines()
	c := Conflict{Key: m.baseKeys[i], Base: m.baseText[i], Why: why}
	if c.Key == "" {
		c.Key = strings.TrimSpace(m.baseText[i])
	}
	if n >= 0 {
		c.New = m.nextText[n]
		c.Position = m.next.Position(m.next.Line(n + 1).Offset)
	}
	if l >= 0 {
		c.Local = m.localText[l]
		c.Position = m.local.Position(m.local.Line(l + 1).Offset)
	}
	m.conflicts = append(m.conflicts, c)
}

// nearestKept returns the line of next after which what follows base line i goes: the
// nearest line before i, i included, that next still has.
func (m *merger) nearestKept(i int) int {
	for ; i >= 0; i-- {
		if m.toNext[i] >= 0 {
			return m.toNext[i]
		}
	}
	return -1
}

// skipAdditions moves a place after what the vendor has added there, so that the site's
// addition wins; not into another section, though.
func (m *merger) skipAdditions(at int) int {
	for at+1 < len(m.nextText) && !m.fromBase[at+1] {
		if name := statementName(m.nextText[at+1]); strings.HasPrefix(name, "#") || strings.HasPrefix(name, "G") {
			break
		}
		at++
	}
	return at
}

// reportDoubleSets reports parameters that the site added and the vendor added, too.
func (m *merger) reportDoubleSets() {
	if len(m.insert) == 0 {
		return
	}
	m.nameLines()
	known := map[string]bool{}
	for _, k := range m.baseKeys {
		known[k] = true
	}
	for at := -1; at < len(m.nextText); at++ {
		for _, l := range m.insert[at] {
			key := m.localKeys[l]
			n, ok := m.nextByKey[key]
			if key == "" || known[key] || !ok || m.nextText[n] == m.localText[l] || isComment(m.nextText[n]) {
				continue
			}
			m.conflicts = append(m.conflicts, Conflict{Key: key, New: m.nextText[n], Local: m.localText[l],
				Position: m.local.Position(m.local.Line(l + 1).Offset), Why: "the vendor and the site added the same statement"})
		}
	}
}
