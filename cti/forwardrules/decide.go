package forwardrules

import (
	"maps"
	"slices"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// classes are the two kinds of calls that forwards distinguish.
var classes = [...]cti.Origin{cti.InternalCalls, cti.ExternalCalls}

var types = [...]cti.ForwardType{cti.ForwardImmediate, cti.ForwardBusy, cti.ForwardNoAnswer, cti.ForwardDoNotDisturb}

// edge is that a device forwards calls of a class to another.
type edge struct {
	from  cti.DeviceID
	class cti.Origin
	kind  cti.ForwardType
}

// graph is the forwards of each device.
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
// to target. deflections, which may be nil, returns where calls at a device are
// deflected to.
func (g graph) leadsTo(
	from, target cti.DeviceID, class cti.Origin, deflections func(at cti.DeviceID) []cti.DeviceID,
) bool {
	seen := map[cti.DeviceID]bool{from: true}
	queue := []cti.DeviceID{from}
	visit := func(to cti.DeviceID) {
		if !seen[to] {
			seen[to] = true
			queue = append(queue, to)
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if at == target {
			return true
		}
		for _, f := range g[at] {
			if f.class == class {
				visit(f.to)
			}
		}
		if deflections != nil {
			for _, to := range deflections(at) {
				visit(to)
			}
		}
	}
	return false
}

// choice is the rule that applies to a type and class of calls.
type choice struct {
	rule *rule
	to   cti.DeviceID // as dialled
}

// situation is the input of a decision.
type situation struct {
	rules map[cti.DeviceID][]rule
	// inForce are the choices carried out before: of two forwards that make a
	// circle, the one in force stays.
	inForce map[edge]cti.DeviceID
	// foreign are forwards that no rule set, by hand at the set for instance.
	foreign map[cti.DeviceID][]cti.Forward
	dial    func(to string) cti.DeviceID
}

// collectSituation returns the input of a decision, and all extensions that
// calls can reach from those with rules, by rules and forwards: only a forward at
// one of these can close a circle.
func (m *Manager) collectSituation() (situation, []cti.DeviceID) {
	s := situation{inForce: map[edge]cti.DeviceID{}, foreign: map[cti.DeviceID][]cti.Forward{}, dial: m.dialler()}
	m.mu.Lock()
	s.rules = maps.Clone(m.rules)
	for device, line := range m.lines {
		s.foreign[device] = line.foreign
		for k, to := range line.ours {
			for _, class := range classes {
				if coversClass(k.origin, class) {
					s.inForce[edge{device, class, k.kind}] = to
				}
			}
		}
	}
	m.mu.Unlock()

	seen := map[cti.DeviceID]bool{}
	queue := slices.Sorted(maps.Keys(s.rules))
	for i := 0; i < len(queue); i++ {
		device := queue[i]
		if _, ours := m.gw.Extension(device); seen[device] || !ours {
			continue
		}
		seen[device] = true
		if _, read := s.foreign[device]; !read {
			snap, _ := m.gw.Snapshot(device)
			s.foreign[device] = snap.Features.Forwards
		}
		for _, f := range s.foreign[device] {
			queue = append(queue, s.dial(f.To))
		}
		for _, r := range s.rules[device] {
			queue = append(queue, s.dial(r.To))
		}
	}
	return s, slices.Sorted(maps.Keys(seen))
}

// dialler returns a function that gives a destination as the PBX dials it. What the
// number plan cannot turn into a number stays unchanged; setting it fails and is
// reported then.
func (m *Manager) dialler() func(to string) cti.DeviceID {
	plan := m.gw.Config().NumberPlan
	return func(to string) cti.DeviceID {
		if plan != nil {
			if out, err := plan.Outgoing(to); err == nil {
				return cti.DeviceID(out)
			}
		}
		return cti.DeviceID(to)
	}
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
				if f.Active && coversClass(f.Origin, class) {
					g.addEdge(edge{device, class, f.Type}, s.dial(f.To))
				}
			}
		}
	}
	d := &decision{situation: s, at: at, graph: g, chosen: map[edge]choice{}, deflected: map[edge][]*rule{}}
	edges := s.listEdges()
	for _, e := range edges { // first the choices that can stay
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

// listEdges returns all edges that need a decision, in a fixed order.
func (s *situation) listEdges() (out []edge) {
	devices := slices.AppendSeq(make([]cti.DeviceID, 0, len(s.rules)), maps.Keys(s.rules))
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

// decision is which rules are in force at a time, and by whom they are carried out.
type decision struct {
	situation
	at        time.Time
	graph     graph           // forwards that the PBX carries out
	chosen    map[edge]choice // the forwards that rules set there
	conflicts []conflict
	// deflected are the rules that this package carries out, the best first: those
	// that name callers, and those after such a rule. Set at the PBX, the latter
	// would forward the calls of the former before they ring here.
	deflected map[edge][]*rule
}

// applicableRules are the rules that apply, the best first.
func (d *decision) applicableRules(e edge) (out []*rule) {
	rules := d.rules[e.from]
	for i := range rules {
		if r := &rules[i]; r.appliesAt(d.at) && r.Type == e.kind && coversClass(r.Origin, e.class) {
			out = append(out, r)
		}
	}
	return out
}

// bestPBXRule is the best rule that applies, nil if the PBX cannot carry it out.
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
	if d.graph.leadsTo(to, e.from, e.class, nil) {
		return false
	}
	d.graph.addEdge(e, to)
	d.chosen[e] = choice{r, to}
	return true
}

// canComeBack reports whether a call that is deflected to a device can come back to
// target, by forwards of the PBX or by further deflections.
func (d *decision) canComeBack(from, target cti.DeviceID, c caller) bool {
	return d.graph.leadsTo(from, target, c.class, func(at cti.DeviceID) (to []cti.DeviceID) {
		for _, kind := range types {
			for _, r := range d.deflected[edge{at, c.class, kind}] {
				if r.acceptsCaller(c) {
					to = append(to, d.dial(r.To))
				}
			}
		}
		return to
	})
}

// key is what a PBX keeps one forward for.
type key struct {
	kind   cti.ForwardType
	origin cti.Origin
}

func forwardKey(f cti.Forward) key { return key{f.Type, f.Origin} }

// forwardTo is the request to set the forward.
func (k key) forwardTo(to string) cti.Forward {
	return cti.Forward{Type: k.kind, Origin: k.origin, Active: true, To: to}
}

// mergeChoices turns the choices for a device into the forwards to set at the PBX:
// one for all calls if both classes go to the same destination.
func mergeChoices(device cti.DeviceID, chosen map[edge]choice) map[key]choice {
	out := map[key]choice{}
	for _, kind := range types {
		internal, hasInternal := chosen[edge{device, cti.InternalCalls, kind}]
		external, hasExternal := chosen[edge{device, cti.ExternalCalls, kind}]
		if hasInternal && hasExternal && internal.to == external.to {
			out[key{kind, cti.AllCalls}] = internal
			continue
		}
		if hasInternal {
			out[key{kind, cti.InternalCalls}] = internal
		}
		if hasExternal {
			out[key{kind, cti.ExternalCalls}] = external
		}
	}
	return out
}
