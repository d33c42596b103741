package dialplan_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2"

	"github.com/ctikit/ctikit/dialplan"
)

// reference is the outgoing transformation as the rules describe it: the rules
// in a row, each a .NET expression. It shares no code with the package but the
// list of standard rules.
type reference struct {
	config dialplan.Config
	rules  []referenceRule
}

type referenceRule struct {
	dialplan.Rule
	re *regexp2.Regexp
}

func newReference(c dialplan.Config) reference {
	rules := slices.Clone(c.Rules)
	if !c.NoStandardRules {
		rules = append(dialplan.StandardRules(c.Parameters), rules...)
	}
	slices.SortStableFunc(rules, func(a, b dialplan.Rule) int { return a.Priority - b.Priority })
	r := reference{config: c}
	for _, rule := range rules {
		source := rule.Pattern
		if referenceIsExpression(source) {
			source = r.fill(source[1:len(source)-1], regexp2.Escape)
		} else {
			source = regexp2.Escape(r.fill(source, strings.Clone))
		}
		r.rules = append(r.rules, referenceRule{rule, regexp2.MustCompile(`\A(?:` + source + `)`)})
	}
	return r
}

func referenceIsExpression(s string) bool {
	first := regexp.MustCompile(`^\[-[A-Za-z]+-\]`)
	last := regexp.MustCompile(`\[-[A-Za-z]+-\]$`)
	return strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") && !first.MatchString(s) && !last.MatchString(s)
}

func (r reference) fill(s string, escape func(string) string) string {
	return strings.NewReplacer(
		"[-InternationalPrefix-]", escape(r.config.InternationalPrefix), "[-CountryPrefix-]", escape(r.config.CountryPrefix),
		"[-NationalPrefix-]", escape(r.config.NationalPrefix), "[-ExternalPrefix-]", escape(r.config.ExternalPrefix)).Replace(s)
}

// outgoing gives the result and the place of the rule: -1 for none, -2 for an
// emergency number. ok is false for what cannot be dialled.
func (r reference) outgoing(number string) (result string, rule int, ok bool) {
	light := referenceLight(number)
	strict := strings.NewReplacer("(", "", ")", "").Replace(light)
	digits := strings.TrimPrefix(strict, "+")
	if digits == "" || utf8.RuneCountInString(strict) > 32 || len(light) > 48 {
		return "", 0, false
	}
	if slices.Contains(r.config.Emergency, strict) {
		return strict, -2, true
	}
	for i, rule := range r.rules {
		if rule.Disabled || len(digits) < rule.MinLength || rule.MaxLength > 0 && len(digits) > rule.MaxLength {
			continue
		}
		for _, form := range []string{light, strict} {
			match, err := rule.re.FindStringMatch(form)
			if err != nil {
				panic(err)
			}
			if match != nil {
				result := r.rewrite(rule.Rule, match, form)
				return result, i, strings.Trim(result, "+") != ""
			}
		}
	}
	if len(strict) > r.config.InternalLength {
		return r.config.ExternalPrefix + strict, -1, true
	}
	return strict, -1, true
}

func (r reference) rewrite(rule dialplan.Rule, match *regexp2.Match, form string) string {
	token := regexp.MustCompile(`\[-[A-Za-z]+-\]|\$\{\w+\}|\$\d+|.`)
	out := ""
	for _, t := range token.FindAllString(rule.Value, -1) {
		switch {
		case strings.HasPrefix(t, "[-"):
			out += r.fill(t, strings.Clone)
		case strings.HasPrefix(t, "$"):
			number, err := strconv.Atoi(strings.Trim(t, "${}"))
			if err != nil {
				panic(err)
			}
			out += match.GroupByNumber(number).String()
		default:
			out += t
		}
	}
	out += form[match.RuneLength:]
	reduced := ""
	for i, c := range strings.NewReplacer("(", "", ")", "").Replace(out) {
		if c != '+' || i == 0 {
			reduced += string(c)
		}
	}
	strict := strings.Trim(form, "()")
	if strings.HasPrefix(strict, "+") && !strings.Contains(rule.Value, "[-ExternalPrefix-]") && len(reduced) > r.config.InternalLength {
		return r.config.ExternalPrefix + reduced
	}
	return reduced
}

func referenceLight(number string) string {
	light, seen, service := "", false, false
	for _, c := range strings.ToValidUTF8(number, "") {
		if c >= '０' && c <= '９' {
			c = c - '０' + '0'
		}
		if c == '＋' {
			c = '+'
		}
		switch {
		case c == '(' || c == ')':
			light += string(c)
		case c >= '0' && c <= '9':
			light += string(c)
			seen = true
		case c == '+' && !seen:
			light += "+"
			seen = true
		case (c == '#' || c == '*') && (!seen || service):
			light += string(c)
			seen, service = true, true
		}
	}
	return light
}
