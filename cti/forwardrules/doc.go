// Package forwardrules keeps the call forwards of users in line with rules:
// "on weekday evenings external calls go to my mobile, on no answer to a
// colleague". A [Rule] has a priority, a type and an origin of calls, a
// [Calendar] and a destination; of the rules that apply to a call the one with
// the lowest priority number wins.
//
//	m := forwardrules.New(gw, forwardrules.Options{})
//	err := m.SetRules("4001", []forwardrules.Rule{{
//		Name: "evening", Origin: cti.ExternalCalls, To: "0612345678",
//		Calendar: forwardrules.Calendar{Zone: "Europe/Paris", Weekly: []forwardrules.Period{
//			{Days: forwardrules.WorkDays(), From: forwardrules.At(18, 0), To: forwardrules.At(8, 0)}}},
//	}})
//	go m.Run(ctx)
//
// # Who carries a rule out
//
// The PBX does, where it can: [Manager.Run] sets and cancels its forwards as time
// goes, sets again what was changed by hand, and reads all again when a link
// comes back. It leaves alone what no rule set, unless [Options.Exclusive] says
// otherwise. When the host ends, these forwards stay.
//
// No PBX knows forwards for certain callers ([Rule].Callers). Such a rule, and
// the rules of the same type that stand behind it, are carried out here: the call
// that rings is deflected as soon as its type asks for it. An immediate rule does
// so at once; a rule for busy lines when the extension has another call; for
// do-not-disturb when that is on and the call rings all the same; for no answer
// after Rings seconds. What the PBX turns away before it rings cannot be
// deflected, and while the host is down nothing is. A rule is looked at when the
// call begins to ring.
//
// # Circles
//
// A forward that would bring a call back to where it was forwarded from (A to B
// while B forwards to A, or round more corners, by rules, by forwards set at the
// sets or by deflections) is not carried out: the next rule applies, and
// [Manager.Status] and an incident say so. Of two such forwards the one in force
// stays. Forwards of extensions that the gateway does not supervise, and of
// numbers outside, cannot be seen.
//
// # Asking
//
// [Manager.Explain] tells for a call which rule holds and why the others do not,
// [Manager.Desired] what the PBX is to be set to at any time, [Manager.Next] when
// that changes. [Parse] and [Manager.Section] read and write rules as JSON.
package forwardrules
