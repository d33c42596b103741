package planning

import (
	"cmp"

	"github.com/ctikit/ctikit/cti"
)

// index finds things in a table.
type index struct {
	*Table
	links  map[string]int
	sites  map[int]Site
	byPair map[[2]int]Path
	vtixml []int       // numbers of the VTI-XML links: the engineering rules apply to them
	beyond cti.Pattern // a site and a cluster that no row names
}

func (t *Table) buildIndex() *index {
	x := &index{Table: t, links: map[string]int{}, sites: map[int]Site{}, byPair: map[[2]int]Path{}}
	for i, l := range t.Links {
		if _, twice := x.links[l.Name]; !twice {
			x.links[l.Name] = i
		}
		if protocolOf(l.Protocol) == cti.VTIXML {
			x.vtixml = append(x.vtixml, i)
		}
	}
	for _, s := range t.Sites {
		x.sites[s.Number] = s
	}
	for _, p := range t.Paths {
		x.byPair[orderedPair(p.Between[0], p.Between[1])] = p
	}
	for _, r := range t.Rows {
		x.beyond.Site, x.beyond.Cluster = max(x.beyond.Site, r.Pattern.Site), max(x.beyond.Cluster, r.Pattern.Cluster)
	}
	x.beyond.Site++
	x.beyond.Cluster++
	return x
}

func orderedPair(a, b int) [2]int { return [2]int{min(a, b), max(a, b)} }

// centreOf is a centre, or that of the site if it is not set; 0 is unknown.
func (x *index) centreOf(centre, site int) int { return cmp.Or(centre, x.sites[site].Centre) }

// pathCost is the cost between two sites, if it is known and not unreachable.
func (x *index) pathCost(a, b int) (cost int, known bool) {
	if a == b {
		return 0, a > 0
	}
	p, known := x.byPair[orderedPair(a, b)]
	return p.Cost, known && !p.Unreachable
}

// reaches reports whether extensions of a site can be supervised from another: yes
// unless a path is unreachable.
func (x *index) reaches(a, b int) bool {
	return len(x.byPair) == 0 || !x.byPair[orderedPair(a, b)].Unreachable
}

// canSupervise reports whether extensions of a row may be on a link, regardless of the
// lists.
func (x *index) canSupervise(row, link int) bool {
	r, l := &x.Rows[row], &x.Links[link]
	return protocolOf(r.Protocol) == protocolOf(l.Protocol) && x.reaches(r.Pattern.Site, l.Site.Site)
}
