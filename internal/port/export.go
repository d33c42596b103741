package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// hostModule is a module of the program, with the API that it compiles against.
type hostModule struct {
	p        *program
	dir      string // of go.mod
	path     string // import path
	exported types.Importer
	source   map[string][]*hostFile // of the program, by import path; tests left out
	checked  map[string]*types.Package
}

// modules groups the packages of a program by the go.mod above them; those
// without one are under "".
func (p *program) modules() map[string][][]*hostFile {
	modules := map[string][][]*hostFile{}
	for _, files := range p.packages() {
		dir, err := filepath.Abs(filepath.Join(p.root, filepath.Dir(files[0].path)))
		for err == nil {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			if parent := filepath.Dir(dir); parent != dir {
				dir = parent
				continue
			}
			dir = ""
			break
		}
		modules[dir] = append(modules[dir], files)
	}
	return modules
}

// openModule finds the compiled packages that the module imports, as the go
// command lists them. go.mod and go.sum do not have to be complete, and stay
// as they are.
func (p *program) openModule(dir string, packages [][]*hostFile) (*hostModule, error) {
	m := &hostModule{p: p, dir: dir, source: map[string][]*hostFile{}, checked: map[string]*types.Package{}}
	if dir == "" {
		return nil, errors.New("no go.mod")
	}
	scratch, err := os.MkdirTemp("", "port-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	modfile, err := m.copyModfile(scratch)
	if err != nil {
		return nil, err
	}
	exports, err := listExports(dir, modfile, m.foreignImports(packages))
	if err != nil {
		return nil, err
	}
	if len(exports) == 0 {
		return nil, errors.New("go list exports nothing")
	}
	m.exported = importer.ForCompiler(p.set, "gc", func(name string) (io.ReadCloser, error) {
		if exports[name] == "" {
			return nil, fmt.Errorf("no export data of %s", name)
		}
		return os.Open(exports[name])
	})
	return m, nil
}

// foreignImports are the packages that come from other modules.
func (m *hostModule) foreignImports(packages [][]*hostFile) (names []string) {
	for _, files := range packages {
		for _, f := range files {
			for _, spec := range f.syntax.Imports {
				name, _ := strconv.Unquote(spec.Path.Value)
				if name != "C" && name != "unsafe" && !m.isOwn(name) && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// addSource takes the files of packages, but for their tests, as what others import.
func (m *hostModule) addSource(packages [][]*hostFile) {
	for _, files := range packages {
		imported := m.importPathOf(files[0])
		for _, f := range files {
			if !strings.HasSuffix(f.path, "_test.go") {
				m.source[imported] = append(m.source[imported], f)
			}
		}
	}
}

func (m *hostModule) isOwn(imported string) bool {
	return imported == m.path || strings.HasPrefix(imported, m.path+"/")
}

func (m *hostModule) importPathOf(f *hostFile) string {
	dir, err := filepath.Abs(filepath.Join(m.p.root, filepath.Dir(f.path)))
	if err == nil {
		dir, err = filepath.Rel(m.dir, dir)
	}
	if err != nil {
		return f.syntax.Name.Name
	}
	return path.Join(m.path, filepath.ToSlash(dir))
}

// copyModfile copies go.mod and go.sum, with the sums of the module itself if it
// is replaced by a folder: they are all that most programs need.
func (m *hostModule) copyModfile(scratch string) (string, error) {
	var mod struct {
		Module  struct{ Path string }
		Replace []struct{ Old, New struct{ Path string } }
	}
	cmd := exec.Command("go", "mod", "edit", "-json")
	cmd.Dir = m.dir
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &mod)
	}
	if err != nil {
		return "", fmt.Errorf("go mod edit: %w", err)
	}
	m.path = mod.Module.Path
	sums, err := os.ReadFile(filepath.Join(m.dir, "go.sum"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	for _, r := range mod.Replace {
		folder := r.New.Path
		if !filepath.IsAbs(folder) {
			folder = filepath.Join(m.dir, folder)
		}
		if more, err := os.ReadFile(filepath.Join(folder, "go.sum")); err == nil && r.Old.Path == modulePath {
			sums = append(sums, more...)
		}
	}
	text, err := os.ReadFile(filepath.Join(m.dir, "go.mod"))
	if err != nil {
		return "", err
	}
	modfile := filepath.Join(scratch, "go.mod")
	if err := os.WriteFile(modfile, text, 0o644); err != nil {
		return "", err
	}
	return modfile, os.WriteFile(filepath.Join(scratch, "go.sum"), sums, 0o644)
}

// listExports compiles packages, and gives the files of export data of them and
// of what they import.
func listExports(dir, modfile string, packages []string) (map[string]string, error) {
	args := []string{"list", "-e", "-export", "-deps", "-mod=mod", "-modfile=" + modfile, "-json=ImportPath,Export", "--"}
	cmd := exec.Command("go", append(args, packages...)...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, strings.TrimSpace(stderr.String()))
	}
	exports := map[string]string{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var listed struct{ ImportPath, Export string }
		if err := decoder.Decode(&listed); err != nil {
			return nil, err
		}
		if listed.Export != "" {
			exports[listed.ImportPath] = listed.Export
		}
	}
	return exports, nil
}

// Import gives packages of the program from their source, mistakes and all, and
// others from what the go command has compiled.
func (m *hostModule) Import(name string) (*types.Package, error) {
	if !m.isOwn(name) {
		return m.exported.Import(name)
	}
	if m.checked[name] == nil {
		files := m.source[name]
		if len(files) == 0 {
			return nil, fmt.Errorf("no package %s", name)
		}
		m.checked[name] = types.NewPackage(name, files[0].syntax.Name.Name) // ends a cycle
		m.checked[name], _ = m.check(files, nil)
	}
	return m.checked[name], nil
}

// check type-checks one package, mistakes and all.
func (m *hostModule) check(files []*hostFile, info *types.Info) (*types.Package, []types.Error) {
	var problems []types.Error
	config := types.Config{Importer: m, FakeImportC: true, Error: func(err error) {
		var problem types.Error
		if errors.As(err, &problem) {
			problems = append(problems, problem)
		}
	}}
	name := m.importPathOf(files[0])
	if strings.HasSuffix(files[0].syntax.Name.Name, "_test") {
		name += "_test"
	}
	pkg, _ := config.Check(name, m.p.set, syntaxOf(files), info)
	return pkg, problems
}

func newInfo() *types.Info {
	return &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
}
