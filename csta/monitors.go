package csta

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// monitors are those of a session, found by device and by cross reference.
type monitors struct {
	mu     sync.RWMutex
	device map[watch]*monitor
	xref   map[string]*monitor
	// recent is what the reader found last: to look there needs no lock.
	recent *message.Cache[*monitor]
}

// watch identifies a monitor: a device may have a full and a features-only one.
type watch struct {
	device   cti.DeviceID
	features bool
}

// monitor is one started monitor.
type monitor struct {
	watch
	filter
	crossRef string
	removed  atomic.Bool
	last     lastEvent
}

func newMonitors() *monitors {
	return &monitors{device: make(map[watch]*monitor), xref: make(map[string]*monitor),
		recent: message.NewCache[*monitor](0)}
}

// findByCrossRef finds a monitor; the reader alone calls it.
func (m *monitors) findByCrossRef(xref []byte) *monitor {
	if at := m.recent.Find(xref); at != nil && !(*at).removed.Load() {
		return *at
	}
	m.mu.RLock()
	mon := m.xref[string(xref)]
	m.mu.RUnlock()
	if mon != nil {
		m.recent.Put(xref, mon)
	}
	return mon
}

func (m *monitors) findByDevice(w watch) *monitor {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.device[w]
}

// listMonitors lists the monitors by device.
func (m *monitors) listMonitors() []*monitor {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return slices.SortedFunc(maps.Values(m.xref), func(a, b *monitor) int {
		return cmp.Or(cmp.Compare(a.device, b.device), cmp.Compare(a.crossRef, b.crossRef))
	})
}

// addMonitor adds a monitor, and returns the one that had its reference, nil if none
// had.
func (m *monitors) addMonitor(mon *monitor) (before *monitor) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if before = m.xref[mon.crossRef]; before != nil {
		before.removed.Store(true)
		if m.device[before.watch] == before {
			delete(m.device, before.watch)
		}
	}
	m.device[mon.watch], m.xref[mon.crossRef] = mon, mon
	return before
}

// removeMonitor forgets a monitor, and reports whether it was known until now.
func (m *monitors) removeMonitor(mon *monitor) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := m.xref[mon.crossRef] == mon
	if m.device[mon.watch] == mon {
		delete(m.device, mon.watch)
	}
	if known {
		delete(m.xref, mon.crossRef)
	}
	mon.removed.Store(true)
	return known
}

// Monitor filters: the PBX is asked to omit the events that the application does
// not want (Config.LeaveOut), and those that it sends nevertheless are ignored.

// filter is what monitors omit: as requested of the PBX, and as kinds.
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

// noFilter is the error of a PBX that does not support the filter.
var noFilter, _ = message.FailureByName(message.OperationError, "invalidMonitorFilter")

func isFilterRefusal(err error) bool {
	var e *cti.Error
	return errors.As(err, &e) && e.Code == noFilter.String()
}
