package forwardrules

import (
	"slices"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// classes are the two kinds of calls that forwards tell apart.
var classes = [...]cti.Origin{cti.InternalCalls, cti.ExternalCalls}

var types = [...]cti.ForwardType{cti.ForwardImmediate, cti.ForwardBusy, cti.ForwardNoAnswer, cti.ForwardDoNotDisturb}

// edge is that a device forwards calls of a class to another.
type edge struct {
	from  cti.DeviceID
	class cti.Origin
	kind  cti.ForwardType
}

// graph is who forwards to whom.
type graph map[cti.DeviceID][]struct {
	edge
	to cti.DeviceID
}

func (g graph) addEdge(e edge, to cti.DeviceID) {
	g[e.from] = append(g[e.from], struct {
		edge
		to cti.DeviceID
	}{e, to})
}

// leadsTo reports whether a call of a class that reaches from can be forwarded on
// to target.
func (g graph) leadsTo(from, target cti.DeviceID, class cti.Origin) bool {
	seen := map[cti.DeviceID]bool{from: true}
	for queue := []cti.DeviceID{from}; len(queue) > 0; {
		at := queue[0]
		queue = queue[1:]
		if at == target {
			return true
		}
		for _, f := range g[at] {
			if f.class == class && !seen[f.to] {
				seen[f.to] = true
				queue = append(queue, f.to)
			}
		}
	}
	return false
}

// forwardTo is the choice as it is asked of the PBX.
func (k key) forwardTo(to string) cti.Forward {
	return cti.Forward{Type: k.kind, Origin: k.origin, Active: true, To: to}
}

// choice is the rule that applies to a type and class of calls.
type choice struct {
	rule *rule
	to   cti.DeviceID // as dialled
}

// situation is what a decision starts from.
type situation struct {
	rules map[cti.DeviceID][]rule
	// inForce are the choices carried out before: of two forwards that make a
	// circle, the one in force stays.
	inForce map[edge]cti.DeviceID
	// foreign are forwards that no rule set, by hand at the set for instance.
	foreign map[cti.DeviceID][]cti.Forward
	dial    func(to string) cti.DeviceID
}

// conflict is a rule that is not carried out.
type conflict struct {
	edge
	rule *rule
}

// decide chooses the rule for each device, type and class at a time.
func decide(s situation, at time.Time) *decision {
	g := graph{}
	for device, forwards := range s.foreign {
		for _, f := range forwards {
			for _, class := range classes {
				if f.Active && (f.Origin == cti.AllCalls || f.Origin == class) {
					g.addEdge(edge{device, class, f.Type}, s.dial(f.To))
				}
			}
		}
	}
	d := &decision{situation: s, at: at, graph: g, chosen: map[edge]choice{}, deflected: map[edge][]*rule{}}
	edges := s.listEdges()
	for _, e := range edges { // first what can stay
		if to, ok := s.inForce[e]; ok {
			if r := d.bestPBXRule(e); r != nil && s.dial(r.To) == to {
				d.chooseUnlessCircular(e, r)
			}
		}
	}
	for _, e := range edges {
		if _, done := d.chosen[e]; !done {
			d.chooseRule(e)
		}
	}
	return d
}

// listEdges lists all that is to be decided, in a fixed order.
func (s *situation) listEdges() (out []edge) {
	devices := make([]cti.DeviceID, 0, len(s.rules))
	for device := range s.rules {
		devices = append(devices, device)
	}
	slices.Sort(devices)
	for _, device := range devices {
		for _, kind := range types {
			for _, class := range classes {
				out = append(out, edge{device, class, kind})
			}
		}
	}
	return out
}

// decision is what is to be done at a time.
type decision struct {
	situation
	at        time.Time
	graph     graph           // forwards that the PBX carries out
	chosen    map[edge]choice // what rules give to it
	conflicts []conflict
	// deflected are the rules that our side carries out, the best first: those
	// that name callers, and those that stand behind such a rule. Given to the
	// PBX they would take its calls away before it could be asked.
	deflected map[edge][]*rule
}

// applicableRules are the rules that apply, the best first.
func (d *decision) applicableRules(e edge) (out []*rule) {
	rules := d.rules[e.from]
	for i := range rules {
		if r := &rules[i]; r.appliesAt(d.at) && r.Type == e.kind && r.coversClass(e.class) {
			out = append(out, r)
		}
	}
	return out
}

// bestPBXRule is the best rule that applies, where it is the PBX's to carry out.
func (d *decision) bestPBXRule(e edge) *rule {
	if c := d.applicableRules(e); len(c) > 0 && len(c[0].patterns) == 0 {
		return c[0]
	}
	return nil
}

// chooseRule takes the first rule that makes no circle.
func (d *decision) chooseRule(e edge) {
	candidates := d.applicableRules(e)
	for i, r := range candidates {
		if len(r.patterns) > 0 {
			d.deflected[e] = candidates[i:]
			return
		}
		if d.chooseUnlessCircular(e, r) {
			return
		}
		d.conflicts = append(d.conflicts, conflict{e, r})
	}
}

func (d *decision) chooseUnlessCircular(e edge, r *rule) bool {
	to := d.dial(r.To)
	if d.graph.leadsTo(to, e.from, e.class) {
		return false
	}
	d.graph.addEdge(e, to)
	d.chosen[e] = choice{r, to}
	return true
}

// canComeBack reports whether a call that is deflected to a device can come back to
// target, by forwards of the PBX or by further deflections.
func (d *decision) canComeBack(from, target cti.DeviceID, c caller) bool {
	seen := map[cti.DeviceID]bool{from: true}
	for queue := []cti.DeviceID{from}; len(queue) > 0; {
		at := queue[0]
		queue = queue[1:]
		if at == target {
			return true
		}
		next := func(to cti.DeviceID) {
			if !seen[to] {
				seen[to] = true
				queue = append(queue, to)
			}
		}
		for _, f := range d.graph[at] {
			if f.class == c.class {
				next(f.to)
			}
		}
		for _, kind := range types {
			for _, r := range d.deflected[edge{at, c.class, kind}] {
				if r.acceptsCaller(c) {
					next(d.dial(r.To))
				}
			}
		}
	}
	return false
}

// key is what a PBX keeps one forward for.
type key struct {
	kind   cti.ForwardType
	origin cti.Origin
}

// mergeChoices turns the choices for a device into what the PBX is to be set to:
// one forward for all calls where both classes go to the same destination.
func mergeChoices(device cti.DeviceID, chosen map[edge]choice) map[key]choice {
	out := map[key]choice{}
	for _, kind := range types {
		internal, hasInternal := chosen[edge{device, cti.InternalCalls, kind}]
		external, hasExternal := chosen[edge{device, cti.ExternalCalls, kind}]
		set := func(origin cti.Origin, c choice) { out[key{kind, origin}] = c }
		if hasInternal && hasExternal && internal.to == external.to {
			set(cti.AllCalls, internal)
			continue
		}
		if hasInternal {
			set(cti.InternalCalls, internal)
		}
		if hasExternal {
			set(cti.ExternalCalls, external)
		}
	}
	return out
}
