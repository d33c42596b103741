package dialplan

import (
	"fmt"
	"strings"
)

// Explanation says how a number was transformed ("test the dial plan", TWP guide 5.3).
type Explanation struct {
	Number string // as given
	Light  string // its light form
	Strict string // its strict form

	Rule     string // name of the rule, "emergency", "" where none applied
	Path     string // where the rule was declared: "Rules[2]", "StandardRules[std+]"
	Priority int    // of the rule
	Form     string // the form that the rule matched
	Matched  string // the start of it that the pattern took
	Groups   []Group
	Rest     string // what followed it

	ExternalPrefix bool // the plan added the external prefix, not the rule

	Result string
	Err    error    // a *NumberError where the number cannot be dialled
	Steps  []string // the same as sentences, in order
}

// Group is what a group of an expression matched.
type Group struct {
	Number int
	Text   string
}

// Explain transforms a number as [Plan.Outgoing] does and reports every step.
func (p *Plan) Explain(number string) Explanation {
	e := Explanation{Number: number}
	var f forms
	if err := f.reduceNumber(number); err != nil {
		e.setError(err)
		return e
	}
	e.Light, e.Strict = string(f.lightForm()), string(f.strictForm())
	e.addStep("light form %s", e.Light)
	if f.hasParentheses() {
		e.addStep("strict form, without parentheses: %s", e.Strict)
	}
	won, err := p.findWinner(&f)
	e.Rule = p.ruleName(won)
	if err != nil {
		e.setError(err)
		return e
	}
	var o outcome
	out, err := p.applyRule(nil, &f, won, &o)
	e.ExternalPrefix = o.external
	switch won {
	case isEmergency:
		e.addStep("an emergency number: never rewritten")
	case noRule:
		e.addStep("no rule matches")
		if f.strictN > p.config.InternalLength {
			e.addStep("%d characters, longer than an internal number (%d): external prefix %q added",
				f.strictN, p.config.InternalLength, p.external)
		} else {
			e.addStep("%d characters, no longer than an internal number (%d): left as it is", f.strictN, p.config.InternalLength)
		}
	default:
		p.explainWinner(&e, &f, won, &o)
	}
	if err != nil {
		e.setError(err)
		return e
	}
	e.Result = string(out)
	e.addStep("result %s", e.Result)
	return e
}

func (p *Plan) explainWinner(e *Explanation, f *forms, won int, o *outcome) {
	r := &p.rules[won]
	form := f.selectForm(o.strict)
	e.Path, e.Priority = r.path, r.Priority
	e.Form, e.Matched, e.Rest = string(form), string(form[:o.matched]), string(form[o.matched:])
	kind := "light"
	if o.strict {
		kind = "strict"
	}
	e.addStep("rule %s (%s, priority %d), pattern %s, is the first that matches: it takes %q of the %s form %s, "+
		"the rest is %q",
		e.Rule, r.path, r.Priority, r.Pattern, e.Matched, kind, e.Form, e.Rest)
	for i, number := range r.value.groups {
		text := string(form[o.groups[i].start:o.groups[i].end])
		e.Groups = append(e.Groups, Group{Number: number, Text: text})
		e.addStep("group %d is %q", number, text)
	}
	var value []string
	for _, t := range r.value.tokens {
		text := t.text
		if t.group >= 0 {
			text = e.Groups[t.group].Text
		}
		value = append(value, fmt.Sprintf("%s = %q", t.label, text))
	}
	if len(value) == 0 {
		value = []string{"empty"}
	}
	e.addStep("value: %s", strings.Join(value, ", "))
	switch {
	case p.external == "":
		e.addStep("no external prefix: the plan has none")
	case o.external:
		e.addStep("the number began with +, the value does not place the external prefix, "+
			"and the result is longer than an internal number (%d): external prefix %q added",
			p.config.InternalLength, p.external)
	case !f.plus:
		e.addStep("no external prefix: the number did not begin with +")
	case r.value.external:
		e.addStep("no further external prefix: the value places it")
	default:
		e.addStep("no external prefix: the result is no longer than an internal number (%d)", p.config.InternalLength)
	}
}

func (e *Explanation) addStep(format string, args ...any) {
	e.Steps = append(e.Steps, fmt.Sprintf(format, args...))
}

func (e *Explanation) setError(err error) {
	e.Err = numberError(e.Number, e.Rule, err)
	e.addStep("cannot be dialled: %v", err)
}

// ExplainIncoming transforms a presented number as [Plan.Identify] does and
// reports every step.
func (p *Plan) ExplainIncoming(presented string) (Caller, []string) {
	var steps []string
	note := func(format string, args ...any) { steps = append(steps, fmt.Sprintf(format, args...)) }
	caller := p.Identify(presented)
	var f forms
	if err := f.reduceNumber(presented); err != nil || caller.Kind == Anonymous {
		note("holds no number that could be looked up: anonymous")
		return caller, steps
	}
	number := string(f.strictForm())
	note("reduced to %s", number)
	if caller.Kind == Internal {
		note("no +, and %d characters, no longer than an internal number (%d): internal, left as it is",
			len(number), p.config.ReverseInternalLength)
		return caller, steps
	}
	if p.config.Remove != "" {
		if rest, ok := strings.CutPrefix(number, p.config.Remove); ok {
			note("%q removed: %s", p.config.Remove, rest)
			number = rest
		} else {
			note("does not start with %q: nothing removed", p.config.Remove)
		}
	}
	if p.config.Add != "" {
		if strings.HasPrefix(number, "+") {
			note("starts with +: nothing added")
		} else {
			note("%q added: %s", p.config.Add, caller.Lookup)
		}
	}
	note("look up %s", caller.Lookup)
	if caller.E164 == "" {
		note("no E.164 form: neither international nor as long as a national number")
	} else {
		note("E.164 form %s", caller.E164)
	}
	return caller, steps
}
