package csta

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

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

// watch is what a monitor is of: a device may have a full one and a
// features-only one.
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
	return &monitors{device: make(map[watch]*monitor), xref: make(map[string]*monitor), recent: message.NewCache[*monitor](0)}
}

// findByCrossRef is for the reader alone.
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

// removeMonitor forgets a monitor, and reports whether it stood until now.
func (m *monitors) removeMonitor(mon *monitor) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	stood := m.xref[mon.crossRef] == mon
	if m.device[mon.watch] == mon {
		delete(m.device, mon.watch)
	}
	if stood {
		delete(m.xref, mon.crossRef)
	}
	mon.removed.Store(true)
	return stood
}

// knownConnections are the connections whose device part is the switch's own short-lived
// identifier: to act on one, that is what must be sent. A connection whose
// device part is a number needs no memory.
type knownConnections struct {
	mu    sync.Mutex
	calls map[cti.CallID]map[cti.DeviceID]message.Connection
}

// maxKnown bounds the calls remembered.
const maxKnown = 65536

// rememberConnection remembers which connection of a call is device's.
func (k *knownConnections) rememberConnection(id cti.ConnectionID, c *message.Connection) {
	if c.Device.Form != message.Dynamic || id.Call == "" || id.Device == "" {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	of := k.calls[id.Call]
	if of == nil {
		if k.calls == nil || len(k.calls) >= maxKnown {
			// Calls whose end never came: start afresh, memory is bounded.
			k.calls = make(map[cti.CallID]map[cti.DeviceID]message.Connection)
		}
		of = make(map[cti.DeviceID]message.Connection, 2)
		k.calls[id.Call] = of
	}
	of[id.Device] = *c
}

func (k *knownConnections) forgetCall(call cti.CallID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.calls, call)
}

// findConnection is the one remembered.
func (k *knownConnections) findConnection(id cti.ConnectionID) (message.Connection, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	c, ok := k.calls[id.Call][id.Device]
	return c, ok
}

// messageConnection is what to send for a connection.
func (s *session) messageConnection(id cti.ConnectionID) message.Connection {
	if c, ok := s.known.findConnection(id); ok {
		return c
	}
	return message.ConnectionOf(parseCallID(id.Call), s.messageDevice(id.Device))
}

// messageDevice is what to send for a device of the PBX.
func (s *session) messageDevice(id cti.DeviceID) message.Device {
	return message.Device{Status: message.Known, Form: message.Form(s.profile.Devices), Number: string(id)}
}
