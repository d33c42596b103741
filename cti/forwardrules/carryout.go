package forwardrules

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/ctikit/ctikit/cti"
)

// adopt takes forwards that an earlier run set for our own, so that they are
// cancelled when their time is over: those that are as a rule would set them.
func (m *Manager) adopt(ctx context.Context) {
	m.mu.Lock()
	fresh := slices.Sorted(maps.Keys(m.changed))
	m.mu.Unlock()
	dial := m.dial()
	for _, device := range fresh {
		if m.has(device) {
			continue
		}
		request, cancel := context.WithTimeout(ctx, m.opts.RequestTimeout)
		found, err := m.gw.Line(device).Forwarding(request)
		cancel()
		if err != nil {
			continue // asked again at the next look
		}
		m.mu.Lock()
		m.set[device] = map[key]cti.Forward{}
		for _, f := range found {
			for _, r := range m.rules[device] {
				if f.Active && f.Type == r.Type && cti.DeviceID(f.To) == dial(r.To) {
					f.To = r.To
					m.set[device][key{f.Type, f.Origin}] = f
				}
			}
		}
		delete(m.changed, device)
		m.mu.Unlock()
	}
}

// has reports whether we know what we have set for a device.
func (m *Manager) has(device cti.DeviceID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, known := m.set[device]
	if known {
		delete(m.changed, device)
	}
	return known
}

// bring sets the forwards of a device: first cancels, then sets.
func (m *Manager) bring(ctx context.Context, device cti.DeviceID, want map[key]cti.Forward) error {
	m.mu.Lock()
	have, known := maps.Clone(m.set[device]), m.set[device] != nil
	m.mu.Unlock()
	if !known {
		return fmt.Errorf("the forwards of %s cannot be read", device)
	}
	var todo []cti.Forward
	for k, f := range have {
		if _, keep := want[k]; !keep {
			f.Active = false
			todo = append(todo, f)
		}
	}
	for k, f := range want {
		if have[k] != f {
			todo = append(todo, f)
		}
	}
	slices.SortFunc(todo, inOrder)
	for _, f := range todo {
		request, cancel := context.WithTimeout(ctx, m.opts.RequestTimeout)
		err := m.gw.Line(device).SetForwarding(request, f)
		cancel()
		if err != nil {
			return err
		}
		m.mu.Lock()
		if f.Active {
			m.set[device][key{f.Type, f.Origin}] = f
		} else {
			delete(m.set[device], key{f.Type, f.Origin})
		}
		m.mu.Unlock()
	}
	return nil
}

// inOrder: cancels before sets, then a fixed order.
func inOrder(a, b cti.Forward) int {
	switch {
	case a.Active != b.Active && b.Active:
		return -1
	case a.Active != b.Active:
		return 1
	case a.Type != b.Type:
		return int(a.Type) - int(b.Type)
	}
	return int(a.Origin) - int(b.Origin)
}
