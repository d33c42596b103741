package automaton

import "slices"

// Cost is an upper bound on the steps that a backtracking matcher takes to try
// n on any number of at most length characters, whether it matches or not; it
// is exact to a constant factor where the choices of the expression exclude
// one another. Counting stops at limit. [ErrEmptyLoop] and [ErrTooLarge] tell
// that there is no bound worth having.
//
// The count is that of the nodes of the search tree: with k characters left,
// an instruction costs one step and what its successors cost, a character one
// step and, where it fits, the cost of what follows for the worst next
// character. It is computed for one k after the other, per class of characters
// that the expression does not distinguish.
func Cost(n *Node, length, limit int) (int, error) {
	p := &program{}
	start, err := p.compileModel(n, 0)
	if err != nil {
		return 0, err
	}
	order := p.evaluationOrder()
	classes := p.symbolClasses()
	width := len(classes)
	cost := make([]int, len(p.code)*width) // [instruction][class], with k characters left
	worst := make([]int, len(p.code))      // over the classes, with k-1 characters left
	for k := 0; k <= length; k++ {
		for _, pc := range order {
			in := p.code[pc]
			for c, symbol := range classes {
				steps := 1
				switch in.code {
				case codeSplit:
					steps += cost[int(in.x)*width+c] + cost[int(in.y)*width+c]
				case codeBegin, codeEnd:
					steps += cost[int(in.x)*width+c]
				case codeChar:
					if k > 0 && in.set.Has(symbol) {
						steps += worst[in.x]
					}
				}
				cost[int(pc)*width+c] = min(steps, limit)
			}
		}
		for pc := range worst {
			worst[pc] = 0
			for c := range classes {
				worst[pc] = max(worst[pc], cost[pc*width+c])
			}
		}
	}
	return worst[start], nil
}

// evaluationOrder sorts the instructions so that each comes after those it goes to
// without consuming a character. Loops over something that may be empty were
// refused, so there is no circle.
func (p *program) evaluationOrder() []int32 {
	order := make([]int32, 0, len(p.code))
	seen := make([]bool, len(p.code))
	var visit func(pc int32)
	visit = func(pc int32) {
		if seen[pc] {
			return
		}
		seen[pc] = true
		switch in := p.code[pc]; in.code {
		case codeSplit:
			visit(in.x)
			visit(in.y)
		case codeBegin, codeEnd:
			visit(in.x)
		}
		order = append(order, pc)
	}
	for pc := range p.code {
		visit(int32(pc))
	}
	return order
}

// symbolClasses gives one symbol of each class that the sets of the program do not distinguish.
func (p *program) symbolClasses() (representatives []Symbol) {
	var sets []Set
	for _, in := range p.code {
		if in.code == codeChar && !slices.Contains(sets, in.set) {
			sets = append(sets, in.set)
		}
	}
	seen := map[string]bool{}
	for c := range Symbol(Symbols) {
		signature := make([]byte, len(sets))
		for i, set := range sets {
			if set.Has(c) {
				signature[i] = 1
			}
		}
		if !seen[string(signature)] {
			seen[string(signature)] = true
			representatives = append(representatives, c)
		}
	}
	return representatives
}
