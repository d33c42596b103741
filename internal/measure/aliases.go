package main

import (
	"go/ast"
	"go/token"
	"slices"
)

// declared is a name that a package declares outside functions, or a method.
type declared struct {
	name     string
	exported bool
	meaning  []ast.Expr      // the type, the value, or the signature
	constant bool            // so that a call is a conversion
	internal map[string]bool // see internalImports
}

// revealer tells which names of a package are internal ones. It knows the syntax
// only: what a call returns, and the type of a value that has none, it does not see.
type revealer struct {
	types map[string]bool      // declared by the package; true: exported, and no alias
	known map[string]*declared // aliases, constants and variables of the package
}

// findAliases returns the exported names of a package that are a name of an
// internal package, or something made of it: a pointer, slice, map, channel,
// instance or literal of its type, a conversion of its constant, an alias of such
// a name. A signature or an exported field that mentions such a type counts, too.
// A constant of an exported type that the package declares does not: it is
// another name, of another type, with a text of its own.
func (p *figures) findAliases(folder string) (aliases []string) {
	r := revealer{types: p.types, known: map[string]*declared{}}
	for _, d := range p.declared {
		r.known[d.name] = d
	}
	for _, d := range p.declared {
		if d.exported && slices.ContainsFunc(d.meaning, func(e ast.Expr) bool { return r.reveals(d, e, nil) }) {
			aliases = append(aliases, folder+"."+d.name)
		}
	}
	return aliases
}

// reveals reports whether an expression of a declaration is an internal name or
// is made of one; seen are the names that led to it.
func (r revealer) reveals(d *declared, e ast.Expr, seen []string) bool {
	inner := func(parts ...ast.Expr) bool {
		return slices.ContainsFunc(parts, func(e ast.Expr) bool { return r.reveals(d, e, seen) })
	}
	switch x := e.(type) {
	case *ast.Ident:
		named := r.known[x.Name]
		return named != nil && !slices.Contains(seen, x.Name) && slices.ContainsFunc(named.meaning, func(e ast.Expr) bool {
			return r.reveals(named, e, append(seen, x.Name))
		})
	case *ast.SelectorExpr:
		of, ok := x.X.(*ast.Ident)
		return ok && d.internal[of.Name]
	case *ast.ParenExpr:
		return inner(x.X)
	case *ast.StarExpr:
		return inner(x.X)
	case *ast.UnaryExpr:
		return (x.Op == token.AND || x.Op == token.TILDE) && inner(x.X)
	case *ast.BinaryExpr:
		return x.Op == token.OR && !d.constant && inner(x.X, x.Y) // a union
	case *ast.Ellipsis:
		return inner(x.Elt)
	case *ast.ArrayType:
		return inner(x.Elt)
	case *ast.MapType:
		return inner(x.Key, x.Value)
	case *ast.ChanType:
		return inner(x.Value)
	case *ast.IndexExpr:
		return inner(x.X, x.Index)
	case *ast.IndexListExpr:
		return inner(x.X) || inner(x.Indices...)
	case *ast.CompositeLit:
		return inner(x.Type)
	case *ast.CallExpr:
		converts := d.constant && !isBuiltin(x.Fun) || r.isType(x.Fun)
		return len(x.Args) == 1 && converts && !r.isOwn(x.Fun) && inner(x.Args[0])
	case *ast.FuncLit:
		return inner(x.Type)
	case *ast.FuncType:
		return r.mentions(d, x.TypeParams, seen) || r.mentions(d, x.Params, seen) || r.mentions(d, x.Results, seen)
	case *ast.StructType:
		return r.mentions(d, exportedFields(x.Fields), seen)
	case *ast.InterfaceType:
		return r.mentions(d, exportedFields(x.Methods), seen)
	}
	return false
}

func (r revealer) mentions(d *declared, list *ast.FieldList, seen []string) bool {
	if list == nil {
		return false
	}
	return slices.ContainsFunc(list.List, func(f *ast.Field) bool { return r.reveals(d, f.Type, seen) })
}

// exportedFields leaves out what only the package itself can name. Of what is
// embedded the exported part shows, whatever its name.
func exportedFields(all *ast.FieldList) *ast.FieldList {
	out := &ast.FieldList{}
	for _, f := range all.List {
		if len(f.Names) == 0 || slices.ContainsFunc(f.Names, (*ast.Ident).IsExported) {
			out.List = append(out.List, f)
		}
	}
	return out
}

var predeclared = []string{"any", "bool", "byte", "complex64", "complex128", "error", "float32", "float64",
	"int", "int8", "int16", "int32", "int64", "rune", "string", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr"}

// isType reports whether what is called is surely a type.
func (r revealer) isType(called ast.Expr) bool {
	switch x := called.(type) {
	case *ast.Ident:
		_, own := r.types[x.Name]
		return own || slices.Contains(predeclared, x.Name)
	case *ast.ParenExpr:
		return r.isType(x.X)
	case *ast.StarExpr:
		return r.isType(x.X)
	case *ast.ArrayType, *ast.MapType, *ast.ChanType, *ast.FuncType, *ast.InterfaceType, *ast.StructType:
		return true
	}
	return false
}

func (r revealer) isOwn(called ast.Expr) bool {
	name, ok := ast.Unparen(called).(*ast.Ident)
	return ok && r.types[name.Name]
}

// isBuiltin reports whether what a constant calls makes another value.
func isBuiltin(called ast.Expr) bool {
	switch x := called.(type) {
	case *ast.Ident:
		return slices.Contains([]string{"cap", "imag", "len", "max", "min", "real"}, x.Name)
	case *ast.SelectorExpr:
		of, ok := x.X.(*ast.Ident)
		return ok && of.Name == "unsafe"
	}
	return false
}
