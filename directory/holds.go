package directory

import (
	"fmt"
	"time"
)

// holds returns the reasons why so many removals must not be carried out
// without somebody looking at them. A reading that was complete by its protocol
// may still be wrong: a bind account that lost its rights gets success and no
// entries, and others have removed everybody for that.
func (p *planner) holds(removals int) (out []string) {
	if removals == 0 {
		return nil
	}
	if p.plan.Full && p.plan.Read == 0 {
		out = append(out, "the source told of nobody at all")
	}
	out = append(out, p.missingCanaries()...)
	limits := p.imp.Limits.withDefaults()
	if removals > limits.Removals {
		out = append(out, fmt.Sprintf("%d removals are more than limits.removals %d", removals, max(0, limits.Removals)))
	}
	if percent := 100 * float64(removals) / float64(max(1, p.plan.Known)); percent > limits.Percent && (removals > 1 || limits.Percent < 0) {
		out = append(out, fmt.Sprintf("%d removals of %d known are %.1f %%, more than limits.percent %g", removals, p.plan.Known, percent, max(0, limits.Percent)))
	}
	if today := p.state.removedSince(p.plan.Made.Add(-24 * time.Hour)); today > 0 && today+removals > limits.PerDay {
		out = append(out, fmt.Sprintf("%d removals after %d in the last 24 hours are more than limits.perDay %d", removals, today, max(0, limits.PerDay)))
	}
	return out
}

// missingCanaries: in a full reading every canary must have been seen; in an
// incremental one none may be gone.
func (p *planner) missingCanaries() (out []string) {
	for _, key := range p.imp.Canaries {
		k := p.known[key]
		seen := k != nil && k.seen || p.fresh[key]
		if p.plan.Full && !seen || p.gone[key] {
			out = append(out, fmt.Sprintf("the canary %q was not seen", key))
		}
	}
	return out
}
