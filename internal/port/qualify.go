package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strconv"
	"strings"
)

// hollow is an importer whose packages are empty: enough to tell a qualifier
// from a local variable that shadows it.
type hollow struct{}

func (hollow) Import(imported string) (*types.Package, error) {
	p := types.NewPackage(imported, path.Base(imported))
	p.MarkComplete()
	return p, nil
}

// qualifier rewrites the qualified names of one package of the program.
type qualifier struct {
	p     *program
	names *table
	info  *types.Info
	pkg   *types.Package
}

func (p *program) qualifyAll(names *table) {
	for _, files := range p.packages() {
		q := &qualifier{p: p, names: names, info: &types.Info{
			Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}, Scopes: map[ast.Node]*types.Scope{},
		}}
		config := types.Config{Importer: hollow{}, Error: func(error) {}}
		q.pkg, _ = config.Check(files[0].syntax.Name.Name, p.set, syntaxOf(files), q.info)
		for _, f := range files {
			q.qualifyFile(f)
		}
	}
	p.carryOutEdits()
}

// reference is a qualified name of ours in a file.
type reference struct {
	node     ast.Expr // the selector, or a pointer to it
	selector *ast.SelectorExpr
	from, to symbol
}

func (q *qualifier) qualifyFile(f *hostFile) {
	specs := q.ownImports(f)
	used := map[string]int{} // how often a package is referred to
	var renamed []reference
	requests := q.findRequests(f)
	for _, r := range q.references(f, specs) {
		if requests[r.node] != nil {
			continue
		}
		if hint, ok := q.names.hints[r.from]; ok {
			q.p.needHand(r.node.Pos(), "%v: %s", r.from, hint)
		}
		used[importPath(r.to.pkg)]++
		if r.from != r.to {
			renamed = append(renamed, r)
		}
	}
	if len(renamed) == 0 && len(requests) == 0 {
		return
	}
	imports := newImportEdits(q, f, specs)
	for _, r := range renamed {
		imports.places[r.to.pkg] = append(imports.places[r.to.pkg], r.node.Pos())
	}
	for _, r := range requests {
		imports.places[driverPackage] = append(imports.places[driverPackage], r.call.Pos())
	}
	for _, r := range renamed {
		q.writeReference(f, r, imports)
	}
	for _, r := range requests {
		r.write(q, f, imports)
		used[importPath("cti")]++
		used[importPath(driverPackage)]++
	}
	imports.write(used)
}

// ownImports are a file's imports of packages of ours, by path.
func (q *qualifier) ownImports(f *hostFile) map[string]*ast.ImportSpec {
	specs := map[string]*ast.ImportSpec{}
	for _, spec := range f.syntax.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		pkg, ours := ownPackage(imported)
		if !ours {
			continue
		}
		specs[imported] = spec
		_, moved := q.names.symbols[symbol{pkg, "*"}]
		switch {
		case spec.Name == nil:
		case spec.Name.Name == ".":
			q.p.needHand(spec.Pos(), "dot import of %s: its names are not rewritten", packageName(pkg))
		case spec.Name.Name == "_" && moved:
			q.p.needHand(spec.Pos(), "blank import of %s, which has moved", packageName(pkg))
		}
	}
	return specs
}

func (q *qualifier) writeReference(f *hostFile, r reference, imports *importEdits) {
	if r.node == r.selector && r.from.pkg == r.to.pkg {
		q.p.replace(f, r.selector.Sel.Pos(), r.selector.Sel.End(), r.to.name)
		return
	}
	name, pointer := strings.CutPrefix(r.to.name, "*")
	text := imports.localName(r.to.pkg) + "." + name
	if pointer {
		text = "*" + text
	}
	q.p.replace(f, r.node.Pos(), r.node.End(), text)
}

// references are those of a file to packages of ours.
func (q *qualifier) references(f *hostFile, specs map[string]*ast.ImportSpec) (found []reference) {
	inPointer, called := map[ast.Expr]bool{}, map[ast.Expr]bool{}
	add := func(node ast.Expr, s *ast.SelectorExpr, names map[symbol]symbol) bool {
		imported, ok := q.importedBy(s)
		if !ok || specs[imported] == nil {
			return false
		}
		pkg, _ := ownPackage(imported)
		r := reference{node: node, selector: s, from: symbol{pkg, s.Sel.Name}}
		if names == nil {
			r.to = q.names.rename(r.from)
		} else if r.to, ok = names[r.from]; !ok {
			return false
		}
		if called[s] && strings.HasSuffix(r.to.name, "()") { // it is a function already
			r.to.name = strings.TrimSuffix(r.to.name, "()")
		}
		found = append(found, r)
		return true
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			called[n.Fun] = true
		case *ast.StarExpr:
			if s, ok := n.X.(*ast.SelectorExpr); ok && add(n, s, q.names.pointers) {
				inPointer[s] = true
			}
		case *ast.SelectorExpr:
			if !inPointer[n] {
				add(n, n, nil)
			}
		}
		return true
	})
	return found
}

// importedBy is the path of the package that qualifies a name.
func (q *qualifier) importedBy(s *ast.SelectorExpr) (imported string, ok bool) {
	x, ok := s.X.(*ast.Ident)
	if !ok {
		return "", false
	}
	object := q.info.Uses[x]
	if object == nil {
		object = q.lookup(x.Name, x.Pos())
	}
	name, ok := object.(*types.PkgName)
	if !ok {
		return "", false
	}
	return name.Imported().Path(), true
}

// lookup is what a name means at a place, nil if nothing.
func (q *qualifier) lookup(name string, at token.Pos) types.Object {
	scope := q.pkg.Scope().Innermost(at)
	if scope == nil {
		return nil
	}
	_, object := scope.LookupParent(name, at)
	return object
}

// importEdits collects what changes in the imports of a file.
type importEdits struct {
	q      *qualifier
	file   *hostFile
	specs  map[string]*ast.ImportSpec
	names  map[string]string      // local ones, of packages below the module
	places map[string][]token.Pos // where a package will be referred to
	added  []string               // import specs
}

func newImportEdits(q *qualifier, f *hostFile, specs map[string]*ast.ImportSpec) *importEdits {
	i := &importEdits{q: q, file: f, specs: specs, names: map[string]string{}, places: map[string][]token.Pos{}}
	for imported, spec := range specs {
		pkg, _ := ownPackage(imported)
		switch {
		case spec.Name == nil:
			i.names[pkg] = packageName(pkg)
		case spec.Name.Name != "_" && spec.Name.Name != ".":
			i.names[pkg] = spec.Name.Name
		}
	}
	return i
}

// localName is the qualifier of a package in this file. A package that is not
// imported yet is, under another name if its own is taken where it is needed.
func (i *importEdits) localName(pkg string) string {
	if name, ok := i.names[pkg]; ok {
		return name
	}
	own := packageName(pkg)
	name := own
	for n := 1; i.isTaken(name, pkg); n++ {
		name = "cti" + own
		if n > 1 {
			name = fmt.Sprintf("cti%s%d", own, n)
		}
	}
	i.names[pkg] = name
	spec := strconv.Quote(importPath(pkg))
	if name != own {
		spec = name + " " + spec
	}
	i.added = append(i.added, spec)
	return name
}

func (i *importEdits) isTaken(name, pkg string) bool {
	for _, other := range i.names {
		if other == name {
			return true
		}
	}
	if i.q.pkg.Scope().Lookup(name) != nil {
		return true
	}
	return slices.ContainsFunc(i.places[pkg], func(at token.Pos) bool { return i.q.lookup(name, at) != nil })
}

// write edits the declarations: what is no longer used goes, what is new stands
// beside our other packages.
func (i *importEdits) write(used map[string]int) {
	var anchor *ast.ImportSpec
	gone := map[*ast.ImportSpec]bool{}
	for _, spec := range i.file.syntax.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		if i.specs[imported] != spec {
			continue
		}
		kept := spec.Name != nil && (spec.Name.Name == "_" || spec.Name.Name == ".")
		gone[spec] = used[imported] == 0 && !kept
		if anchor == nil || gone[anchor] && !gone[spec] {
			anchor = spec
		}
	}
	for _, decl := range i.file.syntax.Decls {
		if d, ok := decl.(*ast.GenDecl); ok && d.Tok == token.IMPORT {
			i.writeDecl(d, anchor, gone)
		}
	}
}

func (i *importEdits) writeDecl(d *ast.GenDecl, anchor *ast.ImportSpec, gone map[*ast.ImportSpec]bool) {
	p, f := i.q.p, i.file
	for _, s := range d.Specs {
		spec := s.(*ast.ImportSpec)
		var lines []string
		if !gone[spec] {
			lines = append(lines, string(f.source[p.offset(spec.Pos()):p.offset(spec.End())]))
		}
		if spec == anchor {
			lines = append(lines, i.added...)
		}
		switch {
		case len(lines) == 0:
			p.removeImport(f, spec)
		case d.Lparen.IsValid() || len(lines) == 1:
			p.replace(f, spec.Pos(), spec.End(), strings.Join(lines, "\n\t"))
		default:
			p.replace(f, d.Pos(), d.End(), "import (\n\t"+strings.Join(lines, "\n\t")+"\n)")
		}
	}
}

// removeImport removes one import, with its line or its declaration.
func (p *program) removeImport(f *hostFile, spec *ast.ImportSpec) {
	start, end := spec.Pos(), spec.End()
	for _, decl := range f.syntax.Decls {
		if d, ok := decl.(*ast.GenDecl); ok && !d.Lparen.IsValid() && d.Pos() < start && end <= d.End() {
			start = d.Pos()
		}
	}
	first, last := lineAround(f.source, p.offset(start), p.offset(end))
	f.edits = append(f.edits, edit{first, last, ""})
}

// lineAround widens a place to its line, if nothing else is on it.
func lineAround(source []byte, start, end int) (int, int) {
	first, last := start, end
	for first > 0 && (source[first-1] == ' ' || source[first-1] == '\t') {
		first--
	}
	for last < len(source) && (source[last] == ' ' || source[last] == '\t') {
		last++
	}
	if first > 0 && source[first-1] == '\n' && last < len(source) && source[last] == '\n' {
		return first, last + 1
	}
	return start, end
}
