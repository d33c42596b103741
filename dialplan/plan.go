package dialplan

import (
	"errors"
	"slices"

	"github.com/ctikit/ctikit"
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

// limitModel limits a model of the automaton to the lengths that the rule is for.
func (r *Rule) limitModel(node *automaton.Node) automaton.Rule {
	return automaton.Rule{Model: node, MinLength: r.MinLength, MaxLength: r.MaxLength}
}

// New builds a plan. The error is of type [ctikit.Problems] and names every problem.
func New(c Config) (*Plan, error) {
	var ps ctikit.Problems
	p := assemble(c, &ps)
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// assemble is New for a caller that has problems of its own to add to.
func assemble(c Config, ps *ctikit.Problems) *Plan {
	c = c.copyLists()
	p := &Plan{config: c, external: c.ExternalPrefix, emergency: c.Emergency}
	c.Parameters.checkParameters(ps)
	names := map[string]bool{}
	for i, own := range c.Rules {
		if names[own.Name] {
			ps.Add(elementPath("Rules", i)+".Name", "duplicate %q", own.Name)
		}
		names[own.Name] = own.Name != ""
	}
	wrong := len(*ps) > 0
	for _, placed := range c.effectiveRules() {
		if placed.standard && wrong {
			continue // the problems of the parameters are reported already
		}
		placed.checkLimits(ps)
		if len(placed.Pattern) > maxPattern || len(placed.Value) > maxPattern {
			continue // named by check
		}
		r := rule{placedRule: placed}
		before := len(*ps)
		r.pattern = c.compilePattern(placed.path+".Pattern", placed.Pattern, ps)
		if len(*ps) == before {
			r.value = c.compileValue(placed.path+".Value", placed.Value, r.pattern, ps)
		}
		if !placed.Disabled {
			p.rules = append(p.rules, r)
		}
	}
	if len(*ps) == 0 {
		p.chooseClassifier(ps)
	}
	return p
}

// chooseClassifier builds the automaton. Where all rules together are too large for
// one, expressions with unlimited loops stay apart and are tried one by one,
// and where that does not help all expressions.
func (p *Plan) chooseClassifier(ps *ctikit.Problems) {
	var err error
	for _, keep := range []func(*rule) bool{
		func(r *rule) bool { return r.pattern.node != nil },
		func(r *rule) bool { return r.pattern.node != nil && r.pattern.isLimited() },
		func(r *rule) bool { return r.pattern.expression == nil },
	} {
		if err = p.buildClassifier(keep); !errors.Is(err, automaton.ErrTooLarge) {
			break
		}
	}
	if err != nil {
		ps.Add("Rules", "too many or too long for one plan: %v", err)
		return
	}
	steps := 0
	for _, i := range p.apart {
		steps += p.rules[i].pattern.expression.steps
	}
	if steps > maxStepsApart {
		ps.Add("Rules",
			"refused: the expressions that are tried one by one (look-around, back-references, or too large for one "+
				"automaton) could together take more than %d steps on one number, got %d", maxStepsApart, steps)
	}
}

// buildClassifier builds the automaton of the emergency numbers and the rules to keep.
func (p *Plan) buildClassifier(keep func(*rule) bool) (err error) {
	models := make([]automaton.Rule, 0, len(p.emergency)+len(p.rules))
	for _, number := range p.emergency {
		models = append(models, automaton.Rule{Model: automaton.Sequence(automaton.Literal(number), automaton.End())})
	}
	p.apart = nil
	for i := range p.rules {
		r := &p.rules[i]
		model := r.limitModel(nil)
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
func (p *Plan) Config() Config { return p.config.copyLists() }

func (c Config) copyLists() Config {
	c.Rules = slices.Clone(c.Rules)
	c.NationalLength = slices.Clone(c.NationalLength)
	c.Emergency = slices.Clone(c.Emergency)
	return c
}
