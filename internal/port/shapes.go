package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Calls whose shape has changed, where the new one follows from the old.

// convertCall converts the arguments of a call.
func (c *converter) convertCall(f *hostFile, call *ast.CallExpr) {
	t := c.info.TypeOf(call.Fun)
	if t == nil {
		return
	}
	if isSealKey(t) && len(call.Args) == 1 && !isSealKey(c.info.TypeOf(call.Args[0])) {
		c.makeKey(f, call.Fun, call.End()) // a conversion
		return
	}
	signature, ok := t.Underlying().(*types.Signature)
	if !ok {
		return
	}
	if takesImport(signature) && len(call.Args) == 3 {
		data, dryRun := call.Args[1], call.Args[2]
		c.p.insert(f, data.Pos(), c.rootName(f)+".Import{Data: ")
		c.p.replace(f, data.End(), dryRun.Pos(), ", DryRun: ")
		c.p.insert(f, dryRun.End(), "}")
		return
	}
	for i, argument := range call.Args {
		if i < signature.Params().Len() {
			c.convertValue(f, argument, signature.Params().At(i).Type())
		}
	}
}

// convertValue converts a value that is of another type than is wanted.
func (c *converter) convertValue(f *hostFile, value ast.Expr, wanted types.Type) {
	if wanted == nil {
		return
	}
	has := c.info.TypeOf(value)
	switch {
	case has == nil:
	case isPointerTo(wanted, symbol{".", "Keyring"}) && isPointerTo(has, symbol{".", "SealKey"}):
		c.wrapKey(f, value)
	default:
		function, literal := value.(*ast.FuncLit)
		signature, ok := wanted.Underlying().(*types.Signature)
		if literal && ok && takesImport(signature) {
			c.convertImporter(f, function)
		}
	}
}

// wrapKey makes a keyring of a pointer to its one key.
func (c *converter) wrapKey(f *hostFile, value ast.Expr) {
	constructor := c.rootName(f) + ".NewKeyring("
	if address, ok := value.(*ast.UnaryExpr); ok {
		c.p.replace(f, address.Pos(), address.X.Pos(), constructor)
	} else {
		c.p.insert(f, value.Pos(), constructor+"*")
		c.p.needHand(value.Pos(), "this key must not be nil: without one, the keyring is nil")
	}
	c.p.insert(f, value.End(), ")")
}

func isSealKey(t types.Type) bool {
	if t == nil {
		return false
	}
	owner, ok := ownSymbol(t)
	return ok && owner == symbol{".", "SealKey"}
}

// makeKey makes a key of the array of bytes that it was.
func (c *converter) makeKey(f *hostFile, keyType ast.Expr, end token.Pos) {
	c.p.replace(f, keyType.Pos(), keyType.End(), c.rootName(f)+".SealKeyOf("+arrayOfKey)
	c.p.insert(f, end, ")")
}

const arrayOfKey = "[32]byte"

// convertKeys lets a variable whose bytes are used, key[:], be an array, and
// makes the key where it is used as a whole.
func (c *converter) convertKeys(files []*hostFile) {
	parts := map[*ast.Ident]bool{} // uses that are of the bytes
	arrays := map[types.Object]bool{}
	for _, f := range files {
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			var x ast.Expr
			switch n := n.(type) {
			case *ast.SliceExpr:
				x = n.X
			case *ast.IndexExpr:
				x = n.X
			}
			if id, ok := x.(*ast.Ident); ok && isSealKey(c.info.TypeOf(id)) {
				parts[id] = true
				arrays[c.info.Uses[id]] = false
			}
			return true
		})
	}
	for _, f := range files {
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || spec.Type == nil || len(spec.Names) != 1 || len(spec.Values) > 0 {
				return true
			}
			object := c.info.Defs[spec.Names[0]]
			if _, ok := arrays[object]; ok && isSealKey(c.info.TypeOf(spec.Type)) {
				arrays[object] = true
				c.p.replace(f, spec.Type.Pos(), spec.Type.End(), arrayOfKey)
			}
			return true
		})
	}
	for _, f := range files {
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && arrays[c.info.Uses[id]] && !parts[id] {
				c.p.replace(f, id.Pos(), id.End(), c.rootName(f)+".SealKeyOf("+id.Name+")")
			}
			return true
		})
	}
}

// convertImporter gives a function (ctx, data, dryRun) the parameters of
// ctikit.Section.Import.
func (c *converter) convertImporter(f *hostFile, function *ast.FuncLit) {
	var names []string
	for _, field := range function.Type.Params.List {
		for _, name := range field.Names {
			names = append(names, name.Name)
		}
	}
	if len(names) != 3 || function.Type.Params.NumFields() != 3 {
		return
	}
	const part = "part"
	if slices.Contains(names, part) {
		c.p.needHand(function.Pos(), "Import now takes a ctikit.Import")
		return
	}
	params := function.Type.Params
	c.p.replace(f, params.Opening+1, params.Closing,
		fmt.Sprintf("%s context.Context, %s %s.Import", names[0], part, c.rootName(f)))
	var left, right []string
	for i, field := range []string{"Data", "DryRun"} {
		if name := names[1+i]; name != "_" && mentions(function.Body, name) {
			left, right = append(left, name), append(right, part+"."+field)
		}
	}
	if len(left) > 0 {
		text := strings.Join(left, ", ") + " := " + strings.Join(right, ", ")
		if at := c.p.offset(function.Body.Lbrace) + 1; f.source[at] == '\n' {
			text = "\n" + text
		} else {
			text = " " + text + ";"
		}
		c.p.insert(f, function.Body.Lbrace+1, text)
	}
}

func mentions(body ast.Node, name string) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == name {
			found = true
		}
		return !found
	})
	return found
}

// takesImport reports whether a function is like ctikit.Section.Import.
func takesImport(s *types.Signature) bool {
	if s.Params().Len() != 2 {
		return false
	}
	owner, ok := ownSymbol(s.Params().At(1).Type())
	return ok && owner == symbol{".", "Import"}
}

func isPointerTo(t types.Type, s symbol) bool {
	pointer, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	owner, ok := ownSymbol(pointer.Elem())
	return ok && owner == s
}

// rootName is what the file calls the root package. Where it does not import it
// yet, an edit does.
func (c *converter) rootName(f *hostFile) string {
	for _, spec := range f.syntax.Imports {
		if strings.Trim(spec.Path.Value, "`\"") == modulePath {
			if spec.Name != nil {
				return spec.Name.Name
			}
			return packageName(".")
		}
	}
	for _, spec := range f.syntax.Imports {
		if strings.HasPrefix(strings.Trim(spec.Path.Value, "`\""), modulePath+"/") {
			text := fmt.Sprintf("%q", modulePath)
			if !slices.ContainsFunc(f.edits, func(e edit) bool { return strings.Contains(e.text, text) }) {
				c.addRootImport(f, spec)
			}
			break
		}
	}
	return packageName(".")
}

func (c *converter) addRootImport(f *hostFile, beside *ast.ImportSpec) {
	for _, decl := range f.syntax.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok || d.Pos() > beside.Pos() || beside.End() > d.End() {
			continue
		}
		if d.Lparen.IsValid() {
			c.p.insert(f, beside.Pos(), fmt.Sprintf("%q\n\t", modulePath))
		} else {
			c.p.insert(f, d.Pos(), fmt.Sprintf("import %q\n", modulePath))
		}
	}
}
