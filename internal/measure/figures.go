package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	longFunction = 60
	longLine     = 120
	sharedBy     = 3
)

// figures are those of one package, or the sum of several.
type figures struct {
	lines, exported, functions int
	tableLines                 int // long ones
	unexported, shared         int // functions
	tokens                     int

	longFunctions, longLines, aliases []string // path:line name, path:line, package.Name
	unexportedNames                   []string // one for each unexported function

	types    map[string]bool // see revealer
	declared []*declared
}

// module is what is measured of a module.
type module struct {
	packages map[string]*figures        // by folder
	owners   map[string]map[string]bool // receivers and packages that have an unexported function, by its name
}

func measureModule(root string) (*module, error) {
	m := &module{packages: map[string]*figures{}, owners: map[string]map[string]bool{}}
	err := walkSource(root, m.measureFile)
	for folder, f := range m.packages {
		f.aliases = f.findAliases(folder)
		for _, name := range f.unexportedNames {
			if len(m.owners[name]) >= sharedBy {
				f.shared++
			}
		}
	}
	return m, err
}

// sourceFile is one file that is measured.
type sourceFile struct {
	path   string // below the root, with slashes
	folder string
	text   []byte
	set    *token.FileSet
	syntax *ast.File
}

func (f *sourceFile) lineOf(p token.Pos) int { return f.set.Position(p).Line }

// walkSource parses the files of a module that are neither tests nor belong to
// testdata, a nested module, or a folder that the go command ignores.
func walkSource(root string, visit func(*sourceFile)) error {
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != root && isForeignFolder(name, d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		f := &sourceFile{path: filepath.ToSlash(rel), set: token.NewFileSet()}
		f.folder = path.Dir(f.path)
		if f.text, err = os.ReadFile(name); err != nil {
			return err
		}
		const mode = parser.ParseComments | parser.SkipObjectResolution
		if f.syntax, err = parser.ParseFile(f.set, f.path, f.text, mode); err != nil {
			return err
		}
		visit(f)
		return nil
	})
}

func isForeignFolder(name, base string) bool {
	if base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	return err == nil
}

func (m *module) measureFile(f *sourceFile) {
	p := m.packages[f.folder]
	if p == nil {
		p = &figures{types: map[string]bool{}}
		m.packages[f.folder] = p
	}
	p.countLines(f)
	if !ast.IsGenerated(f.syntax) && f.folder != "internal/measure" && f.folder != "internal/port" {
		p.tokens += countTokens(f.text)
	}
	internal := internalImports(f.syntax)
	for _, decl := range f.syntax.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			m.countFunction(f, p, internal, d)
		case *ast.GenDecl:
			p.countNames(f, internal, d)
		}
	}
}

func (p *figures) countLines(f *sourceFile) {
	var rows map[int]bool // found when needed: few files have long lines
	number := 0
	for line := range bytes.Lines(f.text) {
		number++
		if utf8.RuneCount(bytes.TrimRight(line, "\r\n")) <= longLine {
			continue
		}
		if rows == nil {
			rows = tableRows(f)
		}
		if rows[number] {
			p.tableLines++
		} else {
			p.longLines = append(p.longLines, fmt.Sprintf("%s:%d", f.path, number))
		}
	}
	p.lines += number
}

// countTokens counts the tokens of a file that its author typed.
func countTokens(text []byte) (n int) {
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(text)), text, nil, 0)
	for {
		_, kind, literal := s.Scan()
		switch {
		case kind == token.EOF:
			return n
		case kind == token.SEMICOLON && literal == "\n": // inserted by the scanner
		default:
			n++
		}
	}
}

// internalImports are the local names of imported internal packages.
func internalImports(file *ast.File) map[string]bool {
	out := map[string]bool{}
	for _, i := range file.Imports {
		imported := strings.Trim(i.Path.Value, `"`)
		if !isInternal(imported) || !strings.Contains(imported, ".") { // the standard library has some, too
			continue
		}
		name := path.Base(imported)
		if i.Name != nil {
			name = i.Name.Name
		}
		out[name] = true
	}
	return out
}

func isInternal(folder string) bool { return slices.Contains(strings.Split(folder, "/"), "internal") }

// isImportable reports whether other modules can import a package.
func isImportable(folder string) bool {
	return !isInternal(folder) && !strings.HasPrefix(folder+"/", "examples/")
}

func (m *module) countFunction(f *sourceFile, p *figures, internal map[string]bool, d *ast.FuncDecl) {
	p.functions++
	name, receiver := d.Name.Name, receiverOf(d)
	p.countLength(f, d, name)
	switch {
	case ast.IsExported(name):
		if receiver != "" && !ast.IsExported(receiver) {
			break
		}
		p.exported++
		p.declared = append(p.declared, &declared{name: strings.TrimPrefix(receiver+"."+name, "."), exported: true,
			meaning: []ast.Expr{d.Type}, internal: internal})
	case name == "main" || name == "init" || name == "_":
	default:
		p.unexported++
		p.unexportedNames = append(p.unexportedNames, name)
		if m.owners[name] == nil {
			m.owners[name] = map[string]bool{}
		}
		m.owners[name][f.folder+"."+receiver] = true
	}
}

// receiverOf is the name of a method's type, empty for a function.
func receiverOf(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return ""
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// countNames counts the exported types, constants and variables of a declaration,
// and the long functions in their values.
func (p *figures) countNames(f *sourceFile, internal map[string]bool, d *ast.GenDecl) {
	var repeated *ast.ValueSpec // what a constant without a value takes it from
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			p.types[s.Name.Name] = s.Name.IsExported() && !s.Assign.IsValid()
			p.declare(s.Name, declared{internal: internal, meaning: meaningOf(s)})
		case *ast.ValueSpec:
			p.countLiterals(f, s)
			from := s
			if d.Tok == token.CONST && s.Type == nil && len(s.Values) == 0 && repeated != nil {
				from = repeated
			}
			repeated = from
			for i, name := range s.Names {
				n := declared{internal: internal, constant: d.Tok == token.CONST}
				if from.Type != nil {
					n.meaning = append(n.meaning, from.Type)
				}
				if i < len(from.Values) {
					n.meaning = append(n.meaning, from.Values[i])
				}
				p.declare(name, n)
			}
		}
	}
}

// meaningOf is what a type stands for: an alias for all of its type, a type of its
// own only for the fields and methods that it lists.
func meaningOf(s *ast.TypeSpec) []ast.Expr {
	switch s.Type.(type) {
	case *ast.StructType, *ast.InterfaceType, *ast.FuncType:
		return []ast.Expr{s.Type}
	}
	if s.Assign.IsValid() {
		return []ast.Expr{s.Type}
	}
	return nil
}

func (p *figures) declare(name *ast.Ident, d declared) {
	d.name, d.exported = name.Name, name.IsExported()
	if d.exported {
		p.exported++
	}
	p.declared = append(p.declared, &d)
}

// countLiterals counts the long functions in the values of variables.
func (p *figures) countLiterals(f *sourceFile, s *ast.ValueSpec) {
	ast.Inspect(s, func(n ast.Node) bool {
		if literal, ok := n.(*ast.FuncLit); ok {
			p.countLength(f, literal, s.Names[0].Name)
		}
		return true
	})
}

func (p *figures) countLength(f *sourceFile, function ast.Node, name string) {
	if f.lineOf(function.End())-f.lineOf(function.Pos())+1 > longFunction {
		p.longFunctions = append(p.longFunctions, fmt.Sprintf("%s:%d %s", f.path, f.lineOf(function.Pos()), name))
	}
}
