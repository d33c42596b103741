package dialplan

import (
	"slices"

	"github.com/ctikit/ctikit/dialplan/internal/automaton"
)

// search goes through all numbers at once: breadth first over the states that
// the automata of one or two plans are in after the same characters. Numbers
// that lead to the same states are distinguished no further, so that finitely
// many points stand for all numbers up to the longest. Each point remembers
// one of the shortest numbers that lead to it.
type search struct {
	automata []*automaton.DFA // one or two
	// needed is an automaton without whose match a number does not count, -1 for none.
	needed int

	// done reports that nothing more is to be learnt where the first automaton is
	// settled with this winner; nil where there always is.
	done func(winner int) bool

	points []point
	known  map[place]struct{}

	// most bounds the points, and with them memory and time; incomplete tells
	// that there were more.
	most       int
	incomplete bool
}

// maxPoints is the most points of a search: some seconds.
const maxPoints = 1 << 20

// phase is what a number's first dialable character has decided.
type phase uint8

const (
	phaseOpen    phase = iota // nothing yet
	phaseNumber               // a digit: digits follow
	phasePlus                 // a +: digits follow
	phaseService              // # or *: digits, # and * follow
)

// place is where a number leads.
type place struct {
	states [2]pair // by automaton
	phase  phase
	digits uint8 // so many characters count for the length
}

// pair is the states of an automaton after the light and the strict form.
type pair struct{ light, strict automaton.State }

func (s pair) winner(d *automaton.DFA) int {
	return min(d.Winner(s.light), d.Winner(s.strict))
}

func (s pair) isSettled(d *automaton.DFA) bool {
	return d.Settled(s.light) && d.Settled(s.strict)
}

// dropLoser forgets the state of a form that cannot win any longer, because the other
// one is settled and better: it would distinguish numbers to no purpose.
func (s *pair) dropLoser(d *automaton.DFA) {
	switch {
	case d.Settled(s.strict) && d.Winner(s.strict) < d.Best(s.light):
		s.light = d.Dead()
	case d.Settled(s.light) && d.Winner(s.light) < d.Best(s.strict):
		s.strict = d.Dead()
	}
}

// point is a place and how it was reached.
type point struct {
	place
	symbol automaton.Symbol
	parent int32 // the point before symbol, -1 for the start
}

func newSearch(automata ...*automaton.DFA) *search {
	return &search{automata: automata, needed: -1, most: maxPoints}
}

// visitPoints calls visit for every point and every length that a number there can
// end with: lengths is that of the number, and winners holds the winner of
// each automaton on the light form and on the strict form, the better of both.
// visit returns false to end the search.
func (s *search) visitPoints(visit func(at int32, length int, winners []int) bool) {
	winners := make([]int, len(s.automata))
	for _, lengths := range s.startClasses() {
		s.startFrom(lengths[0])
		for at := int32(0); int(at) < len(s.points); at++ {
			p := s.points[at].place
			settled := true
			for i, d := range s.automata {
				winners[i] = p.states[i].winner(d)
				settled = settled && p.states[i].isSettled(d)
			}
			for _, length := range lengths {
				// Where all is settled, further digits change nothing but the length.
				if length == int(p.digits) || settled && length > int(p.digits) && p.phase != phaseOpen {
					if length > 0 && !visit(at, length, winners) {
						return
					}
				}
			}
			if s.done != nil && p.states[0].isSettled(s.automata[0]) && s.done(winners[0]) {
				continue
			}
			if !settled || p.phase == phaseOpen { // parentheses can follow the last digit
				s.expandPoint(at, lengths[len(lengths)-1])
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

func (s *search) startFrom(length int) {
	start := point{parent: -1}
	for i, d := range s.automata {
		state := d.Start(length)
		start.states[i] = pair{state, state}
	}
	s.points = append(s.points[:0], start)
	s.known = map[place]struct{}{}
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
var searchOrder = [automaton.Symbols]automaton.Symbol{
	2, 3, 4, 5, 6, 7, 8, 9, 1, 0, symbolPlus, symbolHash, symbolStar, symbolParenthesis, symbolParenthesis + 1,
}

// expandPoint adds the points that one more character leads to.
func (s *search) expandPoint(at int32, longest int) {
	from := s.points[at].place
	for _, c := range searchOrder {
		to := from
		switch {
		case c >= symbolParenthesis:
		case c == symbolPlus:
			if from.phase != phaseOpen {
				continue
			}
			to.phase = phasePlus
		case c == symbolHash || c == symbolStar:
			if from.phase != phaseOpen && from.phase != phaseService {
				continue
			}
			to.phase = phaseService
			to.digits++
		default:
			if from.phase == phaseOpen {
				to.phase = phaseNumber
			}
			to.digits++
		}
		if int(to.digits) <= longest {
			s.addPoint(at, to, c)
		}
	}
}

func (s *search) addPoint(at int32, to place, c automaton.Symbol) {
	for i, d := range s.automata {
		states := &to.states[i]
		states.light = d.Next(states.light, c)
		if c < symbolParenthesis {
			states.strict = d.Next(states.strict, c)
		}
		states.dropLoser(d)
	}
	if s.needed >= 0 { // hopeless where it can no longer match
		d, states := s.automata[s.needed], to.states[s.needed]
		if states.isSettled(d) && states.winner(d) == automaton.None {
			return
		}
	}
	if _, ok := s.known[to]; ok {
		return
	}
	if len(s.points) >= s.most {
		s.incomplete = true
		return
	}
	s.known[to] = struct{}{}
	s.points = append(s.points, point{place: to, symbol: c, parent: at})
}

// numberAt gives a number that leads to the point, made as long as asked by
// further digits, which the caller knows to change nothing.
func (s *search) numberAt(at int32, length int) string {
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
