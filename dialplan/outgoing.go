package dialplan

import (
	"fmt"

	"github.com/ctikit/ctikit/dialplan/internal/automaton"
)

// Outgoing returns the number to send to the PBX to reach number, as [Plan.AppendOutgoing] does.
func (p *Plan) Outgoing(number string) (string, error) {
	var buffer [maxResult]byte
	dialled, err := p.AppendOutgoing(buffer[:0], number)
	if err != nil {
		return "", err
	}
	return string(dialled), nil
}

// maxResult is the length of most results; longer ones grow.
const maxResult = 64

// AppendOutgoing appends the number to send to the PBX to reach number. It does
// not allocate if dst has room and the rule's value needs no groups of an
// expression. The error is a [*NumberError] and leaves dst unchanged.
func (p *Plan) AppendOutgoing(dst []byte, number string) ([]byte, error) {
	var f forms
	if err := f.reduceNumber(number); err != nil {
		return dst, numberError(number, "", err)
	}
	won, err := p.findWinner(&f)
	if err != nil {
		return dst, numberError(number, p.ruleName(won), err)
	}
	var o outcome
	out, err := p.applyRule(dst, &f, won, &o)
	if err != nil {
		return dst, numberError(number, p.ruleName(won), err)
	}
	return out, nil
}

// Ranks of what is no rule.
const (
	noRule      = automaton.None
	isEmergency = -1
)

// findWinner says which rule applies: its place in p.rules, noRule or isEmergency.
// On an error it is the rule that failed.
func (p *Plan) findWinner(f *forms) (int, error) {
	length := f.countDigits()
	best := p.classifier.Match(f.lightForm(), length)
	if f.hasParentheses() {
		best = min(best, p.classifier.Match(f.strictForm(), length))
	}
	switch {
	case best < len(p.emergency):
		return isEmergency, nil
	case best != noRule:
		best -= len(p.emergency)
	}
	for _, i := range p.apart {
		if i > best {
			break
		}
		r := &p.rules[i]
		if !r.allowsLength(length) {
			continue
		}
		for _, strict := range []bool{false, true} {
			_, ok, err := r.pattern.matchForm(f.selectForm(strict), nil, nil)
			if err != nil {
				return i, err
			}
			if ok {
				return i, nil
			}
			if !f.hasParentheses() {
				break
			}
		}
	}
	return best, nil
}

func (r *Rule) allowsLength(length int) bool {
	return length >= r.MinLength && (r.MaxLength == 0 || length <= r.MaxLength)
}

// matchForm matches one form and gives the end of the match and the groups asked for.
func (p *pattern) matchForm(form []byte, ask []int, groups []span) (end int, ok bool, err error) {
	if p.expression != nil {
		return p.expression.matchPrefix(form, ask, groups)
	}
	n := len(p.literal)
	return n, n <= len(form) && string(form[:n]) == p.literal, nil
}

// span is a range of a form.
type span struct{ start, end uint8 }

// outcome says how a result came to be.
type outcome struct {
	strict   bool // the rule matched the strict form, not the light one
	matched  int  // the characters of that form that the pattern took
	groups   [maxGroups]span
	external bool // the external prefix was added
}

// applyRule appends the result of the winning rule and records in o, which must be
// zero, how it came to be.
func (p *Plan) applyRule(dst []byte, f *forms, won int, o *outcome) ([]byte, error) {
	start := len(dst)
	switch won {
	case isEmergency:
		return append(dst, f.strictForm()...), nil
	case noRule:
		if f.strictN > p.config.InternalLength {
			o.external = p.external != ""
			dst = append(dst, p.external...)
		}
		return append(dst, f.strictForm()...), nil
	}
	r := &p.rules[won]
	if err := r.locateMatch(f, o); err != nil {
		return dst, err
	}
	form := f.selectForm(o.strict)
	for _, t := range r.value.tokens {
		switch {
		case t.group >= 0:
			group := o.groups[t.group]
			dst = appendDialable(dst, start, form[group.start:group.end])
		case t.reduce:
			dst = appendDialable(dst, start, []byte(t.text))
		default:
			dst = append(dst, t.text...)
		}
	}
	if f.hasParentheses() || o.matched == 0 {
		dst = appendDialable(dst, start, form[o.matched:])
	} else {
		dst = append(dst, form[o.matched:]...) // no parentheses, and no + after the first place
	}
	if f.plus && !r.value.external && len(dst)-start > p.config.InternalLength {
		o.external = p.external != ""
		dst = insertText(dst, start, p.external)
	}
	if rest := dst[start:]; len(rest) == 0 || string(rest) == "+" {
		return dst, ErrEmpty
	}
	return dst, nil
}

// locateMatch finds what the winning rule matched: the light form first.
func (r *rule) locateMatch(f *forms, o *outcome) error {
	if n := r.pattern.fixed; n >= 0 && len(r.value.groups) == 0 && !f.hasParentheses() {
		o.matched = n // it did match, and every match is so long
		return nil
	}
	for _, strict := range []bool{false, true} {
		end, ok, err := r.pattern.matchForm(f.selectForm(strict), r.value.groups, o.groups[:len(r.value.groups)])
		if err != nil {
			return err
		}
		if ok {
			o.strict, o.matched = strict, end
			return nil
		}
	}
	return fmt.Errorf("%w: automaton and expression disagree", ErrRule)
}

func insertText(dst []byte, at int, text string) []byte {
	dst = append(dst, text...)
	copy(dst[at+len(text):], dst[at:])
	copy(dst[at:], text)
	return dst
}

// ruleName names a rule for people.
func (p *Plan) ruleName(won int) string {
	switch won {
	case noRule:
		return ""
	case isEmergency:
		return "emergency"
	}
	r := &p.rules[won]
	if r.Name == "" {
		return r.path
	}
	return r.Name
}
