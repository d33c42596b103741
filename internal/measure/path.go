package main

import (
	_ "embed"
	"errors"
	"fmt"
	"go/ast"
	"io"
	"slices"
	"strings"
)

// eventPath says how to read it.
//
//go:embed path.txt
var eventPath string

// pathLimit is the row of limits.txt with the most files that a section of
// path.txt may have.
const pathLimit = "path"

// section is a driver or the gateway, as path.txt lists it.
type section struct {
	name  string
	steps []*step // in the order of the list
	files []string
}

// step is a function on the path.
type step struct {
	folder, receiver, name string
	depth                  int
	caller                 *step
	calls                  *section // instead: the path goes on in this section
}

func (s *step) String() string {
	if s.calls != nil {
		return "-> " + s.calls.name
	}
	if s.receiver != "" {
		return s.folder + " " + s.receiver + "." + s.name
	}
	return s.folder + " " + s.name
}

func printPath(out io.Writer, root, which string) error {
	if which != "event" {
		return fmt.Errorf("-path: unknown path %q; only \"event\" is known", which)
	}
	sections, err := resolvePath(root, eventPath)
	for _, s := range sections {
		fmt.Fprintf(out, "%s: %d files\n", s.name, len(s.files))
		for _, file := range s.files {
			fmt.Fprintf(out, "\t%s\n", file)
		}
	}
	return err
}

// resolvePath finds the files of a path. The error names every step that does
// not exist or is not called by the one it is listed under.
func resolvePath(root, list string) ([]*section, error) {
	sections, err := parsePath(list)
	if err != nil {
		return nil, err
	}
	bodies := map[string]*found{}
	err = walkSource(root, func(f *sourceFile) {
		for _, decl := range f.syntax.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok {
				s := step{folder: f.folder, receiver: receiverOf(d), name: d.Name.Name}
				bodies[s.String()] = &found{f.path, d}
			}
		}
	})
	if err != nil {
		return nil, err
	}
	var wrong []error
	for _, s := range sections {
		for _, step := range s.steps {
			if err := verifyStep(step, bodies); err != nil {
				wrong = append(wrong, fmt.Errorf("path.txt: %s: %w", s.name, err))
			} else if f := bodies[step.String()]; f != nil && !slices.Contains(s.files, f.file) {
				s.files = append(s.files, f.file)
			}
		}
		if err := verifyQueue(s.steps); err != nil {
			wrong = append(wrong, fmt.Errorf("path.txt: %s: %w", s.name, err))
		}
	}
	for _, s := range sections {
		for _, step := range s.steps {
			if step.calls != nil {
				s.files = slices.Compact(append(s.files, step.calls.files...))
			}
		}
	}
	return sections, errors.Join(wrong...)
}

// found is a function of the module.
type found struct {
	file string
	decl *ast.FuncDecl
}

func verifyStep(s *step, bodies map[string]*found) error {
	target := s
	if s.calls != nil {
		if target = s.calls.steps[0]; s.caller == nil {
			return fmt.Errorf("%v: has no caller", s)
		}
	} else if bodies[s.String()] == nil {
		return fmt.Errorf("%v: no such function", s)
	}
	if s.caller == nil {
		return nil
	}
	caller := bodies[s.caller.String()]
	if caller != nil && !callsName(caller.decl, target.name) {
		return fmt.Errorf("%v: %v does not call it", s, s.caller)
	}
	return nil
}

// callsName reports whether a function calls one of a name, or a method of it:
// which one, an interface may hide.
func callsName(d *ast.FuncDecl, name string) (calls bool) {
	ast.Inspect(d, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			switch f := ast.Unparen(call.Fun).(type) {
			case *ast.Ident:
				calls = calls || f.Name == name
			case *ast.SelectorExpr:
				calls = calls || f.Sel.Name == name
			}
		}
		return !calls
	})
	return calls
}

// verifyQueue: a section of several trees hands the event from one to the next
// in a queue, a type of which both call methods.
func verifyQueue(steps []*step) error {
	var trees [][]*step
	for _, s := range steps {
		if s.depth == 1 {
			trees = append(trees, nil)
		}
		trees[len(trees)-1] = append(trees[len(trees)-1], s)
	}
	for i := 1; i < len(trees); i++ {
		shares := slices.ContainsFunc(trees[i], func(a *step) bool {
			return a.receiver != "" && slices.ContainsFunc(trees[i-1], func(b *step) bool {
				return a.folder == b.folder && a.receiver == b.receiver
			})
		})
		if !shares {
			return fmt.Errorf("%v: shares no type with the steps before it", trees[i][0])
		}
	}
	return nil
}

// parsePath reads sections, and in them steps by their indentation with tabs.
func parsePath(list string) (sections []*section, err error) {
	for line := range strings.Lines(list) {
		line, _, _ = strings.Cut(line, "#")
		text := strings.TrimSpace(line)
		depth := len(line) - len(strings.TrimLeft(line, "\t"))
		switch {
		case text == "":
		case depth == 0:
			sections = append(sections, &section{name: text})
		case len(sections) == 0:
			return nil, fmt.Errorf("path.txt: %q is in no section", text)
		default:
			s := sections[len(sections)-1]
			next := &step{depth: depth}
			if next.caller, err = callerOf(s.steps, depth); err != nil {
				return nil, fmt.Errorf("path.txt: %s: %q: %w", s.name, text, err)
			}
			s.steps = append(s.steps, next)
			if err := next.parse(text); err != nil {
				return nil, err
			}
		}
	}
	for _, s := range sections {
		for _, step := range s.steps {
			if step.folder != "->" {
				continue
			}
			i := slices.IndexFunc(sections, func(other *section) bool { return other.name == step.name })
			if i < 0 || len(sections[i].steps) == 0 {
				return nil, fmt.Errorf("path.txt: %s: unknown or empty section %q", s.name, step.name)
			}
			step.calls = sections[i]
		}
	}
	return sections, nil
}

// parse reads "folder function", "folder Type.method" or "-> section".
func (s *step) parse(text string) error {
	folder, function, ok := strings.Cut(text, " ")
	if !ok {
		return fmt.Errorf("path.txt: want a folder and a function, got %q", text)
	}
	s.folder, s.name = folder, strings.TrimSpace(function)
	if receiver, method, ok := strings.Cut(s.name, "."); ok {
		s.receiver, s.name = receiver, method
	}
	return nil
}

// callerOf is the last step that is indented one tab less.
func callerOf(steps []*step, depth int) (*step, error) {
	if depth == 1 {
		return nil, nil
	}
	for _, s := range slices.Backward(steps) {
		if s.depth == depth-1 {
			return s, nil
		}
		if s.depth < depth-1 {
			break
		}
	}
	return nil, errors.New("is indented too far")
}
