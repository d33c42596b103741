package dialplan

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
)

// longestDialled is the most digits of a number that a person dials: 15 of
// E.164 after prefixes.
const longestDialled = 20

// analyseResults dials a number for every point of the search and every length, and
// looks at what comes out.
func (a *analysis) analyseResults() {
	p := a.plan
	s := newSearch(p.classifier)
	s.most = a.points
	s.visitPoints(func(at int32, length int, _ []int) bool {
		if length <= longestDialled {
			a.analyseNumber(s.numberAt(at, length))
		}
		return true
	})
	if s.incomplete {
		a.addFinding(ctikit.SeverityWarning, Incomplete, noRule, "", "the plan has too many states to look at all results")
	}
}

func (a *analysis) analyseNumber(number string) {
	p := a.plan
	var f forms
	if f.reduceNumber(number) != nil {
		return
	}
	won, err := p.findWinner(&f)
	if err != nil || won == isEmergency {
		return
	}
	var o outcome
	dialled, err := p.applyRule(nil, &f, won, &o)
	result := string(dialled)
	switch {
	case errors.Is(err, ErrEmpty):
		a.addFindingOnce(ctikit.SeverityWarning, NothingLeft, won, number, "leaves nothing of the number to dial")
		return
	case err != nil:
		return
	case won == noRule && f.plus:
		a.addFindingOnce(ctikit.SeverityError, PlusUnhandled, won, number,
			"no rule takes a number with +: %s would be dialled", result)
	case strings.Contains(result[1:], "+"):
		a.addFindingOnce(ctikit.SeverityError, Undiallable, won, number,
			"the result %s holds a + that the PBX cannot dial", result)
	case result[0] == '+' && p.external != "":
		a.addFindingOnce(ctikit.SeverityWarning, Undiallable, won, number,
			"the result %s begins with +, without access to the public network", result)
	case strings.ContainsAny(result, "*#") && !strings.ContainsAny(number, "*#") && !strings.ContainsAny(p.external, "*#"):
		a.addFindingOnce(ctikit.SeverityInfo, Undiallable, won, number,
			"the result %s holds * or #, which the number does not: a service code", result)
	case len(result) > maxDialable:
		a.addFindingOnce(ctikit.SeverityWarning, TooLong, won, number, "the result %s has %d characters", result, len(result))
	}
	if slices.Contains(p.emergency, strings.TrimPrefix(result, p.external)) && result != string(f.strictForm()) {
		a.addFindingOnce(ctikit.SeverityWarning, EmergencyReached, won, number, "dials %s, an emergency number", result)
	}
	if won != noRule {
		a.reportPrefixAlone(won, number, result, &o)
	}
	if again, err := p.Outgoing(result); err != nil || again != result {
		what := "gives"
		if won == noRule {
			what = "a number without a rule gives"
		}
		a.addFindingOnce(ctikit.SeverityInfo, Unstable, won, number,
			what+" %s, which becomes %s when it is dialled again", result, again)
	}
}

// reportPrefixAlone notes a number that is no more than what the pattern takes away.
func (a *analysis) reportPrefixAlone(won int, number, result string, o *outcome) {
	r := &a.plan.rules[won]
	if r.pattern.expression != nil || o.matched < len(number) {
		return
	}
	if len(r.value.tokens) == 1 && placeholderForm.ReplaceAllString(r.value.tokens[0].label, "") == "" {
		a.addFindingOnce(ctikit.SeverityInfo, PrefixAlone, won, number,
			"the pattern alone, without a number after it, gives %s; a MinLength would prevent it", result)
	}
}

// wellKnown are emergency numbers of so many countries that a plan without
// them deserves a word: ITU-T E.161.1 recommends 112 and 911.
var wellKnown = []string{"112", "911"}

func (a *analysis) analyseEmergencies() {
	p := a.plan
	if len(p.emergency) == 0 {
		a.addFinding(ctikit.SeverityWarning, EmergencyNone, noRule, "",
			"no emergency numbers are configured: nothing keeps rules from rewriting them").Path = "Emergency"
	}
	for _, number := range wellKnown {
		if slices.Contains(p.emergency, number) {
			continue
		}
		if e := p.Explain(number); e.Err != nil || e.Result != number {
			a.addFinding(ctikit.SeverityWarning, EmergencyUnlisted, p.ruleNamed(e.Rule), number,
				"%s, an emergency number in many countries, is not listed and becomes %s", number, e.Result).Path = "Emergency"
		}
	}
	for _, number := range p.emergency {
		for i := range p.rules {
			r := &p.rules[i]
			if _, ok, err := r.pattern.matchForm([]byte(number), nil, nil); ok && err == nil && r.allowsLength(len(number)) {
				a.addFinding(ctikit.SeverityInfo, EmergencyProtected, i, number,
					"matches the emergency number %s, which is listed and therefore not rewritten", number)
			}
		}
		rest, prefixed := strings.CutPrefix(number, p.external)
		if p.external == "" || slices.Contains(p.emergency, p.external+number) ||
			prefixed && slices.Contains(p.emergency, rest) {
			continue // 9911 is 911 with the prefix already
		}
		if e := p.Explain(p.external + number); e.Err != nil || e.Result != p.external+number {
			a.addFinding(ctikit.SeverityWarning, EmergencyPrefix, p.ruleNamed(e.Rule), p.external+number,
				"a caller who dials the external prefix before %s reaches %s; list %s too", number, e.Result, p.external+number)
		}
	}
}

// ruleNamed finds an enabled rule by its name, noRule where there is none.
func (p *Plan) ruleNamed(name string) int {
	for i := range p.rules {
		if name != "" && p.ruleName(i) == name {
			return i
		}
	}
	return noRule
}

// presented is a number as the PBX may present it, and its E.164 form.
type presented struct{ number, e164 string }

// presentedForms gives a national number of so many digits and a foreign one in the
// forms in which the PBX may present them.
func (p *Plan) presentedForms(digits int) []presented {
	c := &p.config
	national := "212345678901234"[:digits]
	const foreign = "88" + "216123456789" // a country code that is not in use
	forms := []presented{
		{"+" + c.CountryPrefix + national, "+" + c.CountryPrefix + national},
		{"+" + foreign, "+" + foreign},
		{c.Remove + c.NationalPrefix + national, "+" + c.CountryPrefix + national},
	}
	if c.InternationalPrefix != "" {
		forms = append(forms, presented{c.Remove + c.InternationalPrefix + foreign, "+" + foreign})
	}
	return forms
}

// analyseRoundTrips looks at what the PBX may present for a national and for a
// foreign caller, and dials the look-up number back. Of each form it reports the
// first length that goes wrong.
func (a *analysis) analyseRoundTrips() {
	c := &a.plan.config
	if c.CountryPrefix == "" || len(c.NationalLength) == 0 {
		a.addFinding(ctikit.SeverityWarning, RoundTrip, noRule, "",
			"without CountryPrefix and NationalLength a number presented in national form has no E.164 form",
		).Path = "NationalLength"
		return
	}
	for form := range a.plan.presentedForms(c.NationalLength[0]) {
		for _, digits := range c.NationalLength {
			if problem := a.plan.roundTripProblem(a.plan.presentedForms(digits)[form]); problem != "" {
				a.addFinding(ctikit.SeverityWarning, RoundTrip, noRule, a.plan.presentedForms(digits)[form].number, "%s", problem)
				break
			}
		}
	}
}

// roundTripProblem says what goes wrong when a caller is called back, "" where nothing does.
func (p *Plan) roundTripProblem(from presented) string {
	want, err := p.Outgoing(from.e164)
	if err != nil {
		return "" // no matter of the way back
	}
	caller := p.Identify(from.number)
	got, err := p.Outgoing(caller.Lookup)
	switch {
	case caller.Kind == Internal:
		return fmt.Sprintf("%s is presented for %s and taken for an internal number: ReverseInternalLength is %d",
			from.number, from.e164, p.config.ReverseInternalLength)
	case err != nil:
		return fmt.Sprintf("the look-up number %s cannot be dialled back: %v", caller.Lookup, err)
	case caller.E164 == "":
		return "a presented number of this form has no E.164 form; check Add and Remove"
	case got != want:
		return fmt.Sprintf("calling the look-up number %s back dials %s, but %s dials %s",
			caller.Lookup, got, from.e164, want)
	}
	return ""
}
