package dialplan

import (
	"slices"

	"github.com/ctikit/ctikit/dialplan/internal/automaton"
)

// search goes through all numbers at once: breadth first over the states that
// the automata of one or more plans are in after the same characters. Numbers
// that lead to the same states are told apart no further, so that finitely
// many points stand for all numbers up to the longest. Each point remembers
// one of the shortest numbers that lead to it.
type search struct {
	automata []*automaton.DFA
	// needed is an automaton without whose match a number does not count, -1 for none.
	needed int

	points []point
	known  map[string]struct{}
	key    []byte

	// incomplete tells that there were more points than maxPoints.
	incomplete bool
}

// maxPoints bounds the memory and the time of a search.
const maxPoints = 1 << 21

// phase is what a number's first dialable character has decided.
type phase uint8

const (
	phaseOpen    phase = iota // nothing yet
	phaseNumber               // a digit: digits follow
	phasePlus                 // a +: digits follow
	phaseService              // # or *: digits, # and * follow
)

// point is a set of states: per automaton, where the light form leads and
// where the strict form leads.
type point struct {
	states []automaton.State // light, strict, light, strict, ...
	phase  phase
	digits uint8 // so many characters count for the length
	symbol automaton.Symbol
	parent int32 // the point before symbol, -1 for a start
}

func newSearch(automata ...*automaton.DFA) *search {
	return &search{automata: automata, needed: -1}
}

// run calls visit for every point and every length that a number there can
// end with: lengths is that of the number, and winners holds the winner of
// each automaton on the light form and on the strict form, the better of both.
// visit returns false to end the search.
func (s *search) run(visit func(at int32, length int, winners []int) bool) {
	winners := make([]int, len(s.automata))
	for _, lengths := range s.startClasses() {
		s.begin(lengths[0])
		for at := int32(0); int(at) < len(s.points); at++ {
			p := &s.points[at]
			s.win(p, winners)
			settled := s.settled(p)
			for _, length := range lengths {
				// Where all is settled, further digits change nothing but the length.
				if length == int(p.digits) || settled && length > int(p.digits) && p.phase != phaseOpen {
					if length > 0 && !visit(at, length, winners) {
						return
					}
				}
			}
			if !settled || p.phase == phaseOpen { // parentheses can follow the last digit
				s.expand(at, lengths[len(lengths)-1])
			}
		}
	}
}

// startClasses groups the lengths for which all automata start alike.
func (s *search) startClasses() (classes [][]int) {
	for length := 1; length <= maxDialable; length++ {
		i := slices.IndexFunc(classes, func(class []int) bool {
			for _, d := range s.automata {
				if d.Start(class[0]) != d.Start(length) {
					return false
				}
			}
			return true
		})
		if i < 0 {
			classes = append(classes, []int{length})
		} else {
			classes[i] = append(classes[i], length)
		}
	}
	return classes
}

func (s *search) begin(length int) {
	states := make([]automaton.State, 0, 2*len(s.automata))
	for _, d := range s.automata {
		states = append(states, d.Start(length), d.Start(length))
	}
	s.points = append(s.points[:0], point{states: states, parent: -1})
	s.known = map[string]struct{}{}
}

func (s *search) win(p *point, winners []int) {
	for i, d := range s.automata {
		winners[i] = min(d.Winner(p.states[2*i]), d.Winner(p.states[2*i+1]))
	}
}

func (s *search) settled(p *point) bool {
	for i, d := range s.automata {
		if !d.Settled(p.states[2*i]) || !d.Settled(p.states[2*i+1]) {
			return false
		}
	}
	return true
}

// Symbols by the place of their character in automaton.Alphabet.
const (
	symbolPlus        automaton.Symbol = 10
	symbolHash        automaton.Symbol = 11
	symbolStar        automaton.Symbol = 12
	symbolParenthesis automaton.Symbol = 13
)

// searchOrder puts digits first that do not look like prefixes, so that
// witnesses look like numbers, and parentheses last.
var searchOrder = [automaton.Symbols]automaton.Symbol{2, 3, 4, 5, 6, 7, 8, 9, 1, 0, symbolPlus, symbolHash, symbolStar, symbolParenthesis, symbolParenthesis + 1}

// expand adds the points that one more character leads to.
func (s *search) expand(at int32, longest int) {
	from := s.points[at]
	for _, c := range searchOrder {
		next := from.phase
		digits := from.digits
		switch {
		case c >= symbolParenthesis:
		case c == symbolPlus:
			if from.phase != phaseOpen {
				continue
			}
			next = phasePlus
		case c == symbolHash || c == symbolStar:
			if from.phase != phaseOpen && from.phase != phaseService {
				continue
			}
			next = phaseService
			digits++
		default:
			if from.phase == phaseOpen {
				next = phaseNumber
			}
			digits++
		}
		if int(digits) <= longest {
			s.reach(at, from, c, next, digits)
		}
	}
}

func (s *search) reach(at int32, from point, c automaton.Symbol, next phase, digits uint8) {
	s.key = append(s.key[:0], byte(next), digits)
	for i, state := range from.states {
		if i%2 == 0 || c < symbolParenthesis {
			state = s.automata[i/2].Next(state, c)
		}
		s.key = append(s.key, byte(state), byte(state>>8))
	}
	if _, ok := s.known[string(s.key)]; ok || s.hopeless() {
		return
	}
	if len(s.points) >= maxPoints {
		s.incomplete = true
		return
	}
	s.known[string(s.key)] = struct{}{}
	states := make([]automaton.State, len(from.states))
	for i := range states {
		states[i] = automaton.State(s.key[2+2*i]) | automaton.State(s.key[3+2*i])<<8
	}
	s.points = append(s.points, point{states: states, phase: next, digits: digits, symbol: c, parent: at})
}

// hopeless tells that the automaton that is needed can no longer match in the
// point that the key describes.
func (s *search) hopeless() bool {
	if s.needed < 0 {
		return false
	}
	d, at := s.automata[s.needed], 2+4*s.needed
	for _, i := range []int{at, at + 2} {
		state := automaton.State(s.key[i]) | automaton.State(s.key[i+1])<<8
		if !d.Settled(state) || d.Winner(state) != automaton.None {
			return false
		}
	}
	return true
}

// number gives a number that leads to the point, made as long as asked by
// further digits, which the caller knows to change nothing.
func (s *search) number(at int32, length int) string {
	const more = "2345678901"
	digits := int(s.points[at].digits)
	var text []byte
	for ; s.points[at].parent >= 0; at = s.points[at].parent {
		text = append(text, automaton.Alphabet[s.points[at].symbol])
	}
	slices.Reverse(text)
	for i := digits; i < length; i++ {
		text = append(text, more[i%len(more)])
	}
	return string(text)
}
