package forwardrules

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

// Section gives the part "rules" of the configuration document: what [Parse]
// reads, its items being rules. An import checks everything, has save keep it
// (nil: nothing is kept), and replaces the rules of all extensions; on an error
// the rules in use stay.
func (m *Manager) Section(save func(ctx context.Context, rules map[cti.DeviceID][]Rule) error) ctikit.Section {
	return ctikit.Section{
		Name: "rules",
		Export: func(context.Context) (json.RawMessage, int, error) {
			rules, items := m.allRules()
			data, err := json.Marshal(rules)
			return data, items, err
		},
		Import: func(ctx context.Context, in ctikit.Import) (int, error) {
			checked, rules, err := parseDocument(in.Data)
			if err != nil {
				return 0, err
			}
			items := 0
			for _, list := range rules {
				items += len(list)
			}
			if in.DryRun {
				return items, nil
			}
			if save != nil {
				if err := save(ctx, rules); err != nil {
					return 0, fmt.Errorf("saving the forward rules failed; the current ones remain active: %w", err)
				}
			}
			old, _ := m.allRules()
			for device := range old {
				if _, stays := checked[device]; !stays {
					checked[device] = nil
				}
			}
			m.replaceRules(checked)
			return items, nil
		},
	}
}

// allRules returns the rules of every extension that has some, and their number.
func (m *Manager) allRules() (map[cti.DeviceID][]Rule, int) {
	m.mu.Lock()
	devices := slices.Collect(maps.Keys(m.rules))
	m.mu.Unlock()
	out, items := map[cti.DeviceID][]Rule{}, 0
	for _, device := range devices {
		if rules := m.Rules(device); len(rules) > 0 {
			out[device] = rules
			items += len(rules)
		}
	}
	return out, items
}
