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
//			{Days: forwardrules.WorkDays, From: forwardrules.At(18, 0), To: forwardrules.At(8, 0)}}},
//	}})
//	go m.Run(ctx)
//
// The PBX carries the forwards out; [Manager.Run] sets and cancels them as time
// goes. A forward that would bring a call back to where it was forwarded from
// (A to B while B forwards to A, or round more corners) is not set: the next
// rule applies, and [Manager.Status] and an incident say so.
package forwardrules
