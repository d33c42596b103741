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

// atOnce bounds the concurrent requests, each for another extension: the links
// also carry calls.
const atOnce = 8

// forEachDevice calls f for devices, several at once, and collects the errors.
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

// readStaleForwards reads the forwards of the extensions that may have changed.
func (m *Manager) readStaleForwards(ctx context.Context) map[cti.DeviceID]error {
	m.mu.Lock()
	devices := slices.Sorted(maps.Keys(m.stale))
	m.mu.Unlock()
	dial := m.dialler()
	return forEachDevice(devices, func(device cti.DeviceID) error { return m.readForwards(ctx, device, dial) })
}

// readForwards asks the PBX for the forwards of an extension. Of those found the
// first time, the ones that a rule would set count as ours: an earlier run set
// them, and they must be cancelled when their time is over.
func (m *Manager) readForwards(ctx context.Context, device cti.DeviceID, dial func(string) cti.DeviceID) error {
	m.mu.Lock()
	delete(m.stale, device) // a change from now on marks it again
	m.mu.Unlock()
	request, cancel := context.WithTimeout(ctx, m.opts.RequestTimeout)
	found, err := m.gw.Line(device).Forwarding(request)
	cancel()
	m.mu.Lock()
	defer m.mu.Unlock()
	old := m.lines[device]
	if errors.Is(err, ctikit.ErrUnsupported) && old != nil {
		return nil // our own changes are all that is known
	}
	if err != nil && !errors.Is(err, ctikit.ErrUnsupported) {
		m.stale[device] = true
		return &Failure{Device: device, Err: err}
	}
	line := &lineState{ours: map[key]cti.DeviceID{}, foreign: []cti.Forward{}}
	for _, f := range found {
		k, to := forwardKey(f), cti.DeviceID(f.To)
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

// applyDecision brings every extension with rules in line with a decision: first
// it cancels, then it sets, in rounds. A forward that would make a circle with one
// that is still active, because it could not be cancelled or is replaced only in
// this round, waits for the next.
func (m *Manager) applyDecision(ctx context.Context, d *decision) map[cti.DeviceID]error {
	devices := slices.Sorted(maps.Keys(d.rules))
	cancels := forEachDevice(devices, func(device cti.DeviceID) error {
		return m.requestChanges(ctx, d, device, false, nil)
	})
	sets := map[cti.DeviceID]error{}
	for before := len(devices) + 1; len(devices) > 0 && len(devices) < before; {
		active := m.activeForwards(d)
		for _, device := range devices {
			delete(sets, device)
		}
		maps.Copy(sets, forEachDevice(devices, func(device cti.DeviceID) error {
			return m.requestChanges(ctx, d, device, true, active)
		}))
		before = len(devices)
		devices = slices.DeleteFunc(devices, func(device cti.DeviceID) bool {
			return !errors.Is(sets[device], errForwardActive)
		})
	}
	for device, err := range cancels {
		sets[device] = errors.Join(err, sets[device])
	}
	return sets
}

// errForwardActive: a forward of another extension must end first.
var errForwardActive = fmt.Errorf("%w: a forward that must be cancelled first is still active", cti.ErrInvalidState)

// requestChanges makes the changes of one extension: those that set forwards, or
// those that cancel some.
func (m *Manager) requestChanges(
	ctx context.Context, d *decision, device cti.DeviceID, set bool, active graph,
) error {
	var failures []error
	for _, c := range m.pendingChanges(device, mergeChoices(device, d.chosen)) {
		if c.request.Active != set {
			continue
		}
		err := errForwardActive
		if !set || !active.closesCircle(device, c) {
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

// activeForwards returns the forwards of a decision, and those that it cancels or
// replaces but that are still set.
func (m *Manager) activeForwards(d *decision) graph {
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
				if coversClass(k.origin, class) {
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
		return coversClass(c.request.Origin, class) && g.leadsTo(c.to, device, class, nil)
	})
}

// change is one request to the PBX.
type change struct {
	request cti.Forward  // the destination as people write it
	to      cti.DeviceID // as the PBX has it
}

// pendingChanges returns the changes that bring a line in line with want.
func (m *Manager) pendingChanges(device cti.DeviceID, want map[key]choice) (changes []change) {
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
			changes = append(changes, change{f, to})
		}
	}
	for k, to := range line.ours {
		cancel(k, to)
	}
	if m.opts.Exclusive && len(m.rules[device]) > 0 {
		for _, f := range line.foreign {
			cancel(forwardKey(f), cti.DeviceID(f.To))
		}
	}
	for k, c := range want {
		if line.ours[k] != c.to {
			changes = append(changes, change{k.forwardTo(c.rule.To), c.to})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return compareForwards(a.request, b.request) })
	return changes
}

func compareForwards(a, b cti.Forward) int {
	return cmp.Or(int(a.Type)-int(b.Type), int(a.Origin)-int(b.Origin))
}

// recordChange notes that the PBX made a change.
func (m *Manager) recordChange(device cti.DeviceID, c change) {
	m.mu.Lock()
	defer m.mu.Unlock()
	line, k := m.lines[device], forwardKey(c.request)
	line.foreign = slices.DeleteFunc(slices.Clone(line.foreign), func(f cti.Forward) bool { return forwardKey(f) == k })
	if c.request.Active {
		line.ours[k] = c.to
	} else {
		delete(line.ours, k)
	}
}
