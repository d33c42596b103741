package dialplan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit"
)

// fields reads a JSON object field by field, so that all its mistakes are
// reported at once and an unknown name is one of them.
type fields struct {
	path     string // of the object, with a dot at its end; "" for the document
	values   map[string]json.RawMessage
	problems *ctikit.Problems
}

// readFields reads the object itself. ok is false where data is none.
func readFields(path string, data []byte, ps *ctikit.Problems) (f fields, ok bool) {
	f = fields{values: map[string]json.RawMessage{}, problems: ps}
	if path != "" {
		f.path = path + "."
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		ps.Add(path, "is not a JSON object")
		return f, false
	}
	for dec.More() {
		key, err := dec.Token()
		var raw json.RawMessage
		if err == nil {
			err = dec.Decode(&raw)
		}
		if err != nil {
			ps.Add(path, "%v", err)
			return f, false
		}
		name := key.(string) // a key is always a string
		if _, twice := f.values[name]; twice {
			ps.Add(f.path+name, "stands in the object twice")
		}
		f.values[name] = raw
	}
	return f, true
}

// checkJSON reports a syntax error with its line and column.
func checkJSON(data []byte, ps *ctikit.Problems) bool {
	var any json.RawMessage
	err := json.Unmarshal(data, &any)
	if err == nil {
		return true
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		before := data[:min(int(syntax.Offset), len(data))]
		line := bytes.Count(before, []byte("\n")) + 1
		column := len(before) - bytes.LastIndexByte(before, '\n') - 1
		ps.Add(fmt.Sprintf("line %d, column %d", line, column), "is not JSON: %v", err)
	} else {
		ps.Add("", "is not JSON: %v", err)
	}
	return false
}

// read decodes a field into a Go value; an absent or null field leaves it as it is.
func (f *fields) read(name, want string, to any) {
	raw, ok := f.values[name]
	delete(f.values, name)
	if !ok || string(raw) == "null" {
		return
	}
	if err := json.Unmarshal(raw, to); err != nil {
		f.problems.Add(f.path+name, "%s is not %s", shorten(raw), want)
	}
}

func (f *fields) text(name string, to *string) { f.read(name, "a text in quotes", to) }
func (f *fields) number(name string, to *int)  { f.read(name, "a whole number", to) }
func (f *fields) flag(name string, to *bool)   { f.read(name, "true or false", to) }

// enabled reads a flag that is true where it is absent into its opposite.
func (f *fields) enabled(name string, disabled *bool) {
	enabled := !*disabled
	f.flag(name, &enabled)
	*disabled = !enabled
}

// texts reads a list of texts; a single text is a list of what its commas part.
func (f *fields) texts(name string, to *[]string) {
	raw := f.values[name]
	if len(raw) > 0 && raw[0] == '"' {
		var joined string
		f.text(name, &joined)
		*to = splitList(joined)
		return
	}
	f.read(name, "a list of texts", to)
}

// lengths reads a number, a list of numbers, or a text of numbers with commas.
func (f *fields) lengths(name string, to *Lengths) {
	raw := f.values[name]
	const want = "a number, a list of numbers, or numbers with commas in quotes"
	switch {
	case len(raw) > 0 && raw[0] == '[':
		f.read(name, want, (*[]int)(to))
	case len(raw) > 0 && raw[0] == '"':
		var joined string
		f.text(name, &joined)
		for _, part := range splitList(joined) {
			n, err := strconv.Atoi(part)
			if err != nil {
				f.problems.Add(f.path+name, "%q is not a number", part)
				continue
			}
			*to = append(*to, n)
		}
	case len(raw) > 0 && string(raw) != "null":
		var n int
		before := len(*f.problems)
		f.read(name, want, &n)
		if len(*f.problems) == before {
			*to = Lengths{n}
		}
	default:
		delete(f.values, name)
	}
}

// list reads the elements of an array.
func (f *fields) list(name string) (elements []json.RawMessage) {
	f.read(name, "a list", &elements)
	return elements
}

// end reports the fields that nobody read.
func (f *fields) end() {
	var names []string
	for name := range f.values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f.problems.Add(f.path+name, "is not a field that is known here")
	}
}

func splitList(joined string) (parts []string) {
	for part := range strings.SplitSeq(joined, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

func shorten(raw []byte) string {
	const shown = 40
	if len(raw) > shown {
		return string(raw[:shown]) + "…"
	}
	return string(raw)
}
