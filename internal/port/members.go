package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// mostRounds bounds how often the program is checked again: each round of
// renamed members gives types to what is selected from them.
const mostRounds = 8

// renameMembers rewrites methods, fields and values whose type has changed, as
// far as the program type-checks against the new API. What does not compile in
// the end needs a hand.
func (p *program) renameMembers(names *table) {
	for dir, packages := range p.modules() {
		if m, err := p.openModule(dir, packages); err != nil {
			where, _ := filepath.Rel(p.root, dir)
			text := "not type-checked, so methods and fields are not renamed: " + err.Error()
			p.hands = append(p.hands, hand{path: filepath.Join(where, "go.mod"), text: text})
			for _, files := range packages {
				p.guessMembers(names, files)
			}
			p.carryOutEdits()
		} else {
			p.renameTyped(m, names)
		}
	}
}

func (p *program) renameTyped(m *hostModule, names *table) {
	var problems []types.Error
	for range mostRounds {
		problems = nil
		clear(m.checked)
		clear(m.source)
		packages := p.modules()[m.dir]
		m.addSource(packages) // parsed again since the round before
		for _, files := range packages {
			info := newInfo()
			_, found := m.check(files, info)
			problems = append(problems, found...)
			c := &converter{p, names, info}
			c.convertKeys(files)
			for _, f := range files {
				c.convertFile(f)
			}
		}
		if !p.carryOutEdits() {
			p.dropImports(problems)
			if !p.carryOutEdits() {
				break
			}
		}
	}
	for _, problem := range problems {
		p.needHand(problem.Pos, "%s", problem.Msg)
	}
}

// dropImports removes imports that a file does not need any more, if it
// compiles but for them.
func (p *program) dropImports(problems []types.Error) {
	broken := map[string]bool{}
	unused := func(problem types.Error) bool { return strings.HasSuffix(problem.Msg, " imported and not used") }
	for _, problem := range problems {
		if !unused(problem) {
			broken[p.set.Position(problem.Pos).Filename] = true
		}
	}
	for _, f := range p.files {
		if f.syntax == nil || !f.changed || broken[f.path] {
			continue
		}
		for _, spec := range f.syntax.Imports {
			if slices.ContainsFunc(problems, func(problem types.Error) bool {
				return unused(problem) && spec.Pos() <= problem.Pos && problem.Pos < spec.End()
			}) {
				p.removeImport(f, spec)
			}
		}
	}
}

// converter rewrites one package whose types are known as far as it compiles.
type converter struct {
	p     *program
	names *table
	info  *types.Info
}

func (c *converter) convertFile(f *hostFile) {
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			c.renameSelected(f, n)
		case *ast.CompositeLit:
			c.convertLiteral(f, n)
		case *ast.CallExpr:
			c.convertCall(f, n)
		case *ast.AssignStmt:
			if len(n.Lhs) == len(n.Rhs) && n.Tok == token.ASSIGN {
				for i := range n.Lhs {
					c.convertValue(f, n.Rhs[i], c.info.TypeOf(n.Lhs[i]))
				}
			}
		case *ast.ValueSpec:
			if n.Type != nil {
				for _, v := range n.Values {
					c.convertValue(f, v, c.info.TypeOf(n.Type))
				}
			}
		}
		return true
	})
}

// renameSelected renames x.Old if the type of x has no Old.
func (c *converter) renameSelected(f *hostFile, s *ast.SelectorExpr) {
	if c.info.Selections[s] != nil || c.info.TypeOf(s.X) == nil {
		return
	}
	owner, _ := ownSymbol(c.info.TypeOf(s.X))
	if text, ok := c.names.gone[member{owner, s.Sel.Name}]; ok {
		c.p.needHand(s.Pos(), "%v.%s: %s", owner, s.Sel.Name, text)
	}
	name, ok := c.renamedIn(c.info.TypeOf(s.X), s.Sel.Name, 0)
	switch {
	case !ok:
	case name == "-":
		c.p.replace(f, s.X.End(), s.Sel.End(), "")
	default:
		c.p.replace(f, s.Sel.Pos(), s.Sel.End(), name)
	}
}

// renamedIn searches a type, and what is embedded in it, for a member that was renamed.
func (c *converter) renamedIn(t types.Type, old string, depth int) (string, bool) {
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	if owner, ok := ownSymbol(t); ok {
		if name, ok := c.names.members[member{owner, old}]; ok {
			return name, true
		}
	}
	if depth > 4 {
		return "", false
	}
	switch under := t.Underlying().(type) {
	case *types.Struct:
		for field := range under.Fields() {
			if field.Embedded() {
				if name, ok := c.renamedIn(field.Type(), old, depth+1); ok {
					return name, true
				}
			}
		}
	case *types.Interface:
		for embedded := range under.EmbeddedTypes() {
			if name, ok := c.renamedIn(embedded, old, depth+1); ok {
				return name, true
			}
		}
	}
	return "", false
}

// ownSymbol is the name of a type of our module.
func ownSymbol(t types.Type) (symbol, bool) {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return symbol{}, false
	}
	pkg, ok := ownPackage(named.Obj().Pkg().Path())
	return symbol{pkg, named.Obj().Name()}, ok
}

// convertLiteral renames fields of a struct that it no longer has, and converts
// the values of others.
func (c *converter) convertLiteral(f *hostFile, literal *ast.CompositeLit) {
	t := c.info.TypeOf(literal)
	if t == nil {
		return
	}
	if pointer, ok := t.Underlying().(*types.Pointer); ok { // an elided &T
		t = pointer.Elem()
	}
	if isSealKey(t) && literal.Type != nil && len(literal.Elts) > 0 {
		c.makeKey(f, literal.Type, literal.End())
		return
	}
	owner, _ := ownSymbol(t)
	fields := map[string]types.Type{}
	structure, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for field := range structure.Fields() {
		fields[field.Name()] = field.Type()
	}
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, ok := pair.Key.(*ast.Ident)
		if !ok {
			continue
		}
		if to, ok := c.names.members[member{owner, key.Name}]; ok && fields[key.Name] == nil {
			c.p.replace(f, key.Pos(), key.End(), to)
		}
		c.convertValue(f, pair.Value, fields[key.Name])
	}
}

// guessMembers lists every x.Old that is not type-checked, if all types of ours
// that had it renamed it alike and the program declares no Old of its own. It
// renames none: x may be of another type.
func (p *program) guessMembers(names *table, files []*hostFile) {
	renamed := map[string]string{}
	for m, to := range names.members {
		if was, ok := renamed[m.name]; ok && was != to || to == "-" {
			to = ""
		}
		renamed[m.name] = to
	}
	for _, f := range files {
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				delete(renamed, n.Name.Name)
			case *ast.Field:
				for _, name := range n.Names {
					delete(renamed, name.Name)
				}
			}
			return true
		})
	}
	for _, f := range files {
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && renamed[s.Sel.Name] != "" && !isImported(f, s.X) {
				p.needHand(s.Sel.Pos(), "%s may be %s now: its type is not known", s.Sel.Name, renamed[s.Sel.Name])
			}
			return true
		})
	}
}

// isImported reports whether an expression may be the name of an import.
func isImported(f *hostFile, x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && slices.ContainsFunc(f.syntax.Imports, func(spec *ast.ImportSpec) bool {
		if spec.Name != nil {
			return spec.Name.Name == id.Name
		}
		imported, _ := strconv.Unquote(spec.Path.Value)
		return path.Base(imported) == id.Name
	})
}
