package forwardrules

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/strictjson"
)

// document is the JSON of the rules of many extensions with all values that may be invalid as text.
type document map[string][]struct {
	Name     string   `json:"name"`
	Priority int      `json:"priority"`
	Disabled bool     `json:"disabled"`
	Type     string   `json:"type"`
	Origin   string   `json:"origin"`
	Callers  []string `json:"callers"`
	Calendar struct {
		Zone   string `json:"zone"`
		Weekly []struct {
			Days []time.Weekday `json:"days"`
			From string         `json:"from"`
			To   string         `json:"to"`
		} `json:"weekly"`
		From   string   `json:"from"`
		Until  string   `json:"until"`
		Except []string `json:"except"`
	} `json:"calendar"`
	To    string `json:"to"`
	Rings int    `json:"rings"`
}

// Parse reads the rules of extensions from JSON: an object that has for each
// extension a list of what [Rule] encodes to. The error is
// [ctikit.Problems], each path beginning with the extension (`4001.rules[0].to`),
// or that of JSON that is malformed, has unknown members, or values of another
// kind.
func Parse(data []byte) (map[cti.DeviceID][]Rule, error) {
	_, rules, err := parseDocument(data)
	return rules, err
}

func parseDocument(data []byte) (map[cti.DeviceID][]rule, map[cti.DeviceID][]Rule, error) {
	var doc document
	if err := strictjson.Decode(data, &doc); err != nil {
		return nil, nil, fmt.Errorf("forward rules: %w", err)
	}
	var ps ctikit.Problems
	checked, rules := map[cti.DeviceID][]rule{}, map[cti.DeviceID][]Rule{}
	for _, number := range slices.Sorted(maps.Keys(doc)) {
		device := cti.DeviceID(number)
		if number == "" {
			ps.Add(`[""]`, "missing extension number")
			continue
		}
		list, problems := doc.decodeRules(number)
		ps.AddUnder(number, problems.Err())
		sorted, err := validateRules(device, list)
		ps.AddUnder("", err)
		checked[device], rules[device] = sorted, list
	}
	if err := ps.Err(); err != nil {
		return nil, nil, err
	}
	return checked, rules, nil
}

// decodeRules turns the texts of one extension into values.
func (doc document) decodeRules(number string) (out []Rule, ps ctikit.Problems) {
	for i, in := range doc[number] {
		read := func(name, text string, into interface{ UnmarshalText([]byte) error }) {
			ps.AddUnder(fmt.Sprintf("rules[%d].%s", i, name), into.UnmarshalText([]byte(text)))
		}
		r := Rule{
			Name: in.Name, Priority: in.Priority, Disabled: in.Disabled, Callers: in.Callers, To: in.To, Rings: in.Rings,
		}
		read("type", in.Type, &r.Type)
		if in.Origin != "" {
			read("origin", in.Origin, &r.Origin)
		}
		r.Calendar.Zone = in.Calendar.Zone
		read("calendar.from", in.Calendar.From, &r.Calendar.From)
		read("calendar.until", in.Calendar.Until, &r.Calendar.Until)
		for j, p := range in.Calendar.Weekly {
			period := Period{Days: p.Days}
			read(fmt.Sprintf("calendar.weekly[%d].from", j), p.From, &period.From)
			read(fmt.Sprintf("calendar.weekly[%d].to", j), p.To, &period.To)
			r.Calendar.Weekly = append(r.Calendar.Weekly, period)
		}
		for j, text := range in.Calendar.Except {
			var day Date
			read(fmt.Sprintf("calendar.except[%d]", j), text, &day)
			r.Calendar.Except = append(r.Calendar.Except, day)
		}
		out = append(out, r)
	}
	return out, ps
}

// Section returns the section "rules" of the configuration document, in the format
// of [Parse]; its items are rules. An import validates everything, calls save, which
// may be nil, and replaces the rules of all extensions; on an error the current
// rules remain in use.
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
	defer m.mu.Unlock()
	out, items := map[cti.DeviceID][]Rule{}, 0
	for device, rules := range m.rules {
		for _, r := range rules {
			out[device] = append(out[device], r.Rule)
			items++
		}
	}
	return out, items
}
