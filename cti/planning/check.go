package planning

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

// Check returns errors and possible improvements: of the table as such; if it has no
// errors, by the engineering rules and recommendations of TWP guide 4.2, and by the
// gateway's allocation. An invalid value and a violated rule are errors, a violated
// recommendation is a warning; Check().Err() is nil if there are only warnings.
func (t *Table) Check() ctikit.Problems {
	c := &checker{index: t.buildIndex()}
	if c.checkStructure(); len(c.found) > 0 {
		return c.found
	}
	c.checkCapacities()
	c.checkLists()
	c.checkCentres()
	c.checkSiteLinks()
	c.checkCosts()
	c.checkAllocation()
	return c.found
}

// capacities: rule 1 of the guide (a link's capacity and its connection site's
// maximum), and headroom.
func (c *checker) checkCapacities() {
	planned := c.plannedByLink()
	onSite := map[int]int{}
	for i, l := range c.Links {
		path, site := fmt.Sprintf("links[%d].capacity", i), fmt.Sprintf("links[%d].site", i)
		switch n := planned[l.Name]; {
		case n > l.Capacity:
			c.addError(CapacityExceeded, path, "%d extensions are planned on link %q, its capacity is %d", n, l.Name, l.Capacity)
		case n == l.Capacity:
			c.addWarning(NoHeadroom, path,
				"link %q has no spare capacity for failover: all %d supervisions are planned", l.Name, n)
		}
		if protocolOf(l.Protocol) != cti.VTIXML {
			continue
		}
		s := c.sites[l.Site.Site]
		switch {
		case s.MaxSupervisions == 0 && l.Site.IsZero():
			c.addWarning(SiteMaximumUnknown, site,
				"the connection site of link %q is unknown, and so is its maximum of supervisions", l.Name)
		case s.MaxSupervisions == 0:
			c.addWarning(SiteMaximumUnknown, site,
				"the maximum of supervisions of site %d is unknown; compare it with link %q's capacity of %d",
				l.Site.Site, l.Name, l.Capacity)
		case l.Capacity > s.MaxSupervisions:
			c.addError(AboveSiteMaximum, path, "link %q's capacity of %d is above site %d's maximum of %d",
				l.Name, l.Capacity, s.Number, s.MaxSupervisions)
		case onSite[s.Number]+l.Capacity > s.MaxSupervisions:
			c.addWarning(SiteMaximumShared, path, "the links on site %d have a total capacity of %d, above its maximum of %d",
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

// checkLists: rule 2 of the guide, a link's list contains its own place.
func (c *checker) checkLists() {
	links := c.vtixml
	for _, i := range links {
		l := c.Links[i]
		list, own := 0, false
		for j := range c.Rows {
			if c.Rows[j].listsLink(l.Name) {
				list++
				own = own || c.Rows[j].Pattern.Matches(l.Site)
			}
		}
		switch {
		case list == 0 && len(links) > 1:
			c.addWarning(NoList, fmt.Sprintf("links[%d]", i), "no row is planned on link %q, not even its own place", l.Name)
		case list > 0 && !own && !l.Site.IsZero():
			c.addError(ListLacksOwnSite, fmt.Sprintf("links[%d].site", i),
				"no row planned on link %q covers its connection site %v", l.Name, l.Site)
		}
	}
}

// checkCentres: rule 3 of the guide, a link in each centre of a multi-centre; and
// several links for several nodes (guide 4.1).
func (c *checker) checkCentres() {
	paths, linked := map[int]string{}, map[int]bool{}
	note := func(centre int, path string) {
		if _, known := paths[centre]; !known && centre != 0 {
			paths[centre] = path
		}
	}
	for _, i := range c.vtixml {
		centre := c.centreOf(c.Links[i].Centre, c.Links[i].Site.Site)
		note(centre, fmt.Sprintf("links[%d].centre", i))
		linked[centre] = true
	}
	for i, r := range c.Rows {
		if protocolOf(r.Protocol) == cti.VTIXML {
			note(c.centreOf(r.Centre, r.Pattern.Site), fmt.Sprintf("rows[%d].centre", i))
		}
	}
	nodes := map[int]bool{}
	for i, s := range c.Sites {
		note(s.Centre, fmt.Sprintf("sites[%d].centre", i))
		if s.Node != 0 {
			nodes[s.Node] = true
		}
	}
	if len(paths) > 1 {
		for _, centre := range slices.Sorted(maps.Keys(paths)) {
			if !linked[centre] {
				c.addError(CentreWithoutLink, paths[centre],
					"centre %d has no link; each of the %d centres needs one", centre, len(paths))
			}
		}
	}
	if len(nodes) > 1 && len(c.vtixml) == 1 {
		c.addError(SeveralLinksRequired, "links", "%d nodes require more than one link", len(nodes))
	}
}

// checkSiteLinks: a link to each place with an IP card that supports VTI-XML.
func (c *checker) checkSiteLinks() {
	told := map[int]bool{}
	for _, i := range c.vtixml {
		told[c.Links[i].Site.Site] = true
	}
	for i, s := range c.Sites {
		if s.VTIXMLCard == nil {
			continue
		}
		if *s.VTIXMLCard && !told[s.Number] {
			c.addWarning(SiteWithoutLink, fmt.Sprintf("sites[%d]", i),
				"no link on site %d, though it has an IP card that supports VTI-XML", s.Number)
		}
		told[s.Number] = true
	}
	for i, r := range c.Rows {
		number := r.Pattern.Site
		if protocolOf(r.Protocol) != cti.VTIXML || number == cti.Any || told[number] {
			continue
		}
		told[number] = true
		c.addWarning(SiteWithoutLink, fmt.Sprintf("rows[%d].pattern", i),
			"no link on site %d: one is recommended if it has an IP card that supports VTI-XML, which is unknown", number)
	}
}

// checkCosts: supervision takes the shortest path through the network.
func (c *checker) checkCosts() {
	for i, r := range c.Rows {
		if protocolOf(r.Protocol) != cti.VTIXML || r.Pattern.Site == cti.Any {
			continue
		}
		code := TransitPath
		for _, j := range c.vtixml {
			if c.Links[j].Site.Site == r.Pattern.Site {
				code = LongerPath
			}
		}
		for _, name := range slices.Sorted(maps.Keys(r.Planned)) {
			if r.Planned[name] == 0 {
				continue
			}
			path, j := fmt.Sprintf("rows[%d].planned[%q]", i, name), c.links[name]
			if !c.reaches(r.Pattern.Site, c.Links[j].Site.Site) {
				c.addError(Unreachable, path, "link %q does not reach site %d", name, r.Pattern.Site)
				continue
			}
			cost, known := c.pathCost(r.Pattern.Site, c.Links[j].Site.Site)
			best := c.nearestLink(r.Pattern.Site)
			if !known || best < 0 {
				continue
			}
			if least, _ := c.pathCost(r.Pattern.Site, c.Links[best].Site.Site); least < cost {
				c.addWarning(code, path, "site %d reaches link %q at a cost of %d, link %q at %d",
					r.Pattern.Site, name, cost, c.Links[best].Name, least)
			}
		}
	}
}

// nearestLink returns the VTI-XML link with the best path known from a site, or -1.
func (x *index) nearestLink(site int) int {
	best, least := -1, 0
	for _, j := range x.vtixml {
		cost, known := x.pathCost(site, x.Links[j].Site.Site)
		if known && (best < 0 || cost < least) {
			best, least = j, cost
		}
	}
	return best
}

// checkAllocation compares the gateway's allocation with the plan, and with the best
// one possible.
func (c *checker) checkAllocation() {
	p := newPreview(c.index)
	p.placeExtensions()
	got := p.buildAllocation()
	for i, use := range got.Rows {
		r := &c.Rows[i]
		path := fmt.Sprintf("rows[%d]", i)
		switch {
		case use.Unsupervised > 0:
			c.addError(NotSupervised, path, "%d of the %d extensions of %v get no slot",
				use.Unsupervised, r.countExtensions(), r.Pattern)
		case len(r.Planned) > 0 && r.Implicit > 0:
			c.addWarning(Overflows, path,
				"%d extensions of %v overflow: links name the pattern, but none is planned for them", r.Implicit, r.Pattern)
		case r.Implicit == 0 && hasOtherCounts(r.Planned, use.ByLink):
			c.addWarning(AllocationDiffers, path+".planned", "the allocation puts the extensions of %v elsewhere: %s",
				r.Pattern, formatCounts(use.ByLink))
		}
	}
	if got.Unsupervised == 0 || len(c.Rows)*len(c.Links) > maxPairs {
		return
	}
	best := c.countExtensions() - c.countPlaceable()
	if best >= got.Unsupervised {
		return
	}
	better, changes, left := c.improveLists(got.Unsupervised, best)
	message := fmt.Sprintf("%d extensions that could be placed stay unsupervised", got.Unsupervised-best)
	if better {
		message += fmt.Sprintf("; it would help to %s: then %d stay unsupervised", strings.Join(changes, ", and to "), left)
	}
	c.addWarning(NotPerfect, "rows", "%s", message)
}

func (x *index) countExtensions() (n int) {
	for i := range x.Rows {
		n += x.Rows[i].countExtensions()
	}
	return n
}

// hasOtherCounts reports whether two allocations of a row differ; 0 is the same as none.
func hasOtherCounts(planned, got map[string]int) bool {
	differ := func(a, b map[string]int) bool {
		for link, n := range a {
			if b[link] != n {
				return true
			}
		}
		return false
	}
	return differ(planned, got) || differ(got, planned)
}

// maxPairs bounds the rows times links for which a perfect assignment is sought.
const maxPairs = 1_000_000

// formatCounts is "300 on paris, 200 on lyon".
func formatCounts(byLink map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(byLink)) {
		parts = append(parts, fmt.Sprintf("%d on %s", byLink[name], name))
	}
	return strings.Join(parts, ", ")
}
