package forwardrules

import (
	"maps"
	"slices"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// Call is the call that [Manager.Explain] explains.
type Call struct {
	Number   string // of the caller, as the PBX shows it; "" if unknown
	Withheld bool   // the caller withheld it
}

// Verdict is the effect of a rule on a call.
type Verdict string

// The verdicts, in the order of the checks.
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

// Explanation is the effect of one rule on a call.
type Explanation struct {
	Rule    string
	Type    cti.ForwardType
	To      string
	Verdict Verdict
	By      string // the rule that outranks it
}

// Explain returns the effect of each rule of an extension, in order of priority, on
// a call at a time. At most one rule of each type holds.
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

// judgeRule returns the verdict on a rule; better is the rule of its type that
// already holds.
func (d *decision) judgeRule(device cti.DeviceID, r *rule, from caller, better string) (Verdict, string) {
	e := edge{device, from.class, r.Type}
	switch {
	case r.Disabled:
		return IsDisabled, ""
	case !r.calendar.isActive(d.at):
		return NotNow, ""
	case !coversClass(r.Origin, from.class):
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

// resolveNumber returns a number in the forms that rules may use.
func (m *Manager) resolveNumber(number string) cti.Other {
	o := cti.Other{Number: cti.DeviceID(number), Lookup: number}
	if plan := m.gw.Config().NumberPlan; plan != nil && number != "" {
		o.Lookup, o.E164, o.Internal = plan.Incoming(number)
	}
	return o
}

// Desired returns the forwards that the rules give an extension at a time, sorted
// by type and origin, with destinations as the rules have them. Forwards that would
// close a circle are omitted; for this, rules count as they will be at that time,
// and other forwards as they are now. What is carried out by deflecting is not
// included: see [Manager.Explain].
func (m *Manager) Desired(device cti.DeviceID, at time.Time) []cti.Forward {
	s, _ := m.collectSituation()
	return desiredForwards(device, decide(s, at))
}

func desiredForwards(device cti.DeviceID, d *decision) (out []cti.Forward) {
	for k, c := range mergeChoices(device, d.chosen) {
		out = append(out, k.forwardTo(c.rule.To))
	}
	slices.SortFunc(out, compareForwards)
	return out
}

// Next returns the next moment after at when [Manager.Desired] of the extension
// changes, or the rules by which its calls are deflected. It is zero if the
// calendars never cause a change.
func (m *Manager) Next(device cti.DeviceID, at time.Time) time.Time {
	s, _ := m.collectSituation()
	now := decide(s, at)
	for moment, more := s.nextChange(at); more; moment, more = s.nextChange(moment) {
		then := decide(s, moment)
		if !slices.Equal(desiredForwards(device, now), desiredForwards(device, then)) ||
			!maps.EqualFunc(deflections(device, now), deflections(device, then), slices.Equal) {
			return moment
		}
		if moment.Sub(at) > horizon {
			break
		}
	}
	return time.Time{}
}

// horizon is how far [Manager.Next] looks ahead if all changes are of rules that
// others outrank.
const horizon = 366 * 24 * time.Hour

// nextChange returns the next moment at which any rule's calendar changes.
func (s *situation) nextChange(at time.Time) (first time.Time, found bool) {
	for _, rules := range s.rules {
		for i := range rules {
			if rules[i].Disabled {
				continue
			}
			if t, ok := rules[i].calendar.nextChange(at); ok && (!found || t.Before(first)) {
				first, found = t, true
			}
		}
	}
	return first, found
}

// deflections are the names of the rules by which calls of a device are deflected.
func deflections(device cti.DeviceID, d *decision) map[edge][]string {
	out := map[edge][]string{}
	for e, rules := range d.deflected {
		if e.from == device {
			for _, r := range rules {
				out[e] = append(out[e], r.Name)
			}
		}
	}
	return out
}
