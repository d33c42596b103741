package forwardrules

import (
	"time"

	"github.com/ctikit/ctikit/cti"
)

// Call is a call that [Manager.Explain] asks about.
type Call struct {
	Number   string // of the caller, as the PBX shows it; "" if not known
	Withheld bool   // the caller withheld it
}

// Verdict is what a rule means for a call.
type Verdict string

// The verdicts, in the order in which they are found.
const (
	IsDisabled   Verdict = "disabled"
	NotNow       Verdict = "not at this time"
	OtherCalls   Verdict = "for calls of another origin"
	OtherCallers Verdict = "for other callers"
	Outranked    Verdict = "outranked"
	Circles      Verdict = "calls would come back"
	ByPBX        Verdict = "holds, the PBX forwards"
	ByDeflecting Verdict = "holds, the call is deflected"
)

// Explanation is what becomes of one rule for a call.
type Explanation struct {
	Rule    string
	Type    cti.ForwardType
	To      string
	Verdict Verdict
	By      string // the rule that outranks it
}

// Explain tells for each rule of an extension, in order of priority, what it
// means for a call at a time. At most one rule of each type holds.
func (m *Manager) Explain(device cti.DeviceID, call Call, at time.Time) []Explanation {
	s, _ := m.collectSituation()
	d := decide(s, at)
	from := m.newCaller(m.resolveNumber(call.Number), call.Withheld)
	holds := map[cti.ForwardType]string{}
	var out []Explanation
	for i := range s.rules[device] {
		r := &s.rules[device][i]
		e := Explanation{Rule: r.Name, Type: r.Type, To: r.To}
		e.Verdict, e.By = d.judgeRule(device, r, from, holds[r.Type])
		if e.Verdict == ByPBX || e.Verdict == ByDeflecting {
			holds[r.Type] = r.Name
		}
		out = append(out, e)
	}
	return out
}

// judgeRule judges a rule; better is the rule of its type that holds already.
func (d *decision) judgeRule(device cti.DeviceID, r *rule, from caller, better string) (Verdict, string) {
	e := edge{device, from.class, r.Type}
	switch {
	case r.Disabled:
		return IsDisabled, ""
	case !r.calendar.isActive(d.at):
		return NotNow, ""
	case !r.coversClass(from.class):
		return OtherCalls, ""
	case !r.acceptsCaller(from):
		return OtherCallers, ""
	case better != "":
		return Outranked, better
	case d.chosen[e].rule == r:
		return ByPBX, ""
	}
	for _, deflecting := range d.deflected[e] {
		if deflecting == r && !d.canComeBack(d.dial(r.To), device, from) {
			return ByDeflecting, ""
		}
	}
	return Circles, ""
}

// resolveNumber brings a number into the forms in which rules may name it.
func (m *Manager) resolveNumber(number string) cti.Other {
	o := cti.Other{Number: cti.DeviceID(number), Lookup: number}
	if plan := m.gw.Config().NumberPlan; plan != nil && number != "" {
		o.Lookup, o.E164, o.Internal = plan.Incoming(number)
	}
	return o
}
