package cstatest

import (
	"strconv"
	"sync"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// filters holds what the monitors of a connection omit.
type filters struct {
	mu sync.Mutex
	of map[ctitest.MonitorID]message.Filter
}

func (f *filters) setFilter(m ctitest.MonitorID, filter message.Filter) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of == nil {
		f.of = make(map[ctitest.MonitorID]message.Filter)
	}
	f.of[m] = filter
}

func (f *filters) removeFilter(m ctitest.MonitorID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.of, m)
}

func (f *filters) hasFilter(m ctitest.MonitorID) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.of[m]
	return ok
}

func (f *filters) passesFilter(m ctitest.MonitorID, kind cti.Kind) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	filter := f.of[m]
	return filter.Passes(kind)
}

// excludesCalls reports whether a filter omits calls: such a monitor takes no
// supervision slot.
func excludesCalls(f message.Filter) bool {
	return !f.Passes(cti.Delivered) && !f.Passes(cti.Established) && !f.Passes(cti.ConnectionCleared)
}

// parseCrossRef is the inverse of [formatCrossRef].
func parseCrossRef(ref string) (ctitest.MonitorID, error) {
	id, err := strconv.ParseUint(ref, 16, 32)
	if err != nil {
		return 0, &cti.Error{Err: cti.ErrInvalidState}
	}
	return ctitest.MonitorID(id), nil
}

func startDeviceMonitor(c *conn, sw *ctitest.Switch, r *message.Request) (any, error) {
	return c.noteFilter(r)(sw.StartMonitor(requestDevice(r), ctikit.Secret{}))
}

func startFeaturesMonitor(c *conn, sw *ctitest.Switch, r *message.Request) (any, error) {
	return c.noteFilter(r)(sw.MonitorFeatures(requestDevice(r)))
}

// noteFilter notes the filter of a monitor that was started.
func (c *conn) noteFilter(r *message.Request) func(ctitest.MonitorID, error) (any, error) {
	return func(id ctitest.MonitorID, err error) (any, error) {
		if err == nil {
			c.filters.setFilter(id, r.Filter)
		}
		return id, err
	}
}

func stopDeviceMonitor(c *conn, sw *ctitest.Switch, r *message.Request) (any, error) {
	id, err := parseCrossRef(r.CrossRef)
	if err == nil {
		err = sw.StopMonitor(id)
	}
	if err == nil {
		c.filters.removeFilter(id)
	}
	return nil, err
}

func updateFilter(c *conn, _ *ctitest.Switch, r *message.Request) (any, error) {
	id, err := parseCrossRef(r.CrossRef)
	switch {
	case err != nil:
		return nil, err
	case !c.filters.hasFilter(id):
		return nil, &cti.Error{Err: cti.ErrInvalidState, Detail: "no such monitor"}
	}
	c.filters.setFilter(id, r.Filter)
	return nil, nil
}
