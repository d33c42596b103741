// Package gateway opens and keeps alive links to PBXs, spreads the supervision
// of extensions over them by capacity and site, moves supervisions when a link
// dies, and gives events and call control for each extension.
//
// A [Gateway] serves one domain: one PBX network of one company. Make it from a
// [Config], keep it alive with [Gateway.Run], change it with [Gateway.Apply]
// while it runs:
//
//	gw, err := gateway.New(gateway.Config{
//		Links: []gateway.Link{{
//			Name: "paris", Location: cti.Location{Site: 1, Cluster: 1}, Capacity: 500,
//			Connector: vtixml.Config{Addr: "pbx.example:3199"},
//		}},
//		Extensions: []cti.Extension{{Number: "4001", Protocol: cti.VTIXML,
//			Location: cti.Location{Site: 1, Cluster: 1}, Password: ctikit.NewSecret("1234")}},
//	})
//	...
//	go gw.Run(ctx)
//	sub := gw.Subscribe(gateway.Devices("4001"))
//	for ev, err := range sub.Events(ctx) { ... }
//	conn, err := gw.Line("4001").MakeCall(ctx, "+33 1 23 45 67 89")
//
// # Links and supervisions
//
// A [Link] holds at most Capacity supervisions. An extension of a place that
// links name (Serves) goes to the least loaded of them (explicit mode); when
// they are full, to another link (overflow); an extension of a place that no
// link names, to any (implicit). See TWP guide 4.1. When a link is lost, its
// extensions yield a Gap; after Timing.FailoverDelay they are given to other
// links by the same rules. When it has been up again for Timing.HoldDown, those
// in overflow return, idle ones first. As far as the gateway knows, an extension
// is never on two links. [Gateway.Links] and [Gateway.Extensions] report the
// assignments and their reasons.
//
// # Events
//
// A [Subscription] is a bounded queue of events without a goroutine. Order is
// guaranteed per device. Every loss that the gateway causes or can detect is
// reported in the queue: a GapFound event where events are missing, then one
// SnapshotTaken event for each device, which replaces its state. The gateway does
// not make up events; calls within a gap are lost. Events that a PBX never
// sent cannot be noticed: CSTA numbers no events. The gateway keeps the calls of
// each extension ([Gateway.Snapshot]).
//
// # Commands
//
// A [Line] is the call control of one extension. Each operation goes to a session
// that supports it. [Line.Can] and [Line.Operations] report which operations are
// possible now; [Line.Can] also says why one is not. An operation that no session
// supports fails with [ctikit.ErrUnsupported].
// Errors are [*cti.Error] and name the operation, the line and the link;
// [cti.SafeToRetry] says whether something may have reached the PBX.
//
// # The configuration document
//
// [Gateway.Sections] returns links and extensions as parts of the configuration
// document that package directory exports and imports (TWP guide 2.3).
//
// # Concurrency
//
// All functions and methods may be called from any goroutine. No code of the
// application runs on a link's reader: namers and number plans run while the
// subscriber iterates, hooks run on a separate goroutine, and a slow subscriber
// does not delay other subscribers. After [Gateway.Run] has returned no goroutine
// is left.
package gateway
