package settings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// isMissingTarget reports whether tag is jumped to, but defined nowhere.
func (p *pass) isMissingTarget(tag string) bool {
	if p.missing == nil {
		p.missing = map[string]bool{}
		for i := range p.f.Nodes {
			n := &p.f.Nodes[i]
			if key := foldKey(n.Name.Text); (n.Kind == Goto || n.Kind == If) && len(p.f.labels[key]) == 0 {
				p.missing[key] = true
			}
		}
	}
	return p.missing[foldKey(tag)]
}

// lintJumps compares GOTOs and labels.
func (p *pass) lintJumps() {
	f := p.f
	elided := map[string]bool{}
	for _, tag := range p.Elided {
		elided[foldKey(tag)] = true
	}
	used := map[int]bool{}
	for i := range f.Nodes {
		n := &f.Nodes[i]
		if n.Kind != Goto && n.Kind != If {
			continue
		}
		tag := n.Name.Text
		to := f.jumpTarget(p.Dialect, i)
		switch places := f.labels[foldKey(tag)]; {
		case to >= 0:
			used[to] = true
			if defined := f.Nodes[to].Name.Text; defined != tag {
				p.warnAt(LabelCase, n.Name.Offset, "the label is written %s; not every telephone ignores the case", defined)
			}
		case len(places) > 0:
			p.errorAt(BackwardGoto, n.Name.Offset,
				"the label %s is on line %d, before this line; the rest of the file is ignored", tag, f.Nodes[places[0]].Line)
			used[places[0]] = true
		case elided[foldKey(tag)]:
			p.infoAt(MissingLabelCode, n.Name.Offset, "no label %s, as declared; the rest of the file is ignored", tag)
		default:
			p.errorAt(MissingLabelCode, n.Name.Offset, "no label %s; the rest of the file is ignored", tag)
		}
	}
	first := map[string]int{}
	for i := range f.Nodes {
		n := &f.Nodes[i]
		if n.Kind != Label {
			continue
		}
		key := foldKey(n.Name.Text)
		if line, again := first[key]; again {
			p.warnAt(DuplicateLabel, n.Name.Offset,
				"duplicate label %s: already on line %d; a GOTO leads to the first one after it", n.Name.Text, line)
		} else {
			first[key] = n.Line
		}
		if !used[i] {
			p.infoAt(UnusedLabel, n.Name.Offset, "no GOTO leads to %s", n.Name.Text)
		}
	}
}

// lintReach reports statements that nothing leads to, the first of each run.
func (p *pass) lintReach() {
	reach := p.f.Reach(p.Dialect)
	p.reportRuns(reach.Dead, UnreachableGoto, "nothing leads to this %s after the GOTO above it")
	p.reportRuns(reach.AfterGet, UnreachableGet, "this %s is read only where the file of the GET above is absent")
}

func (p *pass) reportRuns(nodes []*Node, code Code, format string) {
	run := false
	for i, n := range nodes {
		if i > 0 && !p.areAdjacent(nodes[i-1], n) {
			run = false
		}
		if n.Kind == Label || run {
			continue // a label without a GOTO is reported as such
		}
		run = true
		p.warnAt(code, p.f.nodePosition(n).Offset, format, n.Kind)
	}
}

// areAdjacent: no statement lies between two nodes.
func (p *pass) areAdjacent(a, b *Node) bool {
	i, _ := slices.BinarySearchFunc(p.f.Nodes, a.Line, func(n Node, line int) int { return n.Line - line })
	return i+1 < len(p.f.Nodes) && p.f.Nodes[i+1].Line == b.Line
}

// lintResults evaluates the file for the models and reports what one telephone receives
// twice, and what a model cannot use.
func (p *pass) lintResults() {
	cases := p.affordableCases("MODEL4", "SIG_IN_USE", "SIG", "GROUP")
	twice := map[int]bool{}
	for _, c := range cases {
		res, err := Evaluation{Vars: c.Vars, Dialect: p.Dialect}.Run(p.f)
		if err != nil {
			return // a GET that cannot be followed, or a loop, has its own finding
		}
		for _, s := range res.Settings {
			if !twice[s.Position.Line] && len(s.Overrides) > 0 && !Repeatable(s.Name) && p.isSet(s.Position.Line) {
				twice[s.Position.Line] = true
				before := s.Overrides[len(s.Overrides)-1]
				p.infoAt(DuplicateSet, s.Position.Offset, "%s overrides line %d for %s", s.Name, before.Position.Line, caseName(c))
			}
		}
	}
	p.lintLosses(cases)
	if p.Vocabulary != nil {
		p.lintUnsupported()
	}
}

// lintLosses tells at each missing label what each telephone does not receive because
// of it; of those that lose least only the number.
func (p *pass) lintLosses(cases []Case) {
	lost, err := Evaluation{Dialect: p.Dialect}.Losses(p.f, cases)
	if err != nil {
		return
	}
	at := map[int][]Loss{}
	for _, l := range lost {
		isElided := slices.ContainsFunc(p.Elided, func(tag string) bool { return strings.EqualFold(tag, l.Stop.Tag) })
		if len(l.Names) > 0 && !isElided {
			at[l.Stop.Position.Offset] = append(at[l.Stop.Position.Offset], l)
		}
	}
	for offset, list := range at {
		slices.SortFunc(list, func(a, b Loss) int {
			return cmp.Or(cmp.Compare(len(b.Names), len(a.Names)), strings.Compare(a.Case.Name, b.Case.Name))
		})
		p.infoAt(SettingsLost, offset, "without the label %s %s", list[0].Stop.Tag, lossText(list))
	}
}

func lossText(list []Loss) string {
	const shown, names = 4, 3
	var texts []string
	for i, l := range list[:min(shown, len(list))] {
		first := strings.Join(l.Names[:min(names, len(l.Names))], ", ")
		if len(l.Names) > names {
			first += ", ..."
		}
		verb, what := "", ""
		if i == 0 {
			verb, what = "loses ", "parameters "
		}
		texts = append(texts, fmt.Sprintf("%s %s%d %s(%s)", caseName(l.Case), verb, len(l.Names), what, first))
	}
	text := strings.Join(texts, ", ")
	if more := len(list) - shown; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// affordableCases returns the combinations of variables, of fewer where they are too many.
func (p *pass) affordableCases(variables ...string) []Case {
	for n := len(variables); n > 0; n-- {
		cases, err := p.f.Cases(variables[:n]...)
		if err == nil && len(cases)*len(p.f.Nodes) <= maxLintSteps {
			return cases
		}
	}
	return nil
}

func caseName(c Case) string {
	if c.Name == "" {
		return "every telephone"
	}
	return c.Name
}

func (p *pass) isSet(line int) bool {
	i, ok := slices.BinarySearchFunc(p.f.Nodes, line, func(n Node, line int) int { return n.Line - line })
	return ok && p.f.Nodes[i].Kind == Set
}

// lintUnsupported reports the lines that models receive and ignore. Only the model is
// varied: with every other variable unknown no model is sent a way that it never
// goes, such as a client through the lines for H.323.
func (p *pass) lintUnsupported() {
	models := map[int][]string{} // offset of a line: models that ignore it
	names := map[int]string{}
	for _, c := range p.affordableCases("MODEL4") {
		model := c.Vars["MODEL4"]
		res, err := Evaluation{Vars: c.Vars, Dialect: p.Dialect}.Run(p.f)
		if err != nil || model == "" || model == Other {
			continue
		}
		for _, s := range res.Settings {
			if !p.Vocabulary.Supports(s.Name, model) {
				models[s.Position.Offset] = append(models[s.Position.Offset], model)
				names[s.Position.Offset] = s.Name
			}
		}
	}
	for offset, list := range models {
		p.infoAt(NotSupported, offset, "%s is not used by %s", names[offset], strings.Join(list, ", "))
	}
}
