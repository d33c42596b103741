package planning

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// preview compares what the gateway's allocation makes of the table with the
// plan, and with the best that could be had.
func (x *index) preview(fs *Findings) {
	p := newPreview(x)
	p.supervise()
	got := p.result()
	for i, use := range got.Rows {
		r := &x.Rows[i]
		path := fmt.Sprintf("rows[%d]", i)
		switch {
		case use.Unsupervised > 0:
			fs.error(NotSupervised, path, "%d of the %d extensions of %v find no slot", use.Unsupervised, r.total(), r.Pattern)
		case len(r.Planned) > 0 && r.Implicit > 0:
			fs.warn(Overflows, path, "%d extensions of %v are planned on no link, though links name it: they overflow", r.Implicit, r.Pattern)
		case r.Implicit == 0 && differs(r.Planned, use.ByLink):
			fs.warn(AllocationDiffers, path+".planned", "the allocation puts the extensions of %v elsewhere: %s", r.Pattern, listing(use.ByLink))
		}
	}
	if got.Unsupervised == 0 {
		return
	}
	if len(x.Rows)*len(x.Links) > maxPairs {
		return
	}
	best := x.total() - x.mostPlaced()
	if best >= got.Unsupervised {
		return
	}
	better, changes, left := x.improve(got.Unsupervised, best)
	message := fmt.Sprintf("%d extensions stay unsupervised that could be placed", got.Unsupervised-best)
	if better {
		message += fmt.Sprintf("; it would help to %s: then %d stay unsupervised", strings.Join(changes, ", and to "), left)
	}
	fs.warn(NotPerfect, "rows", "%s", message)
}

func (x *index) total() (n int) {
	for i := range x.Rows {
		n += x.Rows[i].total()
	}
	return n
}

func differs(planned, got map[string]int) bool {
	for link, n := range planned {
		if got[link] != n {
			return true
		}
	}
	for link, n := range got {
		if planned[link] != n {
			return true
		}
	}
	return false
}

// maxPairs bounds the rows times links for which a perfect assignment is sought.
const maxPairs = 1_000_000

// listing is "300 on paris, 200 on lyon".
func listing(byLink map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(byLink)) {
		parts = append(parts, fmt.Sprintf("%d on %s", byLink[name], name))
	}
	return strings.Join(parts, ", ")
}
