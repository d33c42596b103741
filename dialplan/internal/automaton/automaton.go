// Package automaton merges many ordered models into one deterministic automaton
// over the characters of a telephone number. A walk over the characters tells
// which rule wins, in a time that does not depend on the number of rules, and
// searches over the states prove things about all numbers at once.
//
// A model matches a prefix of the number. Models are ranked by their place in
// the list: of those that match, the first wins.
package automaton

import "math"

// Alphabet holds the characters of a number's light form, in order of their [Symbol].
const Alphabet = "0123456789+#*()"

// Symbols is the size of the alphabet.
const Symbols = len(Alphabet)

// Symbol is the place of a character in [Alphabet].
type Symbol = uint8

// NoSymbol stands in [SymbolOf] for what is not in the alphabet.
const NoSymbol Symbol = 255

// SymbolOf gives the symbol of a character.
func SymbolOf(c byte) Symbol { return symbols[c] }

var symbols = func() (table [256]Symbol) {
	for i := range table {
		table[i] = NoSymbol
	}
	for i := range len(Alphabet) {
		table[Alphabet[i]] = Symbol(i)
	}
	return table
}()

// MaxLength is the largest length that a [Rule] can ask for.
const MaxLength = 32

// None is the winner where no rule matches.
const None = math.MaxInt32

// State is a state of a [DFA].
type State int32

// stride is the width of a row of the transition table: a power of two, so
// that a row starts at a shift.
const stride = 16

// DFA is the merged automaton. It is immutable and safe for concurrent use.
type DFA struct {
	next    []State              // next[state*stride+symbol], of states that are not settled
	winner  []int32              // the rule that wins where the number ends in this state
	best    []int32              // no better rule wins in this state or any after it
	dead    State                // a settled state where none wins
	settled State                // states from here on lead to themselves whatever follows
	starts  [MaxLength + 1]State // by length of the number
}

// Start is the state before the first character of a number of this length.
func (d *DFA) Start(length int) State { return d.starts[length] }

// Next is the state after one more character.
func (d *DFA) Next(s State, c Symbol) State {
	if s >= d.settled {
		return s
	}
	return d.next[int(s)*stride+int(c)]
}

// Winner is the rank of the rule that wins where the number ends in s, or [None].
func (d *DFA) Winner(s State) int { return int(d.winner[s]) }

// Best bounds the winner from s on: whatever follows, no rule of a lower rank wins.
func (d *DFA) Best(s State) int { return int(d.best[s]) }

// Dead is a settled state without a winner.
func (d *DFA) Dead() State { return d.dead }

// Settled reports that no further character changes the winner.
func (d *DFA) Settled(s State) bool { return s >= d.settled }

// States is the number of states.
func (d *DFA) States() int { return len(d.winner) }

// Match is the rank of the rule that wins on number, or [None]. Every
// character must be of the alphabet.
func (d *DFA) Match(number []byte, length int) int {
	s := d.starts[length]
	for _, c := range number {
		if s >= d.settled {
			break
		}
		s = d.next[int(s)*stride+int(symbols[c]&(stride-1))]
	}
	return int(d.winner[s])
}
