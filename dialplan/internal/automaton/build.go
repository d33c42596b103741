package automaton

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// maxStates bounds a [DFA]: tens of thousands of rules fit, and the table stays
// below 64 megabytes.
const maxStates = 1 << 20

// maxRunning bounds the instructions in all sets together, and with them the
// memory and the time of a build.
const maxRunning = 2 << 20

// Rule is a model with the lengths of the numbers that it is for.
type Rule struct {
	Model     *Node
	MinLength int // 0: none
	MaxLength int // 0: none
}

func (r Rule) allowsLength(length int) bool {
	return length >= r.MinLength && (r.MaxLength == 0 || length <= r.MaxLength)
}

// Build merges rules, best first; rules[i] has rank i. A nil model never
// matches. [ErrTooLarge] reports that the rules together need too many states.
//
// This is the subset construction: a state is a set of instructions of the
// models still in the running, and the best rank that has matched already;
// worse ones leave the running at once. Lengths are not counted: rules for
// other lengths are omitted from the start state, of which there is one per
// length, and sets that come to be equal share their states.
func Build(rules []Rule) (*DFA, error) {
	b := builder{known: map[string]State{}}
	starts := make([]int32, len(rules))
	for rank, rule := range rules {
		if rule.Model == nil {
			continue
		}
		var err error
		if starts[rank], err = b.program.compileModel(rule.Model, rank); err != nil {
			return nil, fmt.Errorf("rule %d: %w", rank, err)
		}
	}
	if b.program.probe {
		return nil, ErrNoAutomaton
	}
	b.marks = make([]uint32, len(b.program.code))

	dfa := &DFA{}
	for length := range dfa.starts {
		b.resetSet()
		for rank, rule := range rules {
			if rule.Model != nil && rule.allowsLength(length) {
				b.addInstruction(starts[rank], true)
			}
		}
		dfa.starts[length] = b.internSet()
	}
	for at := 0; at < len(b.sets); at++ { // b.sets grows
		if len(b.sets) > maxStates || b.total > maxRunning {
			return nil, fmt.Errorf("%w: more than %d states", ErrTooLarge, at)
		}
		b.computeSuccessors(State(at))
	}
	b.numberStates(dfa)
	return dfa, nil
}

// set is what a state stands for: the instructions in the running, sorted, and
// the best rank that has matched.
type set struct {
	running []int32
	best    int32
}

type builder struct {
	program program
	known   map[string]State
	sets    []set
	next    [][stride]State
	total   int // instructions in sets

	// The set being collected.
	running []int32
	best    int32
	marks   []uint32 // marks[pc] == round: pc was reached
	round   uint32
	key     []byte
}

func (b *builder) resetSet() {
	b.running, b.best = b.running[:0], None
	b.round++
}

// addInstruction adds pc, and what follows it without a character, to the set.
func (b *builder) addInstruction(pc int32, atBegin bool) {
	in := b.program.code[pc]
	if b.marks[pc] == b.round || in.rank >= b.best {
		return
	}
	b.marks[pc] = b.round
	switch in.code {
	case codeMatch:
		b.best = in.rank
	case codeSplit:
		b.addInstruction(in.x, atBegin)
		b.addInstruction(in.y, atBegin)
	case codeBegin:
		if atBegin {
			b.addInstruction(in.x, atBegin)
		}
	case codeChar, codeEnd:
		b.running = append(b.running, pc)
	}
}

// internSet gives the number of the set that was collected.
func (b *builder) internSet() State {
	kept := b.running[:0]
	for _, pc := range b.running {
		if b.program.code[pc].rank < b.best {
			kept = append(kept, pc)
		}
	}
	slices.Sort(kept)
	b.key = binary.AppendVarint(b.key[:0], int64(b.best))
	for _, pc := range kept {
		b.key = binary.AppendVarint(b.key, int64(pc))
	}
	if s, ok := b.known[string(b.key)]; ok {
		return s
	}
	s := State(len(b.sets))
	b.known[string(b.key)] = s
	b.sets = append(b.sets, set{running: slices.Clone(kept), best: b.best})
	b.next = append(b.next, [stride]State{})
	b.total += len(kept)
	return s
}

// computeSuccessors computes where each symbol leads from s.
func (b *builder) computeSuccessors(s State) {
	from := b.sets[s]
	if len(from.running) == 0 {
		return // settled
	}
	for c := range Symbol(Symbols) {
		b.resetSet()
		b.best = from.best
		for _, pc := range from.running {
			if in := b.program.code[pc]; in.code == codeChar && in.set.Has(c) {
				b.addInstruction(in.x, false)
			}
		}
		next := b.internSet() // may move b.next
		b.next[s][c] = next
	}
}

// bestAtEnd is the best rank where the number ends in the set.
func (b *builder) bestAtEnd(s set) int32 {
	b.resetSet()
	b.best = s.best
	var pass func(pc int32)
	pass = func(pc int32) {
		in := b.program.code[pc]
		if in.rank >= b.best || b.marks[pc] == b.round {
			return
		}
		b.marks[pc] = b.round
		switch in.code {
		case codeMatch:
			b.best = in.rank
		case codeSplit:
			pass(in.x)
			pass(in.y)
		case codeEnd:
			pass(in.x)
		}
	}
	for _, pc := range s.running {
		if b.program.code[pc].code == codeEnd {
			pass(pc)
		}
	}
	return b.best
}

// bestPossible is the best rank that can still win from the set on.
func (b *builder) bestPossible(s set) int32 {
	best := s.best
	for _, pc := range s.running {
		best = min(best, b.program.code[pc].rank)
	}
	return best
}

// numberStates numbers the states so that those whose winner is final come last; the
// dead one is the very last, if only for that.
func (b *builder) numberStates(dfa *DFA) {
	number := make([]State, len(b.sets))
	for _, settled := range []bool{false, true} {
		if settled {
			dfa.settled = State(len(dfa.winner))
		}
		for s, set := range b.sets {
			if settled == (len(set.running) == 0) {
				number[s] = State(len(dfa.winner))
				dfa.winner = append(dfa.winner, b.bestAtEnd(set))
				dfa.best = append(dfa.best, b.bestPossible(set))
			}
		}
	}
	dfa.dead = State(len(dfa.winner))
	dfa.winner, dfa.best = append(dfa.winner, None), append(dfa.best, None)
	dfa.next = make([]State, int(dfa.settled)*stride)
	for s, row := range b.next {
		if number[s] >= dfa.settled {
			continue // nothing is in the running: it leads to itself
		}
		for c, next := range row {
			dfa.next[int(number[s])*stride+c] = number[next]
		}
	}
	for length, s := range dfa.starts {
		dfa.starts[length] = number[s]
	}
}
