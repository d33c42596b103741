package automaton

import "slices"

// Set is a set of symbols, one bit each.
type Set uint16

// All holds every symbol.
const All Set = 1<<Symbols - 1

// Has reports whether c is in the set.
func (s Set) Has(c Symbol) bool { return s>>c&1 == 1 }

// SetOf is the set of the given characters; those outside the alphabet are omitted.
func SetOf(characters string) (set Set) {
	for i := range len(characters) {
		if c := SymbolOf(characters[i]); c != NoSymbol {
			set |= 1 << c
		}
	}
	return set
}

// Unlimited is the upper bound of a [Repeat] without one.
const Unlimited = -1

type op uint8

const (
	opChars op = iota
	opSequence
	opChoice
	opRepeat
	opBegin
	opEnd
	opProbe
)

// Node is an expression: what a model matches. Nodes are immutable and may be shared.
type Node struct {
	op       op
	set      Set
	min, max int
	subs     []*Node
}

// Chars matches one character of the set; of the empty set: nothing.
func Chars(set Set) *Node { return &Node{op: opChars, set: set} }

// Literal matches the text.
func Literal(text string) *Node {
	subs := make([]*Node, len(text))
	for i := range len(text) {
		subs[i] = Chars(SetOf(text[i : i+1]))
	}
	return Sequence(subs...)
}

// Sequence matches one after the other; of none: the empty text.
func Sequence(subs ...*Node) *Node { return &Node{op: opSequence, subs: subs} }

// Choice matches one of several.
func Choice(subs ...*Node) *Node { return &Node{op: opChoice, subs: subs} }

// Repeat matches sub from min to max times, [Unlimited] for no upper bound.
func Repeat(sub *Node, min, max int) *Node {
	return &Node{op: opRepeat, subs: []*Node{sub}, min: min, max: max}
}

// Begin matches the empty text where the number begins.
func Begin() *Node { return &Node{op: opBegin} }

// End matches the empty text where the number ends.
func End() *Node { return &Node{op: opEnd} }

// Probe stands for a look-ahead: matching tries sub, then goes on from where
// it stood, whatever came of it. It has a [Cost], but no automaton.
func Probe(sub *Node) *Node { return &Node{op: opProbe, subs: []*Node{sub}} }

// WithoutProbes is n with its look-arounds omitted: it matches all that n
// matches and more.
func (n *Node) WithoutProbes() *Node {
	if n.op == opProbe {
		return Sequence()
	}
	without := *n
	without.subs = make([]*Node, len(n.subs))
	for i, sub := range n.subs {
		without.subs[i] = sub.WithoutProbes()
	}
	return &without
}

// mayBeEmpty reports whether n can match the empty text somewhere.
func (n *Node) mayBeEmpty() bool {
	switch n.op {
	case opChars:
		return false
	case opSequence:
		for _, sub := range n.subs {
			if !sub.mayBeEmpty() {
				return false
			}
		}
		return true
	case opChoice:
		for _, sub := range n.subs {
			if sub.mayBeEmpty() {
				return true
			}
		}
		return false
	case opRepeat:
		return n.min == 0 || n.subs[0].mayBeEmpty()
	default:
		return true
	}
}

// Takes reports whether n can match a character of the set.
func (n *Node) Takes(set Set) bool {
	return n.set&set != 0 || slices.ContainsFunc(n.subs, func(sub *Node) bool { return sub.Takes(set) })
}

// Lengths gives the smallest and the largest number of characters that n
// matches; longest is [Unlimited] where there is no bound.
func (n *Node) Lengths() (shortest, longest int) {
	switch n.op {
	case opChars:
		return 1, 1
	case opSequence:
		for _, sub := range n.subs {
			low, high := sub.Lengths()
			shortest, longest = shortest+low, addLength(longest, high)
		}
		return shortest, longest
	case opChoice:
		for i, sub := range n.subs {
			low, high := sub.Lengths()
			if i == 0 {
				shortest, longest = low, high
				continue
			}
			shortest = min(shortest, low)
			if longest != Unlimited && (high == Unlimited || high > longest) {
				longest = high
			}
		}
		return shortest, longest
	case opRepeat:
		low, high := n.subs[0].Lengths()
		switch {
		case high == 0 || n.max == 0:
			longest = 0
		case high == Unlimited || n.max == Unlimited:
			longest = Unlimited
		default:
			longest = high * n.max
		}
		return low * n.min, longest
	default:
		return 0, 0
	}
}

func addLength(a, b int) int {
	if a == Unlimited || b == Unlimited {
		return Unlimited
	}
	return a + b
}
