package forwardrules

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

// recordOutcome notes what became of the rules, and tells what is new.
func (m *Manager) recordOutcome(d *decision, failed map[cti.DeviceID]error) {
	inForce, deflects, circles := map[*rule]bool{}, map[*rule]bool{}, map[*rule]bool{}
	for e, c := range d.chosen {
		inForce[c.rule] = failed[e.from] == nil
	}
	for _, rules := range d.deflected {
		for _, r := range rules {
			inForce[r], deflects[r] = true, true
		}
	}
	for _, c := range d.conflicts {
		circles[c.rule] = true
	}
	m.mu.Lock()
	m.decided = d
	lasting := map[string]ctikit.Incident{}
	for device, rules := range d.rules {
		list := make([]Status, len(rules))
		for i := range rules {
			r := &rules[i]
			st := Status{
				Rule: r.Name, Active: r.appliesAt(d.at), InForce: inForce[r], Deflects: deflects[r],
				Circle: circles[r] || deflects[r] && m.circles[circle{device, r.Name}], Err: failed[device],
			}
			list[i] = st
			if st.Circle {
				lasting["circle "+string(device)+" "+r.Name] = ctikit.Incident{Code: "forwardrules.circle", Subject: string(device), Severity: slog.LevelWarn,
					Message: fmt.Sprintf("rule %q is not carried out: calls forwarded to %s would come back", r.Name, r.To)}
			}
		}
		m.status[device] = list
		if err := failed[device]; err != nil {
			lasting["failed "+string(device)] = ctikit.Incident{Code: "forwardrules.failed", Subject: string(device), Severity: slog.LevelWarn, Err: err,
				Message: "setting the forwards failed; it is tried again"}
		}
		m.dropIdleDevice(device, failed[device])
	}
	fresh := m.newIncidents(lasting)
	m.mu.Unlock()
	m.recordIncidents(fresh...)
}

// dropIdleDevice drops an extension that has no rules and no forwards of theirs any more.
func (m *Manager) dropIdleDevice(device cti.DeviceID, failed error) {
	line := m.lines[device]
	if failed == nil && len(m.rules[device]) == 0 && (line == nil || len(line.ours) == 0) {
		delete(m.rules, device)
		delete(m.lines, device)
		delete(m.stale, device)
		delete(m.status, device)
	}
}

// newIncidents returns the incidents that were not told before.
func (m *Manager) newIncidents(lasting map[string]ctikit.Incident) (out []ctikit.Incident) {
	for _, name := range slices.Sorted(maps.Keys(lasting)) {
		if !m.reported[name] {
			out = append(out, lasting[name])
		}
	}
	clear(m.reported)
	for name := range lasting {
		m.reported[name] = true
	}
	return out
}

func (m *Manager) recordIncidents(incidents ...ctikit.Incident) {
	if m.opts.Incidents == nil {
		return
	}
	company := m.gw.Config().Company
	for _, in := range incidents {
		in.Company = company
		m.opts.Incidents.Record(in)
	}
}
