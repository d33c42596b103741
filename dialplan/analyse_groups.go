package dialplan

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/dlclark/regexp2/v2/syntax"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/dialplan/internal/automaton"
)

// analyseExpressions looks into the expressions for digits that a match takes without
// the value giving them back, and for groups that may be empty.
func (a *analysis) analyseExpressions() {
	for i := range a.plan.rules {
		r := &a.plan.rules[i]
		if r.pattern.expression == nil {
			continue
		}
		tree, err := syntax.Parse(r.pattern.expression.source, syntax.ParseOptions{})
		if err != nil {
			continue // it was parsed when the plan was built
		}
		g := groups{kept: r.value.groups}
		g.visitNode(tree.Root, nest{kept: slices.Contains(g.kept, 0)})
		if g.deletes {
			number, shown := a.findCollision(i)
			a.addFinding(ctikit.SeverityWarning, DeletesDigits, i, number,
				"takes digits that differ from number to number and that its value does not give back%s: "+
					"put them in a group that the value uses, or name them in the pattern, "+
					"as in [(\\+|[-InternationalPrefix-])?(\\d+)\\(0\\)]", shown)
		}
		for _, number := range g.kept {
			if number != 0 && g.mayBeEmpty(number) {
				a.addFinding(ctikit.SeverityInfo, GroupEmpty, i, "", "group %d of its value may be empty", number)
			}
		}
	}
}

// findCollision looks for two numbers to which rule i gives the same result, one with
// another digit in one place or with one more, and says so; "" where it finds none.
func (a *analysis) findCollision(i int) (number, shown string) {
	first := a.plan.Explain(a.witnesses[i])
	for at := range len(first.Number) {
		for _, digit := range "0123456789" {
			for _, rest := range []string{first.Number[at:], first.Number[at+1:]} {
				other := first.Number[:at] + string(digit) + rest
				e := a.plan.Explain(other)
				if other != first.Number && e.Err == nil && e.Path == first.Path && e.Result == first.Result {
					return first.Number, fmt.Sprintf(" (%s and %s both give %s)", first.Number, other, first.Result)
				}
			}
		}
	}
	return "", ""
}

// groups walks the tree of an expression.
type groups struct {
	kept    []int // groups that the value gives back
	sure    []int // those of them that take part in every match, with at least one character
	deletes bool  // digits are lost
}

// nest is what stands around a node.
type nest struct {
	kept     bool // a group that the value gives back
	optional bool // something that need not match
}

func (g *groups) mayBeEmpty(number int) bool { return !slices.Contains(g.sure, number) }

func (g *groups) visitNode(n *syntax.RegexNode, in nest) {
	switch n.T {
	case syntax.NtCapture:
		if slices.Contains(g.kept, n.M) {
			in.kept = true
			t := translator{}
			if shortest, _ := t.translateNode(n).Lengths(); shortest > 0 && !in.optional {
				g.sure = append(g.sure, n.M)
			}
		}
	case syntax.NtLoop, syntax.NtLazyloop:
		if n.M == 0 {
			in.optional = true
		}
		if n.N > 1 && !in.kept {
			// Groups inside keep the last turn only.
			g.deletes = g.deletes || variesInDigits(n)
			return
		}
	case syntax.NtAlternate, syntax.NtBackRefCond, syntax.NtExprCond:
		in.optional = true
	case syntax.NtPosLook, syntax.NtNegLook:
		return // takes nothing
	}
	if !in.kept && len(n.Children) == 0 && variesInDigits(n) {
		g.deletes = true
	}
	for _, child := range n.Children {
		g.visitNode(child, in)
	}
}

// variesInDigits reports whether what n matches differs from number to number in
// its digits, other than by being there or not.
func variesInDigits(n *syntax.RegexNode) bool {
	digits := automaton.SetOf("0123456789")
	varied := func(set automaton.Set) bool { return bits.OnesCount16(uint16(set&digits)) > 1 }
	switch {
	case n.IsSetFamily():
		return varied(charsetSymbols(n.Set))
	case n.IsNotoneFamily():
		return varied(automaton.All &^ runeSymbol(n.Ch))
	case n.IsOneFamily():
		return n.T != syntax.NtOne && n.N > 1 && n.M != n.N && runeSymbol(n.Ch)&digits != 0
	}
	return slices.ContainsFunc(n.Children, variesInDigits)
}
