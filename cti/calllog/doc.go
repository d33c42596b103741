// Package calllog keeps the incoming and outgoing calls of each user (TWP guide
// 1.2).
//
// A [Log] follows one or several gateways and writes an [Entry] for each call
// of each extension when it has ended, to a [Store]: in memory, in a database
// (package sqlstore), or one of the application.
//
//	log := calllog.New(calllog.Options{Retention: 90 * 24 * time.Hour})
//	go log.Follow(ctx, gw, gateway.Names(index))
//	...
//	missed, err := log.Find(ctx, calllog.Filter{User: "alice", Outcome: calllog.Missed, Limit: 20})
//
// The log contains only what was observed. A call that was observed in part
// (supervision lost or moved, a reader too slow, a call that began before) has
// Incomplete set, and a period during which nothing is known of an extension is a
// separate entry, of kind [Unobserved]: calls that began and ended in it are
// missing.
package calllog
