package dialplan

import (
	"errors"
	"slices"

	"github.com/ctikit/ctikit/dialplan/internal/automaton"
)

// Plan transforms numbers. It is immutable and safe for concurrent use; [New]
// and [Parse] make one.
type Plan struct {
	config    Config
	rules     []rule // enabled ones, best first
	emergency []string
	external  string

	// classifier ranks the emergency numbers first, then the rules.
	classifier *automaton.DFA
	// apart are the rules that are not in classifier, best first.
	apart []int
}

// rule is an enabled rule, understood.
type rule struct {
	placedRule
	pattern pattern
	value   value
}

// New builds a plan. The error is of type [Mistakes] and names every mistake.
func New(c Config) (*Plan, error) {
	var m Mistakes
	p := assemble(c, &m)
	if err := m.err(); err != nil {
		return nil, err
	}
	return p, nil
}

// assemble is New for a caller that has mistakes of its own to add to.
func assemble(c Config, m *Mistakes) *Plan {
	c = c.clone()
	p := &Plan{config: c, external: c.ExternalPrefix, emergency: c.Emergency}
	c.Parameters.check(m)
	names := map[string]bool{}
	for i, own := range c.Rules {
		if names[own.Name] {
			m.addf(index("Rules", i)+".Name", "%q is the name of an earlier rule too", own.Name)
		}
		names[own.Name] = own.Name != ""
	}
	wrong := len(*m) > 0
	for _, placed := range c.all() {
		if placed.standard && wrong {
			continue // what is wrong with the parameters is said already
		}
		placed.check(m)
		if len(placed.Pattern) > maxPattern || len(placed.Value) > maxPattern {
			continue // named by check
		}
		r := rule{placedRule: placed}
		before := len(*m)
		r.pattern = c.parsePattern(placed.path+".Pattern", placed.Pattern, m)
		if len(*m) == before {
			r.value = c.parseValue(placed.path+".Value", placed.Value, r.pattern, m)
		}
		if !placed.Disabled {
			p.rules = append(p.rules, r)
		}
	}
	if len(*m) == 0 {
		p.classify(m)
	}
	return p
}

// classify builds the automaton. Where all rules together are too large for
// one, expressions with unlimited loops stay apart and are tried one by one,
// and where that does not help all expressions.
func (p *Plan) classify(m *Mistakes) {
	var err error
	for _, keep := range []func(*rule) bool{
		func(r *rule) bool { return r.pattern.node != nil },
		func(r *rule) bool { return r.pattern.node != nil && r.pattern.isLimited() },
		func(r *rule) bool { return r.pattern.expression == nil },
	} {
		if err = p.merge(keep); !errors.Is(err, automaton.ErrTooLarge) {
			break
		}
	}
	if err != nil {
		m.addf("Rules", "are too many or too long for one plan: %v", err)
		return
	}
	steps := 0
	for _, i := range p.apart {
		steps += p.rules[i].pattern.expression.steps
	}
	if steps > maxStepsApart {
		m.addf("Rules", "refused: the expressions that are tried one by one (look-around, back-references, or too large for one automaton) could together take %d steps on one number; at most %d", steps, maxStepsApart)
	}
}

// merge builds the automaton of the emergency numbers and the rules to keep.
func (p *Plan) merge(keep func(*rule) bool) (err error) {
	models := make([]automaton.Rule, 0, len(p.emergency)+len(p.rules))
	for _, number := range p.emergency {
		models = append(models, automaton.Rule{Model: automaton.Sequence(automaton.Literal(number), automaton.End())})
	}
	p.apart = nil
	for i := range p.rules {
		r := &p.rules[i]
		model := automaton.Rule{MinLength: r.MinLength, MaxLength: r.MaxLength}
		if keep(r) {
			model.Model = r.pattern.node
		} else {
			p.apart = append(p.apart, i)
		}
		models = append(models, model)
	}
	p.classifier, err = automaton.Build(models)
	return err
}

// Config gives what the plan was built from.
func (p *Plan) Config() Config { return p.config.clone() }

func (c Config) clone() Config {
	c.Rules = slices.Clone(c.Rules)
	c.NationalLength = slices.Clone(c.NationalLength)
	c.Emergency = slices.Clone(c.Emergency)
	return c
}
