package csta

import (
	"errors"
	"fmt"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// Monitor filters: the PBX is asked to leave out the events that the host does
// not want (Config.LeaveOut), and what it sends all the same is passed over.

// filter is what monitors leave out: as asked of the PBX, and as kinds.
type filter struct {
	asked message.Filter
	kinds uint64 // bit i is cti.Kind i; those of a PBX are below 64
}

func (f filter) withoutKinds(kinds ...cti.Kind) filter {
	if len(kinds) == 0 {
		return f
	}
	f.asked = f.asked.Without(kinds...)
	for _, k := range kinds {
		f.kinds |= 1 << k
	}
	return f
}

func (f *filter) excludes(k cti.Kind) bool { return f.kinds>>k&1 == 1 }

// callsLeftOut leaves the calls out, for a features-only monitor.
var callsLeftOut = func() (f filter) {
	for k := cti.Kind(1); k <= cti.Private; k++ {
		if k.Class() == cti.CallClass {
			f = f.withoutKinds(k)
		}
	}
	return f
}()

// validateLeaveOut reports kinds without which the state of the calls would be wrong.
func validateLeaveOut(ps *ctikit.Problems, kinds []cti.Kind) {
	for i, k := range kinds {
		needed := k <= cti.Transferred && k != cti.DigitsDialed && k != cti.NetworkCapabilitiesChanged
		if needed || k > cti.Private {
			*ps = append(*ps, ctikit.Problem{Severity: ctikit.SeverityError, Path: fmt.Sprintf("leaveOut[%d]", i),
				Message: k.String() + " is required", Err: ctikit.ErrUnsupported})
		}
	}
}

// noFilter is the error of a PBX that cannot filter so.
var noFilter, _ = message.FailureByName(message.OperationError, "invalidMonitorFilter")

func isFilterRefusal(err error) bool {
	var e *cti.Error
	return errors.As(err, &e) && e.Code == noFilter.String()
}
