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
// The PBX does, if it can: [Manager.Run] sets and cancels its forwards at the right
// times, sets them again if they were changed by hand, and reads them again when a
// link comes back. It does not touch forwards that no rule set, unless
// [Options.Exclusive] is set. When the application ends, the forwards stay.
//
// No PBX has forwards for certain callers ([Rule].Callers). Such a rule, and the
// rules of the same type after it, are carried out here: the ringing call is
// deflected when the type of the rule requires it. For an immediate rule this is at
// once; for busy, if the extension has another call; for do-not-disturb, if that is
// on and the call rings nevertheless; for no answer, after Rings seconds. A call
// that the PBX rejects before it rings cannot be deflected, and while the
// application is down no call is. The rules are evaluated when the call begins to
// ring.
//
// # Circles
//
// A forward that would bring a call back to where it was forwarded from (A to B
// while B forwards to A, or over more devices, by rules, by forwards set by hand or
// by deflections) is not carried out: the next rule applies, and [Manager.Status]
// and an incident report it. Of two such forwards the active one stays. Forwards of
// extensions that the gateway does not supervise, and of external numbers, are
// unknown.
//
// # Queries
//
// [Manager.Explain] returns for a call which rule holds and why the others do not,
// [Manager.Desired] the forwards that the PBX should have at any time, and
// [Manager.Next] when they change. [Parse] and [Manager.Section] read and write
// rules as JSON.
package forwardrules
