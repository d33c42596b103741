package dialplan

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/dlclark/regexp2/v2"
	"github.com/dlclark/regexp2/v2/syntax"

	"github.com/ctikit/ctikit/dialplan/internal/automaton"
)

const (
	// maxSteps is the most that a match may cost, in steps of the search tree
	// on the longest number: some milliseconds.
	maxSteps = 100_000
	// maxStepsApart is the most that all rules that are tried one by one may
	// cost together: some tenths of a second.
	maxStepsApart = 10_000_000
	// unprovedTimeout bounds one match of an expression whose cost cannot be
	// proved. The engine looks at the clock every 100 ms.
	unprovedTimeout = 200 * time.Millisecond
)

// expression is a .NET regular expression, anchored at the start of the number.
type expression struct {
	source string // expanded, without the brackets
	re     *regexp2.Regexp
	node   *automaton.Node // nil where it has no automaton
	about  *automaton.Node // matches much of what the expression matches, and more
	steps  int             // the most that a match takes
	// proved reports that no match takes more steps; others run with a timeout.
	proved bool
}

// compileExpression compiles a pattern and refuses one whose matching could
// take too long.
func compileExpression(source string) (*expression, error) {
	// Parsed alone: a pattern with a parenthesis too many must not close ours.
	tree, err := syntax.Parse(source, syntax.ParseOptions{})
	if err != nil {
		return nil, fmt.Errorf("not a .NET regular expression: %w", err)
	}
	t := translator{atomic: hasAtomicGroup(source)}
	node := t.translateNode(tree.Root)
	steps, err := automaton.Cost(node, maxLight, maxSteps)
	if err != nil {
		return nil, explainRefusal(err)
	}
	if steps >= maxSteps {
		return nil, fmt.Errorf("refused: on a number of %d characters a match could take more than %d steps; "+
			"repetitions that can share the same characters, as in (\\d+)+ or \\d*\\d*\\d*\\d*\\d*, multiply each other",
			maxLight, maxSteps)
	}
	x := &expression{source: source, about: node.WithoutProbes(), steps: steps, proved: !t.unproved}
	if !t.irregular && !t.unproved {
		x.node = node
	}
	x.re, err = regexp2.Compile(`\A(?:` + source + `)`)
	if err != nil {
		return nil, fmt.Errorf("not a .NET regular expression: %w", err)
	}
	x.re.MatchTimeout = math.MaxInt64 // whatever the engine's default is in this program
	if !x.proved {
		x.re.MatchTimeout = unprovedTimeout
	}
	return x, nil
}

// hasGroup reports whether the expression has a group of this number.
func (x *expression) hasGroup(number int) bool {
	return slices.Contains(x.re.GetGroupNumbers(), number)
}

// matchPrefix runs the expression at the start of the number. groups receives the
// ranges of the numbered groups asked for; a group that did not take part is
// empty.
func (x *expression) matchPrefix(number []byte, ask []int, groups []span) (end int, ok bool, err error) {
	var runes [maxLight]rune
	for i, c := range number {
		runes[i] = rune(c)
	}
	err = x.re.FindRunesMatches(runes[:len(number)], 0, func(view regexp2.MatchView) bool {
		index, length, _ := view.GroupRange(0)
		end, ok = index+length, true
		for i, group := range ask {
			index, length, _ := view.GroupRange(group)
			groups[i] = span{uint8(index), uint8(index + length)}
		}
		return false
	})
	if err != nil {
		return 0, false, fmt.Errorf("%w: the expression took too long: %w", ErrRule, err)
	}
	return end, ok, nil
}
