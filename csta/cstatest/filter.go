package cstatest

import (
	"strconv"
	"sync"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// filters are what the monitors of a connection leave out.
type filters struct {
	mu sync.Mutex
	of map[ctitest.MonitorID]message.Filter
}

func (f *filters) set(m ctitest.MonitorID, filter message.Filter) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of == nil {
		f.of = make(map[ctitest.MonitorID]message.Filter)
	}
	f.of[m] = filter
}

func (f *filters) remove(m ctitest.MonitorID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.of, m)
}

func (f *filters) known(m ctitest.MonitorID) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.of[m]
	return ok
}

func (f *filters) passes(m ctitest.MonitorID, kind cti.Kind) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	filter := f.of[m]
	return filter.Passes(kind)
}

// leavesCallsOut: a monitor with such a filter takes no supervision slot.
func leavesCallsOut(f message.Filter) bool {
	return !f.Passes(cti.Delivered) && !f.Passes(cti.Established) && !f.Passes(cti.ConnectionCleared)
}

// monitorID is the way back from [crossRef].
func monitorID(ref string) (ctitest.MonitorID, error) {
	id, err := strconv.ParseUint(ref, 16, 32)
	if err != nil {
		return 0, &cti.Error{Err: cti.ErrInvalidState}
	}
	return ctitest.MonitorID(id), nil
}

func startMonitor(c *conn, sw *ctitest.Switch, r *message.Request) (any, error) {
	return c.monitored(r)(sw.StartMonitor(device(r), ctikit.Secret{}))
}

func startFeatures(c *conn, sw *ctitest.Switch, r *message.Request) (any, error) {
	return c.monitored(r)(sw.MonitorFeatures(device(r)))
}

// monitored notes the filter of a monitor that was started.
func (c *conn) monitored(r *message.Request) func(ctitest.MonitorID, error) (any, error) {
	return func(id ctitest.MonitorID, err error) (any, error) {
		if err == nil {
			c.filters.set(id, r.Filter)
		}
		return id, err
	}
}

func stopMonitor(c *conn, sw *ctitest.Switch, r *message.Request) (any, error) {
	id, err := monitorID(r.CrossRef)
	if err == nil {
		err = sw.StopMonitor(id)
	}
	if err == nil {
		c.filters.remove(id)
	}
	return nil, err
}

func changeFilter(c *conn, _ *ctitest.Switch, r *message.Request) (any, error) {
	id, err := monitorID(r.CrossRef)
	switch {
	case err != nil:
		return nil, err
	case !c.filters.known(id):
		return nil, &cti.Error{Err: cti.ErrInvalidState, Detail: "no such monitor"}
	}
	c.filters.set(id, r.Filter)
	return nil, nil
}
