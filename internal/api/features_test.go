package api

import (
	"fmt"
	"go/constant"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// features are the exported names of a package, a line each, sorted: what a
// host can write in its own code, and nothing else. Members stand under the
// name of their type.
func features(pkg *types.Package) (lines []string) {
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() {
			lines = append(lines, describe(obj)...)
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

func describe(obj types.Object) []string {
	qualify := func(other *types.Package) string {
		if other == obj.Pkg() {
			return ""
		}
		return strings.TrimPrefix(other.Path(), module)
	}
	switch obj := obj.(type) {
	case *types.Const:
		return []string{fmt.Sprintf("const %s %s = %s", obj.Name(), types.TypeString(obj.Type(), qualify), value(obj.Val()))}
	case *types.Var:
		return []string{fmt.Sprintf("var %s %s", obj.Name(), types.TypeString(obj.Type(), qualify))}
	case *types.Func:
		return []string{"func " + obj.Name() + signature(obj.Type(), qualify)}
	case *types.TypeName:
		return describeType(obj, qualify)
	}
	return nil
}

// value is a constant as Go writes it; a float in few digits, which are enough to see a change.
func value(v constant.Value) string {
	if v.Kind() == constant.Float {
		return v.String()
	}
	return v.ExactString()
}

// Export data gives some results without a name one of its own.
var (
	numbered = regexp.MustCompile(`#rv\d+ `)
	single   = regexp.MustCompile(`\(#rv1 ([^,()]+)\)$`)
)

// signature is the type of a function as it stands in the source.
func signature(f types.Type, qualify types.Qualifier) string {
	text := strings.TrimPrefix(types.TypeString(f, qualify), "func")
	return numbered.ReplaceAllString(single.ReplaceAllString(text, "$1"), "")
}

func describeType(obj *types.TypeName, qualify types.Qualifier) (lines []string) {
	name, head := obj.Name(), "type "+obj.Name()
	t := obj.Type()
	if obj.IsAlias() {
		t = types.Unalias(t)
		lines = append(lines, head+" = "+types.TypeString(t, qualify))
		if named, ok := t.(*types.Named); !ok || !hidden(named) {
			return lines
		}
		head = "type " + name // what an alias shows of an internal package is ours to keep
	}
	if named, ok := t.(*types.Named); ok && named.TypeParams().Len() > 0 {
		head += parameters(named, qualify)
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		lines = append(lines, head+" struct")
		for field := range u.Fields() {
			if field.Exported() {
				lines = append(lines, head+" struct, "+fieldLine(field, qualify))
			}
		}
	case *types.Interface:
		return append(lines, interfaceLines(head, u, qualify)...)
	default:
		lines = append(lines, head+" "+types.TypeString(u, qualify))
	}
	return append(lines, methods(t, name, qualify)...)
}

// hidden: the package of a type cannot be imported by a host.
func hidden(t *types.Named) bool {
	return t.Obj().Pkg() != nil && isInternal(t.Obj().Pkg().Path())
}

func parameters(t *types.Named, qualify types.Qualifier) string {
	var all []string
	for p := range t.TypeParams().TypeParams() {
		all = append(all, p.Obj().Name()+" "+types.TypeString(p.Constraint(), qualify))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

func fieldLine(f *types.Var, qualify types.Qualifier) string {
	if f.Embedded() {
		return "embedded " + types.TypeString(f.Type(), qualify)
	}
	return f.Name() + " " + types.TypeString(f.Type(), qualify)
}

// interfaceLines tells too when nobody outside the package can implement it.
func interfaceLines(head string, u *types.Interface, qualify types.Qualifier) []string {
	lines := []string{head + " interface"}
	if u.NumMethods() == 0 && u.NumEmbeddeds() > 0 {
		return []string{head + " " + types.TypeString(u, qualify)} // a constraint
	}
	for m := range u.Methods() {
		if m.Exported() {
			lines = append(lines, head+" interface, "+m.Name()+signature(m.Type(), qualify))
		} else {
			lines = append(lines, head+" interface, unexported methods")
		}
	}
	return lines
}

// methods are those of the type, and those that it has from what it embeds.
func methods(t types.Type, name string, qualify types.Qualifier) (lines []string) {
	byValue := types.NewMethodSet(t)
	for selection := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		m := selection.Obj().(*types.Func)
		if !m.Exported() {
			continue
		}
		receiver := "*" + name
		if byValue.Lookup(m.Pkg(), m.Name()) != nil {
			receiver = name
		}
		lines = append(lines, fmt.Sprintf("method (%s) %s%s", receiver, m.Name(), signature(selection.Type(), qualify)))
	}
	return lines
}
