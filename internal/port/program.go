package main

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// program is the host program that is rewritten.
type program struct {
	root  string
	set   *token.FileSet
	files []*hostFile
	hands []hand // what it could not do
}

// hand is a place that a person has to look at.
type hand struct {
	path   string
	file   *hostFile // nil if it is about the program as such
	offset int
	text   string
}

// line counts from 1; 0 if there is none.
func (h hand) line() int {
	if h.file == nil {
		return 0
	}
	return 1 + bytes.Count(h.file.source[:min(h.offset, len(h.file.source))], []byte("\n"))
}

// hostFile is one file of the program.
type hostFile struct {
	path      string // below the root
	source    []byte // as rewritten so far
	syntax    *ast.File
	formatted bool // as gofmt does, before the first change
	changed   bool
	edits     []edit
}

// edit replaces bytes of a file.
type edit struct {
	start, end int
	text       string
}

// openProgram reads every Go file below root, except those of hidden folders
// and of vendor.
func openProgram(root string) (*program, error) {
	p := &program{root: root, set: token.NewFileSet()}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != root && (d.Name() == "vendor" || strings.HasPrefix(d.Name(), ".")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		f := &hostFile{path: rel}
		if f.source, err = os.ReadFile(name); err != nil {
			return err
		}
		formatted, err := format.Source(f.source)
		f.formatted = err == nil && bytes.Equal(formatted, f.source)
		p.parseFile(f)
		p.files = append(p.files, f)
		return nil
	})
	return p, err
}

func (p *program) parseFile(f *hostFile) {
	var err error
	f.syntax, err = parser.ParseFile(p.set, f.path, f.source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		p.hands = append(p.hands, hand{path: f.path, text: err.Error()})
		f.syntax = nil
	}
}

// packages are the files that are compiled together.
func (p *program) packages() (packages [][]*hostFile) {
	key := func(f *hostFile) string { return filepath.Dir(f.path) + " " + f.syntax.Name.Name }
	byKey := map[string]int{}
	for _, f := range p.files {
		if f.syntax == nil {
			continue
		}
		i, ok := byKey[key(f)]
		if !ok {
			i = len(packages)
			byKey[key(f)] = i
			packages = append(packages, nil)
		}
		packages[i] = append(packages[i], f)
	}
	return packages
}

func syntaxOf(files []*hostFile) (out []*ast.File) {
	for _, f := range files {
		out = append(out, f.syntax)
	}
	return out
}

func (p *program) offset(pos token.Pos) int { return p.set.Position(pos).Offset }

// replace notes an edit of a file. One inside another is dropped: the next
// round finds it again.
func (p *program) replace(f *hostFile, start, end token.Pos, text string) {
	f.edits = append(f.edits, edit{p.offset(start), p.offset(end), text})
}

func (p *program) insert(f *hostFile, at token.Pos, text string) { p.replace(f, at, at, text) }

func (p *program) needHand(pos token.Pos, form string, args ...any) {
	at := p.set.Position(pos)
	h := hand{path: at.Filename, offset: at.Offset, text: fmt.Sprintf(form, args...)}
	if i := slices.IndexFunc(p.files, func(f *hostFile) bool { return f.path == h.path }); i >= 0 {
		h.file = p.files[i]
	}
	p.hands = append(p.hands, h)
}

// carryOutEdits changes the files in memory, and reports whether any has changed.
func (p *program) carryOutEdits() (changed bool) {
	for _, f := range p.files {
		if len(f.edits) == 0 {
			continue
		}
		var shift func(int) int
		f.source, shift = spliced(f.source, f.edits)
		for i, h := range p.hands {
			if h.file == f {
				p.hands[i].offset = shift(h.offset)
			}
		}
		f.edits, f.changed, changed = nil, true, true
		p.parseFile(f)
	}
	return changed
}

// spliced makes the edits, and tells where a place of the source is afterwards.
func spliced(source []byte, edits []edit) (result []byte, shift func(int) int) {
	rank := func(e edit) int { // insertions come first, then what is widest
		if e.start == e.end {
			return math.MinInt
		}
		return -e.end
	}
	slices.SortStableFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(rank(a), rank(b)))
	})
	var out bytes.Buffer
	at := 0
	var done []edit
	for _, e := range edits {
		if e.start < at {
			continue
		}
		out.Write(source[at:e.start])
		out.WriteString(e.text)
		at = e.end
		done = append(done, e)
	}
	out.Write(source[at:])
	return out.Bytes(), func(offset int) int {
		moved := offset
		for _, e := range done {
			if e.end <= offset {
				moved += len(e.text) - (e.end - e.start)
			}
		}
		return moved
	}
}

// save writes the changed files. Those that were formatted are again.
func (p *program) save() error {
	for _, f := range p.files {
		if !f.changed {
			continue
		}
		if f.formatted {
			if formatted, err := format.Source(f.source); err == nil {
				f.source = formatted
			}
		}
		if err := os.WriteFile(filepath.Join(p.root, f.path), f.source, 0o644); err != nil {
			return err
		}
	}
	return nil
}
