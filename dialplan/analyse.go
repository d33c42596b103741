package dialplan

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/dialplan/internal/automaton"
)

// Analyse looks for problems of a plan and for what may surprise. It goes through
// all numbers at once: that a rule is unreachable, or that no rule is, is proved,
// as is that there are no further overlaps; every other finding has a number that
// shows it, or names the part of the pattern that causes it. Rules that
// the automaton does not express (look-around, back-references) are omitted from
// the proofs and named by a finding of code "unproved". It takes milliseconds
// for dozens of rules, seconds for thousands (5,000: about three), and as long for
// expressions that count from the end of the number. The [Code] constants list what
// it can find.
//
// The worst findings come first.
func (p *Plan) Analyse() Findings { return p.analyseUpTo(maxPoints) }

func (p *Plan) analyseUpTo(points int) Findings {
	a := analysis{plan: p, points: points, seen: map[string]bool{}, witnesses: p.findWitnesses()}
	a.reportUnproved()
	a.analyseReachability()
	a.analyseResults()
	a.analyseExpressions()
	a.analyseEmergencies()
	a.analyseRoundTrips()
	slices.SortStableFunc(a.findings, func(x, y Finding) int { return cmp.Compare(y.Severity, x.Severity) })
	return a.findings
}

// analysis collects the findings about a plan.
type analysis struct {
	plan      *Plan
	points    int // at most, of each search
	findings  Findings
	seen      map[string]bool // findings that are reported once
	witnesses map[int]string
}

// addFinding adds a finding about a rule, or about none (noRule).
func (a *analysis) addFinding(
	severity ctikit.Severity, code Code, won int, number, format string, args ...any,
) *Finding {
	problem := ctikit.Problem{Severity: severity, Code: code, Message: fmt.Sprintf(format, args...)}
	f := Finding{Problem: problem, Number: number}
	if won >= 0 && won != noRule {
		f.Rule, f.Path = a.plan.ruleName(won), a.plan.rules[won].path
	}
	a.findings = append(a.findings, f)
	return &a.findings[len(a.findings)-1]
}

// addFindingOnce reports a finding of this code and severity for this rule only the first time.
func (a *analysis) addFindingOnce(severity ctikit.Severity, code Code, won int, number, format string, args ...any) {
	key := fmt.Sprint(code, won, severity)
	if !a.seen[key] {
		a.seen[key] = true
		a.addFinding(severity, code, won, number, format, args...)
	}
}

// reportUnproved names the rules that the proofs leave out.
func (a *analysis) reportUnproved() {
	for _, i := range a.plan.apart {
		a.addFinding(ctikit.SeverityInfo, Unproved, i, "", "the expression is tried on its own: "+
			"it is not part of the proofs, and other rules may get fewer numbers than they show")
		if x := a.plan.rules[i].pattern.expression; x != nil && !x.proved {
			a.addFinding(ctikit.SeverityWarning, Timeout, i, "",
				"the cost of the expression cannot be proved: a match is cancelled after %v", unprovedTimeout)
		}
	}
}

// analyseReachability goes through the numbers that each rule matches and notes who
// takes them.
func (a *analysis) analyseReachability() {
	p := a.plan
	for i := range p.rules {
		r := &p.rules[i]
		if slices.Contains(p.apart, i) {
			continue
		}
		alone, err := automaton.Build([]automaton.Rule{r.limitModel(r.pattern.node)})
		if err != nil {
			a.addFinding(ctikit.SeverityWarning, Incomplete, i, "", "the rule is too large to be analysed: %v", err)
			continue
		}
		s := newSearch(p.classifier, alone)
		s.needed, s.most = 1, a.points
		takers := map[int]string{} // rule -> witness
		var order []int
		s.done = func(winner int) bool {
			_, known := takers[winner-len(p.emergency)]
			return known || winner < len(p.emergency)
		}
		s.visitPoints(func(at int32, length int, winners []int) bool {
			if taker := winners[0] - len(p.emergency); winners[1] == 0 && taker >= 0 {
				if _, ok := takers[taker]; !ok {
					takers[taker] = s.numberAt(at, length)
					order = append(order, taker)
				}
			}
			return true
		})
		if s.incomplete {
			a.addFinding(ctikit.SeverityWarning, Incomplete, i, "", "the rule has too many states to be analysed in full")
		}
		a.reportTakers(i, order, takers, s.incomplete)
	}
}

// reportTakers reports who takes the numbers that rule i matches.
func (a *analysis) reportTakers(i int, order []int, takers map[int]string, incomplete bool) {
	p := a.plan
	slices.Sort(order)
	_, reachable := takers[i]
	if !reachable && !incomplete {
		severity := ctikit.SeverityError
		if p.rules[i].standard {
			severity = ctikit.SeverityInfo
		}
		message, number := "no number matches both its pattern and its lengths", ""
		var names []string
		for _, taker := range order {
			names = append(names, p.ruleName(taker))
			number = takers[taker]
		}
		if len(names) > 0 {
			message = "transforms no number: earlier rules take every number that it matches: " + joinNames(names)
		}
		a.addFinding(severity, Unreachable, i, number, "%s", message).Others = names
		return
	}
	a.reportOverlap(i, order, takers)
}

// reportOverlap reports, in one finding, the rules that take numbers from rule i.
func (a *analysis) reportOverlap(i int, order []int, takers map[int]string) {
	const shown = 8
	p := a.plan
	severity, why, number := ctikit.SeverityInfo, "", ""
	var names, examples []string
	for _, taker := range order {
		if taker == i {
			continue
		}
		if p.rules[taker].Priority == p.rules[i].Priority {
			severity, why = ctikit.SeverityWarning, "; rules of the same priority are tried in the order of declaration"
		}
		if names = append(names, p.ruleName(taker)); len(names) == 1 {
			number = takers[taker]
		}
		if len(names) <= shown {
			examples = append(examples, fmt.Sprintf("%s (%s)", p.ruleName(taker), takers[taker]))
		}
	}
	if len(names) > shown {
		examples = append(examples, fmt.Sprintf("%d more", len(names)-shown))
	}
	if len(names) > 0 {
		a.addFinding(severity, Overlap, i, number, "partly shadowed by: %s%s", joinNames(examples), why).Others = names
	}
}

func joinNames(names []string) string {
	text := ""
	for i, name := range names {
		switch {
		case i == 0:
		case i == len(names)-1:
			text += " and "
		default:
			text += ", "
		}
		text += name
	}
	return text
}
