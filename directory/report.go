package directory

import (
	"fmt"
	"strings"

	"github.com/ctikit/ctikit"
)

// maxProblems bounds what a report names; the counts are always right.
const maxProblems = 1000

// Report counts what a run did, or what it would do (TWP guide 7.2.3: created,
// updated, ignored; and further counts).
type Report struct {
	Import    string `json:"import"`
	DryRun    bool   `json:"dryRun"`
	Full      bool   `json:"full"`
	Read      int    `json:"read"`
	Created   int    `json:"created"`
	Updated   int    `json:"updated"` // with those renamed, moved and enabled
	Renamed   int    `json:"renamed"`
	Moved     int    `json:"moved"`
	Enabled   int    `json:"enabled"`
	Unchanged int    `json:"unchanged"`
	Ignored   int    `json:"ignored"`
	// NumberLost are those of the ignored that are known here: see [ReasonNumberLost].
	NumberLost int `json:"numberLost,omitempty"`
	Failed     int `json:"failed"`
	Disabled   int `json:"disabled"`
	Deleted    int `json:"deleted"`
	Held       int `json:"held"` // removals that wait for an approval
	Left       int `json:"left"` // entries that the next plan creates or updates; see [Plan.Left]
	// Holds says why removals are held.
	Holds []string `json:"holds,omitempty"`
	// Problems are the first thousand entries that were ignored (severity info, or
	// warning for [ReasonNumberLost]) or failed (severity error).
	Problems ctikit.Problems `json:"problems,omitempty"`
}

// Report returns what applying the plan would do.
func (p *Plan) Report() Report {
	r := p.countChanges(nil, nil)
	r.DryRun = true
	return r
}

// countChanges counts the changes that are done (nil: all), with those that failed.
func (p *Plan) countChanges(done map[*Change]bool, failed map[string]string) Report {
	r := Report{Import: p.Import, Full: p.Full, Read: p.Read, Unchanged: p.Unchanged, Left: p.Left, Holds: p.Holds,
		Ignored: p.Unlisted.Ignored, NumberLost: p.Unlisted.NumberLost, Failed: p.Unlisted.Failed}
	for i := range p.Changes {
		c := &p.Changes[i]
		switch reason := failed[c.ID]; {
		case c.Action == Ignore:
			r.Ignored++
			if c.Reason == ReasonNumberLost {
				r.NumberLost++
			}
			r.addEntryProblem(c, c.Reason)
		case c.Action == Fail:
			r.Failed++
			r.addEntryProblem(c, c.Reason)
		case c.Held:
			r.Held++
		case reason != "":
			r.Failed++
			r.addEntryProblem(c, reason)
		case done == nil || done[c]:
			r.countChange(c)
		}
	}
	return r
}

func (r *Report) addEntryProblem(c *Change, reason string) {
	if len(r.Problems) < maxProblems {
		at := c.Path
		if at == "" {
			at = c.Key
		}
		r.Problems = append(r.Problems, entryProblem(at, reason))
	}
}

func (r *Report) countChange(c *Change) {
	switch c.Action {
	case Create:
		r.Created++
	case Delete:
		r.Deleted++
	case Disable:
		r.Disabled++
	case Update:
		if len(c.Fields) == 0 && c.OldPath == "" {
			r.Unchanged++ // only the mapping changed, or something that it reads twice
			return
		}
		r.Updated++
	case Rename:
		r.Updated++
		r.Renamed++
	case Move:
		r.Updated++
		r.Moved++
	case Enable:
		r.Updated++
		r.Enabled++
	}
}

// addEarlier adds what earlier plans of the same run did: what they wrote, the later
// one found unchanged.
func (r Report) addEarlier(earlier Report) Report {
	r.Unchanged -= earlier.Created + earlier.Updated
	r.Created += earlier.Created
	r.Updated += earlier.Updated
	r.Renamed += earlier.Renamed
	r.Moved += earlier.Moved
	r.Enabled += earlier.Enabled
	return r
}

// String is the report as a few lines of text.
func (r Report) String() string {
	var b strings.Builder
	what := "run"
	if r.DryRun {
		what = "dry run"
	}
	part := ""
	if !r.Full {
		part = " (changes only)"
	}
	fmt.Fprintf(&b, "%s of import %q%s: read %d, created %d, updated %d (renamed %d, moved %d, enabled %d), ",
		what, r.Import, part, r.Read, r.Created, r.Updated, r.Renamed, r.Moved, r.Enabled)
	fmt.Fprintf(&b, "unchanged %d, ignored %d, failed %d, disabled %d, deleted %d, held %d\n",
		r.Unchanged, r.Ignored, r.Failed, r.Disabled, r.Deleted, r.Held)
	if r.NumberLost > 0 {
		const lost = "%d of the ignored are stored here and lost their last number at the source; they keep the stored one\n"
		fmt.Fprintf(&b, lost, r.NumberLost)
	}
	if r.Left > 0 {
		fmt.Fprintf(&b, "left for the next plan: %d\n", r.Left)
	}
	for _, hold := range r.Holds {
		fmt.Fprintf(&b, "held: %s\n", hold)
	}
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "%s\n", p)
	}
	return b.String()
}
