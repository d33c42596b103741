package strictjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"github.com/ctikit/ctikit"
)

// explainer compares a text that is JSON with the type that it is decoded into.
type explainer struct{ ctikit.Problems }

// explain returns what keeps data from being decoded, nil if it finds nothing.
func explain(path string, data []byte, into any) ctikit.Problems {
	var x explainer
	x.explainValue(path, data, reflect.TypeOf(into).Elem())
	return x.Problems
}

var (
	jsonType = reflect.TypeFor[json.Unmarshaler]()
	textType = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func (x *explainer) explainValue(path string, raw json.RawMessage, t reflect.Type) {
	raw = bytes.TrimSpace(raw)
	pointer := reflect.PointerTo(t)
	switch {
	case string(raw) == "null":
	case t.Kind() == reflect.Pointer:
		x.explainValue(path, raw, t.Elem())
	case pointer.Implements(jsonType):
		if err := json.Unmarshal(raw, reflect.New(t).Interface()); err != nil {
			x.AddUnder(path, err)
		}
	case pointer.Implements(textType):
		x.explainText(path, raw, t)
	case t.Kind() == reflect.Struct:
		x.explainObject(path, raw, t)
	case t.Kind() == reflect.Map:
		x.explainMap(path, raw, t)
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8, t.Kind() == reflect.Array:
		x.explainList(path, raw, t)
	case json.Unmarshal(raw, reflect.New(t).Interface()) != nil:
		x.addMismatch(path, typeOf(t), raw)
	}
}

func (x *explainer) addMismatch(path, want string, raw json.RawMessage) {
	x.Add(path, "must be %s, got %s", want, kindOf(raw))
}

// explainText explains a value that its type reads from a string.
func (x *explainer) explainText(path string, raw json.RawMessage, t reflect.Type) {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		x.addMismatch(path, "a string", raw)
	} else if err := reflect.New(t).Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)); err != nil {
		x.AddUnder(path, err)
	}
}

func (x *explainer) explainObject(path string, raw json.RawMessage, t reflect.Type) {
	known := fieldsOf(t)
	x.eachMember(path, raw, func(name string, value json.RawMessage) {
		if f, ok := known[strings.ToLower(name)]; ok {
			x.explainValue(memberPath(path, f.name), value, f.of)
		} else {
			x.Add(memberPath(path, name), "unknown field")
		}
	})
}

// memberPath quotes a name that could break a line or pass for another path.
func memberPath(path, name string) string {
	unsafe := func(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune(".[]:", r) }
	if len(name) > 80 || strings.ContainsFunc(name, unsafe) {
		return fmt.Sprintf("%s[%.80q]", path, name)
	}
	return strings.TrimPrefix(path+"."+name, ".")
}

func (x *explainer) explainMap(path string, raw json.RawMessage, t reflect.Type) {
	x.eachMember(path, raw, func(name string, value json.RawMessage) {
		at := fmt.Sprintf("%s[%.80q]", path, name)
		key, _ := json.Marshal(map[string]int{name: 0})
		if json.Unmarshal(key, reflect.New(reflect.MapOf(t.Key(), reflect.TypeFor[int]())).Interface()) != nil {
			x.Add(at, "unknown key")
		}
		x.explainValue(at, value, t.Elem())
	})
}

// eachMember calls do for each member of an object, in order.
func (x *explainer) eachMember(path string, raw json.RawMessage, do func(name string, value json.RawMessage)) {
	in := json.NewDecoder(bytes.NewReader(raw))
	if open, err := in.Token(); err != nil || open != json.Delim('{') {
		x.addMismatch(path, "an object", raw)
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

func (x *explainer) explainList(path string, raw json.RawMessage, t reflect.Type) {
	var all []json.RawMessage
	if json.Unmarshal(raw, &all) != nil {
		x.addMismatch(path, "a list", raw)
	}
	for i, value := range all {
		x.explainValue(path+"["+strconv.Itoa(i)+"]", value, t.Elem())
	}
}

type field struct {
	name  string // in JSON
	of    reflect.Type
	depth int
}

// fieldsOf returns the fields of a struct by their names in lower case. Of several
// with one name the least embedded one counts.
func fieldsOf(t reflect.Type) map[string]field {
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

// kindOf names the kind of a value.
func kindOf(raw json.RawMessage) string {
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

// typeOf names the values that a type accepts.
func typeOf(t reflect.Type) string {
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
