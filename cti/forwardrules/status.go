package forwardrules

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

// Status is the current state of a rule.
type Status struct {
	Rule     string
	Active   bool  // its calendar applies and it is not disabled
	InForce  bool  // the PBX forwards calls by it, or this package deflects them
	Deflects bool  // it is carried out by deflecting, at least for some calls
	Circle   bool  // not carried out, at least for some calls: they would come back
	Err      error // a [*Failure]: the last request to the PBX that failed; it is repeated
}

// Failure is a request to the PBX that failed. It wraps the sentinel errors of
// package cti.
type Failure struct {
	Device  cti.DeviceID
	Forward cti.Forward // the forward to set or cancel; zero if reading them failed
	Call    cti.CallID  // the call to deflect to Forward.To, "" if none
	Err     error
}

// Error is `forward of 4001 to 0612345678 (busy, external calls): set forwarding …`.
func (f *Failure) Error() string {
	switch {
	case f.Call != "":
		return fmt.Sprintf("deflection of call %s from %s to %s: %v", f.Call, f.Device, f.Forward.To, f.Err)
	case f.Forward == cti.Forward{}:
		return fmt.Sprintf("forwards of %s: %v", f.Device, f.Err)
	}
	return fmt.Sprintf("forward of %s to %s (%v, %v calls): %v",
		f.Device, f.Forward.To, f.Forward.Type, f.Forward.Origin, f.Err)
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// Status returns the state of the rules of an extension, in order of priority. It is
// empty until [Manager.Run] has applied them.
func (m *Manager) Status(device cti.DeviceID) []Status {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.status[device])
}

// recordOutcome notes the status of every rule, and records the incidents that are new.
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
	warn := func(code string, device cti.DeviceID, rule string, err error, message string) {
		lasting[code+" "+string(device)+" "+rule] = ctikit.Incident{
			Code: code, Subject: string(device), Severity: slog.LevelWarn, Err: err, Message: message,
		}
	}
	for device, rules := range d.rules {
		list := make([]Status, len(rules))
		for i := range rules {
			r := &rules[i]
			list[i] = Status{
				Rule: r.Name, Active: r.appliesAt(d.at), InForce: inForce[r], Deflects: deflects[r],
				Circle: circles[r] || deflects[r] && m.circles[circle{device, r.Name}], Err: failed[device],
			}
			if list[i].Circle {
				warn("forwardrules.circle", device, r.Name, nil,
					fmt.Sprintf("rule %q is not carried out: calls forwarded to %s would come back", r.Name, r.To))
			}
		}
		m.status[device] = list
		if err := failed[device]; err != nil {
			warn("forwardrules.failed", device, "", err, "setting the forwards failed; it is tried again")
		}
		m.dropIdleDevice(device, failed[device])
	}
	fresh := m.newIncidents(lasting)
	m.mu.Unlock()
	m.recordIncidents(fresh...)
}

// dropIdleDevice drops an extension that has no rules and no longer any forwards
// that rules set.
func (m *Manager) dropIdleDevice(device cti.DeviceID, failed error) {
	line := m.lines[device]
	if failed == nil && len(m.rules[device]) == 0 && (line == nil || len(line.ours) == 0) {
		delete(m.rules, device)
		delete(m.lines, device)
		delete(m.stale, device)
		delete(m.status, device)
	}
}

// newIncidents returns the incidents that were not reported at the last pass.
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
