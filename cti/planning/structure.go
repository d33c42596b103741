package planning

import (
	"fmt"
	"maps"
	"slices"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// structure finds what makes no sense in the table as such.
func (x *index) structure() Findings {
	var fs Findings
	if x.tooMany(&fs); len(fs) > 0 {
		return fs
	}
	x.sitesMakeSense(&fs)
	x.linksMakeSense(&fs)
	x.rowsMakeSense(&fs)
	x.pathsMakeSense(&fs)
	return fs
}

func (x *index) tooMany(fs *Findings) {
	for _, list := range []struct {
		name   string
		n, max int
	}{{"links", len(x.Links), maxLinks}, {"rows", len(x.Rows), maxRows}, {"sites", len(x.Sites), maxSites}, {"paths", len(x.Paths), maxPaths}} {
		if list.n > list.max {
			fs.error(TooMany, list.name, "there are %d, at most %d are dealt with", list.n, list.max)
		}
	}
}

func (x *index) sitesMakeSense(fs *Findings) {
	seen := map[int]int{}
	for i, s := range x.Sites {
		path := fmt.Sprintf("sites[%d]", i)
		if s.Number < 1 {
			fs.error(SiteNumber, path+".number", "sites count from 1, this is %d", s.Number)
		}
		if first, twice := seen[s.Number]; twice {
			fs.error(SiteTwice, path+".number", "site %d is sites[%d] already", s.Number, first)
		}
		seen[s.Number] = i
	}
}

func (x *index) linksMakeSense(fs *Findings) {
	names, csta := map[string]int{}, -1
	for i, l := range x.Links {
		path := fmt.Sprintf("links[%d]", i)
		if first, twice := names[l.Name]; twice {
			fs.error(LinkName, path+".name", "%q is also the name of links[%d]", l.Name, first)
		} else if l.Name == "" {
			fs.error(LinkName, path+".name", "must not be empty")
		}
		names[l.Name] = i
		if l.Capacity < 1 {
			fs.error(LinkCapacity, path+".capacity", "must be at least 1, is %d", l.Capacity)
		}
		switch protocolOf(l.Protocol) {
		case cti.VTIXML:
		case cti.CSTA:
			if csta >= 0 && !x.AllowSeveralCSTA {
				fs.error(SecondCSTALink, path+".protocol", "links[%d] is a CSTA link already: %v", csta, gateway.ErrSecondCSTALink)
			}
			csta = i
		default:
			fs.error(LinkProtocol, path+".protocol", "want VTI-XML or CSTA, is %v", l.Protocol)
		}
		x.placeMakesSense(fs, path, "site", l.Site.Site, l.Centre)
	}
}

// placeMakesSense checks the site of a link or row against what is told of sites.
func (x *index) placeMakesSense(fs *Findings, path, member string, number, centre int) {
	if number < 1 {
		return // unknown, or any
	}
	s, known := x.sites[number]
	if !known && len(x.Sites) > 0 {
		fs.error(SiteUnknown, path+"."+member, "site %d is not among the sites", number)
	}
	if centre != 0 && s.Centre != 0 && centre != s.Centre {
		fs.error(CentreConflict, path+".centre", "is %d, but site %d is of centre %d", centre, number, s.Centre)
	}
}

func (x *index) rowsMakeSense(fs *Findings) {
	seen := map[rowKey]int{}
	sum := 0
	for i := range x.Rows {
		r := &x.Rows[i]
		path := fmt.Sprintf("rows[%d]", i)
		key := rowKey{r.Pattern, protocolOf(r.Protocol)}
		if first, twice := seen[key]; twice {
			fs.error(RowTwice, path+".pattern", "%v is rows[%d] already", r.Pattern, first)
		}
		seen[key] = i
		if bad(r.Pattern.Site) || bad(r.Pattern.Cluster) {
			fs.error(PatternNeverMatches, path+".pattern", "%v can never match: sites and clusters count from 1", r.Pattern)
		}
		if key.protocol != cti.VTIXML && key.protocol != cti.CSTA {
			fs.error(RowProtocol, path+".protocol", "want VTI-XML or CSTA, is %v", r.Protocol)
		}
		x.placeMakesSense(fs, path, "pattern", r.Pattern.Site, r.Centre)
		x.plannedMakesSense(fs, path, r)
		sum += min(max(r.total(), 0), maxExtensions+1)
		if sum > maxExtensions {
			fs.error(TooMany, path+".planned", "the table plans more than %d extensions", maxExtensions)
			return
		}
	}
}

func bad(part int) bool { return part != cti.Any && (part < 1 || part > 1<<30) }

func (x *index) plannedMakesSense(fs *Findings, path string, r *Row) {
	if r.Implicit < 0 {
		fs.error(PlannedNegative, path+".implicit", "must not be negative, is %d", r.Implicit)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Planned)) {
		path := fmt.Sprintf("%s.planned[%q]", path, name)
		if n := r.Planned[name]; n < 0 {
			fs.error(PlannedNegative, path, "must not be negative, is %d", n)
		} else if n > maxExtensions {
			fs.error(TooMany, path, "is more than %d", maxExtensions)
		}
		i, known := x.links[name]
		switch {
		case !known:
			fs.error(LinkUnknown, path, "there is no link %q", name)
		case protocolOf(x.Links[i].Protocol) != protocolOf(r.Protocol):
			fs.error(LinkCannot, path, "link %q is %v, the row %v", name, protocolOf(x.Links[i].Protocol), protocolOf(r.Protocol))
		}
	}
}

func (x *index) pathsMakeSense(fs *Findings) {
	for i, p := range x.Paths {
		path := fmt.Sprintf("paths[%d]", i)
		if p.Cost < 0 {
			fs.error(PathInvalid, path+".cost", "must not be negative, is %d", p.Cost)
		}
		if p.Between[0] == p.Between[1] {
			fs.error(PathInvalid, path+".between", "a site reaches itself at no cost")
		}
		for j, number := range p.Between {
			member := fmt.Sprintf("between[%d]", j)
			if number < 1 {
				fs.error(SiteNumber, path+"."+member, "sites count from 1, this is %d", number)
			}
			x.placeMakesSense(fs, path, member, number, 0)
		}
	}
}
