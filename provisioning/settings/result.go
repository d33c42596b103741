package settings

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Result is what a telephone has after it has read its files.
type Result struct {
	// Settings are the effective parameters, sorted by name.
	Settings []Setting
	// Ignored are the SET and ADD lines read that have no value.
	Ignored []Position
	// Fetched are the GETs in order.
	Fetched []Fetched
	// Stop is why reading ended.
	Stop Stop
	// Steps are the IFs, GOTOs and GETs in order, where [Evaluation.Trace] asks.
	Steps []Step
}

// Setting is one effective parameter.
type Setting struct {
	// Name is in upper case, as Workplace's parser reports it.
	Name string
	// Value is as written, quotes included, with macros expanded; see [Unquote]
	// and [SplitList]. After ADD it is the joined list.
	Value string
	// Position is the line that set it.
	Position Position
	// Overrides are the earlier assignments of the same parameter, in order.
	// Before an ADD they are what it continues; of a [Repeatable] parameter they
	// count as well.
	Overrides []Assignment
}

// Assignment is a value and the line that gave it.
type Assignment struct {
	Value    string
	Position Position
}

// Fetched is a GET that was read.
type Fetched struct {
	Name     string
	Found    bool
	Err      error // what Fetch said
	Position Position
}

// Step is one line on the way through the files.
type Step struct {
	Position Position
	Text     string
	Result   string
}

// StopReason says why reading ended.
type StopReason uint8

// The reasons to stop.
const (
	EndOfFile StopReason = iota
	// MissingLabel: a GOTO has no label after it; the rest of the file is ignored.
	MissingLabel
)

// Stop is where and why reading ended. Position is in the file read last.
type Stop struct {
	Reason   StopReason
	Tag      string // the missing label
	Position Position
}

// String returns the reason as a sentence.
func (s Stop) String() string {
	if s.Reason == MissingLabel {
		return fmt.Sprintf("%s: no label %q after this line; the rest of the file is ignored", s.Position, s.Tag)
	}
	return fmt.Sprintf("%s: end of file", s.Position)
}

// Lookup returns the effective setting of a name, in any case.
func (r *Result) Lookup(name string) (Setting, bool) {
	i, ok := slices.BinarySearchFunc(r.Settings, foldKey(name), func(s Setting, name string) int {
		return strings.Compare(s.Name, name)
	})
	if !ok {
		return Setting{}, false
	}
	return r.Settings[i], true
}

// Effective goes through the assignments that count, sorted by parameter: the
// last of each, and every one of a [Repeatable] parameter.
func (r *Result) Effective() iter.Seq2[string, Assignment] {
	return func(yield func(string, Assignment) bool) {
		for _, s := range r.Settings {
			if Repeatable(s.Name) {
				for _, o := range s.Overrides {
					if !yield(s.Name, o) {
						return
					}
				}
			}
			if !yield(s.Name, Assignment{s.Value, s.Position}) {
				return
			}
		}
	}
}

// Explain says in words where the value of name comes from. It shows the way only
// where the evaluation kept it ([Evaluation.Trace]).
func (r *Result) Explain(name string) string {
	var b strings.Builder
	if s, ok := r.Lookup(name); ok {
		fmt.Fprintf(&b, "%s = %s\n  set at %s\n", s.Name, s.Value, s.Position)
		for _, o := range slices.Backward(s.Overrides) {
			verb := "overrides"
			if Repeatable(s.Name) {
				verb = "in addition to"
			}
			fmt.Fprintf(&b, "  %s %s = %s at %s\n", verb, s.Name, o.Value, o.Position)
		}
	} else {
		fmt.Fprintf(&b, "%s is not set; a telephone uses its default, a Workplace client keeps what it had\n", foldKey(name))
	}
	for _, s := range r.Steps {
		if s.Result != "does not hold" {
			fmt.Fprintf(&b, "  on the way %s: %s: %s\n", s.Position, s.Text, s.Result)
		}
	}
	fmt.Fprintf(&b, "  stopped at %s\n", r.Stop)
	return b.String()
}

// Repeatable reports that each line of a parameter counts and none overrides
// another (template of 22 July 2022, l. 2705: PHONEKEY, one line for each key).
func Repeatable(name string) bool { return strings.EqualFold(name, "PHONEKEY") }

// applyAssignment carries out a SET or ADD.
func (r *runner) applyAssignment(f *File, n *Node) {
	value := n.Value.Text
	if value == "" && r.Dialect.JoinLines {
		value = f.valueBelow(n)
	}
	if i := commentIndex(value); i >= 0 && r.Dialect.StripComments {
		value = strings.TrimRight(value[:i], blanks)
	}
	pos := f.nodePosition(n)
	if value == "" {
		r.res.Ignored = append(r.res.Ignored, pos)
		return
	}
	value = r.expandMacros(value)
	name := foldKey(n.Name.Text)
	i, again := r.index[name]
	if !again {
		r.index[name] = len(r.res.Settings)
		r.res.Settings = append(r.res.Settings, Setting{Name: name, Value: value, Position: pos})
		return
	}
	s := &r.res.Settings[i]
	s.Overrides = append(s.Overrides, Assignment{s.Value, s.Position})
	if n.Kind == Add && s.Value != `""` {
		value = s.Value + "," + value
	}
	s.Value, s.Position = value, pos
}

// valueBelow returns the quoted value on the line after a SET that has none.
func (f *File) valueBelow(n *Node) string {
	if n.Line >= f.Lines() {
		return ""
	}
	text := strings.Trim(f.Line(n.Line+1).Text, blanks)
	if !strings.HasPrefix(text, `"`) {
		return ""
	}
	value, _ := cutValue(text)
	return value
}
