package dialplan

import "github.com/ctikit/ctikit/dialplan/internal/automaton"

// Witness is a number that a rule transforms, and its result: a test vector.
type Witness struct {
	Rule   string // "" where no rule applies
	Number string
	Result string
}

// Witnesses gives, for every rule that any number reaches, a number that it
// transforms; for rules that the automaton does not express, where one is found
// among numbers that look like theirs. The last witness is one that no rule
// transforms.
func (p *Plan) Witnesses() []Witness {
	found := p.findWitnesses()
	var all []Witness
	for won := range len(p.rules) + 1 {
		if won == len(p.rules) {
			won = noRule
		}
		if number, ok := found[won]; ok {
			if result, err := p.Outgoing(number); err == nil {
				all = append(all, Witness{Rule: p.ruleName(won), Number: number, Result: result})
			}
		}
	}
	return all
}

// usualLength is the length that a witness should have, where a rule has a
// choice: that of a national number, or what is usual in the world.
func (p *Plan) usualLength() int {
	const usual = 11
	if len(p.config.NationalLength) > 0 {
		return len(p.config.CountryPrefix) + p.config.NationalLength[0]
	}
	return usual
}

// findWitnesses finds a number per rule, of about the usual length where possible.
func (p *Plan) findWitnesses() map[int]string {
	found := map[int]string{}
	usual := p.usualLength()
	distance := map[int]int{}
	s := newSearch(p.classifier)
	s.visitPoints(func(at int32, length int, winners []int) bool {
		won, away := winners[0]-len(p.emergency), max(length-usual, usual-length)
		if winners[0] == noRule {
			won = noRule
		}
		known, ok := distance[won]
		if won < 0 || ok && known <= away {
			return true
		}
		number := s.numberAt(at, length)
		if e := p.Explain(number); e.Err != nil || e.Rule != p.ruleName(won) {
			return true // another rule that the automaton does not express took it
		}
		found[won], distance[won] = number, away
		return true
	})
	p.tryUnmerged(func(i int, number string) bool {
		if e := p.Explain(number); e.Err == nil && e.Rule == p.ruleName(i) {
			found[i] = number
		}
		return found[i] == ""
	})
	return found
}

// tryUnmerged gives numbers that rules may match which are not in the automaton,
// until try returns false for the rule.
func (p *Plan) tryUnmerged(try func(i int, number string) bool) {
	for _, i := range p.apart {
		r := &p.rules[i]
		about, err := automaton.Build([]automaton.Rule{r.limitModel(r.pattern.expression.about)})
		if err != nil {
			continue
		}
		s := newSearch(about)
		s.needed, s.most = 0, 4096
		if !r.pattern.expression.proved {
			s.most = 64 // each try may last until the timeout
		}
		s.visitPoints(func(at int32, length int, winners []int) bool {
			return winners[0] != 0 || try(i, s.numberAt(at, length))
		})
	}
}
