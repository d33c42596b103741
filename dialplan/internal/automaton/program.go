package automaton

import (
	"errors"
	"fmt"
)

// What cannot become an automaton, and why.
var (
	// ErrEmptyLoop refuses a quantifier over something that can match the
	// empty text, such as (\d*)*: backtracking tries exponentially many ways.
	ErrEmptyLoop = errors.New("a quantifier repeats something that may be empty")
	// ErrTooLarge refuses a model, or a set of models, that needs too much memory.
	ErrTooLarge = errors.New("too large")
	// ErrNoAutomaton says that a model holds a [Probe].
	ErrNoAutomaton = errors.New("look-around has no automaton")
)

// maxInstructions bounds one model: the longest number has some dozens of
// characters, so a model that is larger after {n,m} are written out is a mistake.
const maxInstructions = 4096

type code uint8

const (
	codeChar  code = iota // consumes a character of set, goes to x
	codeSplit             // goes to x and to y
	codeBegin             // goes to x where the number begins
	codeEnd               // goes to x where the number ends
	codeMatch             // the rule of this rank matches
	codeFail              // goes nowhere
)

// instruction is a state of the non-deterministic automaton.
type instruction struct {
	code code
	set  Set
	x, y int32
	rank int32
}

// program is the non-deterministic automaton of one or several models.
type program struct {
	code  []instruction
	first int // of the model being compiled
	rank  int32
	probe bool // a Probe was met
}

// compileModel compiles a model and returns its first instruction.
func (p *program) compileModel(n *Node, rank int) (start int32, err error) {
	p.first, p.rank = len(p.code), int32(rank)
	match, err := p.emitInstruction(instruction{code: codeMatch, rank: int32(rank)})
	if err != nil {
		return 0, err
	}
	return p.compileNode(n, match)
}

// compileNode emits n so that it goes on to next, and returns where n begins.
// Code is laid out backwards: an instruction always goes to an earlier one,
// except for the jump back of an unlimited loop.
func (p *program) compileNode(n *Node, next int32) (int32, error) {
	switch n.op {
	case opChars:
		return p.emitInstruction(instruction{code: codeChar, set: n.set, x: next})
	case opBegin:
		return p.emitInstruction(instruction{code: codeBegin, x: next})
	case opEnd:
		return p.emitInstruction(instruction{code: codeEnd, x: next})
	case opSequence:
		var err error
		for i := len(n.subs) - 1; i >= 0; i-- {
			if next, err = p.compileNode(n.subs[i], next); err != nil {
				return 0, err
			}
		}
		return next, nil
	case opChoice:
		return p.compileChoice(n.subs, next)
	case opRepeat:
		return p.compileRepeat(n, next)
	case opProbe:
		p.probe = true
		fail, err := p.emitInstruction(instruction{code: codeFail})
		if err != nil {
			return 0, err
		}
		try, err := p.compileNode(n.subs[0], fail)
		if err != nil {
			return 0, err
		}
		return p.emitInstruction(instruction{code: codeSplit, x: try, y: next})
	default:
		return 0, fmt.Errorf("unknown expression %d", n.op)
	}
}

func (p *program) compileChoice(subs []*Node, next int32) (int32, error) {
	if len(subs) == 0 {
		return p.emitInstruction(instruction{code: codeFail})
	}
	start, err := p.compileNode(subs[len(subs)-1], next)
	for i := len(subs) - 2; i >= 0 && err == nil; i-- {
		var other int32
		if other, err = p.compileNode(subs[i], next); err == nil {
			start, err = p.emitInstruction(instruction{code: codeSplit, x: other, y: start})
		}
	}
	return start, err
}

func (p *program) compileRepeat(n *Node, next int32) (start int32, err error) {
	sub := n.subs[0]
	if sub.mayBeEmpty() && n.max != 0 && n.max != 1 {
		return 0, ErrEmptyLoop
	}
	start = next
	if n.max == Unlimited {
		loop, err := p.emitInstruction(instruction{code: codeSplit, y: next})
		if err != nil {
			return 0, err
		}
		body, err := p.compileNode(sub, loop)
		if err != nil {
			return 0, err
		}
		p.code[loop].x, start = body, loop
	}
	for i := n.min; i < n.max && err == nil; i++ {
		var body int32
		if body, err = p.compileNode(sub, start); err == nil {
			start, err = p.emitInstruction(instruction{code: codeSplit, x: body, y: next})
		}
	}
	for i := 0; i < n.min && err == nil; i++ {
		start, err = p.compileNode(sub, start)
	}
	return start, err
}

func (p *program) emitInstruction(i instruction) (int32, error) {
	if len(p.code)-p.first >= maxInstructions {
		return 0, fmt.Errorf("%w: more than %d steps when its repetitions are written out", ErrTooLarge, maxInstructions)
	}
	i.rank = p.rank
	p.code = append(p.code, i)
	return int32(len(p.code) - 1), nil
}
