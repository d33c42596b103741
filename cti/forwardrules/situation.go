package forwardrules

import (
	"maps"
	"slices"

	"github.com/ctikit/ctikit/cti"
)

// collectSituation collects what a decision starts from, and all extensions that calls
// can reach from those with rules by rules and forwards: only a forward at one
// of these can close a circle.
func (m *Manager) collectSituation() (situation, []cti.DeviceID) {
	s := situation{inForce: map[edge]cti.DeviceID{}, foreign: map[cti.DeviceID][]cti.Forward{}, dial: m.dialler()}
	m.mu.Lock()
	s.rules = maps.Clone(m.rules)
	for device, line := range m.lines {
		s.foreign[device] = line.foreign
		for k, to := range line.ours {
			for _, class := range classes {
				if k.origin == cti.AllCalls || k.origin == class {
					s.inForce[edge{device, class, k.kind}] = to
				}
			}
		}
	}
	m.mu.Unlock()

	seen := map[cti.DeviceID]bool{}
	queue := slices.Sorted(maps.Keys(s.rules))
	for i := 0; i < len(queue); i++ {
		device := queue[i]
		if _, ours := m.gw.Extension(device); seen[device] || !ours {
			continue
		}
		seen[device] = true
		if _, read := s.foreign[device]; !read {
			snap, _ := m.gw.Snapshot(device)
			s.foreign[device] = snap.Features.Forwards
		}
		for _, f := range s.foreign[device] {
			queue = append(queue, s.dial(f.To))
		}
		for _, r := range s.rules[device] {
			queue = append(queue, s.dial(r.To))
		}
	}
	return s, slices.Sorted(maps.Keys(seen))
}

// dialler returns how the PBX sees a destination. What the number plan cannot turn
// into a number stays as it is; setting it fails and is reported then.
func (m *Manager) dialler() func(to string) cti.DeviceID {
	plan := m.gw.Config().NumberPlan
	return func(to string) cti.DeviceID {
		if plan != nil {
			if out, err := plan.Outgoing(to); err == nil {
				return cti.DeviceID(out)
			}
		}
		return cti.DeviceID(to)
	}
}
