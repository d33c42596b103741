package strictjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// mistakes collects what is wrong.
type mistakes []error

func (m *mistakes) add(path, format string, args ...any) {
	err := fmt.Errorf(format, args...)
	if path != "" {
		err = fmt.Errorf("%s: %w", path, err)
	}
	*m = append(*m, err)
}

// explain goes through a text that is JSON beside the type that it is for; nil
// where it finds nothing wrong.
func explain(data []byte, into any) error {
	var m mistakes
	m.value("", data, reflect.TypeOf(into).Elem())
	if len(m) > 1 {
		return fmt.Errorf("%d mistakes\n%w", len(m), errors.Join(m...))
	}
	return errors.Join(m...)
}

var (
	jsonType = reflect.TypeFor[json.Unmarshaler]()
	textType = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func (m *mistakes) value(path string, raw json.RawMessage, t reflect.Type) {
	raw = bytes.TrimSpace(raw)
	pointer := reflect.PointerTo(t)
	switch {
	case string(raw) == "null":
	case t.Kind() == reflect.Pointer:
		m.value(path, raw, t.Elem())
	case pointer.Implements(jsonType):
		if err := json.Unmarshal(raw, reflect.New(t).Interface()); err != nil {
			m.add(path, "%w", err)
		}
	case pointer.Implements(textType):
		m.text(path, raw, t)
	case t.Kind() == reflect.Struct:
		m.object(path, raw, t)
	case t.Kind() == reflect.Map:
		m.dictionary(path, raw, t)
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8, t.Kind() == reflect.Array:
		m.list(path, raw, t)
	case json.Unmarshal(raw, reflect.New(t).Interface()) != nil:
		m.add(path, "is %s, not %s", kind(raw), wanted(t))
	}
}

// text is a value that its type reads from a string.
func (m *mistakes) text(path string, raw json.RawMessage, t reflect.Type) {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		m.add(path, "is %s, not a string", kind(raw))
	} else if err := reflect.New(t).Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)); err != nil {
		m.add(path, "%w", err)
	}
}

func (m *mistakes) object(path string, raw json.RawMessage, t reflect.Type) {
	known := fields(t)
	m.members(path, raw, func(name string, value json.RawMessage) {
		if f, ok := known[strings.ToLower(name)]; ok {
			m.value(strings.TrimPrefix(path+"."+f.name, "."), value, f.of)
		} else {
			m.add(strings.TrimPrefix(path+"."+name, "."), "unknown field")
		}
	})
}

func (m *mistakes) dictionary(path string, raw json.RawMessage, t reflect.Type) {
	m.members(path, raw, func(name string, value json.RawMessage) {
		at := path + "[" + strconv.Quote(name) + "]"
		key, _ := json.Marshal(map[string]int{name: 0})
		if json.Unmarshal(key, reflect.New(reflect.MapOf(t.Key(), reflect.TypeFor[int]())).Interface()) != nil {
			m.add(at, "is no key of this kind")
		}
		m.value(at, value, t.Elem())
	})
}

// members calls do for each member of an object, in order.
func (m *mistakes) members(path string, raw json.RawMessage, do func(name string, value json.RawMessage)) {
	in := json.NewDecoder(bytes.NewReader(raw))
	if open, err := in.Token(); err != nil || open != json.Delim('{') {
		m.add(path, "is %s, not an object", kind(raw))
		return
	}
	for in.More() {
		name, err := in.Token()
		var value json.RawMessage
		if err != nil || in.Decode(&value) != nil {
			return // the text is JSON: it was read before
		}
		do(name.(string), value)
	}
}

func (m *mistakes) list(path string, raw json.RawMessage, t reflect.Type) {
	var all []json.RawMessage
	if json.Unmarshal(raw, &all) != nil {
		m.add(path, "is %s, not a list", kind(raw))
	}
	for i, value := range all {
		m.value(path+"["+strconv.Itoa(i)+"]", value, t.Elem())
	}
}

type field struct {
	name  string // in JSON
	of    reflect.Type
	depth int
}

// fields gives the fields of a struct by their names in lower case. Of several
// with one name the least embedded one counts.
func fields(t reflect.Type) map[string]field {
	known := map[string]field{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Tag.Get("json") == "-" || f.Anonymous && name == "" || !f.IsExported() {
			continue
		}
		if name == "" {
			name = f.Name
		}
		key := strings.ToLower(name)
		if other, ok := known[key]; !ok || len(f.Index) < other.depth {
			known[key] = field{name, f.Type, len(f.Index)}
		}
	}
	return known
}

// kind names what a value is.
func kind(raw json.RawMessage) string {
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a string"
	case 't', 'f':
		return string(raw)
	}
	return "a number" // which is not told: it may be a password without its quotes
}

// wanted names what a type takes.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "bytes in base 64"
	case reflect.Uint8, reflect.Uint16:
		return fmt.Sprintf("a whole number from 0 to %d", 1<<t.Bits()-1)
	case reflect.Uint, reflect.Uint32, reflect.Uint64:
		return "a whole number from 0"
	}
	return "a whole number"
}
