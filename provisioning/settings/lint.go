package settings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
)

// Vocabulary is what a [Linter] asks about parameters; *catalogue.Catalogue is one.
type Vocabulary interface {
	// Nearest reports whether a parameter is known; if not, the known name that
	// is most like it, or "".
	Nearest(name string) (nearest string, known bool)
	// Check returns the problems of a value as written.
	Check(name, value string) ctikit.Problems
	// Supports reports whether a model (a value of MODEL4) uses the parameter;
	// true where it is unknown.
	Supports(name, model string) bool
}

// Linter finds problems in settings files. The zero value knows the language
// only.
type Linter struct {
	// Vocabulary knows the parameters; nil for none.
	Vocabulary Vocabulary
	// IsSecret says which parameters are passwords; nil for none.
	IsSecret func(name string) bool
	// OverHTTP: the file is served without TLS.
	OverHTTP bool
	// Require holds the values, one of which certain parameters must have wherever
	// they are set, for example SIPREGPROXYPOLICY: alternate.
	Require map[string][]string
	// Elided are labels that are missing on purpose.
	Elided []string
	// MaxValue is the longest value in bytes, 0 for 255.
	MaxValue int
	// Dialect is how the telephones read.
	Dialect Dialect
}

// maxLintSteps bounds the statements that are evaluated to find what one
// telephone receives twice or cannot use: cases times statements.
const maxLintSteps = 20_000_000

// Lint returns the findings in the order of their places.
func (l Linter) Lint(f *File) Findings {
	l.MaxValue = cmp.Or(l.MaxValue, 255)
	p := &pass{Linter: l, f: f}
	p.lintEncoding()
	p.lintLines()
	p.lintJumps()
	for i := range f.Nodes {
		switch n := &f.Nodes[i]; n.Kind {
		case Set, Add:
			p.lintAssignment(n)
		case Get:
			p.lintGet(n)
		case If, Goto:
			p.lintTrailing(n)
		}
	}
	p.lintReach()
	p.lintResults()
	slices.SortStableFunc(p.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Position.Offset, b.Position.Offset), strings.Compare(string(a.Code), string(b.Code)))
	})
	return p.found
}

// pass is the linting of one file.
type pass struct {
	Linter
	f       *File
	found   Findings
	missing map[string]bool // folded tags that are jumped to and defined nowhere
}

func (p *pass) errorAt(code Code, offset int, format string, args ...any) {
	p.reportAt(code, ctikit.SeverityError, offset, format, args...)
}

func (p *pass) warnAt(code Code, offset int, format string, args ...any) {
	p.reportAt(code, ctikit.SeverityWarning, offset, format, args...)
}

func (p *pass) infoAt(code Code, offset int, format string, args ...any) {
	p.reportAt(code, ctikit.SeverityInfo, offset, format, args...)
}

func (p *pass) reportAt(code Code, severity ctikit.Severity, offset int, format string, args ...any) {
	problem := ctikit.Problem{Severity: severity, Code: code, Message: fmt.Sprintf(format, args...)}
	p.found = append(p.found, Finding{problem, p.f.Position(offset)})
}

// lintTrailing reports what follows the last argument of a statement.
func (p *pass) lintTrailing(n *Node) {
	if n.Trailing.Text != "" {
		p.warnAt(TrailingText, n.Trailing.Offset, "text after the %s is ignored at best: %.40q", n.Kind, n.Trailing.Text)
	}
}

func (p *pass) lintGet(n *Node) {
	p.lintTrailing(n)
	if !isSafeName(Unquote(n.Name.Text)) {
		p.errorAt(UnsafeGet, n.Name.Offset, "GET %.60q: %v", n.Name.Text, ErrTraversal)
	}
}
