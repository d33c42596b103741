package planning

import (
	"fmt"
	"maps"
	"slices"

	"github.com/ctikit/ctikit/cti"
)

// Check finds what is wrong with the table and what could be better: first
// whether it makes sense; if it does, the engineering rules and recommendations
// of TWP guide 4.2, and what the gateway's allocation would make of it.
func (t *Table) Check() Findings {
	x := t.index()
	if fs := x.structure(); len(fs) > 0 {
		return fs
	}
	var fs Findings
	x.capacities(&fs)
	x.lists(&fs)
	x.centres(&fs)
	x.siteLinks(&fs)
	x.paths(&fs)
	x.preview(&fs)
	return fs
}

// capacities: rule 1 of the guide (a link's capacity and its connection site's
// maximum), and headroom.
func (x *index) capacities(fs *Findings) {
	planned := x.plannedByLink()
	onSite := map[int]int{}
	for i, l := range x.Links {
		path, site := fmt.Sprintf("links[%d].capacity", i), fmt.Sprintf("links[%d].site", i)
		switch n := planned[l.Name]; {
		case n > l.Capacity:
			fs.error(CapacityExceeded, path, "%d extensions are planned on link %q, its capacity is %d", n, l.Name, l.Capacity)
		case n == l.Capacity:
			fs.warn(NoHeadroom, path, "all %d supervisions of link %q are planned: it can take none over when another link is lost", n, l.Name)
		}
		if protocolOf(l.Protocol) != cti.VTIXML {
			continue
		}
		s := x.sites[l.Site.Site]
		switch {
		case s.MaxSupervisions == 0 && l.Site.IsZero():
			fs.warn(SiteMaximumUnknown, site, "the connection site of link %q is not told, so neither is its maximum of supervisions", l.Name)
		case s.MaxSupervisions == 0:
			fs.warn(SiteMaximumUnknown, site, "the maximum of supervisions of site %d is unknown: compare it with link %q's capacity of %d", l.Site.Site, l.Name, l.Capacity)
		case l.Capacity > s.MaxSupervisions:
			fs.error(AboveSiteMaximum, path, "link %q's capacity of %d is above site %d's maximum of %d", l.Name, l.Capacity, s.Number, s.MaxSupervisions)
		case onSite[s.Number]+l.Capacity > s.MaxSupervisions:
			fs.warn(SiteMaximumShared, path, "the links on site %d have a capacity of %d together, its maximum is %d",
				s.Number, onSite[s.Number]+l.Capacity, s.MaxSupervisions)
		}
		onSite[l.Site.Site] += l.Capacity
	}
}

func (x *index) plannedByLink() map[string]int {
	planned := map[string]int{}
	for _, r := range x.Rows {
		for link, n := range r.Planned {
			planned[link] += n
		}
	}
	return planned
}

// lists: rule 2 of the guide, a link's list contains its own place.
func (x *index) lists(fs *Findings) {
	links := x.vtixml
	for _, i := range links {
		l := x.Links[i]
		list, own := 0, false
		for j := range x.Rows {
			if x.Rows[j].names(l.Name) {
				list++
				own = own || x.Rows[j].Pattern.Matches(l.Site)
			}
		}
		switch {
		case list == 0 && len(links) > 1:
			fs.warn(NoList, fmt.Sprintf("links[%d]", i), "no row is planned on link %q: it names no place, not even its own", l.Name)
		case list > 0 && !own && !l.Site.IsZero():
			fs.error(ListLacksOwnSite, fmt.Sprintf("links[%d].site", i), "no row planned on link %q covers its connection site %v", l.Name, l.Site)
		}
	}
}

// centres: rule 3 of the guide, a link in each centre of a multi-centre; and
// several links for several nodes (guide 4.1).
func (x *index) centres(fs *Findings) {
	paths, linked := map[int]string{}, map[int]bool{}
	note := func(centre int, path string) {
		if _, known := paths[centre]; !known && centre != 0 {
			paths[centre] = path
		}
	}
	for _, i := range x.vtixml {
		c := x.centre(x.Links[i].Centre, x.Links[i].Site.Site)
		note(c, fmt.Sprintf("links[%d].centre", i))
		linked[c] = true
	}
	for i, r := range x.Rows {
		if protocolOf(r.Protocol) == cti.VTIXML {
			note(x.centre(r.Centre, r.Pattern.Site), fmt.Sprintf("rows[%d].centre", i))
		}
	}
	nodes := map[int]bool{}
	for i, s := range x.Sites {
		note(s.Centre, fmt.Sprintf("sites[%d].centre", i))
		if s.Node != 0 {
			nodes[s.Node] = true
		}
	}
	if len(paths) > 1 {
		for _, c := range slices.Sorted(maps.Keys(paths)) {
			if !linked[c] {
				fs.error(CentreWithoutLink, paths[c], "centre %d has no link, and there are %d centres: each needs one", c, len(paths))
			}
		}
	}
	if len(nodes) > 1 && len(x.vtixml) == 1 {
		fs.error(SeveralLinksRequired, "links", "one link does not do for %d nodes", len(nodes))
	}
}

// siteLinks: a link to each place with an IP card that supports VTI-XML.
func (x *index) siteLinks(fs *Findings) {
	told := map[int]bool{}
	for _, i := range x.vtixml {
		told[x.Links[i].Site.Site] = true
	}
	for i, s := range x.Sites {
		if s.VTIXMLCard == nil {
			continue
		}
		if *s.VTIXMLCard && !told[s.Number] {
			fs.warn(SiteWithoutLink, fmt.Sprintf("sites[%d]", i), "no link on site %d, though it has an IP card that supports VTI-XML", s.Number)
		}
		told[s.Number] = true
	}
	for i, r := range x.Rows {
		number := r.Pattern.Site
		if protocolOf(r.Protocol) != cti.VTIXML || number == cti.Any || told[number] {
			continue
		}
		told[number] = true
		fs.warn(SiteWithoutLink, fmt.Sprintf("rows[%d].pattern", i),
			"no link on site %d: one is recommended if it has an IP card that supports VTI-XML, which is not told", number)
	}
}

// paths: supervision takes the shortest path through the network.
func (x *index) paths(fs *Findings) {
	for i, r := range x.Rows {
		if protocolOf(r.Protocol) != cti.VTIXML || r.Pattern.Site == cti.Any {
			continue
		}
		code := TransitPath
		for _, j := range x.vtixml {
			if x.Links[j].Site.Site == r.Pattern.Site {
				code = LongerPath
			}
		}
		for _, name := range slices.Sorted(maps.Keys(r.Planned)) {
			if r.Planned[name] == 0 {
				continue
			}
			j := x.links[name]
			if !x.reaches(r.Pattern.Site, x.Links[j].Site.Site) {
				fs.error(Unreachable, fmt.Sprintf("rows[%d].planned[%q]", i, name), "link %q does not reach site %d", name, r.Pattern.Site)
				continue
			}
			cost, known := x.cost(r.Pattern.Site, x.Links[j].Site.Site)
			best := x.nearest(r.Pattern.Site)
			if !known || best < 0 {
				continue
			}
			if least, _ := x.cost(r.Pattern.Site, x.Links[best].Site.Site); least < cost {
				fs.warn(code, fmt.Sprintf("rows[%d].planned[%q]", i, name),
					"site %d reaches link %q at a cost of %d, link %q at %d", r.Pattern.Site, name, cost, x.Links[best].Name, least)
			}
		}
	}
}

// nearest returns the VTI-XML link with the best path known from a site, or -1.
func (x *index) nearest(site int) int {
	best, least := -1, 0
	for _, j := range x.vtixml {
		cost, known := x.cost(site, x.Links[j].Site.Site)
		if known && (best < 0 || cost < least) {
			best, least = j, cost
		}
	}
	return best
}
