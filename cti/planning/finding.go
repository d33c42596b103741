package planning

import "github.com/ctikit/ctikit"

// Code is the [ctikit.Problem].Code of a finding. Codes do not change.
type Code = string

// Errors in the table as such. If there is one, nothing else is checked.
const (
	LinkName            Code = "link-name"             // missing or used twice
	LinkCapacity        Code = "link-capacity"         // below 1
	LinkProtocol        Code = "link-protocol"         // neither VTI-XML nor CSTA
	SecondCSTALink      Code = "second-csta-link"      // one per domain, unless allowed
	SiteUnknown         Code = "site-unknown"          // not among the sites listed
	SiteTwice           Code = "site-twice"            //
	SiteNumber          Code = "site-number"           // below 1
	PatternNeverMatches Code = "pattern-never-matches" // site or cluster below 1
	RowTwice            Code = "row-twice"             //
	RowProtocol         Code = "row-protocol"          // neither VTI-XML nor CSTA
	LinkUnknown         Code = "link-unknown"          // planned on a link that is not in the table
	LinkCannot          Code = "link-cannot"           // planned on a link of another protocol
	PlannedNegative     Code = "planned-negative"      //
	TooMany             Code = "too-many-extensions"   // more than this package previews
	CentreConflict      Code = "centre-conflict"       // two different values
	PathInvalid         Code = "path-invalid"          // negative cost, or a path from a site to itself
)

// Violated engineering rules of TWP guide 4.2: errors.
const (
	AboveSiteMaximum     Code = "above-site-maximum"     // a link's capacity
	ListLacksOwnSite     Code = "list-lacks-own-site"    // a link's list, its connection site
	CentreWithoutLink    Code = "centre-without-link"    // of a multi-centre
	SeveralLinksRequired Code = "several-links-required" // multi-site and multi-node (guide 4.1)
	CapacityExceeded     Code = "capacity-exceeded"      // more planned on a link than its capacity
	Unreachable          Code = "unreachable"            // planned on a link that cannot reach it
	NotSupervised        Code = "not-supervised"         // the allocation finds no slot
)

// Violated recommendations of TWP guide 4.2, and facts that are unknown: warnings.
const (
	NoHeadroom         Code = "no-headroom"          // nothing can overflow onto the link
	SiteWithoutLink    Code = "site-without-link"    // though it has, or may have, an IP card for VTI-XML
	SiteMaximumUnknown Code = "site-maximum-unknown" //
	SiteMaximumShared  Code = "site-maximum-shared"  // links of one site exceed it together
	LongerPath         Code = "longer-path"          // another link has the shorter path
	TransitPath        Code = "transit-path"         // the same, for a site without a link
	NoList             Code = "no-list"              // one of several links names no place
	AllocationDiffers  Code = "allocation-differs"   // the allocation differs from the plan
	Overflows          Code = "overflows"            // the links that name a place have no room for all its extensions
	NotPerfect         Code = "not-perfect"          // unsupervised extensions that could be placed
)

// checker collects the problems of a table.
type checker struct {
	*index
	found ctikit.Problems
}

func (c *checker) addError(code Code, path, format string, args ...any) {
	c.found.Add(path, format, args...)
	c.found[len(c.found)-1].Code = code
}

func (c *checker) addWarning(code Code, path, format string, args ...any) {
	c.addError(code, path, format, args...)
	c.found[len(c.found)-1].Severity = ctikit.SeverityWarning
}
