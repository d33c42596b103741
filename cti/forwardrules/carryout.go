package forwardrules

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

// atOnce bounds the requests under way, each for another extension: the links
// have calls to carry too.
const atOnce = 8

// forEachDevice does f for devices, several at once, and collects the errors.
func forEachDevice(devices []cti.DeviceID, f func(cti.DeviceID) error) map[cti.DeviceID]error {
	var mu sync.Mutex
	var running sync.WaitGroup
	failed := map[cti.DeviceID]error{}
	work := make(chan cti.DeviceID, len(devices))
	for _, device := range devices {
		work <- device
	}
	close(work)
	for range min(atOnce, len(devices)) {
		running.Go(func() {
			for device := range work {
				if err := f(device); err != nil {
					mu.Lock()
					failed[device] = err
					mu.Unlock()
				}
			}
		})
	}
	running.Wait()
	return failed
}

// readStaleForwards reads what forwards those extensions have of which we are not sure.
func (m *Manager) readStaleForwards(ctx context.Context) map[cti.DeviceID]error {
	m.mu.Lock()
	devices := slices.Sorted(maps.Keys(m.stale))
	m.mu.Unlock()
	dial := m.dialler()
	return forEachDevice(devices, func(device cti.DeviceID) error { return m.readForwards(ctx, device, dial) })
}

// readForwards asks the PBX for the forwards of an extension. Of those found at the
// first time the ones that are as a rule would set them count as ours: an
// earlier run set them, and they are to be cancelled when their time is over.
func (m *Manager) readForwards(ctx context.Context, device cti.DeviceID, dial func(string) cti.DeviceID) error {
	m.mu.Lock()
	delete(m.stale, device) // what happens from now on casts doubt again
	m.mu.Unlock()
	request, cancel := context.WithTimeout(ctx, m.opts.RequestTimeout)
	found, err := m.gw.Line(device).Forwarding(request)
	cancel()
	m.mu.Lock()
	defer m.mu.Unlock()
	old := m.lines[device]
	if errors.Is(err, ctikit.ErrUnsupported) && old != nil {
		return nil // we go by what we did
	}
	if err != nil && !errors.Is(err, ctikit.ErrUnsupported) {
		m.stale[device] = true
		return &Failure{Device: device, Err: err}
	}
	line := &lineState{ours: map[key]cti.DeviceID{}, foreign: []cti.Forward{}}
	for _, f := range found {
		k, to := key{f.Type, f.Origin}, cti.DeviceID(f.To)
		ruled := func(r rule) bool { return r.Type == f.Type && len(r.patterns) == 0 && dial(r.To) == to }
		switch {
		case !f.Active:
		case old != nil && old.ours[k] == to, old == nil && slices.ContainsFunc(m.rules[device], ruled):
			line.ours[k] = to
		default:
			line.foreign = append(line.foreign, f)
		}
	}
	m.lines[device] = line
	return nil
}

// applyDecision brings every extension with rules in line with a decision: first all
// cancels, then what is to be set, in rounds. A forward that would make a circle
// with one which stands still, because it could not be cancelled or leads
// elsewhere only after this round, waits for the next.
func (m *Manager) applyDecision(ctx context.Context, d *decision) map[cti.DeviceID]error {
	devices := slices.Sorted(maps.Keys(d.rules))
	cancels := forEachDevice(devices, func(device cti.DeviceID) error { return m.requestChanges(ctx, d, device, false, nil) })
	sets := map[cti.DeviceID]error{}
	for before := len(devices) + 1; len(devices) > 0 && len(devices) < before; {
		standing := m.remainingForwards(d)
		for _, device := range devices {
			delete(sets, device)
		}
		maps.Copy(sets, forEachDevice(devices, func(device cti.DeviceID) error { return m.requestChanges(ctx, d, device, true, standing) }))
		before = len(devices)
		devices = slices.DeleteFunc(devices, func(device cti.DeviceID) bool { return !errors.Is(sets[device], errForwardActive) })
	}
	for device, err := range cancels {
		sets[device] = errors.Join(err, sets[device])
	}
	return sets
}

// errForwardActive: what is to end at another extension stands still.
var errForwardActive = fmt.Errorf("%w: a forward that must be cancelled first is still active", cti.ErrInvalidState)

// requestChanges makes the changes of one extension: what is to be set, or to be cancelled.
func (m *Manager) requestChanges(ctx context.Context, d *decision, device cti.DeviceID, set bool, standing graph) error {
	var failures []error
	for _, c := range m.pendingChanges(device, mergeChoices(device, d.chosen)) {
		if c.request.Active != set {
			continue
		}
		err := errForwardActive
		if !set || !standing.closesCircle(device, c) {
			request, cancel := context.WithTimeout(ctx, m.opts.RequestTimeout)
			err = m.gw.Line(device).SetForwarding(request, c.request)
			cancel()
		}
		if err != nil {
			failures = append(failures, &Failure{Device: device, Forward: c.request, Err: err})
			continue
		}
		m.recordChange(device, c)
	}
	return errors.Join(failures...)
}

// remainingForwards are the forwards of a decision, and those that it cancels or replaces
// and that are there still.
func (m *Manager) remainingForwards(d *decision) graph {
	g := graph{}
	for device, list := range d.graph {
		g[device] = slices.Clone(list)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for device, line := range m.lines {
		want := mergeChoices(device, d.chosen)
		for k, to := range line.ours {
			if want[k].to == to {
				continue
			}
			for _, class := range classes {
				if k.origin == cti.AllCalls || k.origin == class {
					g.addEdge(edge{device, class, k.kind}, to)
				}
			}
		}
	}
	return g
}

// closesCircle reports whether calls that a change forwards come back to the device.
func (g graph) closesCircle(device cti.DeviceID, c change) bool {
	return slices.ContainsFunc(classes[:], func(class cti.Origin) bool {
		return (c.origin == cti.AllCalls || c.origin == class) && g.leadsTo(c.to, device, class)
	})
}

// change is one request to the PBX.
type change struct {
	key
	request cti.Forward  // the destination as people write it
	to      cti.DeviceID // as the PBX has it
}

// pendingChanges are what is to be changed at a line: first cancels, then sets.
func (m *Manager) pendingChanges(device cti.DeviceID, want map[key]choice) (todo []change) {
	m.mu.Lock()
	defer m.mu.Unlock()
	line := m.lines[device]
	if line == nil || m.stale[device] {
		return nil // could not be read, which is reported
	}
	cancel := func(k key, to cti.DeviceID) {
		if _, wanted := want[k]; !wanted {
			f := k.forwardTo(string(to))
			f.Active = false
			todo = append(todo, change{k, f, to})
		}
	}
	for k, to := range line.ours {
		cancel(k, to)
	}
	if m.opts.Exclusive && len(m.rules[device]) > 0 {
		for _, f := range line.foreign {
			cancel(key{f.Type, f.Origin}, cti.DeviceID(f.To))
		}
	}
	for k, c := range want {
		if line.ours[k] != c.to {
			todo = append(todo, change{k, k.forwardTo(c.rule.To), c.to})
		}
	}
	slices.SortFunc(todo, func(a, b change) int {
		if a.request.Active != b.request.Active && b.request.Active {
			return -1
		} else if a.request.Active != b.request.Active {
			return 1
		}
		return cmp.Or(int(a.kind)-int(b.kind), int(a.origin)-int(b.origin))
	})
	return todo
}

// recordChange notes that the PBX did a change.
func (m *Manager) recordChange(device cti.DeviceID, c change) {
	m.mu.Lock()
	defer m.mu.Unlock()
	line := m.lines[device]
	line.foreign = slices.DeleteFunc(slices.Clone(line.foreign), func(f cti.Forward) bool { return f.Type == c.kind && f.Origin == c.origin })
	if c.request.Active {
		line.ours[c.key] = c.to
	} else {
		delete(line.ours, c.key)
	}
}
