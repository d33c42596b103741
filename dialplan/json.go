package dialplan

import (
	"encoding/json"
	"fmt"

	"github.com/ctikit/ctikit"
)

// maxDocument bounds a document to read, in bytes; maxRules its rules.
const (
	maxDocument = 8 << 20
	maxRules    = 20_000
)

// Parse builds a plan from JSON: the names of [Parameters] and "Rules", a list
// of objects with the names of [Rule]. NationalLength is a number or a list.
// "Enabled": false in a rule disables it; "StandardRules": false leaves the
// standard rules out. The error is of type [ctikit.Problems]: all that is wrong with
// the document and with the plan, each with its path.
func Parse(data []byte) (*Plan, error) {
	var ps ctikit.Problems
	c := readConfig(data, &ps)
	p := assemble(c, &ps)
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// ParseConfig reads what [Parse] reads, checks its shape, and builds nothing.
func ParseConfig(data []byte) (Config, error) {
	var ps ctikit.Problems
	c := readConfig(data, &ps)
	return c, ps.Err()
}

// UnmarshalJSON reads what [Parse] reads.
func (c *Config) UnmarshalJSON(data []byte) error {
	read, err := ParseConfig(data)
	if err != nil {
		return err
	}
	*c = read
	return nil
}

func readConfig(data []byte, ps *ctikit.Problems) (c Config) {
	if len(data) > maxDocument {
		ps.Add("", "must be at most %d bytes, got %d", maxDocument, len(data))
		return c
	}
	if !checkJSON(data, ps) {
		return c
	}
	f, ok := readFields("", data, ps)
	if !ok {
		return c
	}
	f.text("InternationalPrefix", &c.InternationalPrefix)
	f.text("CountryPrefix", &c.CountryPrefix)
	f.text("NationalPrefix", &c.NationalPrefix)
	f.text("ExternalPrefix", &c.ExternalPrefix)
	f.number("InternalLength", &c.InternalLength)
	f.lengths("NationalLength", &c.NationalLength)
	f.flag("NationalPrefixInNumbers", &c.NationalPrefixInNumbers)
	f.number("ReverseInternalLength", &c.ReverseInternalLength)
	f.text("Add", &c.Add)
	f.text("Remove", &c.Remove)
	f.texts("Emergency", &c.Emergency)
	f.enabled("StandardRules", &c.NoStandardRules)
	rules := f.list("Rules")
	if len(rules) > maxRules {
		ps.Add("Rules", "must have at most %d elements, got %d", maxRules, len(rules))
		rules = nil
	}
	for i, raw := range rules {
		c.Rules = append(c.Rules, readRule(elementPath("Rules", i), raw, ps))
	}
	f.end()
	return c
}

func readRule(path string, raw json.RawMessage, ps *ctikit.Problems) (r Rule) {
	f, ok := readFields(path, raw, ps)
	if !ok {
		return r
	}
	f.text("Name", &r.Name)
	f.text("Description", &r.Description)
	f.number("Priority", &r.Priority)
	f.enabled("Enabled", &r.Disabled)
	f.text("Pattern", &r.Pattern)
	f.text("Value", &r.Value)
	f.number("MinLength", &r.MinLength)
	f.number("MaxLength", &r.MaxLength)
	f.end()
	return r
}

// ruleJSON is a rule as it is written.
type ruleJSON struct {
	Name        string `json:",omitempty"`
	Description string `json:",omitempty"`
	Priority    int
	Enabled     bool
	Pattern     string
	Value       string
	MinLength   int `json:",omitempty"`
	MaxLength   int `json:",omitempty"`
}

// MarshalJSON writes the rule as [Parse] reads it.
func (r Rule) MarshalJSON() ([]byte, error) {
	return json.Marshal(ruleJSON{
		r.Name, r.Description, r.Priority, !r.Disabled, r.Pattern, r.Value, r.MinLength, r.MaxLength,
	})
}

// UnmarshalJSON reads one rule; the error names every problem.
func (r *Rule) UnmarshalJSON(data []byte) error {
	var ps ctikit.Problems
	read := readRule("", data, &ps)
	if err := ps.Err(); err != nil {
		return err
	}
	*r = read
	return nil
}

// MarshalJSON writes the configuration as [Parse] reads it.
func (c Config) MarshalJSON() ([]byte, error) {
	type parameters Parameters // without the promoted methods of Config
	return json.Marshal(struct {
		parameters
		StandardRules bool
		Rules         []Rule
	}{parameters(c.Parameters), !c.NoStandardRules, append([]Rule{}, c.Rules...)})
}

// ParseRules reads a JSON list of rules, as a plan's "Rules" holds them.
func ParseRules(data []byte) ([]Rule, error) {
	var ps ctikit.Problems
	var raw []json.RawMessage
	if len(data) > maxDocument {
		ps.Add("", "must be at most %d bytes, got %d", maxDocument, len(data))
	} else if checkJSON(data, &ps) && json.Unmarshal(data, &raw) != nil {
		ps.Add("", "is not a list of rules")
	}
	if len(raw) > maxRules {
		ps.Add("", "must have at most %d elements, got %d", maxRules, len(raw))
		raw = nil
	}
	rules := make([]Rule, 0, len(raw))
	for i, element := range raw {
		rules = append(rules, readRule(fmt.Sprintf("[%d]", i), element, &ps))
	}
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return rules, nil
}
