package automaton

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/internal/testenv"
)

// backtracker matches by trying every way, as an engine does whose match
// fails at the end, and counts the characters that it takes.
type backtracker struct {
	number string
	steps  int
}

func (b *backtracker) try(n *Node, at int, then func(at int)) {
	switch n.op {
	case opChars:
		if at < len(b.number) && n.set.Has(SymbolOf(b.number[at])) {
			b.steps++
			then(at + 1)
		}
	case opSequence:
		if len(n.subs) == 0 {
			then(at)
			return
		}
		b.try(n.subs[0], at, func(at int) { b.try(Sequence(n.subs[1:]...), at, then) })
	case opChoice:
		for _, sub := range n.subs {
			b.try(sub, at, then)
		}
	case opRepeat:
		b.repeat(n, 0, at, then)
	case opBegin:
		if at == 0 {
			then(at)
		}
	case opEnd:
		if at == len(b.number) {
			then(at)
		}
	case opProbe:
		b.try(n.subs[0], at, func(int) {})
		then(at)
	}
}

func (b *backtracker) repeat(n *Node, turn, at int, then func(at int)) {
	if turn != n.max {
		b.try(n.subs[0], at, func(at int) { b.repeat(n, turn+1, at, then) })
	}
	if turn >= n.min {
		then(at)
	}
}

// randomNode is an expression in which choices overlap often.
func randomNode(intn func(int) int, depth int) *Node {
	if depth == 0 {
		return []*Node{Chars(SetOf("0123456789")), Chars(SetOf("01")), Literal("0"), Literal("1"), Literal("10"), End(), Begin(), Sequence()}[intn(8)]
	}
	switch intn(5) {
	case 0:
		return Sequence(randomNode(intn, depth-1), randomNode(intn, depth-1))
	case 1:
		return Choice(randomNode(intn, depth-1), randomNode(intn, depth-1), randomNode(intn, depth-1))
	case 2:
		bounds := [][2]int{{0, 1}, {0, Unlimited}, {1, Unlimited}, {1, 3}, {2, Unlimited}, {0, 4}}[intn(6)]
		return Repeat(randomNode(intn, depth-1), bounds[0], bounds[1])
	case 3:
		return Probe(randomNode(intn, depth-1))
	}
	return randomNode(intn, depth-1)
}

// TestCostIsABound holds Cost to its word: no number takes more steps.
func TestCostIsABound(t *testing.T) {
	intn := testenv.Rand(t).IntN
	const length, limit = 9, 1 << 30
	compared, most := 0, 0
	for range 3000 {
		n := randomNode(intn, 1+intn(4))
		bound, err := Cost(n, length, limit)
		if err != nil {
			require.ErrorIs(t, err, ErrEmptyLoop)
			continue
		}
		if bound > 200_000 {
			continue // the backtracker would take too long as well
		}
		for range 5 {
			number := make([]byte, 1+intn(length))
			for i := range number {
				number[i] = "00112"[intn(5)]
			}
			b := backtracker{number: string(number)}
			b.try(n, 0, func(int) {})
			require.LessOrEqual(t, b.steps, bound, "%q", number)
			compared++
			most = max(most, b.steps)
		}
	}
	require.Greater(t, compared, 5000)
	require.Greater(t, most, 5*length, "some must be costly for the test to mean something")
}
