package dialplan

import (
	"math"
	"strings"

	"github.com/dlclark/regexp2/v2/syntax"

	"github.com/ctikit/ctikit/dialplan/internal/automaton"
)

// translator turns the tree of a .NET expression, as the engine itself parsed
// it, into a node of the automaton. Where the automaton cannot say the same,
// the node still bounds the cost of matching from above.
type translator struct {
	// the source has atomic groups; other atomic nodes are the engine's own optimisation, which changes no match
	atomic    bool
	irregular bool // met something that has no automaton
	unproved  bool // met something whose cost the node does not bound

	// filled are the groups met so far that hold at least one character where
	// they took part in the match.
	filled map[int]bool
}

// hasAtomicGroup reports whether the pattern could hold an atomic group. Escaped
// or bracketed text that looks like one counts too, which costs speed only.
func hasAtomicGroup(source string) bool { return strings.Contains(source, "(?>") }

func (t *translator) translateNode(n *syntax.RegexNode) *automaton.Node {
	if n.Options&syntax.RightToLeft != 0 {
		t.unproved = true // look-behind reads the other way
	}
	switch n.T {
	case syntax.NtOne:
		return automaton.Chars(runeSymbol(n.Ch))
	case syntax.NtNotone:
		return automaton.Chars(automaton.All &^ runeSymbol(n.Ch))
	case syntax.NtSet:
		return automaton.Chars(charsetSymbols(n.Set))
	case syntax.NtMulti:
		subs := make([]*automaton.Node, len(n.Str))
		for i, ch := range n.Str {
			subs[i] = automaton.Chars(runeSymbol(ch))
		}
		return automaton.Sequence(subs...)
	case syntax.NtOneloop, syntax.NtOnelazy, syntax.NtOneloopatomic:
		return t.translateLoop(n, automaton.Chars(runeSymbol(n.Ch)))
	case syntax.NtNotoneloop, syntax.NtNotonelazy, syntax.NtNotoneloopatomic:
		return t.translateLoop(n, automaton.Chars(automaton.All&^runeSymbol(n.Ch)))
	case syntax.NtSetloop, syntax.NtSetlazy, syntax.NtSetloopatomic:
		return t.translateLoop(n, automaton.Chars(charsetSymbols(n.Set)))
	case syntax.NtLoop, syntax.NtLazyloop:
		return t.translateLoop(n, t.translateNode(n.Children[0]))
	case syntax.NtConcatenate:
		return automaton.Sequence(t.translateChildren(n)...)
	case syntax.NtAlternate:
		return automaton.Choice(t.translateChildren(n)...)
	case syntax.NtEmpty, syntax.NtUpdateBumpalong:
		return automaton.Sequence()
	case syntax.NtNothing:
		return automaton.Choice()
	case syntax.NtBeginning, syntax.NtBol, syntax.NtStart: // numbers hold no line break
		return automaton.Begin()
	case syntax.NtEnd, syntax.NtEndZ, syntax.NtEol:
		return automaton.End()
	case syntax.NtGroup:
		return t.translateNode(n.Children[0])
	case syntax.NtCapture:
		if n.N != -1 { // a balancing group can fail where its text matches
			t.irregular, t.unproved = true, true
		}
		sub := t.translateNode(n.Children[0])
		if t.filled == nil {
			t.filled = map[int]bool{}
		}
		shortest, _ := sub.Lengths()
		before, again := t.filled[n.M] // groups may share a name
		t.filled[n.M] = shortest > 0 && (before || !again)
		return sub
	case syntax.NtAtomic:
		t.irregular = t.irregular || t.atomic
		return t.translateNode(n.Children[0])
	}
	return t.translateIrregular(n)
}

// translateIrregular bounds the cost of what has no automaton.
func (t *translator) translateIrregular(n *syntax.RegexNode) *automaton.Node {
	t.irregular = true
	switch n.T {
	case syntax.NtPosLook, syntax.NtNegLook:
		return automaton.Probe(t.translateNode(n.Children[0]))
	case syntax.NtRef:
		// A back-reference has one way to match, and fails where its group
		// took no part. That it may take more characters than the one assumed
		// here only makes the bound less tight.
		if t.filled[n.M] {
			return automaton.Chars(automaton.All)
		}
		return automaton.Sequence()
	case syntax.NtBoundary, syntax.NtNonboundary:
		return automaton.Sequence()
	default:
		t.unproved = true
		return automaton.Choice(t.translateChildren(n)...)
	}
}

func (t *translator) translateChildren(n *syntax.RegexNode) []*automaton.Node {
	nodes := make([]*automaton.Node, len(n.Children))
	for i, child := range n.Children {
		nodes[i] = t.translateNode(child)
	}
	return nodes
}

// translateLoop repeats sub as n says. More than a number has characters is the same as
// no bound from above, and never matches from below.
func (t *translator) translateLoop(n *syntax.RegexNode, sub *automaton.Node) *automaton.Node {
	low, high := min(n.M, maxLight+1), n.N
	switch {
	case n.N == math.MaxInt32:
		high = automaton.Unlimited
	case n.N > maxLight:
		high = maxLight + 1
	}
	return automaton.Repeat(sub, low, high)
}

func runeSymbol(ch rune) automaton.Set {
	if ch > 127 {
		return 0
	}
	return automaton.SetOf(string(ch))
}

func charsetSymbols(set *syntax.CharSet) (symbols automaton.Set) {
	for _, c := range automaton.Alphabet {
		if set.CharIn(c) {
			symbols |= runeSymbol(c)
		}
	}
	return symbols
}
