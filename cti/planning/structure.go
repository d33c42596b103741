package planning

import (
	"fmt"
	"maps"
	"slices"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// checkStructure finds errors in the table as such.
func (c *checker) checkStructure() {
	if c.checkSize(); len(c.found) > 0 {
		return
	}
	c.checkSites()
	c.checkLinks()
	c.checkRows()
	c.checkPaths()
}

func (c *checker) checkSize() {
	for _, list := range []struct {
		name   string
		n, max int
	}{
		{"links", len(c.Links), maxLinks},
		{"rows", len(c.Rows), maxRows},
		{"sites", len(c.Sites), maxSites},
		{"paths", len(c.Paths), maxPaths},
	} {
		if list.n > list.max {
			c.addError(TooMany, list.name, "must be at most %d entries, got %d", list.max, list.n)
		}
	}
}

func (c *checker) checkSites() {
	seen := map[int]int{}
	for i, s := range c.Sites {
		path := fmt.Sprintf("sites[%d]", i)
		if s.Number < 1 {
			c.addError(SiteNumber, path+".number", "must be at least 1, got %d", s.Number)
		}
		if first, twice := seen[s.Number]; twice {
			c.addError(SiteTwice, path+".number", "duplicate site %d: already used by sites[%d]", s.Number, first)
		}
		seen[s.Number] = i
	}
}

func (c *checker) checkLinks() {
	names, csta := map[string]int{}, -1
	for i, l := range c.Links {
		path := fmt.Sprintf("links[%d]", i)
		if first, twice := names[l.Name]; twice {
			c.addError(LinkName, path+".name", "duplicate name %q: already used by links[%d]", l.Name, first)
		} else if l.Name == "" {
			c.addError(LinkName, path+".name", "must not be empty")
		}
		names[l.Name] = i
		if l.Capacity < 1 {
			c.addError(LinkCapacity, path+".capacity", "must be at least 1, got %d", l.Capacity)
		}
		switch protocolOf(l.Protocol) {
		case cti.VTIXML:
		case cti.CSTA:
			if csta >= 0 && !c.AllowSeveralCSTA {
				c.addError(SecondCSTALink, path+".protocol",
					"second CSTA link, links[%d] is the first; set allowSeveralCSTA to permit it", csta)
				c.found[len(c.found)-1].Err = gateway.ErrSecondCSTALink
			}
			csta = i
		default:
			c.addError(LinkProtocol, path+".protocol", "unsupported protocol %v", l.Protocol)
		}
		c.checkPlace(path, "site", l.Site.Site, l.Centre)
	}
}

// checkPlace checks the site and centre of a link, row or path against the sites.
func (c *checker) checkPlace(path, member string, number, centre int) {
	if number < 1 {
		return // unknown, or any
	}
	s, known := c.sites[number]
	if !known && len(c.Sites) > 0 {
		c.addError(SiteUnknown, path+"."+member, "unknown site %d: not listed in sites", number)
	}
	if centre != 0 && s.Centre != 0 && centre != s.Centre {
		c.addError(CentreConflict, path+".centre", "must be %d, the centre of site %d, got %d", s.Centre, number, centre)
	}
}

func (c *checker) checkRows() {
	seen := map[rowKey]int{}
	sum := 0
	for i := range c.Rows {
		r := &c.Rows[i]
		path := fmt.Sprintf("rows[%d]", i)
		key := rowKey{r.Pattern, protocolOf(r.Protocol)}
		if first, twice := seen[key]; twice {
			c.addError(RowTwice, path+".pattern", "duplicate pattern %v: already used by rows[%d]", r.Pattern, first)
		}
		seen[key] = i
		if isInvalidPart(r.Pattern.Site) || isInvalidPart(r.Pattern.Cluster) {
			c.addError(PatternNeverMatches, path+".pattern", "pattern %v never matches: site and cluster start at 1", r.Pattern)
		}
		if key.protocol != cti.VTIXML && key.protocol != cti.CSTA {
			c.addError(RowProtocol, path+".protocol", "unsupported protocol %v", r.Protocol)
		}
		c.checkPlace(path, "pattern", r.Pattern.Site, r.Centre)
		c.checkPlanned(path, r)
		sum += min(max(r.countExtensions(), 0), maxExtensions+1)
		if sum > maxExtensions {
			c.addError(TooMany, path+".planned", "the table plans more than %d extensions", maxExtensions)
			return
		}
	}
}

func isInvalidPart(part int) bool { return part != cti.Any && (part < 1 || part > 1<<30) }

func (c *checker) checkPlanned(path string, r *Row) {
	if r.Implicit < 0 {
		c.addError(PlannedNegative, path+".implicit", "must not be negative, got %d", r.Implicit)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Planned)) {
		path := fmt.Sprintf("%s.planned[%q]", path, name)
		if n := r.Planned[name]; n < 0 {
			c.addError(PlannedNegative, path, "must not be negative, got %d", n)
		} else if n > maxExtensions {
			c.addError(TooMany, path, "must be at most %d, got %d", maxExtensions, n)
		}
		i, known := c.links[name]
		switch {
		case !known:
			c.addError(LinkUnknown, path, "unknown link %q", name)
		case protocolOf(c.Links[i].Protocol) != protocolOf(r.Protocol):
			c.addError(LinkCannot, path, "link %q has protocol %v, the row %v",
				name, protocolOf(c.Links[i].Protocol), protocolOf(r.Protocol))
		}
	}
}

func (c *checker) checkPaths() {
	for i, p := range c.Paths {
		path := fmt.Sprintf("paths[%d]", i)
		if p.Cost < 0 {
			c.addError(PathInvalid, path+".cost", "must not be negative, got %d", p.Cost)
		}
		if p.Between[0] == p.Between[1] {
			c.addError(PathInvalid, path+".between", "must name two different sites, got %d twice", p.Between[0])
		}
		for j, number := range p.Between {
			member := fmt.Sprintf("between[%d]", j)
			if number < 1 {
				c.addError(SiteNumber, path+"."+member, "must be at least 1, got %d", number)
			}
			c.checkPlace(path, member, number, 0)
		}
	}
}
