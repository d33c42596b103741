package forwardrules

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// conclude notes what became of the rules, and tells what is new.
func (m *Manager) conclude(s state, now time.Time, chosen map[edge]choice, conflicts []conflict, failed map[cti.DeviceID]error) {
	lasting := map[string]cti.Incident{}
	inForce, circle := map[*rule]bool{}, map[*rule]bool{}
	for e, c := range chosen {
		inForce[c.rule] = failed[e.from] == nil
	}
	for _, c := range conflicts {
		circle[c.rule] = true
	}
	m.mu.Lock()
	for device, rules := range s.rules {
		list := make([]Status, len(rules))
		for i := range rules {
			r := &rules[i]
			st := Status{Rule: r.Name, Active: !r.Disabled && r.calendar.active(now), InForce: inForce[r], Circle: circle[r], Err: failed[device]}
			list[i] = st
			if st.Circle {
				lasting["circle "+string(device)+" "+r.Name] = cti.Incident{Code: "forwardrules.circle", Subject: string(device), Severity: slog.LevelWarn,
					Message: fmt.Sprintf("rule %q is not carried out: calls forwarded to %s would come back", r.Name, r.To)}
			}
		}
		m.status[device] = list
		if err := failed[device]; err != nil {
			lasting["failed "+string(device)] = cti.Incident{Code: "forwardrules.failed", Subject: string(device), Severity: slog.LevelWarn, Err: err,
				Message: "the forwards could not be set; it is tried again"}
		}
		if len(rules) == 0 && len(m.set[device]) == 0 && failed[device] == nil && len(m.rules[device]) == 0 {
			delete(m.rules, device)
			delete(m.set, device)
			delete(m.status, device)
		}
	}
	var fresh []cti.Incident
	for _, name := range slices.Sorted(maps.Keys(lasting)) {
		if !m.told[name] {
			fresh = append(fresh, lasting[name])
		}
	}
	clear(m.told)
	for name := range lasting {
		m.told[name] = true
	}
	m.mu.Unlock()
	if m.opts.Incidents != nil {
		for _, in := range fresh {
			m.opts.Incidents.Record(in)
		}
	}
}
