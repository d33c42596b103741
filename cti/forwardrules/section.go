package forwardrules

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/section"
)

// Section is one part of the configuration document; package directory
// assembles the document.
type Section = section.Section

// Section gives the part "rules" of the configuration document: all rules, by
// extension. An import checks them all, has save keep them (nil: nothing is
// kept), and then replaces those of every extension; on an error nothing changes.
func (m *Manager) Section(save func(ctx context.Context, rules map[cti.DeviceID][]Rule) error) Section {
	return Section{
		Name: "rules",
		Export: func(context.Context) (json.RawMessage, int, error) {
			rules, n := m.all()
			data, err := json.Marshal(rules)
			return data, n, err
		},
		Import: func(ctx context.Context, data json.RawMessage, dryRun bool) (int, error) {
			rules, n, err := readRules(data)
			if err != nil || dryRun {
				return n, err
			}
			if save != nil {
				if err := save(ctx, rules); err != nil {
					return 0, fmt.Errorf("rules could not be kept, the old ones stay in use: %w", err)
				}
			}
			return n, m.replaceAll(rules)
		},
	}
}

// all returns the rules of every extension that has some, and their number.
func (m *Manager) all() (rules map[cti.DeviceID][]Rule, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	rules = map[cti.DeviceID][]Rule{}
	for device, list := range m.rules {
		for _, r := range list {
			rules[device] = append(rules[device], r.Rule)
			n++
		}
	}
	return rules, n
}

// readRules reads and checks a part of the document; the error names every mistake.
func readRules(data json.RawMessage) (rules map[cti.DeviceID][]Rule, n int, err error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&rules); err != nil {
		return nil, 0, fmt.Errorf("rules: %w", err)
	}
	var mistakes []error
	for _, device := range slices.Sorted(maps.Keys(rules)) {
		if _, err := check(device, rules[device]); err != nil {
			mistakes = append(mistakes, err)
		}
		n += len(rules[device])
	}
	return rules, n, errors.Join(mistakes...)
}

// replaceAll replaces the rules of every extension.
func (m *Manager) replaceAll(rules map[cti.DeviceID][]Rule) error {
	before, _ := m.all()
	for device := range before {
		if _, stays := rules[device]; !stays {
			if err := m.SetRules(device, nil); err != nil {
				return err
			}
		}
	}
	for device, list := range rules {
		if err := m.SetRules(device, list); err != nil {
			return err
		}
	}
	return nil
}
