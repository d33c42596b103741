package planning

import (
	"fmt"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/internal/alloc"
)

// Allocation is where the gateway supervises the extensions of a table.
type Allocation struct {
	Links        []LinkUse `json:"links"`
	Rows         []RowUse  `json:"-"`
	Unsupervised int       `json:"unsupervised"`
}

// LinkUse is the occupation of a link.
type LinkUse struct {
	Name     string `json:"name"`
	Capacity int    `json:"capacity"`
	Used     int    `json:"used"`
	Explicit int    `json:"explicit"`
	Overflow int    `json:"overflow"`
	Implicit int    `json:"implicit"`
	Lost     bool   `json:"lost,omitempty"`
}

// RowUse is where the extensions of a row are supervised.
type RowUse struct {
	Pattern      cti.Pattern
	ByLink       map[string]int
	Unsupervised int
}

// Allocate assigns every extension of the table to a link by the rules of the gateway
// (TWP guide 4.1), row by row, and then simulates the loss of links, one after the
// other: their extensions go to the other links as far as these have room. The error
// is [ctikit.Problems] if the table as such is invalid, or that of an unknown link.
func (t *Table) Allocate(lost ...string) (*Allocation, error) {
	c := &checker{index: t.buildIndex()}
	if c.checkStructure(); len(c.found) > 0 {
		return nil, c.found.Err()
	}
	p := newPreview(c.index)
	p.placeExtensions()
	for _, name := range lost {
		i, known := c.links[name]
		if !known {
			return nil, fmt.Errorf("planning table: unknown link %q", name)
		}
		p.loseLink(i)
	}
	return p.buildAllocation(), nil
}

// preview simulates the gateway: it carries out the decisions of the allocator.
type preview struct {
	table *index
	state *alloc.State
	rowOf []int // by extension
	at    []int32
	lost  []bool // by link
	moves []alloc.Move
}

func newPreview(x *index) *preview {
	p := &preview{table: x, state: alloc.New(), rowOf: []int{-1}, at: []int32{0}, lost: make([]bool, len(x.Links))}
	p.state.SetReserve(x.ReserveExplicit, nil)
	for i, l := range x.Links {
		var serves []alloc.Pattern
		for j := range x.Rows {
			if r := &x.Rows[j]; r.listsLink(l.Name) {
				serves = append(serves, alloc.Pattern{Site: int32(r.Pattern.Site), Cluster: int32(r.Pattern.Cluster)})
			}
		}
		p.state.AddLink(int32(i+1), alloc.Link{
			Order: int32(i), Capacity: int32(min(l.Capacity, maxExtensions)),
			Class: uint8(protocolOf(l.Protocol)), Serves: serves,
		}, nil)
	}
	return p
}

func (p *preview) placeExtensions() {
	for i := range p.table.Rows {
		r := &p.table.Rows[i]
		place := p.table.samplePlace(r)
		for range r.countExtensions() {
			id := int32(len(p.rowOf))
			p.rowOf, p.at = append(p.rowOf, i), append(p.at, 0)
			p.applyMoves(p.state.AddExtension(id, place, p.moves[:0]))
		}
	}
}

// samplePlace returns a place that the row's pattern selects and no other row's that
// is more specific.
func (x *index) samplePlace(r *Row) alloc.Ext {
	place := r.Pattern
	if place.Site == cti.Any {
		place.Site = x.beyond.Site
	}
	if place.Cluster == cti.Any {
		place.Cluster = x.beyond.Cluster
	}
	return alloc.Ext{Site: int32(place.Site), Cluster: int32(place.Cluster), Class: uint8(protocolOf(r.Protocol))}
}

func (p *preview) loseLink(link int) {
	p.lost[link] = true
	id := int32(link + 1)
	p.applyMoves(p.state.LinkDown(id, p.moves[:0]))
	p.applyMoves(p.state.Reallocate(id, p.moves[:0]))
}

// applyMoves starts the supervisions that the allocator decides; a place that the
// link does not reach is refused, as by the PBX.
func (p *preview) applyMoves(moves []alloc.Move) {
	p.moves = moves
	for i := 0; i < len(p.moves); i++ {
		m := p.moves[i]
		p.at[m.Ext] = m.To
		if m.To == 0 {
			continue
		}
		p.state.Started(m.Ext)
		row, link := &p.table.Rows[p.rowOf[m.Ext]], &p.table.Links[m.To-1]
		if !p.table.reaches(row.Pattern.Site, link.Site.Site) {
			p.moves = p.state.Unreachable(m.Ext, p.moves)
		}
	}
}

func (p *preview) buildAllocation() *Allocation {
	a := &Allocation{Links: []LinkUse{}}
	for i, l := range p.table.Links {
		use := p.state.Use(int32(i + 1))
		a.Links = append(a.Links, LinkUse{
			Name: l.Name, Capacity: l.Capacity, Lost: p.lost[i],
			Used: int(use.Used), Explicit: int(use.Explicit), Overflow: int(use.Overflow), Implicit: int(use.Implicit),
		})
	}
	for _, r := range p.table.Rows {
		a.Rows = append(a.Rows, RowUse{Pattern: r.Pattern, ByLink: map[string]int{}})
	}
	for ext, link := range p.at[1:] {
		row := &a.Rows[p.rowOf[ext+1]]
		if link == 0 {
			row.Unsupervised++
			a.Unsupervised++
			continue
		}
		row.ByLink[p.table.Links[link-1].Name]++
	}
	return a
}
