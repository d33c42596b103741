package settings

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Other is the value that [File.Cases] gives a variable besides those that the
// file compares it with: what every other model, group, ... receives.
const Other = "(other)"

// maxCases bounds the product of the values of several variables.
const maxCases = 100_000

// Tests returns the variables that the IFs of the file look at, without "$", and
// the values each is compared with, in order of first appearance.
func (f *File) Tests() map[string][]string {
	tests := map[string][]string{}
	note := func(a, b string) {
		name, ok := strings.CutPrefix(a, "$")
		if !ok || strings.HasPrefix(b, "$") {
			return
		}
		name = foldKey(name)
		if value := Unquote(b); !slices.Contains(tests[name], value) {
			tests[name] = append(tests[name], value)
		}
	}
	for i := range f.Nodes {
		if n := &f.Nodes[i]; n.Kind == If {
			note(n.Left.Text, n.Right.Text)
			note(n.Right.Text, n.Left.Text)
		}
	}
	return tests
}

// Case is one telephone of a matrix.
type Case struct {
	Name string // "MODEL4=acw GROUP=2"
	Vars map[string]string
}

// Cases returns one case for every combination of the values that the file
// compares the named variables with, and [Other]. A variable that the file does
// not look at adds nothing. More than 100,000 combinations are an error.
func (f *File) Cases(variables ...string) ([]Case, error) {
	tests := f.Tests()
	cases := []Case{{Vars: map[string]string{}}}
	for _, name := range variables {
		name = foldKey(name)
		values := tests[name]
		if len(values) == 0 {
			continue
		}
		values = append(slices.Clone(values), Other)
		if len(cases)*len(values) > maxCases {
			return nil, fmt.Errorf("settings: the matrix over %s has more than %d cases; name fewer variables",
				strings.Join(variables, ", "), maxCases)
		}
		var next []Case
		for _, c := range cases {
			for _, v := range values {
				vars := maps.Clone(c.Vars)
				vars[name] = v
				next = append(next, Case{Name: strings.TrimSpace(c.Name + " " + name + "=" + v), Vars: vars})
			}
		}
		cases = next
	}
	return cases, nil
}

// Matrix is what each of several telephones receives.
type Matrix struct {
	Cases   []Case
	Results []*Result // of each case
	Names   []string  // every parameter that at least one case receives, sorted
}

// Value returns what case i receives for a parameter.
func (m *Matrix) Value(i int, name string) (string, bool) {
	s, ok := m.Results[i].Lookup(name)
	return s.Value, ok
}

// Rows goes through the matrix as a table: first "parameter" and the names of the
// cases ("all" for one without a name: the file makes no difference), then each
// parameter and its values without quotes (see [Unquote]), empty where a case does
// not receive it. A row is valid until the next.
func (m *Matrix) Rows() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		row := []string{"parameter"}
		for _, c := range m.Cases {
			row = append(row, cmp.Or(c.Name, "all"))
		}
		if !yield(row) {
			return
		}
		for _, name := range m.Names {
			row = append(row[:0], name)
			for i := range m.Cases {
				value, _ := m.Value(i, name)
				row = append(row, Unquote(value))
			}
			if !yield(row) {
				return
			}
		}
	}
}

// Matrix evaluates f for each case. The variables of a case come before those
// of e. It stops at the first error.
func (e Evaluation) Matrix(f *File, cases []Case) (*Matrix, error) {
	m := &Matrix{Cases: cases}
	names := map[string]bool{}
	for _, c := range cases {
		res, err := e.withCase(c).Run(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		for _, s := range res.Settings {
			names[s.Name] = true
		}
		m.Results = append(m.Results, res)
	}
	m.Names = slices.Sorted(maps.Keys(names))
	return m, nil
}

func (e Evaluation) withCase(c Case) Evaluation {
	vars := maps.Clone(e.Vars)
	if vars == nil {
		vars = map[string]string{}
	}
	maps.Copy(vars, c.Vars)
	e.Vars = vars
	return e
}

// Loss is what one telephone does not receive because a label is missing.
type Loss struct {
	Case  Case
	Stop  Stop
	Names []string // the parameters it would have, or have otherwise, if it read on
}

// Losses returns for each case whose reading ends at a missing label what it
// loses: the difference to reading on after that line.
func (e Evaluation) Losses(f *File, cases []Case) ([]Loss, error) {
	var losses []Loss
	for _, c := range cases {
		ev := e.withCase(c)
		got, err := ev.Run(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		if got.Stop.Reason != MissingLabel {
			continue
		}
		r := newRunner(ev)
		r.skipMissing = true
		if err := r.readStatements(f); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		loss := Loss{Case: c, Stop: got.Stop}
		for _, s := range r.sortedResult().Settings {
			if have, ok := got.Lookup(s.Name); !ok || have.Value != s.Value {
				loss.Names = append(loss.Names, s.Name)
			}
		}
		losses = append(losses, loss)
	}
	return losses, nil
}
