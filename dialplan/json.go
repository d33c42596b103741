package dialplan

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/strictjson"
)

// maxDocument bounds a document to read, in bytes; maxRules its rules.
const (
	maxDocument = 8 << 20
	maxRules    = 20_000
)

// Parse builds a plan from JSON: the names of [Parameters] and "Rules", a list
// of objects with the names of [Rule]. NationalLength is a number, a list or a text
// with commas ("9,10"), Emergency a list or such a text. "Enabled": false in a rule
// disables it; "StandardRules": false omits the standard rules. The error is of type
// [ctikit.Problems]: every problem of the document and of the plan with its path.
func Parse(data []byte) (*Plan, error) {
	var ps ctikit.Problems
	c := decodeConfig(data, &ps)
	p := assemble(c, &ps)
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// ParseConfig reads what [Parse] reads, checks its shape, and builds nothing.
func ParseConfig(data []byte) (Config, error) {
	var ps ctikit.Problems
	c := decodeConfig(data, &ps)
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

// parameters are [Parameters] without the methods that [Config] promotes.
type parameters Parameters

func decodeConfig(data []byte, ps *ctikit.Problems) Config {
	var doc struct {
		parameters
		NationalLength, Emergency json.RawMessage
		StandardRules             *bool
		Rules                     []json.RawMessage
	}
	decodeDocument(data, &doc, ps)
	c := Config{Parameters: Parameters(doc.parameters), NoStandardRules: isFalse(doc.StandardRules)}
	c.NationalLength = decodeLengths("NationalLength", doc.NationalLength, ps)
	c.Emergency = decodeTexts("Emergency", doc.Emergency, ps)
	c.Rules = decodeRules("Rules", doc.Rules, ps)
	return c
}

// decodeDocument decodes as much as it can.
func decodeDocument(data []byte, into any, ps *ctikit.Problems) {
	if len(data) > maxDocument {
		ps.Add("", "must be at most %d bytes, got %d", maxDocument, len(data))
		return
	}
	*ps = append(*ps, strictjson.Duplicates(data)...)
	ps.AddUnder("", strictjson.Decode(data, into))
}

func isFalse(flag *bool) bool { return flag != nil && !*flag }

// decodeTexts decodes a list of texts, or a text that commas divide.
func decodeTexts(path string, raw json.RawMessage, ps *ctikit.Problems) (list []string) {
	var joined string
	switch {
	case len(raw) == 0:
	case json.Unmarshal(raw, &joined) == nil:
		list = splitList(joined)
	default:
		ps.AddUnder("", strictjson.DecodeAt(path, raw, &list))
	}
	return list
}

// decodeLengths decodes a number, a list of numbers, or a text of numbers that
// commas divide.
func decodeLengths(path string, raw json.RawMessage, ps *ctikit.Problems) (list Lengths) {
	var joined string
	var n *int
	switch {
	case len(raw) == 0:
	case json.Unmarshal(raw, &n) == nil:
		if n != nil {
			list = Lengths{*n}
		}
	case json.Unmarshal(raw, &joined) == nil:
		for _, part := range splitList(joined) {
			n, err := strconv.Atoi(part)
			if err != nil {
				ps.Add(path, "must be a number, got %.80q", part)
				continue
			}
			list = append(list, n)
		}
	default:
		ps.AddUnder("", strictjson.DecodeAt(path, raw, &list))
	}
	return list
}

func splitList(joined string) (parts []string) {
	for part := range strings.SplitSeq(joined, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// ruleJSON is a rule as written.
type ruleJSON struct {
	Name        string `json:",omitempty"`
	Description string `json:",omitempty"`
	Priority    int
	Enabled     *bool
	Pattern     string
	Value       string
	MinLength   int `json:",omitempty"`
	MaxLength   int `json:",omitempty"`
}

func decodeRule(path string, data []byte, ps *ctikit.Problems) Rule {
	var r ruleJSON
	ps.AddUnder("", strictjson.DecodeAt(path, data, &r))
	return Rule{
		Name: r.Name, Description: r.Description, Priority: r.Priority, Disabled: isFalse(r.Enabled),
		Pattern: r.Pattern, Value: r.Value, MinLength: r.MinLength, MaxLength: r.MaxLength,
	}
}

func decodeRules(path string, list []json.RawMessage, ps *ctikit.Problems) []Rule {
	if len(list) > maxRules {
		ps.Add(path, "must be at most %d elements, got %d", maxRules, len(list))
		return nil
	}
	var rules []Rule
	for i, raw := range list {
		rules = append(rules, decodeRule(elementPath(path, i), raw, ps))
	}
	return rules
}

// MarshalJSON writes the rule as [Parse] reads it.
func (r Rule) MarshalJSON() ([]byte, error) {
	enabled := !r.Disabled
	return json.Marshal(ruleJSON{
		r.Name, r.Description, r.Priority, &enabled, r.Pattern, r.Value, r.MinLength, r.MaxLength,
	})
}

// UnmarshalJSON reads one rule; the error is of type [ctikit.Problems].
func (r *Rule) UnmarshalJSON(data []byte) error {
	ps := strictjson.Duplicates(data)
	read := decodeRule("", data, &ps)
	if err := ps.Err(); err != nil {
		return err
	}
	*r = read
	return nil
}

// MarshalJSON writes the configuration as [Parse] reads it.
func (c Config) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		parameters
		StandardRules bool
		Rules         []Rule
	}{parameters(c.Parameters), !c.NoStandardRules, append([]Rule{}, c.Rules...)})
}

// ParseRules reads a JSON list of rules, as a plan's "Rules" holds them.
func ParseRules(data []byte) ([]Rule, error) {
	var ps ctikit.Problems
	var list []json.RawMessage
	decodeDocument(data, &list, &ps)
	rules := append([]Rule{}, decodeRules("", list, &ps)...)
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return rules, nil
}
