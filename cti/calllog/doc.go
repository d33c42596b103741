// Package calllog keeps the incoming and outgoing calls of each user (TWP guide
// 1.2).
//
// A [Log] follows one or several gateways and writes an [Entry] for each call
// of each extension when it has ended, to a [Store]: in memory, in a database
// (package sqlstore), or the host's own.
//
//	log := calllog.New(calllog.Options{Retention: 90 * 24 * time.Hour})
//	go log.Follow(ctx, gw, cti.Names(index))
//	...
//	missed, err := log.Find(ctx, calllog.Filter{User: "alice", Outcome: calllog.Missed, Limit: 20})
//
// What the log did not see it does not invent. A call of which a part went
// unobserved (supervision lost or moved, a reader too slow, a call that was
// there before) has Incomplete set, and the time during which nothing is known
// of an extension is an entry of its own, of kind [Unobserved]: calls that began
// and ended in it are missing.
package calllog
