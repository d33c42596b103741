package dialplan

import (
	"fmt"
	"strings"

	"github.com/ctikit/ctikit"
)

// Wish describes a rule in words: numbers of this length that start with this
// become that. [Generate] writes the rule.
type Wish struct {
	Name     string
	Priority int

	Start  string // what the numbers start with: digits, maybe after a +
	Length int    // their digits in all, without +; 0 is any length

	Become string // what is put in front of what is kept: digits and placeholders
	// Keep is how many digits at the end are kept: 4 makes an extension of a
	// direct number. 0 keeps all that follows Start, KeepNone none.
	Keep int

	// AllForms makes rules for the other ways to write a national number that
	// starts with the trunk prefix: 0155171…, +33155171…, 0033155171….
	AllForms bool
}

// KeepNone is the [Wish.Keep] of numbers that all become the same one.
const KeepNone = -1

// Generate writes the rules for a wish: one, or three with AllForms. The error
// is of type [ctikit.Problems].
func Generate(p Parameters, w Wish) ([]Rule, error) {
	var ps ctikit.Problems
	w.checkWish(p, &ps)
	if err := ps.Err(); err != nil {
		return nil, err
	}
	rules := []Rule{w.buildRule("", w.Start, w.Length)}
	if w.AllForms {
		national := strings.TrimPrefix(w.Start, p.NationalPrefix)
		length := 0
		if w.Length > 0 {
			length = w.Length - len(p.NationalPrefix)
		}
		for _, form := range []struct{ suffix, start, digits string }{
			{" (+)", "+" + p.CountryPrefix, p.CountryPrefix},
			{" (international)", p.InternationalPrefix + p.CountryPrefix, p.InternationalPrefix + p.CountryPrefix},
		} {
			longer := 0
			if length > 0 {
				longer = length + len(form.digits)
			}
			rules = append(rules, w.buildRule(form.suffix, form.start+national, longer))
		}
	}
	for _, rule := range rules { // what was put together must be a rule
		placed := placedRule{Rule: rule}
		placed.checkLimits(&ps)
		p.compileValue("Become", rule.Value, p.compilePattern("Start", rule.Pattern, &ps), &ps)
	}
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return rules, nil
}

func (w *Wish) checkWish(p Parameters, ps *ctikit.Problems) {
	digits := strings.TrimPrefix(w.Start, "+")
	if w.Start == "" || strings.Trim(digits, "0123456789#*") != "" {
		ps.Add("Start", "must be digits, * or #, or + and digits, got %q", w.Start)
	}
	if w.Length < 0 || w.Length > maxDialable || w.Length > 0 && w.Length < len(digits) {
		ps.Add("Length", "must be 0 or between %d (the digits of Start) and %d, got %d", len(digits), maxDialable, w.Length)
	}
	switch {
	case w.Keep < KeepNone || w.Keep > maxDialable:
		ps.Add("Keep", "must be KeepNone or between 0 and %d, got %d", maxDialable, w.Keep)
	case w.Keep > 0 && w.Length == 0:
		ps.Add("Keep", "requires Length")
	case w.Keep > 0 && w.Keep > w.Length:
		ps.Add("Keep", "must be at most Length, %d, got %d", w.Length, w.Keep)
	}
	if strings.Contains(w.Become, "$") {
		ps.Add("Become", "must not contain groups, got %q; use Keep", w.Become)
	}
	national := strings.HasPrefix(w.Start, p.NationalPrefix) && !strings.HasPrefix(w.Start, "+")
	if w.AllForms && (p.CountryPrefix == "" || p.InternationalPrefix == "" || !national) {
		ps.Add("AllForms",
			"requires CountryPrefix, InternationalPrefix and a Start with the trunk prefix %q", p.NationalPrefix)
	}
}

// buildRule writes one rule. Where what is kept begins at the end of Start or
// within it, the rule is literal; otherwise an expression leaves digits out.
func (w *Wish) buildRule(suffix, start string, length int) Rule {
	r := Rule{
		Name: w.Name, Priority: w.Priority, Pattern: start, Value: w.Become,
		MinLength: length, MaxLength: length, Description: w.ruleDescription(start, length),
	}
	if w.Name != "" {
		r.Name += suffix
	}
	digits := strings.TrimPrefix(start, "+")
	escaped := strings.NewReplacer("+", `\+`, "*", `\*`, "#", `\#`).Replace(start)
	switch between := length - len(digits) - w.Keep; {
	case w.Keep == KeepNone:
		r.Pattern = `[` + escaped + `\d*]`
	case w.Keep == 0 || between == 0:
	case between < 0:
		r.Value += digits[len(digits)+between:]
	default:
		r.Pattern = fmt.Sprintf(`[%s\d{%d}]`, escaped, between)
	}
	return r
}

func (w *Wish) ruleDescription(start string, length int) string {
	text := "numbers"
	if length > 0 {
		text += fmt.Sprintf(" of %d digits", length)
	}
	text += " starting with " + start + " become " + w.Become
	switch {
	case w.Keep == KeepNone:
		return text
	case w.Keep == 0:
		return text + "…"
	case w.Become != "":
		text += " and "
	}
	return text + fmt.Sprintf("their last %d digits", w.Keep)
}
