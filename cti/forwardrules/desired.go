package forwardrules

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// Desired returns the forwards that an extension is to have at a time, sorted by
// type and origin, destinations as the rules have them. Circles are left out as
// they stand now: rules count as they will be then, forwards of others as they
// are. What is carried out by deflecting is not among them: see [Manager.Explain].
func (m *Manager) Desired(device cti.DeviceID, at time.Time) []cti.Forward {
	s, _ := m.collectSituation()
	return desiredForwards(device, decide(s, at))
}

func desiredForwards(device cti.DeviceID, d *decision) (out []cti.Forward) {
	for k, c := range mergeChoices(device, d.chosen) {
		out = append(out, k.forwardTo(c.rule.To))
	}
	slices.SortFunc(out, func(a, b cti.Forward) int {
		return cmp.Or(int(a.Type)-int(b.Type), int(a.Origin)-int(b.Origin))
	})
	return out
}

// Next returns the next moment after at at which [Manager.Desired] of the
// extension changes, or the rules by which its calls are deflected do. It is zero
// if the calendars never bring a change.
func (m *Manager) Next(device cti.DeviceID, at time.Time) time.Time {
	s, _ := m.collectSituation()
	now := decide(s, at)
	for moment, more := s.nextChange(at); more; moment, more = s.nextChange(moment) {
		if then := decide(s, moment); !slices.Equal(desiredForwards(device, now), desiredForwards(device, then)) || !maps.EqualFunc(
			deflections(device, now), deflections(device, then), slices.Equal) {
			return moment
		}
		if moment.Sub(at) > horizon {
			break
		}
	}
	return time.Time{}
}

// horizon is how far [Manager.Next] looks ahead for a change of rules that
// others outrank all the time.
const horizon = 366 * 24 * time.Hour

// nextChange returns the next moment at which any rule's calendar changes.
func (s *situation) nextChange(at time.Time) (first time.Time, found bool) {
	for _, rules := range s.rules {
		for i := range rules {
			if rules[i].Disabled {
				continue
			}
			if t, ok := rules[i].calendar.nextChange(at); ok && (!found || t.Before(first)) {
				first, found = t, true
			}
		}
	}
	return first, found
}

// deflections are the names of the rules by which calls of a device are deflected.
func deflections(device cti.DeviceID, d *decision) map[edge][]string {
	out := map[edge][]string{}
	for e, rules := range d.deflected {
		if e.from == device {
			for _, r := range rules {
				out[e] = append(out[e], r.Name)
			}
		}
	}
	return out
}
