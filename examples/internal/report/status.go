package report

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/cti/planning"
)

// patience is how long links and extensions may take to come to rest.
const patience = 30 * time.Second

// Status is what became of links and extensions.
type Status struct {
	PlanFindings ctikit.Problems `json:"planFindings"`
	Supervised   int             `json:"supervised"`
	Unsupervised map[string]int  `json:"unsupervised"` // by reason
	Links        []Link          `json:"links"`
}

// Status prints what the plan is worth, waits until links and extensions are at
// rest, and prints them.
func (r *Report) Status(ctx context.Context, gw *gateway.Gateway, sites []planning.Site) (s Status, err error) {
	r.Heading("The plan")
	if s.PlanFindings, err = r.Planning(planning.Of(gw.Config(), sites, nil)); err != nil {
		return s, err
	}
	r.Heading("Supervision")
	resting, cancel := context.WithTimeout(ctx, patience)
	var settling sync.WaitGroup
	settling.Go(func() { _ = gw.Settled(resting); cancel() })
	r.Progress(resting, "supervised", len(gw.Extensions()), func() int { return Supervised(gw) })
	cancel()
	settling.Wait()
	s.Supervised, s.Unsupervised = Supervised(gw), map[string]int{}
	for _, e := range gw.Extensions() {
		if e.State != gateway.StateSupervised {
			s.Unsupervised[e.Reason.String()]++
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(s.Unsupervised)) {
		r.Line("%d unsupervised: %s", s.Unsupervised[reason], reason)
	}
	s.Links = r.Links(gw.Links())
	for _, l := range gw.Links() {
		if l.LastError != "" {
			r.Text("%s: %s", l.Name, l.LastError)
		}
	}
	return s, ctx.Err()
}
