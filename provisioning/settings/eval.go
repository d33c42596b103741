package settings

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Dialect settles what the guides of the telephones say differently. The zero
// value is what the current ones do (96x1, B189, J100, Workplace).
type Dialect struct {
	// FoldCase: SEQ ignores case (4600, 1600 and early 9600 guides); else it
	// compares exactly (96x1, B189, J100 guides).
	FoldCase bool
	// Include: after a GET the reader returns to the file that contains it, as
	// files found in the field expect; else the fetched file is read instead of
	// the rest (9600 guide).
	Include bool
	// AllowBackward: a GOTO without a label after it leads to the first one
	// before it; else the rest of the file is ignored (1603SW guide, p. 66).
	AllowBackward bool
	// JoinLines: a SET without a value takes a quoted value from the next line,
	// as in files of IP Office 11.0; else it is ignored.
	JoinLines bool
	// StripComments: " #..." after an unquoted value is no part of the value.
	// What a telephone does there is unknown.
	StripComments bool
	// MaxSteps bounds the statements read, 0 for 1,000,000; MaxDepth the GETs
	// that follow one another, 0 for 16.
	MaxSteps, MaxDepth int
}

// Errors of an evaluation; they are wrapped with the place.
var (
	ErrSteps     = errors.New("too many steps")
	ErrCycle     = errors.New("a file fetches itself")
	ErrDepth     = errors.New("too many files fetch one another")
	ErrTraversal = errors.New("only a file in the same folder can be fetched")
)

// Evaluation reads files as one telephone or client does.
type Evaluation struct {
	// Vars are the variables that the telephone knows, for example MODEL4: acw.
	// An IF on any other variable is ignored. Names are upper case.
	Vars map[string]string
	// Dialect is how it reads.
	Dialect Dialect
	// Fetch returns the file that a GET names, with macros expanded. An error
	// means that the file is not there: reading continues after the GET. A nil
	// Fetch finds nothing.
	Fetch func(name string) (*File, error)
	// Trace keeps every IF, GOTO and GET in [Result.Steps].
	Trace bool
}

// FetchFS returns a Fetch for the files of one folder.
func FetchFS(fsys fs.FS) func(name string) (*File, error) {
	return func(name string) (*File, error) {
		f, err := fsys.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return Read(name, f)
	}
}

// FetchBeside returns a Fetch for the files in the folder of a file, given by its
// path; see [ReadFile].
func FetchBeside(path string) func(name string) (*File, error) {
	return FetchFS(os.DirFS(filepath.Dir(path)))
}

// Run evaluates f. Errors are [ErrSteps], [ErrCycle], [ErrDepth] and
// [ErrTraversal]; the result up to that point is returned with them.
func (e Evaluation) Run(f *File) (*Result, error) {
	r := newRunner(e)
	err := r.readStatements(f)
	return r.sortedResult(), err
}

func newRunner(e Evaluation) *runner {
	e.Dialect.MaxSteps = cmp.Or(e.Dialect.MaxSteps, 1_000_000)
	e.Dialect.MaxDepth = cmp.Or(e.Dialect.MaxDepth, 16)
	return &runner{Evaluation: e, res: &Result{}, index: make(map[string]int, 128), files: map[string]*File{}}
}

func (r *runner) sortedResult() *Result {
	slices.SortFunc(r.res.Settings, func(a, b Setting) int { return strings.Compare(a.Name, b.Name) })
	return r.res
}

type runner struct {
	Evaluation
	res   *Result
	index map[string]int   // name: its place in res.Settings
	files map[string]*File // fetched: each once, however often it is included
	open  []string         // the files being read
	steps int
	// skipMissing reads on after a GOTO without a label; see [Evaluation.Losses].
	skipMissing bool
}

// readStatements reads one file to the end, to a missing label or to a GET.
func (r *runner) readStatements(f *File) error {
	r.open = append(r.open, f.Name)
	defer func() { r.open = r.open[:len(r.open)-1] }()
	for i := 0; i < len(f.Nodes); i++ {
		n := &f.Nodes[i]
		if r.steps++; r.steps > r.Dialect.MaxSteps {
			return fmt.Errorf("settings: %s: %w: %d", f.nodePosition(n), ErrSteps, r.Dialect.MaxSteps)
		}
		jump := false
		switch n.Kind {
		case Set, Add:
			r.applyAssignment(f, n)
		case If:
			jump = r.evaluateIf(f, n)
		case Goto:
			r.traceStep(f, n, "jumps")
			jump = true
		case Get:
			if replaced, err := r.followGet(f, n); replaced || err != nil {
				return err
			}
		}
		if !jump {
			continue
		}
		next := f.jumpTarget(r.Dialect, i)
		if next < 0 && r.skipMissing {
			continue
		}
		if next < 0 {
			r.res.Stop = Stop{Reason: MissingLabel, Tag: n.Name.Text, Position: f.nodePosition(n)}
			return nil
		}
		i = next
	}
	end := f.Position(len(f.src))
	r.res.Stop = Stop{Reason: EndOfFile, Position: end}
	return nil
}

// evaluateIf reports whether the IF jumps.
func (r *runner) evaluateIf(f *File, n *Node) bool {
	left, unknownLeft := r.resolveOperand(n.Left.Text)
	right, unknownRight := r.resolveOperand(n.Right.Text)
	if unknown := unknownLeft + unknownRight; unknown != "" {
		r.traceStep(f, n, "ignored: unknown variable "+unknown)
		return false
	}
	same := left == right || r.Dialect.FoldCase && strings.EqualFold(left, right)
	if same {
		r.traceStep(f, n, "jumps")
	} else {
		r.traceStep(f, n, "does not hold")
	}
	return same
}

// resolveOperand returns the value of one side of SEQ, and the variable that is unknown.
func (r *runner) resolveOperand(s string) (value, unknown string) {
	if name, ok := strings.CutPrefix(s, "$"); ok {
		v, known := r.Vars[foldKey(name)]
		if !known {
			return "", s
		}
		return v, ""
	}
	return Unquote(s), ""
}

// followGet follows a GET; replaced reports that the rest of f is not read.
func (r *runner) followGet(f *File, n *Node) (replaced bool, err error) {
	name := r.expandMacros(Unquote(n.Name.Text))
	if !isSafeName(name) {
		return false, fmt.Errorf("settings: %s: GET %s: %w", f.nodePosition(n), name, ErrTraversal)
	}
	if slices.Contains(r.open, name) {
		return false, fmt.Errorf("settings: %s: GET %s: %w", f.nodePosition(n), name, ErrCycle)
	}
	if len(r.open) >= r.Dialect.MaxDepth {
		return false, fmt.Errorf("settings: %s: GET %s: %w: %d", f.nodePosition(n), name, ErrDepth, r.Dialect.MaxDepth)
	}
	fetched := Fetched{Name: name, Position: f.nodePosition(n)}
	next, again := r.files[name]
	if !again && r.Fetch != nil {
		next, fetched.Err = r.Fetch(name)
	}
	fetched.Found = next != nil && fetched.Err == nil
	r.res.Fetched = append(r.res.Fetched, fetched)
	if !fetched.Found {
		r.traceStep(f, n, "not found, so reading continues")
		return false, nil
	}
	r.traceStep(f, n, "fetched")
	if next.Name != name { // cycles are found by the name that GET gives
		renamed := *next
		renamed.Name = name
		next = &renamed
	}
	r.files[name] = next
	return !r.Dialect.Include, r.readStatements(next)
}

// isSafeName: a file of the same folder, named without a scheme or a path.
func isSafeName(name string) bool {
	return name != "" && name != "." && name != ".." && !strings.ContainsAny(name, "/\\:\x00")
}

// expandMacros replaces $NAME by the variable's value; unknown ones stay.
func (r *runner) expandMacros(s string) string {
	if strings.IndexByte(s, '$') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		end := i + 1
		if s[i] == '$' {
			for end < len(s) && isNameByte(s[end]) {
				end++
			}
			if v, ok := r.Vars[foldKey(s[i+1:end])]; ok {
				b.WriteString(v)
				i = end
				continue
			}
		}
		b.WriteString(s[i:end])
		i = end
	}
	return b.String()
}

func isNameByte(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_'
}

func (r *runner) traceStep(f *File, n *Node, what string) {
	if r.Trace {
		r.res.Steps = append(r.res.Steps, Step{Position: f.nodePosition(n), Text: f.Line(n.Line).Text, Result: what})
	}
}
